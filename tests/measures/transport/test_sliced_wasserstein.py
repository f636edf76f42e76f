import math

import numpy as np
import pytest
from scipy import stats

from saddle.core.errors import InputError
from saddle.measures import sliced_wasserstein


@pytest.mark.parametrize("p", [1, 2])
def test_a_shift_has_its_closed_form(p: int) -> None:
    x = np.random.default_rng(1).standard_normal((50, 2))
    found = sliced_wasserstein(x, x + np.array([3.0, 0.0]), p=p, directions=1000)
    # A projection moves by 3 |cos|, whose mean is 2/π and mean square one half.
    truth = 3 * 2 / math.pi if p == 1 else 3 / math.sqrt(2)
    assert found.error is not None
    assert found.value == pytest.approx(truth, abs=0.04)
    assert abs(found.value - truth) < 4 * found.error


def test_one_dimension_is_the_distance_on_the_line() -> None:
    x, y = np.random.default_rng(2).standard_normal((2, 500, 1))
    few, many = sliced_wasserstein(x, y, directions=2), sliced_wasserstein(x, y, directions=64)
    assert few.value == pytest.approx(stats.wasserstein_distance(x[:, 0], y[:, 0]), rel=1e-12)
    assert few.value == pytest.approx(many.value)
    assert few.error == pytest.approx(many.error)


@pytest.mark.parametrize("p", [1, 2])
def test_stated_error_is_the_spread(p: int) -> None:
    generator = np.random.default_rng(3)
    runs = []
    for seed in range(60):
        x, y = generator.standard_normal((100, 2)), generator.standard_normal((80, 2)) * 2 + 1
        runs.append(sliced_wasserstein(x, y, p=p, directions=8, seed=seed))
    assert np.mean([run.error for run in runs]) == pytest.approx(np.std([run.value for run in runs]), rel=0.25)


@pytest.mark.parametrize(("scale", "truth"), [(1.0, 0.0), (2.0, math.sqrt(2 / math.pi))])
def test_interval_is_of_the_laws(scale: float, truth: float) -> None:
    generator = np.random.default_rng(4)
    covered = 0
    for seed in range(80):
        x, y = generator.standard_normal((100, 3)), generator.standard_normal((80, 3)) * scale
        low, high = sliced_wasserstein(x, y, directions=8, seed=seed).interval
        covered += low <= truth <= high
    assert 0.87 <= covered / 80 <= 0.99


def test_same_seed_same_value() -> None:
    x, y = np.random.default_rng(4).standard_normal((2, 20, 3))
    assert sliced_wasserstein(x, y, seed=1) == sliced_wasserstein(x, y, seed=1)
    assert sliced_wasserstein(x, y, seed=1).value != sliced_wasserstein(x, y, seed=2).value


def test_equal_clouds_are_at_zero() -> None:
    x = np.random.default_rng(5).standard_normal((20, 3))
    assert sliced_wasserstein(x, x[::-1]).value == 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 0.5}, "p must be a number of at least 1"),
        ({"directions": 1}, "directions must be a whole number of at least 2; found 1"),
    ],
)
def test_bad_options_are_refused(options, message: str) -> None:
    with pytest.raises(InputError, match=message):
        sliced_wasserstein(np.zeros((20, 2)), np.zeros((20, 2)), **options)
