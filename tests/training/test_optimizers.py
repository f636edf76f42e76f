"""Optimizers against their formulas, in the layouts of memory that a population gives them."""

from typing import Any

import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.problem import Loss, Player
from saddle.training.optimizers import NOT_ELEMENTWISE, SGD, Adam, RMSProp, TorchOptimizer
from saddle.training.schedules import Linear
from saddle.training.state import State
from saddle.training.step import _update

STEPS = 6


def gradients() -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(3, 4, generator=generator, dtype=torch.float64) for _ in range(STEPS)]


def adam(start: Tensor, spec: Adam) -> Tensor:
    """Algorithm 1 of Kingma & Ba."""
    m, v, x = torch.zeros_like(start), torch.zeros_like(start), start.clone()
    for t, g in enumerate(gradients(), start=1):
        m = spec.beta1 * m + (1 - spec.beta1) * g
        v = spec.beta2 * v + (1 - spec.beta2) * g**2
        x -= spec.rate * spec.weight_decay * x  # decoupled: added to the gradient, the second moment would divide it
        x -= spec.rate * (m / (1 - spec.beta1**t)) / ((v / (1 - spec.beta2**t)).sqrt() + spec.epsilon)
    return x


def rmsprop(start: Tensor, spec: RMSProp) -> Tensor:
    v, x = torch.zeros_like(start), start.clone()
    for g in gradients():
        v = spec.decay * v + (1 - spec.decay) * g**2
        x -= spec.rate * g / (v.sqrt() + spec.epsilon)
    return x


def sgd(start: Tensor, spec: SGD) -> Tensor:
    velocity, x = torch.zeros_like(start), start.clone()
    for t, g in enumerate(gradients()):
        velocity = spec.settings(t)["momentum"] * velocity + g + spec.weight_decay * x
        x -= spec.rate * velocity
    return x


CASES = [
    (Adam(0.01, beta1=0.5, beta2=0.9), adam),
    (Adam(0.01, beta1=0.0, beta2=0.99, epsilon=1e-3), adam),
    (Adam(0.01, beta1=0.5, beta2=0.9, weight_decay=0.2), adam),
    (RMSProp(0.01, decay=0.9), rmsprop),
    (SGD(0.1, momentum=0.0), sgd),
    (SGD(0.1, momentum=0.5, weight_decay=0.2), sgd),
    (SGD(0.1, momentum=0.5, final_momentum=0.9, momentum_until=4), sgd),
]


def engine(spec: Any, layout: str) -> tuple[Tensor, Tensor]:
    """The start, and where the engine's own update leads; gradients lie in memory as `layout` says."""
    start = torch.randn(3, 4, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    parameter = start.clone().requires_grad_()
    optimizer = spec.build([parameter])
    state = State((0,), torch.nn.ModuleDict(), {"net.weight": parameter}, {}, {}, {}, {"net": optimizer})
    player = Player("net", ("net",), lambda *_: Loss(start.sum(), {}, {}), spec.build, {}, schedule=spec.settings)
    for step, gradient in enumerate(gradients()):
        state.round = step
        parameter.grad = gradient if layout == "contiguous" else gradient.t().contiguous().t()
        assert parameter.grad.is_contiguous() == (layout == "contiguous")
        _update(player, state)
    return start, parameter.detach()


@pytest.mark.parametrize("layout", ["contiguous", "transposed"])
@pytest.mark.parametrize(("spec", "formula"), CASES)
def test_updates_follow_the_formula_whatever_the_gradients_layout(spec: Any, formula: Any, layout: str) -> None:
    """torch's fused optimizers on the CPU read a gradient as if it lay like its parameter; the engine must not."""
    start, found = engine(spec, layout)
    assert torch.allclose(found, formula(start, spec), atol=1e-12)


def test_the_rate_follows_the_schedule_round_by_round() -> None:
    spec = SGD(0.5, momentum=0.0, schedule=Linear(4))
    start, found = engine(spec, "contiguous")
    rates = [0.5, 0.375, 0.25, 0.125, 0.0, 0.0]
    assert torch.allclose(found, start - sum(rate * g for rate, g in zip(rates, gradients(), strict=True)), atol=1e-12)


def test_momentum_grows_in_a_straight_line() -> None:
    spec = SGD(0.1, momentum=0.5, final_momentum=0.7, momentum_until=250)
    found = [spec.settings(round)["momentum"] for round in (0, 125, 250, 1000)]
    assert found == pytest.approx([0.5, 0.6, 0.7, 0.7])
    assert SGD(0.1, momentum=0.3).settings(77)["momentum"] == 0.3


def test_no_momentum_is_accepted_as_a_whole_number() -> None:
    """torch's Adam refuses betas of mixed types, so the optimizer must make them alike."""
    weight = torch.zeros(2, requires_grad=True)
    Adam(1e-3, beta1=0, beta2=0.9).build([weight])
    assert isinstance(TorchOptimizer("NAdam", 0.1).build([weight]), torch.optim.NAdam)


@pytest.mark.parametrize("name", NOT_ELEMENTWISE)
def test_optimizers_that_mix_elements_are_refused(name: str) -> None:
    if not hasattr(torch.optim, name):
        pytest.skip(f"this torch has no {name}")
    with pytest.raises(saddle.InputError, match=f"{name} does not step element by element"):
        TorchOptimizer(name).build([torch.zeros(2, requires_grad=True)])


@pytest.mark.parametrize("name", ["Adma", "Optimizer", "adam", "lr_scheduler", ""])
def test_unknown_optimizers_are_refused(name: str) -> None:
    with pytest.raises(saddle.InputError, match=r"torch.optim has no optimizer"):
        TorchOptimizer(name).build([torch.zeros(2, requires_grad=True)])


def test_unknown_options_are_refused() -> None:
    with pytest.raises(saddle.InputError, match="SGD has no option 'momentun'"):
        TorchOptimizer("SGD", options={"momentun": 0.9}).build([torch.zeros(2, requires_grad=True)])


@pytest.mark.parametrize(
    "spec",
    [
        Adam(0.0),
        Adam(-1.0),
        Adam(beta1=1.0),
        Adam(beta2=-0.1),
        RMSProp(decay=1.5),
        SGD(momentum=1.0),
        Adam(float("nan")),
    ],
)
def test_settings_out_of_range_are_refused_where_a_model_is_made(spec: Any) -> None:
    with pytest.raises(saddle.InputError, match=r"critic_optimizer\.\w+ should be"):
        saddle.GAN(critic_optimizer=spec).checked()
