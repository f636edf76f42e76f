import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar

from saddle.core.errors import InputError
from saddle.measures import (
    F_DIVERGENCES,
    FDivergence,
    alpha_divergence,
    entropy,
    f_divergence,
    js_divergence,
    weighted_jensen_shannon,
)

NUMBERED = [*map(alpha_divergence, (-1.0, 0.5, 2.0, 3.0)), *map(weighted_jensen_shannon, (0.2, 0.5))]
MEMBERS = [*F_DIVERGENCES.values(), *NUMBERED]
BY_NAME = pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
U = torch.logspace(-3, 3, 61, dtype=torch.float64)
V = torch.linspace(-8, 8, 65, dtype=torch.float64)


def at(function, x: float) -> float:
    return float(function(torch.tensor(x, dtype=torch.float64)))


def inside(member: FDivergence) -> torch.Tensor:
    """Points of the conjugate's domain."""
    return torch.unique(member.link(torch.linspace(-3, 3, 7, dtype=torch.float64)))


@BY_NAME
def test_conjugate_is_the_supremum(member: FDivergence) -> None:
    for t in inside(member).tolist():
        if member.name == "pearson" and t < -2:
            continue  # below -2 f-GAN's parabola is larger than the supremum over u >= 0, which is -1
        found = minimize_scalar(
            lambda s, t=t: at(member.f, math.exp(s)) - t * math.exp(s),
            bounds=(-40, 12),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert -found.fun == pytest.approx(at(member.conjugate, t), abs=1e-6)


@BY_NAME
def test_f_is_convex_and_slope_is_its_derivative(member: FDivergence) -> None:
    u = U.clone().requires_grad_()
    (slope,) = torch.autograd.grad(member.f(u).sum(), u)
    away = (U - 1).abs() > 1e-6
    torch.testing.assert_close(slope[away], member.slope(U)[away], rtol=1e-9, atol=1e-10)
    assert bool((torch.diff(member.slope(U)) >= 0).all())
    if member.name != "total-variation":
        assert bool((torch.diff(member.slope(U)) > 0).all())


@BY_NAME
def test_link_maps_the_line_into_the_domain_and_rises(member: FDivergence) -> None:
    t = member.link(V)
    low, high = member.domain
    assert bool(((t > low) & (t < high)).all())
    assert bool((torch.diff(t) > 0).all())
    assert bool(member.conjugate(t).isfinite().all())


@BY_NAME
def test_link_reaches_every_point_of_the_domain(member: FDivergence) -> None:
    far = member.link(torch.tensor([-700.0, 700.0], dtype=torch.float64))
    for found, end in zip(far.tolist(), member.domain, strict=True):
        assert abs(found) > 100 if math.isinf(end) else found == pytest.approx(end, abs=1e-9)


@BY_NAME
def test_conjugate_of_link_is_their_composition_and_survives_large_scores(member: FDivergence) -> None:
    torch.testing.assert_close(member.conjugate_of_link(V), member.conjugate(member.link(V)), rtol=1e-9, atol=1e-12)
    assert bool(member.conjugate_of_link(torch.tensor([-80.0, 80.0])).isfinite().all())


@BY_NAME
def test_fenchel_bound_is_tight_at_the_slope_of_the_ratio_and_below_elsewhere(member: FDivergence) -> None:
    p, q = (torch.tensor(x, dtype=torch.float64) for x in ([0.1, 0.2, 0.3, 0.4], [0.3, 0.3, 0.2, 0.2]))
    value = float(f_divergence(p, q, member))

    def bound(critic: torch.Tensor) -> float:
        return float((p * critic).sum() - (q * member.conjugate(critic)).sum())

    best = member.slope(p / q)
    assert bound(best) == pytest.approx(value, rel=1e-12)
    for shift in (-0.05, 0.05):
        other = best + shift * torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
        low, high = member.domain
        assert bound(other.clamp(low, high)) <= value + 1e-15


@BY_NAME
def test_constants_are_those_of_f(member: FDivergence) -> None:
    assert at(member.f, 1.0) == pytest.approx(member.at_one, abs=1e-15)
    assert at(member.slope, 1.0) == pytest.approx(member.slope_at_one, abs=1e-15)
    assert member.is_divergence == (member.at_one == 0)
    for limit, near in ((member.at_zero, at(member.f, 1e-12)), (member.slope_at_infinity, at(member.f, 1e12) / 1e12)):
        assert near > 20 if math.isinf(limit) else near == pytest.approx(limit, abs=1e-5)


def test_table_agrees_with_f_gan_on_its_printed_figures() -> None:
    slopes = {"kl": 1, "reverse-kl": -1, "pearson": 0, "neyman": 0, "squared-hellinger": 0, "gan": -math.log(2)}
    for name, slope in slopes.items():
        assert F_DIVERGENCES[name].slope_at_one == pytest.approx(slope)
    assert F_DIVERGENCES["jensen-shannon-nowozin"].domain[1] == pytest.approx(math.log(2))
    assert F_DIVERGENCES["jensen-shannon"].domain[1] == pytest.approx(math.log(2) / 2)


def test_three_jensen_shannons_differ_as_they_say() -> None:
    p, q = np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.25, 0.25])
    jsd = js_divergence(p, q)
    assert f_divergence(p, q, "jensen-shannon") == jsd
    assert f_divergence(p, q, "jensen-shannon-nowozin") == 2 * jsd
    assert f_divergence(p, q, "gan") == pytest.approx(2 * jsd - math.log(4), rel=1e-15)
    assert f_divergence(p, p, "gan") == pytest.approx(-math.log(4), rel=1e-15)


