"""Every property that a measure declares holds, on whatever hypothesis comes up with."""

import inspect
import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import saddle.measures
from saddle.measures import F_DIVERGENCES, MEASURES, Estimate, f_divergence, wasserstein
from saddle.measures.catalog import Measure, Property

SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SLACK = 1e-9

# What the public index holds beside measures of the catalog: results, references, and the parts they are made of.
NOT_MEASURES = {"as_points", "as_two_samples", "expected_coverage", "perfect_mode_coverage"}
NOT_MEASURES |= {"alpha_divergence", "weighted_jensen_shannon"}  # rows for `f_divergence`


def declaring(wanted: Property) -> list[Any]:
    """The measures that declare a property."""
    return [pytest.param(one, id=name) for name, one in MEASURES.items() if wanted in one.properties]


def numbers(result: Any) -> list[float]:
    """All values of a result: an estimate's, those of a named tuple of estimates, or an array's."""
    if isinstance(result, Estimate):
        return [result.value]
    if isinstance(result, tuple):
        return [value for one in result for value in numbers(one)]
    if isinstance(result, np.ndarray | np.floating | float | int | torch.Tensor):
        return np.asarray(result, dtype=float).ravel().tolist()
    return []


def weights(size: int) -> st.SearchStrategy[np.ndarray]:
    """Probabilities of some outcomes, of which some may be zero or tiny."""
    each = st.one_of(st.just(0.0), st.floats(1e-12, 1.0), st.sampled_from([1e-300, 1e-20, 1.0]))
    return arrays(np.float64, size, elements=each).filter(lambda w: w.sum() > 1e-3).map(lambda w: w / w.sum())


@st.composite
def laws(draw: st.DrawFn, count: int) -> list[np.ndarray]:
    size = draw(st.integers(2, 6))
    return [draw(weights(size)) for _ in range(count)]


@st.composite
def clouds(draw: st.DrawFn, count: int, *, n: int = 12) -> list[np.ndarray]:
    """Sets of points without ties, of equal dimension."""
    dimension, seed = draw(st.integers(1, 4)), draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    shifts = [draw(st.floats(-3, 3)) for _ in range(count)]
    scales = [draw(st.floats(0.1, 5)) for _ in range(count)]
    return [
        scale * generator.standard_normal((n + 2 * i, dimension)) + shift
        for i, (scale, shift) in enumerate(zip(scales, shifts, strict=True))
    ]


def inputs(measure: Measure) -> st.SearchStrategy[list[np.ndarray]]:
    """What a measure takes."""
    if measure.of == "one law":
        return laws(1)
    if measure.of == "two laws":
        return laws(2)
    if measure.of == "joint law":
        return weights(12).map(lambda w: [w.reshape(3, 4)])
    counts = {"one sample": 1, "two samples": 2, "three samples": 3}
    return clouds(counts[measure.of])


def calls(measure: Measure) -> list[Callable[..., Any]]:
    """The measure, or each of its kinds that is named by a third argument."""
    if measure.function is f_divergence:
        names = [name for name, member in F_DIVERGENCES.items() if member.is_divergence]
        return [lambda p, q, name=name: f_divergence(p, q, name) for name in names]
    if measure.function is saddle.measures.renyi_divergence:
        orders = (0.5, 1.0, 2.0, math.inf)
        return [lambda p, q, order=order: saddle.measures.renyi_divergence(p, q, order) for order in orders]
    if measure.function is wasserstein:
        return [lambda x, y, p=p: wasserstein(x, y, p) for p in (1, 2)]
    return [measure.function]


def close(a: Iterable[float], b: Iterable[float], relative: float = 1e-8, absolute: float = 1e-10) -> None:
    for one, other in zip(a, b, strict=True):
        assert one == pytest.approx(other, rel=relative, abs=absolute, nan_ok=True)


@pytest.mark.parametrize("measure", declaring("non-negative"))
@SETTINGS
@given(data=st.data())
def test_non_negative(measure: Measure, data: st.DataObject) -> None:
    arguments = data.draw(inputs(measure))
    for call in calls(measure):
        assert all(value >= 0 for value in numbers(call(*arguments)))


@pytest.mark.parametrize("measure", declaring("zero for equal"))
@SETTINGS
@given(data=st.data())
def test_zero_for_equal(measure: Measure, data: st.DataObject) -> None:
    first = data.draw(inputs(measure))[0]
    # What is solved by iteration is zero to the tolerance of the iteration.
    slack = 1e-6 if measure.of == "two samples" else 0.0
    for call in calls(measure):
        assert all(abs(value) <= slack for value in numbers(call(first, first)))


@pytest.mark.parametrize("measure", declaring("symmetric"))
@SETTINGS
@given(data=st.data())
def test_symmetric(measure: Measure, data: st.DataObject) -> None:
    p, q = data.draw(inputs(measure))
    for call in calls(measure):
        close(numbers(call(p, q)), numbers(call(q, p)))


@pytest.mark.parametrize("measure", declaring("at most log 2"))
@SETTINGS
@given(data=st.data())
def test_at_most_log_2(measure: Measure, data: st.DataObject) -> None:
    for call in calls(measure):
        assert all(value <= math.log(2) for value in numbers(call(*data.draw(inputs(measure)))))


