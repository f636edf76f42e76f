"""Divergences from samples, by nearest neighbors."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.special import digamma

from saddle.core.errors import InputError
from saddle.measures import Estimate, js_from_samples, kl_from_samples

Measure = Callable[..., Estimate]


def normals(seed: int, n: int, dimension: int = 2, shift: float = 0.0) -> np.ndarray:
    x = np.random.default_rng(seed).standard_normal((n, dimension))
    x[:, 0] += shift
    return x


@pytest.mark.parametrize("k", [1, 4])
def test_kl_is_the_formula_by_trees(k: int) -> None:
    x, y = normals(0, 90, 3) * 0.7, normals(1, 70, 3)
    own, other = cKDTree(x).query(x, k + 1)[0][:, -1], cKDTree(y).query(x, [k])[0][:, 0]
    truth = 3 * np.log(other / own).mean() + digamma(71) - digamma(90)
    assert kl_from_samples(x, y, k).value == pytest.approx(truth, rel=1e-12)


def test_js_is_the_mutual_information_with_the_set() -> None:
    x, y, k = normals(0, 50, 3) * 0.7, normals(1, 50, 3), 4
    terms = []
    for own, other in ((x, y), (y, x)):
        for i, point in enumerate(own):
            within = np.sort(np.linalg.norm(np.delete(own, i, 0) - point, axis=1))[k - 1]
            terms.append(digamma(k + (np.linalg.norm(other - point, axis=1) <= within).sum()))
    truth = digamma(100) - digamma(50) + digamma(k) - np.mean(terms)
    assert js_from_samples(x, y, k).value == pytest.approx(truth, rel=1e-12)


@pytest.mark.parametrize("measure", [kl_from_samples, js_from_samples])
@pytest.mark.parametrize("sizes", [(40, 40), (30, 80)])
def test_equal_laws_average_zero(measure: Measure, sizes: tuple[int, int]) -> None:
    # The logarithms of m and n - 1 in place of digamma would already show at k = 1 and unequal n.
    values = [measure(normals(i, sizes[0]), normals(1000 + i, sizes[1]), 3).value for i in range(60)]
    assert np.mean(values) == pytest.approx(0, abs=4 * np.std(values) / math.sqrt(60))
    assert min(values) < 0  # never clipped


def test_disjoint_laws_reach_log_two() -> None:
    found = js_from_samples(normals(0, 200), normals(1, 200) + 50)
    assert found.value == pytest.approx(math.log(2), abs=1 / 600)
    assert found.interval is not None
    assert found.interval[0] < math.log(2) < found.interval[1]


def test_kl_is_of_the_first_from_the_second() -> None:
    wide = np.random.default_rng(0).random((2, 800, 2))
    assert kl_from_samples(0.5 * wide[0], wide[1]).value == pytest.approx(2 * math.log(2), abs=0.15)
    assert kl_from_samples(wide[1], 0.5 * wide[0]).value > 2  # infinite in truth


def test_js_is_symmetric_for_equal_and_unequal_sizes() -> None:
    x, y = normals(0, 60), normals(1, 60, shift=1)
    assert js_from_samples(x, y).value == pytest.approx(js_from_samples(y, x).value, rel=1e-12)
    few = js_from_samples(x[:25], y, seed=1).value
    assert js_from_samples(y, x[:25], seed=1).value == pytest.approx(few, abs=0.1)


@pytest.mark.parametrize("measure", [kl_from_samples, js_from_samples])
def test_stated_error_is_the_spread(measure: Measure) -> None:
    found = [measure(normals(i, 150, shift=1), normals(500 + i, 200)) for i in range(50)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.error for one in found if one.error]) == pytest.approx(spread, rel=0.35)


def test_kl_refuses_laws_without_a_density_and_js_takes_them() -> None:
    generator = np.random.default_rng(0)
    x, y = generator.integers(0, 3, 300) * 1.0, np.minimum(generator.integers(0, 4, 300), 2) * 1.0
    with pytest.raises(InputError, match="must come from laws with densities; found 300 of 300 examples"):
        kl_from_samples(x, y)
    shares = np.array([np.bincount(one.astype(int), minlength=3) / 300 for one in (x, y)])
    middle = shares.mean(0)
    truth = 0.5 * (shares * np.log(shares / middle)).sum()
    assert js_from_samples(x, y).value == pytest.approx(truth, abs=0.01)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (
            np.repeat(normals(0, 250), 2, 0),
            normals(1, 400),
            "found 500 of 500 examples of x repeated within x: leave out",
        ),
        (normals(0, 300), np.repeat(normals(1, 200), 3, 0), "found 600 of 600 examples of y repeated within y"),
        (
            normals(0, 300),
            np.concatenate([normals(1, 200), normals(0, 300)]),
            "found 300 of 300 examples of x repeated in",
        ),
    ],
)
def test_kl_refuses_repeats_and_js_notes_them(x: np.ndarray, y: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        kl_from_samples(x, y)
    assert "examples are repeated: right if the laws repeat themselves" in js_from_samples(x, y).note
    assert "repeated" not in js_from_samples(normals(0, 300), normals(1, 300)).note


def test_kl_takes_a_tie_in_a_thousand() -> None:
    x, y = normals(0, 1000), normals(1, 500)
    tied = np.concatenate([x[:-1], x[:1]])
    assert kl_from_samples(tied, y).value == pytest.approx(kl_from_samples(x, y).value, abs=0.01)
    with pytest.raises(InputError, match="found 2 examples of x with 1 copies in x"):
        kl_from_samples(tied, y, 1)


def test_scale_changes_nothing() -> None:
    x, y = normals(0, 60), normals(1, 60, shift=1)
    for measure in (kl_from_samples, js_from_samples):
        assert measure(1e6 * x, 1e6 * y).value == pytest.approx(measure(x, y).value, rel=1e-9)


@pytest.mark.parametrize("measure", [kl_from_samples, js_from_samples])
def test_bad_input(measure: Measure) -> None:
    with pytest.raises(InputError, match="k must be at least 1; found 0"):
        measure(normals(0, 9), normals(1, 9), 0)
    with pytest.raises(InputError, match="y must hold at least 6 examples; found 5"):
        measure(normals(0, 9), normals(1, 5))
    few = measure(normals(0, 9), normals(1, 9))
    assert (few.error, few.interval) == (None, None)