def test_the_one_that_is_no_divergence_says_so() -> None:
    assert "not a divergence" in repr(F_DIVERGENCES["gan"])
    assert [member.name for member in MEMBERS if "not a divergence" in repr(member)] == ["gan"]


def test_an_f_of_your_own() -> None:
    """Le Cam's f(u) = (1 - u)² / (2 u + 2) makes ½ Σ (p - q)² / (p + q)."""
    own = FDivergence(
        name="kl",  # even under a name of the table
        formula="(1 - u)² / (2 u + 2)",
        f=lambda u: (1 - u).square() / (2 * u + 2),
        slope=lambda u: (u - 1) * (u + 3) / (2 * (u + 1).square()),
        conjugate=lambda t: t,
        link=lambda v: v,
        conjugate_of_link=lambda v: v,
        domain=(-1.5, 0.5),
        at_one=0.0,
        slope_at_one=0.0,
        at_zero=0.5,
        slope_at_infinity=0.5,
    )
    p, q = np.array([0.1, 0.2, 0.7, 0.0]), np.array([0.5, 0.0, 0.25, 0.25])
    expected = float(((p - q) ** 2 / (2 * (p + q))).sum())
    assert f_divergence(p, q, own) == pytest.approx(expected, rel=1e-14)
    assert f_divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0]), own) == 1.0
    x = torch.tensor(p[:3], requires_grad=True)
    f_divergence(x, torch.tensor([0.5, 0.25, 0.25], dtype=torch.float64), own).backward()
    assert x.grad is not None and bool(x.grad.isfinite().all())


def test_alpha_divergences_hold_the_others() -> None:
    """Each by its own factor, which a wrong one of 1/(α (α - 1)) would change."""
    p, q = np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.25, 0.25])
    for alpha, factor, name in ((2.0, 0.5, "pearson"), (0.5, 2.0, "squared-hellinger"), (-1.0, 0.5, "neyman")):
        found = f_divergence(p, q, alpha_divergence(alpha))
        assert found == pytest.approx(factor * f_divergence(p, q, name), rel=1e-12)
    for alpha, name in ((1 + 1e-5, "kl"), (1e-5, "reverse-kl")):
        assert f_divergence(p, q, alpha_divergence(alpha)) == pytest.approx(f_divergence(p, q, name), rel=1e-4)


def test_the_weighted_jensen_shannon_is_the_information_of_a_weighted_choice() -> None:
    """H(M) - π H(P) - (1 - π) H(Q): which of the two laws the weight is of would show."""
    p, q = np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.25, 0.25])
    for weight in (0.2, 0.5, 0.9):
        expected = entropy(weight * p + (1 - weight) * q) - weight * entropy(p) - (1 - weight) * entropy(q)
        assert f_divergence(p, q, weighted_jensen_shannon(weight)) == pytest.approx(expected, rel=1e-12)
    assert f_divergence(p, q, weighted_jensen_shannon(0.5)) == pytest.approx(js_divergence(p, q), rel=1e-12)


@pytest.mark.parametrize("number", [0.0, 1.0, 1e-9, 1 + 1e-9, math.inf, math.nan])
def test_numbers_without_a_divergence_are_refused(number: float) -> None:
    with pytest.raises(InputError, match="alpha must be a finite number"):
        alpha_divergence(number)
    if number != 1e-9:
        with pytest.raises(InputError, match="weight must be above 0 and below 1"):
            weighted_jensen_shannon(number)
