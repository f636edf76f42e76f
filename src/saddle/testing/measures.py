"""The laws of measures of two samples, for saddle's own and for yours."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from saddle.measures import Estimate
from saddle.testing.demand import attempt, demand

SHAPES = ((30, 30, 2), (30, 24, 2), (24, 30, 1), (40, 40, 5))
CLOSE = 1e-6


@dataclass(frozen=True)
class MeasureProperties:
    """In what good measures differ.

    Attributes:
        symmetric: the two samples may change places.
        order_invariant: the order of the examples does not matter.
        rotation_invariant: both samples may be rotated together.
        zero_for_equal: a sample has distance zero to itself.
        non_negative: no value below zero was seen; unbiased estimates go below.
        has_interval: every estimate carries one.
    """

    symmetric: bool
    order_invariant: bool
    rotation_invariant: bool
    zero_for_equal: bool
    non_negative: bool
    has_interval: bool


def check_measure(measure: Callable[[Any, Any], Any]) -> MeasureProperties:
    """Prove that a function is a measure of two samples, and say what kind of one.

    It must take two arrays or tensors of shapes (n, d) and (m, d) to an `Estimate` or a named tuple of them, the same
    every time, without changing them; say an error or say why there is none; survive JSON; and refuse samples that do
    not fit together, or are not finite, with a `ValueError`.

    Args:
        measure: called as `measure(x, y)`.

    Returns:
        The properties that differ between good measures.

    Raises:
        AssertionError: in one sentence, the first law that is broken.

    Example:
        >>> from saddle.measures import energy_distance
        >>> check_measure(energy_distance).zero_for_equal
        False
    """
    name = getattr(measure, "__name__", type(measure).__name__)
    for x, y in _samples():
        first = (x.copy(), y.copy())
        found = _estimates(name, attempt(lambda x=x, y=y: measure(x, y), f"{name} fails on {x.shape} and {y.shape}"))
        demand(np.array_equal(x, first[0]) and np.array_equal(y, first[1]), f"{name} changes its arguments in place.")
        for one in found:
            _demand_complete(name, one)
        _demand_close(found, _of(name, measure, x, y), f"{name} gives different values when called again.")
        tensors = _of(name, measure, torch.from_numpy(x), torch.from_numpy(y))
        _demand_close(found, tensors, f"{name} gives other values for tensors than for arrays.")
    _demand_refusals(name, measure)
    return _properties(name, measure)


def _samples() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    generator = np.random.default_rng(0)
    for n, m, d in SHAPES:
        yield generator.standard_normal((n, d)), 1.5 * generator.standard_normal((m, d)) + 0.5


def _estimates(name: str, result: Any) -> tuple[Estimate, ...]:
    """The estimates among what a measure returned, of which there must be at least one."""
    parts = (result,) if isinstance(result, Estimate) else result if isinstance(result, tuple) else ()
    found = tuple(one for one in parts if isinstance(one, Estimate))
    demand(bool(found), f"{name} must return an Estimate or a named tuple of them, and returned {result!r}.")
    return found


def _of(name: str, measure: Callable[[Any, Any], Any], x: Any, y: Any) -> tuple[Estimate, ...]:
    return _estimates(name, measure(x, y))


def _of_equal(measure: Callable[[Any, Any], Any], x: np.ndarray) -> tuple[Estimate, ...]:
    """The estimates for a sample and itself, or none from a measure that refuses copies."""
    try:
        result = measure(x, x.copy())
    except ValueError:
        return ()
    return tuple(one for one in ((result,) if isinstance(result, Estimate) else result) if isinstance(one, Estimate))


def _demand_complete(name: str, one: Estimate) -> None:
    demand(not math.isinf(one.value) or one.value > 0, f"{name} is {one.value}.")
    if one.error is None:
        demand(bool(one.note or one.method), f"{name} has no error and no note that says why.")
    else:
        demand(one.error >= 0, f"{name} has the error {one.error}, and an error is not negative.")
    if one.interval is not None:
        low, high = one.interval
        demand(low <= high, f"{name} has the interval ({low}, {high}), whose ends are the wrong way round.")
    demand(bool(one.method), f"{name} does not say its method.")
    counts = one.n if isinstance(one.n, tuple) else (one.n,)
    demand(all(isinstance(count, int) and count >= 0 for count in counts), f"{name} has the counts {one.n!r}.")
    record = attempt(lambda: json.dumps(one.to_record()), f"{name} cannot be written as JSON")
    demand(Estimate.from_record(json.loads(record)).method == one.method, f"{name} does not survive JSON.")


def _demand_close(first: tuple[Estimate, ...], second: tuple[Estimate, ...], sentence: str) -> None:
    demand(_close(first, second), sentence)


def _close(first: tuple[Estimate, ...], second: tuple[Estimate, ...]) -> bool:
    pairs = zip(first, second, strict=True)
    return all(math.isclose(a.value, b.value, rel_tol=CLOSE, abs_tol=CLOSE * 1e-3) for a, b in pairs)


def _demand_refusals(name: str, measure: Callable[[Any, Any], Any]) -> None:
    x = np.random.default_rng(1).standard_normal((30, 2))
    broken = x.copy()
    broken[3, 1] = np.nan
    for what, pair in {
        "samples of different dimension": (x, x[:, :1]),
        "numbers that are not finite": (broken, x),
        "an empty sample": (x[:0], x),
    }.items():
        try:
            measure(*pair)
        except ValueError:
            continue
        except Exception as error:
            raise AssertionError(f"{name} must refuse {what} with ValueError, not {type(error).__name__}.") from error
        raise AssertionError(f"{name} must refuse {what} with ValueError, and returned a number.")


def _properties(name: str, measure: Callable[[Any, Any], Any]) -> MeasureProperties:
    generator = np.random.default_rng(2)
    symmetric = order = rotation = zero = non_negative = interval = True
    for x, y in _samples():
        found = _of(name, measure, x, y)
        symmetric &= _close(found, _of(name, measure, y, x))
        order &= _close(found, _of(name, measure, generator.permutation(x), generator.permutation(y)))
        turn, _ = np.linalg.qr(generator.standard_normal((x.shape[1], x.shape[1])))
        rotation &= _close(found, _of(name, measure, x @ turn, y @ turn))
        itself = _of_equal(measure, x)
        zero &= bool(itself) and all(abs(one.value) < CLOSE for one in itself)
        non_negative &= all(one.value >= -CLOSE for one in (*found, *itself))
        interval &= all(one.interval is not None for one in found)
    return MeasureProperties(symmetric, order, rotation, zero, non_negative, interval)
