import math

import numpy as np
import ot
import pytest
from scipy import stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from saddle.core.errors import InputError
from saddle.measures import wasserstein
from saddle.measures.transport import exact


def clouds(n: int, m: int, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng([seed, n, m, d])
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) * 1.5 + 0.5


@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize("d", [1, 2, 20])
def test_agrees_with_scipys_assignment(d: int, p: int) -> None:
    x, y = clouds(40, 40, d)
    costs = cdist(x, y) ** p
    assert wasserstein(x, y, p).value == pytest.approx(costs[linear_sum_assignment(costs)].mean() ** (1 / p), rel=1e-12)


def test_unequal_sets_agree_with_scipy_and_pot() -> None:
    x, y = clouds(30, 44, 1)
    assert wasserstein(x, y).value == pytest.approx(stats.wasserstein_distance(x[:, 0], y[:, 0]), rel=1e-12)
    x, y = clouds(30, 44, 3)
    theirs = ot.emd2(ot.unif(30), ot.unif(44), ot.dist(x, y))
    assert wasserstein(x, y, 2).value == pytest.approx(math.sqrt(theirs), rel=1e-10)


@pytest.mark.parametrize("d", [1, 3])
def test_the_root_is_taken_and_a_shift_is_its_length(d: int) -> None:
    x, _ = clouds(50, 50, d)
    assert wasserstein(x, x + 4 / math.sqrt(d), 2).value == pytest.approx(4, rel=1e-12)
    assert wasserstein(1e-100 * x, 1e-100 * (x + 4 / math.sqrt(d)), 3).value == pytest.approx(4e-100, rel=1e-9)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("d", [1, 2])
def test_is_a_metric_between_clouds(d: int, p: int) -> None:
    x, y = clouds(20, 25, d)
    z, _ = clouds(15, 15, d, seed=1)
    xy, yz, xz = wasserstein(x, y, p).value, wasserstein(y, z, p).value, wasserstein(x, z, p).value
    assert xz <= xy + yz + 1e-12
    assert wasserstein(y, x, p).value == pytest.approx(xy, rel=1e-12)
    assert wasserstein(x, x, p).value == 0.0
    assert xy > 0


def test_order_and_rotation_do_not_matter() -> None:
    x, y = clouds(30, 30, 3)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    found = wasserstein(x, y)
    assert wasserstein(x[::-1], y).value == pytest.approx(found.value, rel=1e-12)
    assert wasserstein(x @ turn, y @ turn).value == pytest.approx(found.value, rel=1e-12)


def share_covered(draw, truth: float, p: float, repeats: int = 100) -> float:
    covered = 0
    for seed in range(repeats):
        low, high = wasserstein(*draw(np.random.default_rng([3, seed])), p).interval
        covered += low <= truth <= high
    return covered / repeats


@pytest.mark.parametrize(
    ("scale", "shift", "p", "truth"),
    [(1.0, 1.0, 1, 1.0), (2.0, 0.0, 1, math.sqrt(2 / math.pi)), (1.0, 0.0, 1, 0.0), (1.5, 2.0, 2, math.sqrt(4.25))],
)
def test_interval_on_the_line_is_of_the_laws(scale: float, shift: float, p: float, truth: float) -> None:
    def draw(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return generator.standard_normal((100, 1)), generator.standard_normal((80, 1)) * scale + shift

    assert 0.88 <= share_covered(draw, truth, p) <= 0.99


def test_error_in_many_dimensions_is_the_spread() -> None:
    generator = np.random.default_rng(2)
    runs = [
        wasserstein(generator.standard_normal((60, 3)), generator.standard_normal((80, 3)) + 2, 2) for _ in range(100)
    ]
    assert np.mean([run.error for run in runs]) == pytest.approx(np.std([run.value for run in runs]), rel=0.2)
    assert "biased upward" in runs[0].note


def test_equal_or_single_examples_have_no_error() -> None:
    assert wasserstein(np.zeros((3, 2)), np.zeros((4, 2))).error is None
    assert wasserstein(np.zeros((1, 2)), np.ones((4, 2))).error is None


@pytest.mark.parametrize("p", [0.5, math.inf, math.nan, "2", True])
def test_bad_order_is_refused(p) -> None:
    with pytest.raises(InputError, match="p must be a number of at least 1; found"):
        wasserstein(np.zeros((20, 2)), np.zeros((20, 2)), p)


def test_two_constant_sets_have_an_interval_of_no_width() -> None:
    found = wasserstein(np.zeros(5), np.full(6, 3.0))
    assert (found.value, found.error, found.interval) == (3.0, 0.0, pytest.approx((3.0, 3.0), abs=0.01))


def test_too_many_examples_are_refused_before_any_work() -> None:
    x = np.zeros((20_000, 2))
    with pytest.raises(InputError, match=r"20000 x 20000 costs .* found a need of 3.0 GiB.* use sliced_wasserstein"):
        wasserstein(x, x)
    assert wasserstein(x[:, :1], x[:, :1] + 1).value == 1.0


def test_an_unsolved_problem_is_not_passed_off_as_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "PIVOTS", 3)
    with pytest.warns(UserWarning), pytest.raises(ArithmeticError, match="not solved"):
        wasserstein(*clouds(50, 50, 2))
