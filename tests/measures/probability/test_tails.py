"""Densities with long tails, steep ends, wrong closed forms, and unusual samplers."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from torch import distributions as td

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures import (
    Estimate,
    cross_entropy,
    entropy,
    f_divergence,
    js_divergence,
    kl_divergence,
    mutual_information,
    renyi_divergence,
)


def number(x: float) -> torch.Tensor:
    return torch.tensor(x, dtype=torch.double)


NORMAL, LAPLACE = td.Normal(number(0.0), number(1.0)), td.Laplace(number(0.0), number(1.0))
CAUCHY, UNIT = td.Cauchy(number(0.0), number(1.0)), td.Uniform(number(0.0), number(1.0))


def student(nu: float) -> td.StudentT:
    return td.StudentT(number(nu))


def gamma(shape: float) -> td.Gamma:
    return td.Gamma(number(shape), number(1.0))


def covers(found: Estimate, truth: float, rel: float) -> bool:
    """Whether the value is right and the interval says so."""
    assert found.interval is not None
    return abs(found.value - truth) <= rel * truth and found.interval[0] <= truth <= found.interval[1]


@pytest.mark.parametrize("nu", [2.1, 2.3, 3.0])
def test_kl_of_student_to_normal_reaches_far_enough(nu: float) -> None:
    """E x² = ν / (ν - 2): cut off near 1e15, ν = 2.1 gives 9.32 for 9.49."""
    truth = 0.5 * math.log(2 * math.pi) + nu / (nu - 2) / 2 - float(student(nu).entropy())
    assert covers(kl_divergence(student(nu), NORMAL), truth, 1e-9)


def test_kl_of_student_to_laplace_reaches_far_enough() -> None:
    nu = 1.2
    absolute = 2 * math.sqrt(nu) / ((nu - 1) * float(mpmath.beta(nu / 2, 0.5)))
    truth = math.log(2) + absolute - float(student(nu).entropy())
    assert truth == pytest.approx(2.301223, abs=1e-6)
    assert covers(kl_divergence(student(nu), LAPLACE), truth, 1e-9)


HALF = (td.HalfCauchy(number(1.0)), td.Exponential(number(1.0)))
ENDLESS = [(student(2.0), NORMAL), (CAUCHY, LAPLACE), (CAUCHY, NORMAL), HALF]


@pytest.mark.parametrize("measure", [kl_divergence, cross_entropy])
@pytest.mark.parametrize(("p", "q"), ENDLESS, ids=lambda law: type(law).__name__)
def test_what_does_not_die_out_has_no_error(measure: Callable[..., Estimate], p: Any, q: Any) -> None:
    found = measure(p, q)
    assert (found.value, found.error, found.interval) == (math.inf, None, None)
    assert "may be infinite" in found.note


def test_a_tail_too_long_for_a_bound_states_none_or_covers() -> None:
    truth = 0.5 * math.log(2 * math.pi) + 2.01 / 0.02 - float(student(2.01).entropy())
    found = kl_divergence(student(2.01), NORMAL)
    assert found.error is None or (found.interval and found.interval[0] <= truth <= found.interval[1])
    pair = td.Independent(td.StudentT(torch.full((2,), 2.1).double()), 1)
    square = td.Independent(td.Normal(torch.zeros(2).double(), torch.ones(2).double()), 1)
    assert kl_divergence(pair, square).interval is None


def test_infinities_of_torch_are_verified() -> None:
    bernoulli = td.ContinuousBernoulli(number(0.3))
    assert td.kl_divergence(bernoulli, UNIT) == math.inf
    # The density is C λ^x (1 - λ)^(1 - x), so that KL to the uniform law is minus its entropy.
    truth = -float(bernoulli.entropy())
    assert truth == pytest.approx(0.029386, abs=1e-6)
    for found in (
        kl_divergence(bernoulli, UNIT),
        renyi_divergence(bernoulli, UNIT, 1),
        f_divergence(bernoulli, UNIT, "kl"),
        f_divergence(UNIT, bernoulli, "reverse-kl"),
    ):
        assert found.value == pytest.approx(truth, rel=1e-7)
    assert kl_divergence(UNIT, bernoulli).value == pytest.approx(0.029736, abs=1e-6)
    assert kl_divergence(td.Uniform(number(0.0), number(2.0)), UNIT).value == math.inf


@pytest.mark.parametrize(("a", "b"), [(0.1, 0.2), (0.3, 0.2)])
def test_densities_that_rise_toward_zero(a: float, b: float) -> None:
    """By mpmath in log x, where the singularity is gone."""

    def half(t: Any) -> Any:
        x = mpmath.exp(t)
        p, q = (mpmath.exp(k * t - x) / mpmath.gamma(k) for k in (a, b))
        return (p * mpmath.log(2 * p / (p + q)) + q * mpmath.log(2 * q / (p + q))) / 2

    integral: Any = mpmath.quad(half, [-400, -200, -100, -50, -20, -10, -5, 0, 2, 5])
    truth = float(integral)
    found = js_divergence(gamma(a), gamma(b))
    assert found.value == pytest.approx(truth, rel=1e-9)
    assert found.note == ""


def test_steep_ends_are_noted_or_refused_without_blame() -> None:
    found = js_divergence(td.Beta(number(0.5), number(0.5)), UNIT)
    assert found.error is not None and abs(found.value - 0.0412980) < 1e-7
    assert "1e-9" in found.note
    with pytest.raises(InputError, match="too steep"):
        js_divergence(td.Beta(number(0.1), number(0.1)), UNIT)


class Counted:
    """A standard normal law that draws without a source."""

    def sample(self, n: int) -> np.ndarray:
        return np.random.default_rng(0).standard_normal((n, 1))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        return -0.5 * x[:, 0] ** 2 - 0.5 * math.log(2 * math.pi)


class Sourced(Counted):
    """The same law with a source."""

    def sample(self, n: int, source: Stream) -> np.ndarray:  # type: ignore[override]
        return source.numpy().standard_normal((n, 1))


@dataclass
class Shaped:
    """The same law in the manner of torch."""

    law: td.Distribution

    def sample(self, sample_shape: Any = ()) -> torch.Tensor:
        return self.law.sample(torch.Size(sample_shape))

    def log_prob(self, value: torch.Tensor) -> torch.Tensor:
        return self.law.log_prob(value)


PLANE = td.MultivariateNormal(torch.zeros(2).double(), torch.eye(2).double())


@pytest.mark.parametrize(
    ("law", "dimension"), [(Counted(), 1), (Sourced(), 1), (Shaped(NORMAL), 1), (Shaped(PLANE), 2)]
)
def test_every_way_to_sample(law: Any, dimension: int) -> None:
    assert entropy(law).value == pytest.approx(dimension * 0.5 * math.log(2 * math.pi * math.e), rel=1e-9)


class Column:
    """What NumPy makes an array of, such as a column of a table."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array([0.5, 0.5], dtype=dtype)


def test_lists_and_columns_are_arrays() -> None:
    given: list[Any] = [[0.5, 0.5], Column()]
    for one in given:
        assert entropy(one) == pytest.approx(math.log(2))
        assert kl_divergence(one, np.array([0.25, 0.75])) == pytest.approx(0.5 * math.log(4 / 3))


def test_mutual_information_takes_a_table() -> None:
    law: Any = NORMAL
    with pytest.raises(InputError, match=r"table of joint probabilities.*found a density, Normal"):
        mutual_information(law)
