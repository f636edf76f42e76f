"""Estimates of log Z from log weights, forwards from below and backwards from above."""

import math

from scipy.stats import t as student
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.families.boltzmann.annealing import Path, backwards, forwards, shares_of
from saddle.families.boltzmann.machine import Machine, States
from saddle.measures import Estimate

WIDE = 1.0  # the deviation of log weights above which intervals of their mean weight are too narrow


def annealed_log_partition(
    machine: Machine, y: Tensor | None, *, runs: int, temperatures: int, stream: Stream
) -> Estimate:
    """log Z by annealed importance sampling from independent units: on average too low, by about half its variance.

    Args:
        machine: in evaluation.
        y: the class index, shape (1,), or None.
        runs: independent chains, at least 2.
        temperatures: laws between the two.
        stream: of the chains.
    """
    path = Path(machine, y, stream)
    weights = forwards(path, shares_of(temperatures), runs).cpu()
    value, error, interval = log_mean(weights)
    base = path.base_log_partition()
    method = f"annealed importance sampling over {temperatures:,} temperatures"
    note = "Chains that mix badly make it too low." + _spread(weights)
    return Estimate(base + value, error, (base + interval[0], base + interval[1]), method, runs, note)


def reverse_log_partition(
    machine: Machine, y: Tensor | None, states: States, *, temperatures: int, stream: Stream
) -> Estimate:
    """log Z by annealed importance sampling backwards: from states of the machine's law on average too high.

    By about half its variance; from states of another law it may be wrong to either side.

    Args:
        machine: in evaluation.
        y: the class index, shape (1,), or None.
        states: of the odd layers at least, one tensor (runs, size) for each layer.
        temperatures: laws between the two.
        stream: of the chains.
    """
    path = Path(machine, y, stream)
    weights = backwards(path, shares_of(temperatures), states).cpu()
    value, error, (low, high) = log_mean(weights)
    base = path.base_log_partition()
    method = f"annealed importance sampling backwards over {temperatures:,} temperatures"
    start = (
        "Chains that mix badly make it too high, ones that do not start from the machine's law wrong to either side."
    )
    note = start + _spread(weights)
    return Estimate(base - value, error, (base - high, base - low), method, len(weights), note)


def known_log_partition(value: float) -> Estimate:
    """log Z as enumeration gives it."""
    return Estimate(value, 0.0, (value, value), "enumeration", 0, "Exact.")


def log_mean(logs: Tensor) -> tuple[float, float, tuple[float, float]]:
    """log of the mean of exp(logs), its standard error and its 95 % interval.

    Error and interval are those of the mean weight relative to it, with Student's quantile. Of normal log weights with
    deviations up to 1 and a hundred runs it covers in 93 to 95 %; of wider ones less.

    Args:
        logs: log weights, shape (n,) with n at least 2, float64.
    """
    n = len(logs)
    value = float(logs.logsumexp(0)) - math.log(n)
    error = float((logs - value).exp().std()) / math.sqrt(n)
    width = float(student.ppf(0.975, n - 1)) * error
    return value, error, (value - width, value + width)


def _spread(weights: Tensor) -> str:
    spread = float(weights.std())
    found = f" The log weights have a deviation of {spread:.2g}"
    return found + ("." if spread <= WIDE else "; above 1 the interval is too narrow, so take more temperatures.")
