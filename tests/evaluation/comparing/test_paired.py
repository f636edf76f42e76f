"""The tests of paired differences and Holm's correction, beside scipy and brute force."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from saddle.evaluation.comparing.holm import holm
from saddle.evaluation.comparing.paired import EXACT, paired_t, paired_test, sign_flips


@pytest.mark.parametrize("seeds", [3, 8, 20])
def test_students_test_is_that_of_scipy(seeds: int) -> None:
    first, second = np.random.default_rng(seeds).normal(size=(2, seeds))
    wanted = stats.ttest_rel(first, second)
    assert paired_t(first - second) == pytest.approx(wanted.pvalue, rel=1e-10)  # type: ignore[attr-defined]
    assert paired_t(second - first) == pytest.approx(paired_t(first - second), rel=1e-12)


@pytest.mark.parametrize("differences", [[1.0, 1.0, 0.0, -1.0, 2.0, 1.0], [0.3, 0.3, 0.1, -0.2, 0.1], [1.0] * 7])
def test_sign_flips_are_those_of_scipy(differences: list[float]) -> None:
    wanted = stats.permutation_test(
        (differences, np.zeros(len(differences))), lambda a, b: np.sum(a - b), permutation_type="samples"
    )
    assert sign_flips(np.array(differences)) == pytest.approx(wanted.pvalue, abs=1e-12)


def test_drawn_flips_agree_with_all_of_them() -> None:
    """Beyond 18 seeds: one more seed that never differs changes no sum, and so no p."""
    differences = np.random.default_rng(0).integers(-2, 4, EXACT).astype(float)
    all_of_them, drawn = sign_flips(differences), sign_flips(np.append(differences, 0.0))
    assert 0.01 < all_of_them < 0.9
    assert drawn == pytest.approx(all_of_them, abs=4 * np.sqrt(all_of_them / 200_000))


def test_counts_that_are_all_alike_prove_little() -> None:
    """One mode more at each of three seeds: Student's test is certain, where a coin does that one time in four."""
    found = paired_test(np.ones(3))
    assert (found.p, found.test) == (0.25, "sign-flip test")
    assert paired_test(np.zeros(4)).p == 1.0
    assert paired_test(np.array([0.1, 0.2, 0.4])).test == "paired t-test"


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
