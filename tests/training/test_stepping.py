"""A step moves parameters by the same bits as the optimizer's own method, whatever the optimizer."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, NAdam, Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook

from saddle.training import stepping

Build = Callable[[list[Tensor]], Optimizer]
OPTIMIZERS: dict[str, Build] = {
    "adam": lambda params: Adam(params, lr=0.01, betas=(0.5, 0.9), eps=1e-6, fused=True),
    "with weight decay in the gradient": lambda params: Adam(params, lr=0.01, weight_decay=0.1, fused=True),
    "amsgrad": lambda params: Adam(params, lr=0.01, amsgrad=True, fused=True),
    "uphill": lambda params: Adam(params, lr=0.01, maximize=True, fused=True),
    "not fused": lambda params: Adam(params, lr=0.01),
    "decoupled": lambda params: AdamW(params, lr=0.01, weight_decay=0.1, fused=True),
    "decoupled by option": lambda params: Adam(params, lr=0.01, weight_decay=0.1, fused=True, **DECOUPLED),
    "two groups": lambda params: Adam([{"params": [one], "lr": 0.01 * len(one)} for one in params], fused=True),
    "nadam": lambda params: NAdam(params, lr=0.01),
    "sgd": lambda params: SGD(params, lr=0.01, momentum=0.5),
}
DECOUPLED = {"decoupled_weight_decay": True} if "decoupled_weight_decay" in Adam([torch.zeros(1)]).defaults else {}
SHAPES = [(3, 4), (4,), (5, 4)]


def moved(build: Build, step: Callable[[Optimizer], None], *, without: int | None = None) -> list[Tensor]:
    """Parameters after five steps, one of them perhaps without a gradient in the third."""
    draw = torch.Generator().manual_seed(0)
    params = [torch.randn(shape, generator=draw).requires_grad_() for shape in SHAPES]
    optimizer = build(params)
    for number in range(5):
        for index, one in enumerate(params):
            gradient = torch.randn(one.shape, generator=draw)
            one.grad = None if number == 2 and index == without else gradient
        step(optimizer)
        assert all(one.grad is None for one in params)
    held = [value for one in params for value in optimizer.state[one].values() if isinstance(value, Tensor)]
    return [*(one.detach() for one in params), *held]


def its_own(optimizer: Optimizer) -> None:
    optimizer.step()
    optimizer.zero_grad()


@pytest.mark.parametrize("without", [None, 1], ids=["all gradients", "one without"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_moves_by_the_same_bits(name: str, without: int | None) -> None:
    """An option that is overlooked, or a count of steps that is left as it was, gives other numbers."""
    one, other = (moved(OPTIMIZERS[name], step, without=without) for step in (stepping.step, its_own))
    assert len(one) == len(other) and all(torch.equal(x, y) for x, y in zip(one, other, strict=True))


def test_a_plain_adam_is_stepped_without_its_own_method(monkeypatch: pytest.MonkeyPatch) -> None:
    own: list[int] = []
    method = Adam.step
    monkeypatch.setattr(Adam, "step", lambda self: [own.append(1), method(self)])
    moved(OPTIMIZERS["adam"], stepping.step)
    assert len(own) == 1  # the first, which makes its memory


def test_hooks_of_the_user_are_called() -> None:
    called: list[int] = []

    def build(params: list[Tensor]) -> Optimizer:
        optimizer = OPTIMIZERS["adam"](params)
        optimizer.register_step_post_hook(lambda *given: called.append(1))
        return optimizer

    moved(build, stepping.step)
    assert len(called) == 5


def test_hooks_of_every_optimizer_are_called() -> None:
    called: list[int] = []
    handle = register_optimizer_step_post_hook(lambda *given: called.append(1))
    try:
        moved(OPTIMIZERS["adam"], stepping.step)
    finally:
        handle.remove()
    assert len(called) == 5


def test_a_step_that_somebody_replaced_is_called() -> None:
    called: list[int] = []

    def build(params: list[Tensor]) -> Optimizer:
        optimizer = OPTIMIZERS["adam"](params)
        method = optimizer.step
        optimizer.step = lambda *given: [called.append(1), method()]  # type: ignore[method-assign]
        return optimizer

    moved(build, stepping.step)
    assert len(called) == 5


def test_a_parameter_that_never_had_a_gradient_has_no_memory() -> None:
    params = [torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)]
    optimizer = OPTIMIZERS["adam"](params)
    for _ in range(2):
        params[0].grad = torch.ones(2)
        stepping.step(optimizer)
    assert list(optimizer.state_dict()["state"]) == [0]
