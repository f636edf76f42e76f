"""The laws of measures name what is wrong, and saddle's own obey them."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import saddle.measures
from saddle.measures import MEASURES, Estimate, energy_distance, wasserstein
from saddle.testing import check_measure

TWO_SAMPLES = [name for name, one in MEASURES.items() if one.of == "two samples"]


@pytest.mark.parametrize("name", TWO_SAMPLES)
def test_own_measures_obey(name: str) -> None:
    found, declared = check_measure(getattr(saddle.measures, name)), MEASURES[name].properties
    assert found.symmetric or "symmetric" not in declared
    assert found.order_invariant or "order-invariant" not in declared
    assert found.rotation_invariant or "rotation-invariant" not in declared


def test_properties_tell_measures_apart() -> None:
    assert check_measure(wasserstein).zero_for_equal and check_measure(wasserstein).non_negative
    assert not check_measure(energy_distance).zero_for_equal and not check_measure(energy_distance).non_negative


def estimate(value: float, **changes: Any) -> Estimate:
    return Estimate(
        **{"value": value, "error": 0.1, "interval": None, "method": "m", "n": (2, 2), "note": ""} | changes
    )


def checked(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The function behind the checks that a measure owes its user."""

    def measure(x: Any, y: Any) -> Any:
        energy_distance(x, y)
        return function(x, y)

    return measure


WRONG: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "a bare number": (checked(lambda x, y: 1.0), "must return an Estimate"),
    "random": (checked(lambda x, y: estimate(np.random.default_rng().random())), "different values when called again"),
    "in place": (checked(lambda x, y: (x.__imul__(2), energy_distance(x, y))[1]), "changes its arguments in place"),
    "negative error": (checked(lambda x, y: estimate(1.0, error=-1.0)), "an error is not negative"),
    "crossed interval": (checked(lambda x, y: estimate(1.0, interval=(2.0, 1.0))), "the wrong way round"),
    "no method": (checked(lambda x, y: estimate(1.0, method="")), "does not say its method"),
    "no checks": (lambda x, y: estimate(1.0), "must refuse samples of different dimension"),
    "another error": (lambda x, y: {2: estimate(1.0)}[2] if x.shape == y.shape else {}[1], "fails on"),
    "arrays only": (
        checked(lambda x, y: estimate(float(isinstance(x, np.ndarray)))),
        "other values for tensors than for arrays",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_measure_is_caught(name: str) -> None:
    function, sentence = WRONG[name]
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        check_measure(function)
