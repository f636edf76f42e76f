"""The tests of paired differences and Holm's correction, beside scipy and brute force."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from saddle.evaluation.comparing.holm import holm
from saddle.evaluation.comparing.paired import paired_test, smallest_step

Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


@pytest.mark.parametrize("seeds", [3, 8, 20])
def test_students_test_is_that_of_scipy(seeds: int) -> None:
    """Where no difference repeats, the least deviation changes nothing."""
    first, second = np.random.default_rng(seeds).normal(size=(2, seeds))
    wanted = stats.ttest_rel(first, second)
    found = paired_test(first - second)
    assert found.p == pytest.approx(wanted.pvalue, rel=1e-10)  # type: ignore[attr-defined]
    assert found.interval == pytest.approx(tuple(wanted.confidence_interval()), rel=1e-10)  # type: ignore[attr-defined]
    assert paired_test(second - first).p == pytest.approx(found.p, rel=1e-12)


def test_counts_that_are_all_alike_prove_little() -> None:
    """One mode more at each of three seeds: with s = 0 the test is certain, where a coin does that one time in four."""
    assert paired_test(np.ones(3)).p > 0.2
    assert paired_test(np.zeros(4)) == (None, 1.0)
    assert paired_test(np.array([8.0, 8.0, 8.0, 7.0, 8.0, 7.0, 8.0, 8.0])).p < 1e-6


@pytest.mark.parametrize(
    ("differences", "step"),
    [([1.0, 1.0, 0.0], 1.0), ([8.0, 7.0, 8.0], 1.0), ([3.0, 3.0, 3.0], 3.0), ([0.3, 0.1 + 0.2, -0.1], 0.1), ([0.0], 0)],
)
def test_smallest_step(differences: list[float], step: float) -> None:
    assert smallest_step(np.array(differences)) == pytest.approx(step)


LAWS: dict[str, Draw] = {
    "modes of 8": lambda chance, shape: chance.binomial(8, 0.95, shape),
    "shares of 180": lambda chance, shape: chance.binomial(180, 0.9, shape) / 180,
    "rare failures": lambda chance, shape: 8 * (chance.random(shape) < 0.9),
    "counts": lambda chance, shape: chance.poisson(5, shape),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("seeds", [3, 6, 10])
def test_equal_counts_are_told_apart_no_more_often_than_it_says(law: str, seeds: int) -> None:
    first, second = LAWS[law](np.random.default_rng(5), (2, 2000, seeds))
    rejected = np.mean([paired_test(one).p <= 0.05 for one in first - second])
    assert rejected < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_the_closure_of_bonferroni(seed: int) -> None:
    """A hypothesis is rejected where Bonferroni rejects every intersection that it is part of."""
    p = np.random.default_rng(seed).uniform(size=6) ** 3
    for index, found in enumerate(holm(p.tolist())):
        wanted = max(
            min(1.0, len(group) * min(p[i] for i in group))
            for size in range(1, 7)
            for group in combinations(range(6), size)
            if index in group
        )
        assert found == pytest.approx(wanted)


def test_holm_of_nothing_and_of_one() -> None:
    assert holm([]) == [] and holm([0.03]) == [0.03]
