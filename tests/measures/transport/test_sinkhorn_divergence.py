import math

import numpy as np
import ot
import pytest
from scipy.spatial.distance import cdist

from saddle.core.errors import InputError
from saddle.measures import sinkhorn_divergence, wasserstein
from saddle.measures.transport import sinkhorn


def clouds(n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng([n, m, d])
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) * 1.3 + 0.5


def entropic(x: np.ndarray, y: np.ndarray, p: float, epsilon: float) -> float:
    costs = cdist(x, y) ** p
    a, b = ot.unif(len(x)), ot.unif(len(y))
    plan = ot.bregman.sinkhorn_log(a, b, costs, epsilon, numItermax=100_000, stopThr=1e-10)
    return float((plan * costs).sum() + epsilon * (plan * np.log(plan / np.outer(a, b))).sum())


@pytest.mark.parametrize(("p", "epsilon"), [(2, 0.5), (2, 5.0), (1, 0.2), (1.5, 0.5)])
def test_agrees_with_three_plans_of_pot(p: float, epsilon: float) -> None:
    x, y = clouds(20, 15, 2)
    theirs = entropic(x, y, p, epsilon) - entropic(x, x, p, epsilon) / 2 - entropic(y, y, p, epsilon) / 2
    assert sinkhorn_divergence(x, y, p=p, epsilon=epsilon).value == pytest.approx(theirs, rel=1e-9)


def test_default_epsilon_is_a_tenth_of_the_mean_cost() -> None:
    x, y = clouds(30, 20, 2)
    epsilon = float((cdist(x, y) ** 2).mean() / 10)
    found = sinkhorn_divergence(x, y)
    assert found.value == pytest.approx(sinkhorn_divergence(x, y, epsilon=epsilon).value, rel=1e-12)
    assert f"epsilon {epsilon:.4g}" in found.method


def test_lies_between_transport_and_the_gap_of_means() -> None:
    x, y = clouds(30, 30, 2)
    assert sinkhorn_divergence(x, y, epsilon=0.1).value == pytest.approx(wasserstein(x, y, 2).value ** 2, rel=0.1)
    gap = x.mean(0) - y.mean(0)
    assert sinkhorn_divergence(x, y, epsilon=1e6).value == pytest.approx(gap @ gap, rel=1e-3)


def test_zero_for_equal_clouds_symmetric_and_indifferent_to_order_and_rotation() -> None:
    x, y = clouds(30, 20, 3)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    found = sinkhorn_divergence(x, y).value
    assert sinkhorn_divergence(x, x).value == pytest.approx(0, abs=1e-9)
    for other in (sinkhorn_divergence(y, x), sinkhorn_divergence(x[::-1], y), sinkhorn_divergence(x @ turn, y @ turn)):
        assert other.value == pytest.approx(found, rel=1e-8)


def test_a_shift_is_its_squared_length() -> None:
    x, _ = clouds(40, 40, 2)
    assert sinkhorn_divergence(x, x + np.array([3.0, 4.0])).value == pytest.approx(25, rel=1e-9)


def test_costs_that_are_not_kept_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = clouds(60, 50, 2)
    kept = sinkhorn_divergence(x, y).value
    monkeypatch.setattr(sinkhorn, "KEPT", 0)
    monkeypatch.setattr(sinkhorn, "BLOCK", 25)
    assert sinkhorn_divergence(x, y).value == pytest.approx(kept, rel=1e-10)


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_interval_is_of_the_laws_and_freed_of_bias(shift: float) -> None:
    # For equal variances the divergence of two normal laws is their squared shift at any epsilon.
    generator = np.random.default_rng(2)
    covered = 0
    for _ in range(40):
        x, y = generator.standard_normal((40, 1)), generator.standard_normal((50, 1)) + shift
        low, high = sinkhorn_divergence(x, y, epsilon=0.5).interval
        covered += low <= shift**2 <= high
    assert covered / 40 >= 0.85


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 0.5}, "p must be a number of at least 1"),
        ({"p": 3}, "p must be at most 2"),
        ({"epsilon": 0.0}, "epsilon must be a positive number or 'mean/10'; found 0.0"),
        ({"epsilon": "auto"}, "found 'auto'"),
        ({"epsilon": math.nan}, "epsilon must be a positive number"),
        ({"epsilon": 1e-9}, "epsilon must be large enough for the iteration to converge within 10 "),
    ],
)
def test_bad_options_are_refused(options, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinkhorn, "ITERATIONS", 5)
    with pytest.raises(InputError, match=message):
        sinkhorn_divergence(*clouds(20, 20, 2), **options)


def test_an_acceleration_that_gets_nowhere_is_followed_by_plain_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding can hold it up; without what follows, innocent clouds would be refused once in many thousand times."""
    draw = np.random.default_rng(0)
    x, y = draw.standard_normal((12, 1)), draw.standard_normal((14, 1)) + 0.5
    wanted = sinkhorn_divergence(x, y).value
    monkeypatch.setattr(sinkhorn, "_combined", lambda points, steps: points[:, -1])
    monkeypatch.setattr(sinkhorn, "ITERATIONS", 200)
    assert sinkhorn_divergence(x, y).value == pytest.approx(wanted, rel=1e-6)
