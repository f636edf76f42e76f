"""What holds for every pair of laws, by hypothesis."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from saddle.measures import (
    F_DIVERGENCES,
    cross_entropy,
    entropy,
    f_divergence,
    js_divergence,
    kl_divergence,
    mutual_information,
    renyi_divergence,
    total_variation,
)

WEIGHT = st.one_of(st.just(0.0), st.floats(1e-300, 1.0), st.floats(0.01, 1.0))
ULP = 1e-14


def law(weights: list[float]) -> np.ndarray:
    x = np.array(weights)
    return x / x.sum() if x.sum() > 0 else np.full(len(x), 1 / len(x))


def several(count: int, outcomes: int = 5) -> st.SearchStrategy[list[np.ndarray]]:
    one = st.lists(WEIGHT, min_size=outcomes, max_size=outcomes).map(law)
    return st.lists(one, min_size=count, max_size=count)


@settings(deadline=None, max_examples=40)
@given(several(2))
def test_signs_bounds_identity_and_symmetry(laws: list[np.ndarray]) -> None:
    p, q = laws
    for name, member in F_DIVERGENCES.items():
        value = f_divergence(p, q, name)
        assert member.at_one * (1 + ULP) <= value <= member.largest
        if member.is_divergence:
            assert f_divergence(p, p, name) == 0
            assert value > 0 or np.allclose(p, q, rtol=1e-12, atol=1e-100)
    for name in ("jeffreys", "jensen-shannon", "total-variation", "squared-hellinger", "gan"):
        a, b = f_divergence(p, q, name), f_divergence(q, p, name)
        assert a == b or abs(a - b) <= ULP * max(abs(a), 1e-300)
    for name, other in (("kl", "reverse-kl"), ("pearson", "neyman")):
        a, b = f_divergence(p, q, name), f_divergence(q, p, other)
        assert a == b or abs(a - b) <= ULP * a
    assert 0 <= js_divergence(p, q) <= math.log(2)
    assert 0 <= entropy(p) <= math.log(5) + ULP


@settings(deadline=None, max_examples=40)
@given(several(2))
def test_pinsker_and_other_bounds_between_divergences(laws: list[np.ndarray]) -> None:
    p, q = laws
    variation, kl = total_variation(p, q), kl_divergence(p, q)
    hellinger, pearson = f_divergence(p, q, "squared-hellinger"), f_divergence(p, q, "pearson")
    slack = 1 + 1e-12
    assert 2 * variation**2 <= kl * slack
    assert hellinger / 2 <= variation * slack
    assert variation <= math.sqrt(hellinger * (1 - hellinger / 4)) * slack + 1e-300
    assert hellinger <= kl * slack
    assert kl <= np.log1p(pearson) * slack
    assert js_divergence(p, q) <= math.log(2) * variation * slack


@settings(deadline=None, max_examples=40)
@given(several(3))
def test_roots_obey_the_triangle_inequality(laws: list[np.ndarray]) -> None:
    p, q, r = laws
    for distance in (
        total_variation,
        lambda a, b: math.sqrt(js_divergence(a, b)),
        lambda a, b: math.sqrt(f_divergence(a, b, "squared-hellinger")),
    ):
        assert distance(p, r) <= (distance(p, q) + distance(q, r)) * (1 + 1e-12)


@settings(deadline=None, max_examples=30)
@given(several(2), st.permutations(range(5)))
def test_order_of_outcomes_does_not_matter_and_merging_them_loses(laws: list[np.ndarray], order: list[int]) -> None:
    p, q = laws
    for name in F_DIVERGENCES:
        value = f_divergence(p, q, name)
        moved = f_divergence(p[order], q[order], name)
        assert value == moved or abs(value - moved) <= 1e-12 * abs(value)
        merged = f_divergence(np.append(p[:3], p[3] + p[4]), np.append(q[:3], q[3] + q[4]), name)
        assert merged <= value + 1e-12 * abs(value) + 1e-17


@settings(deadline=None, max_examples=30)
@given(several(2), st.floats(0, 5), st.floats(0, 5))
def test_renyi_rises_with_its_order(laws: list[np.ndarray], a: float, b: float) -> None:
    p, q = laws
    low, high = renyi_divergence(p, q, min(a, b)), renyi_divergence(p, q, max(a, b))
    assert 0 <= low <= high * (1 + 1e-12) + 1e-300
    assert high <= renyi_divergence(p, q, math.inf) * (1 + 1e-12) + 1e-300


@settings(deadline=None, max_examples=30)
@given(several(2))
def test_cross_entropy_is_entropy_and_divergence(laws: list[np.ndarray]) -> None:
    p, q = laws
    total = entropy(p) + kl_divergence(p, q)
    assert cross_entropy(p, q) == total or abs(cross_entropy(p, q) - total) <= 1e-12 * total


@settings(deadline=None, max_examples=30)
@given(several(1, 12))
def test_mutual_information_is_symmetric_and_bounded(laws: list[np.ndarray]) -> None:
    joint = laws[0].reshape(3, 4)
    value = mutual_information(joint)
    assert abs(value - mutual_information(joint.T)) <= 1e-12 * value
    bound = min(entropy(joint.sum(0)), entropy(joint.sum(1)))
    assert 0 <= value <= bound * (1 + 1e-12)
