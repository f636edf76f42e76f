"""Means over seeds with their intervals, beside scipy and by how often they cover."""

import math

import numpy as np
import pytest
from scipy import stats

from saddle.evaluation.comparing.over_seeds import over_seeds, with_interval


@pytest.mark.parametrize("seeds", [3, 5, 20])
def test_interval_is_that_of_scipy(seeds: int) -> None:
    values = np.random.default_rng(seeds).gamma(2.0, size=seeds)
    found = over_seeds(values.tolist())
    wanted = stats.t.interval(0.95, seeds - 1, loc=values.mean(), scale=stats.sem(values))
    assert found.interval == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("seeds", [3, 8])
def test_interval_covers_the_mean_as_often_as_it_says(seeds: int) -> None:
    """A normal quantile for t covers 81 % with three seeds; the deviation in place of the error of the mean 99 %."""
    chance = np.random.default_rng(1)
    covered = 0
    for values in chance.normal(3.0, 2.0, (4000, seeds)):
        interval = over_seeds(values.tolist()).interval
        assert interval is not None
        covered += interval[0] <= 3.0 <= interval[1]
    assert abs(covered / 4000 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 4000)


@pytest.mark.parametrize("values", [[1.0], [1.0, 2.0]])
def test_of_one_or_two_seeds_there_is_no_interval(values: list[float]) -> None:
    assert over_seeds(values).interval is None and over_seeds(values).mean == np.mean(values)


def test_a_number_that_is_not_defined_at_a_seed_is_counted_and_said() -> None:
    found = over_seeds([1.0, math.inf, 3.0, math.nan])
    assert (found.mean, found.undefined, found.interval) == (2.0, 2, None)
    assert str(found) == "undefined for 2 of 4 seeds"


@pytest.mark.parametrize(
    ("value", "interval", "text"),
    [
        (0.012345, (0.0101, 0.0145), "0.0123 [0.0101, 0.0145]"),
        (7.9, (7.6, 8.2), "7.90 [7.60, 8.20]"),
        (-0.001, (-0.5, 0.4), "0.00 [-0.50, 0.40]"),
        (8.0, (8.0, 8.0), "8, at every seed"),
        (0.25, None, "0.25"),
    ],
)
def test_as_many_digits_as_the_interval_deserves(value: float, interval: tuple | None, text: str) -> None:
    assert with_interval(value, interval) == text
