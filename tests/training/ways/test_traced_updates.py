"""Updates written as tensor operations are torch's own, step by step and in its memory."""

from typing import Any

import pytest
import torch
from torch import Tensor

from saddle.training.ways.traced_updates import slots_of, traced

OPTIMIZERS: dict[str, Any] = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-3, fused=True),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, fused=True),
    "sgd with momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.7, fused=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.8, eps=1e-3),
    "rmsprop with momentum": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.8, eps=1e-3, momentum=0.6),
}
UNUSUAL: dict[str, Any] = {
    "decay": lambda p: torch.optim.Adam(p, weight_decay=0.1),
    "amsgrad": lambda p: torch.optim.Adam(p, amsgrad=True),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.5, nesterov=True),
    "centered": lambda p: torch.optim.RMSprop(p, centered=True),
    "another": lambda p: torch.optim.NAdam(p),
    "two groups": lambda p: torch.optim.SGD([{"params": p[:1]}, {"params": p[1:], "lr": 0.3}], lr=0.1),
}


def parameters() -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in ((3, 4), (5,))]


def gradients(step: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(step + 1)
    return [torch.randn(one.shape, generator=generator, dtype=torch.float64) for one in parameters()]


def move_traced(held: list[Tensor], optimizer: torch.optim.Optimizer, step: int) -> None:
    kind = traced(optimizer)
    assert kind is not None
    slots, group = slots_of(optimizer, kind), optimizer.param_groups[0]
    numbers = {name: torch.tensor(one, dtype=torch.float64) for name, one in kind.numbers(group, slots[0]).items()}
    for parameter, gradient, slot in zip(held, gradients(step), slots, strict=True):
        kind.apply(parameter, gradient, slot, group, numbers)


def move_plain(held: list[Tensor], optimizer: torch.optim.Optimizer, step: int) -> None:
    for parameter, gradient in zip(held, gradients(step), strict=True):
        parameter.grad = gradient
    optimizer.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("change", [12, 5, 0])
def test_they_are_torchs_and_may_take_over_from_each_other(name: str, change: int) -> None:
    """Traced up to a step and torch's own from there, beside torch's own throughout; the rate falls."""
    ours, theirs = parameters(), parameters()
    own, plain = OPTIMIZERS[name](ours), OPTIMIZERS[name](theirs)
    for step in range(12):
        for optimizer in (own, plain):
            optimizer.param_groups[0]["lr"] = 0.1 / (1 + step)
        (move_traced if step < change else move_plain)(ours, own, step)
        move_plain(theirs, plain, step)
    for x, y in zip(ours, theirs, strict=True):
        assert torch.allclose(x, y, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_not_written_here_is_left_to_torch(name: str) -> None:
    assert traced(UNUSUAL[name](parameters())) is None
