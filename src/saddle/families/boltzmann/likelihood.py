"""The log-likelihood of examples: the mean-field bound of its unnormalized part, and log Z at its pessimistic end."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from saddle.families.boltzmann.energy import entropy, log_mass
from saddle.families.boltzmann.machine import Machine
from saddle.families.boltzmann.mean_field import converged
from saddle.measures import Estimate
from saddle.measures.estimate import normal_interval

PASS = 500  # examples at a time


def log_mass_bound(machine: Machine, visible: Tensor, y: Tensor | None) -> Tensor:
    """A lower bound of the log of the sum of exp(-E) over hidden states, shape (n,), float64; exact for one layer.

    For several it is minus the mean energy plus the entropy of the hidden units under converged mean field, which is
    less than the sum by their divergence from the posterior. Of Gaussian units it is a density in model units.

    Reference: Salakhutdinov & Hinton 2009, equation 6.

    Args:
        machine: in evaluation.
        visible: states (n, d), standardized.
        y: class indices (n,) or None.
    """
    found = []
    for start in range(0, len(visible), PASS):
        part = visible[start : start + PASS]
        labels = None if y is None else y[start : start + PASS]
        if len(machine.sizes) == 2:
            found.append(log_mass(machine, [part, machine.usual(1)], labels, free=(1,)))
        else:
            states = converged(machine, part, labels)
            found.append(log_mass(machine, states, labels) + entropy(states[1:]))
    return torch.cat(found) + machine.log_volume()


def pessimistic(masses: Tensor, y: Tensor | None, partitions: Mapping[int, Estimate], *, exact: bool) -> Estimate:
    """The mean log-likelihood, or its bound, with log Z at the upper end of its interval.

    Annealed importance sampling makes log Z too low where it mixes badly, and so would flatter the machine.

    Args:
        masses: of each example, shape (n,).
        y: class indices (n,), or None for a machine without labels.
        partitions: log Z for each class index; without labels for 0.
        exact: whether `masses` are no bounds.
    """
    labels = _labels(masses, y)
    values = masses.cpu() - _each(labels, {label: _upper_end(one) for label, one in partitions.items()})
    middle = masses.cpu() - _each(labels, {label: one.value for label, one in partitions.items()})
    if all(one.error == 0 for one in partitions.values()):
        note = "log Z is exact."
    elif all(one.interval is None for one in partitions.values()):
        note = "log Z has no interval and is taken as it is."
    else:
        note = f"log Z is taken at the upper end of its interval; at its own value this is {float(middle.mean()):.2f}."
    if y is None:
        known = partitions[0].interval is not None and partitions[0].error != 0
        interval = f" {partitions[0].interval_text()}" if known else ""
        note = f"log Z = {partitions[0].value:.2f}{interval}. {note}"
    what = "log-likelihood" if exact else "mean-field bound of the log-likelihood"
    method = f"{what}, log Z by {next(iter(partitions.values())).method}"
    runs = sum(_runs(one) for one in partitions.values())
    return _mean(values, method, (len(values), runs) if runs else len(values), note)


def enumerated(masses: Tensor, y: Tensor | None, partitions: Mapping[int, float]) -> Estimate:
    """The mean log-likelihood where log Z is known exactly; its error is that of a mean over examples.

    Args:
        masses: of each example, shape (n,), exact too.
        y: class indices (n,), or None for a machine without labels.
        partitions: log Z for each class index; without labels for 0.
    """
    note = "Each example's number and log Z are exact."
    if y is None:
        note = f"Each example's number and log Z = {partitions[0]:.2f} are exact."
    values = masses.cpu() - _each(_labels(masses, y), partitions)
    return _mean(values, "log-likelihood by enumeration", len(values), note)


def _mean(values: Tensor, method: str, n: tuple[int, ...] | int, note: str) -> Estimate:
    """The mean over examples, with what its error is of."""
    value = float(values.mean())
    if len(values) < 2:
        return Estimate(value, None, None, method, n, note)
    error = float(values.std()) / math.sqrt(len(values))
    note = f"{note} The interval is of the mean over all examples there could be."
    return Estimate(value, error, normal_interval(value, error), method, n, note)


def _labels(masses: Tensor, y: Tensor | None) -> Tensor:
    return torch.zeros(len(masses), dtype=torch.int64) if y is None else y.cpu()


def _each(labels: Tensor, by_label: Mapping[int, float]) -> Tensor:
    row = torch.full((int(labels.max()) + 1,), math.nan, dtype=torch.float64)
    for label, one in by_label.items():
        if label < len(row):
            row[label] = one
    return row[labels]


def _upper_end(partition: Estimate) -> float:
    return partition.value if partition.interval is None else partition.interval[1]


def _runs(partition: Estimate) -> int:
    return partition.n if isinstance(partition.n, int) else sum(partition.n)
