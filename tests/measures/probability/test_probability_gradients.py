import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from saddle.measures import (
    F_DIVERGENCES,
    cross_entropy,
    entropy,
    f_divergence,
    information,
    kl_divergence,
    mutual_information,
    renyi_divergence,
)

P = torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)
Q = torch.tensor([0.3, 0.35, 0.25, 0.1], dtype=torch.float64)
ORDERS = (0.01, 0.4, 0.5, 1.0, 1.5, 3.0, math.inf)

PAIRS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    **{name: lambda p, q, name=name: f_divergence(p, q, name) for name in F_DIVERGENCES},
    **{f"renyi {order}": lambda p, q, order=order: renyi_divergence(p, q, order) for order in ORDERS},
    "cross-entropy": cross_entropy,
}
MEASURES = pytest.mark.parametrize("measure", PAIRS.values(), ids=PAIRS.keys())


def through_softmax(measure: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda a, b: measure(torch.softmax(a, -1), torch.softmax(b, -1))


@MEASURES
def test_first_and_second_derivatives_against_finite_differences(measure: Callable[[Tensor, Tensor], Tensor]) -> None:
    logits = (P.log().requires_grad_(), Q.log().requires_grad_())
    assert torch.autograd.gradcheck(through_softmax(measure), logits, atol=1e-7)
    if measure is not PAIRS["total-variation"]:
        assert torch.autograd.gradgradcheck(through_softmax(measure), logits, atol=1e-6)


@MEASURES
def test_gradient_is_that_of_the_normalized_value(measure: Callable[[Tensor, Tensor], Tensor]) -> None:
    """Scaling an argument changes nothing, so the gradient along it is zero."""
    p, q = P.clone().requires_grad_(), Q.clone().requires_grad_()
    for x, slope in zip((p, q), torch.autograd.grad(measure(p, q), (p, q)), strict=True):
        assert float((x * slope).sum().detach()) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in F_DIVERGENCES if name not in ("gan", "total-variation")])
def test_gradients_of_nearly_equal_laws_keep_their_digits(name: str) -> None:
    """Near p = q every f-divergence is ½ f''(1) Σ (p - q)² / q, to first order in the difference."""
    curvature = float(torch.autograd.functional.hessian(F_DIVERGENCES[name].f, torch.tensor(1.0, dtype=torch.float64)))
    noise = 1e-8 * torch.tensor([1.0, -2.0, 2.0, -0.5], dtype=torch.float64)
    q = P * (1 + noise)
    q = (q / q.sum()).requires_grad_()
    (slope,) = torch.autograd.grad(f_divergence(P, q, name), q)
    plain = (curvature * (q - P) / P).detach()
    torch.testing.assert_close(slope, plain - (P * plain).sum(), rtol=1e-6, atol=1e-16)


@MEASURES
def test_no_nan_where_laws_are_equal(measure: Callable[[Tensor, Tensor], Tensor]) -> None:
    p, q = P.clone().requires_grad_(), P.clone().requires_grad_()
    for slope in torch.autograd.grad(measure(p, q), (p, q)):
        assert bool(slope.isfinite().all())
    if measure is not PAIRS["cross-entropy"] and measure is not PAIRS[f"renyi {math.inf}"]:
        assert all(bool((slope.abs() < 1e-14).all()) for slope in torch.autograd.grad(measure(p, q), (p, q)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@MEASURES
def test_no_nan_where_probabilities_are_zero(measure: Callable[[Tensor, Tensor], Tensor], dtype: torch.dtype) -> None:
    p = torch.tensor([0.0, 0.5, 0.5, 0.0], dtype=dtype, requires_grad=True)
    q = torch.tensor([0.25, 0.0, 0.75, 0.0], dtype=dtype, requires_grad=True)
    for a, b in ((p, q), (q, p), (p, p), (p[:3], torch.tensor([0.2, 0.3, 0.5], dtype=dtype))):
        slopes = torch.autograd.grad(measure(a, b), (p, q), allow_unused=True)
        assert all(bool(slope.isfinite().all()) for slope in slopes if slope is not None)


@MEASURES
def test_a_softmax_that_underflows_gets_finite_gradients(measure: Callable[[Tensor, Tensor], Tensor]) -> None:
    a = torch.tensor([0.0, 1.0, -2000.0], requires_grad=True)
    b = torch.tensor([0.0, -1.0, -3.0], requires_grad=True)
    assert all(bool(x.isfinite().all()) for x in torch.autograd.grad(through_softmax(measure)(a, b), (a, b)))


@pytest.mark.parametrize("name", ["pearson", "total-variation", "gan", "jensen-shannon"])
def test_one_sided_slope_at_zero(name: str) -> None:
    """Where p is zero the gradient is what a step up finds, once it is normalized."""
    p = torch.tensor([0.0, 0.4, 0.6], dtype=torch.float64)
    q = torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64, requires_grad=True)
    steps = torch.eye(3, dtype=torch.float64) * 1e-7
    found = torch.autograd.grad(f_divergence(p, q, name), q)[0]
    expected = [(f_divergence(p, q + h, name) - f_divergence(p, q - h, name)) / 2e-7 for h in steps]
    torch.testing.assert_close(found, torch.stack(expected).detach(), rtol=1e-5, atol=1e-7)
    x = p.clone().requires_grad_()
    slope = torch.autograd.grad(f_divergence(x, q.detach(), name), x)[0]
    up = (f_divergence(p + steps[0], q, name) - f_divergence(p, q, name)) / 1e-7
    if name in ("pearson", "total-variation"):
        assert float(slope[0]) == pytest.approx(float(up.detach()), rel=1e-5)
    else:
        assert float(slope[0]) < float(up.detach()) < 0  # log 0: steeper than any difference quotient


def test_entropy_information_and_mutual_information() -> None:
    logits = P.log().requires_grad_()
    assert torch.autograd.gradcheck(lambda a: entropy(torch.softmax(a, -1)), logits)
    assert torch.autograd.gradgradcheck(lambda a: entropy(torch.softmax(a, -1)), logits)
    assert torch.autograd.gradcheck(information, P.clone().requires_grad_())
    table = torch.linspace(0.5, 2, 12, dtype=torch.float64).reshape(3, 4).cos().requires_grad_()
    joint = lambda a: mutual_information(torch.softmax(a.flatten(), 0).view(3, 4))  # noqa: E731
    assert torch.autograd.gradcheck(joint, table)
    assert torch.autograd.gradgradcheck(joint, table)
    sparse = torch.tensor([[0.5, 0.0], [0.0, 0.5]], requires_grad=True)
    assert bool(torch.autograd.grad(mutual_information(sparse), sparse)[0].isfinite().all())


def test_renyi_order_zero_moves_with_q_alone() -> None:
    p, q = torch.tensor([0.0, 0.5, 0.5], dtype=torch.float64), torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
    x = q.clone().requires_grad_()
    (slope,) = torch.autograd.grad(renyi_divergence(p, x, 0), x)
    torch.testing.assert_close(slope, torch.tensor([1.0, 1 - 1 / 0.8, 1 - 1 / 0.8], dtype=torch.float64))


def test_gradients_of_batches_and_of_broadcast_arguments() -> None:
    p = torch.stack([P, Q]).requires_grad_()
    q = Q.clone().requires_grad_()
    kl_divergence(p, q, base=2).sum().backward()
    single = P.clone().requires_grad_()
    kl_divergence(single, Q).backward()
    assert p.grad is not None and single.grad is not None and q.grad is not None
    torch.testing.assert_close(p.grad[0] * math.log(2), single.grad)
    assert q.grad.shape == (4,)