@pytest.mark.parametrize("measure", declaring("at most one"))
@SETTINGS
@given(data=st.data())
def test_at_most_one(measure: Measure, data: st.DataObject) -> None:
    for call in calls(measure):
        assert all(value <= 1 for value in numbers(call(*data.draw(inputs(measure)))))


@pytest.mark.parametrize("measure", declaring("Pinsker"))
@SETTINGS
@given(pair=laws(2))
def test_pinsker(measure: Measure, pair: list[np.ndarray]) -> None:
    """Total variation is at most the root of half the divergence."""
    variation = saddle.measures.total_variation(*pair)
    for call in calls(measure):
        assert variation <= math.sqrt(float(call(*pair)) / 2) * (1 + SLACK) + 1e-12


@pytest.mark.parametrize("measure", declaring("triangle inequality"))
@SETTINGS
@given(data=st.data())
def test_triangle_inequality(measure: Measure, data: st.DataObject) -> None:
    p, q, r = data.draw(laws(3) if measure.of == "two laws" else clouds(3))
    for call in calls(measure):
        direct, there, back = (numbers(call(*pair))[0] for pair in ((p, r), (p, q), (q, r)))
        assert direct <= (there + back) * (1 + SLACK) + 1e-12


@pytest.mark.parametrize("measure", declaring("triangle inequality of the root"))
@SETTINGS
@given(data=st.data())
def test_triangle_inequality_of_the_root(measure: Measure, data: st.DataObject) -> None:
    p, q, r = data.draw(laws(3) if measure.of == "two laws" else clouds(3))
    for call in calls(measure):
        direct, there, back = (math.sqrt(max(numbers(call(*pair))[0], 0.0)) for pair in ((p, r), (p, q), (q, r)))
        assert direct <= (there + back) * (1 + SLACK) + 1e-7


@pytest.mark.parametrize("measure", declaring("Kantorovich-Rubinstein"))
@SETTINGS
@given(pair=clouds(2), seed=st.integers(0, 2**32 - 1))
def test_kantorovich_rubinstein(measure: Measure, pair: list[np.ndarray], seed: int) -> None:
    """No 1-Lipschitz function has a larger gap between the means than the distance."""
    x, y = pair
    distance = numbers(measure.function(x, y))[0]
    generator = np.random.default_rng(seed)
    for _ in range(5):
        centers = generator.standard_normal((7, x.shape[1])) * 3
        heights = generator.standard_normal(7)

        def lipschitz(z: np.ndarray, centers: np.ndarray = centers, heights: np.ndarray = heights) -> np.ndarray:
            return (np.linalg.norm(z[:, None] - centers, axis=-1) + heights).min(1)

        assert abs(lipschitz(x).mean() - lipschitz(y).mean()) <= distance * (1 + SLACK) + 1e-12


@pytest.mark.parametrize("measure", declaring("order-invariant"))
@SETTINGS
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_order_invariant(measure: Measure, data: st.DataObject, seed: int) -> None:
    arguments = data.draw(inputs(measure))
    generator = np.random.default_rng(seed)
    if measure.of in ("one law", "two laws"):
        order = generator.permutation(len(arguments[0]))
        mixed = [one[order] for one in arguments]
    else:
        mixed = [one[generator.permutation(len(one))] for one in arguments]
    for call in calls(measure):
        close(numbers(call(*arguments)), numbers(call(*mixed)))


@pytest.mark.parametrize("measure", declaring("rotation-invariant"))
@SETTINGS
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_rotation_invariant(measure: Measure, data: st.DataObject, seed: int) -> None:
    arguments = data.draw(inputs(measure))
    dimension = arguments[0].shape[1]
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((dimension, dimension)))
    for call in calls(measure):
        close(numbers(call(*arguments)), numbers(call(*(one @ rotation for one in arguments))), 1e-6, 1e-8)


@pytest.mark.parametrize("measure", declaring("differentiable"))
@SETTINGS
@given(data=st.data())
def test_gradients_are_those_of_finite_differences(measure: Measure, data: st.DataObject) -> None:
    """Along directions that keep probabilities positive, through a softmax."""
    count = {"one law": 1, "joint law": 1, "two laws": 2}[measure.of]
    shape = (3, 4) if measure.of == "joint law" else (5,)
    element = st.floats(-2, 2)
    logits = [torch.tensor(data.draw(arrays(np.float64, shape, elements=element))) for _ in range(count)]
    assume(count == 1 or (logits[0].softmax(0) - logits[1].softmax(0)).abs().min() > 1e-3)

    # A maximum has a corner where two outcomes share it.
    smooth = [call for call in calls(measure) if (call.__defaults__ or (None,))[0] != math.inf]

    def probabilities(raw: torch.Tensor) -> torch.Tensor:
        return raw.flatten().softmax(0).view_as(raw)

    for call in smooth:

        def value(*raw: torch.Tensor, call: Callable[..., Any] = call) -> torch.Tensor:
            return call(*(probabilities(one) for one in raw)).sum()

        leaves = [one.clone().requires_grad_() for one in logits]
        assert torch.autograd.gradcheck(value, leaves, eps=1e-6, atol=1e-6, rtol=1e-4)


def test_every_measure_is_in_the_catalog() -> None:
    functions = {
        name
        for name in saddle.measures.__all__
        if inspect.isfunction(getattr(saddle.measures, name)) and name not in NOT_MEASURES
    }
    assert functions == set(MEASURES)
    assert all(MEASURES[name].function is getattr(saddle.measures, name) for name in functions)
