r"""The gradient of the log-likelihood as a difference of statistics, plain or centered.

The likelihood's gradient (with several hidden layers that of its variational bound) is

    dW_l = <s_l s_{l+1}>_data - <s_l s_{l+1}>_model,    db_l = <s_l>_data - <s_l>_model.

Centered, the machine is written with s_l - m_l in place of s_l in the products, where m_l are the means of the units.
One step along the gradient in those parameters is, in the plain ones,

    dW_l = <(s_l - m_l)(s_{l+1} - m_{l+1})>_data - <...>_model,
    db_l = <s_l>_data - <s_l>_model - dW_l m_{l+1} - dW_{l-1}' m_{l-1},

which does not depend on how bits are coded and needs no pretraining. As m_l moves, nothing of the machine's law does.

References: Montavon & Mueller 2012, Deep Boltzmann Machines and the Centering Trick; Melchior, Fischer & Wiskott 2016,
How to Center Deep Boltzmann Machines, equations 24-28, arXiv 1311.1354.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from saddle.families.boltzmann.machine import Machine, Pair, States
from saddle.networks.labels import one_hot

Layered = Machine | Pair


@dataclass(frozen=True)
class Statistics:
    """Means over weighted states, of one phase or the difference of two.

    Attributes:
        products: centered second moments of each pair of layers, as their weights.
        means: first moments of each layer, as its biases.
        class_means: their parts by class, shapes (classes, size); empty without labels.
        square: the mean of |u|^2 / 2, 0-d, for Gaussian visible units; None for Bernoulli ones.
    """

    products: list[Tensor]
    means: list[Tensor]
    class_means: list[Tensor]
    square: Tensor | None

    def __sub__(self, other: "Statistics") -> "Statistics":
        def each(a: list[Tensor], b: list[Tensor]) -> list[Tensor]:
            return [one - two for one, two in zip(a, b, strict=True)]

        return Statistics(
            each(self.products, other.products),
            each(self.means, other.means),
            each(self.class_means, other.class_means),
            None if self.square is None or other.square is None else self.square - other.square,
        )


def offsets(machine: Machine, *, centered: bool) -> list[Tensor]:
    """What is taken off each layer's states; nothing off Gaussian visible units, which are standardized."""
    plain = [not centered or (layer == 0 and machine.gaussian) for layer in machine.layers]
    return [
        torch.zeros_like(machine.usual(layer)) if plain[layer] else machine.usual(layer) for layer in machine.layers
    ]


def statistics(
    machine: Layered, states: States, y: Tensor | None, weights: Tensor, taken_off: list[Tensor]
) -> Statistics:
    """Statistics of states whose products are those of their means: samples beside means given them, or mean-field.

    Args:
        machine: whose states they are.
        states: one tensor (n, size) for each layer.
        y: class indices (n,) or None.
        weights: of the states, shape (n, 1), with sum 1.
        taken_off: the offset of each layer.
    """
    centered = [state - offset for state, offset in zip(states, taken_off, strict=True)]
    products = [(weights * below).mT @ above for below, above in pairwise(centered)]
    means = [(weights * state).sum(-2) for state in states]
    class_means = []
    if machine.classes and y is not None:
        rows = (weights * one_hot(y, machine.classes, weights.dtype)).mT
        class_means = [rows @ state for state in states]
    square = (weights * states[0].square()).sum() / 2 if machine.gaussian else None
    return Statistics(products, means, class_means, square)


def energy_gap(machine: Layered, gap: Statistics, taken_off: list[Tensor]) -> Tensor:
    """The mean energy of the first phase less that of the second, from the difference of their statistics; 0-d."""
    total = torch.zeros_like(gap.means[0].sum())
    for layer, mean in enumerate(gap.means):
        total = total - (mean * machine.biases[layer]).sum()
    for rows, mean in zip(machine.class_biases, gap.class_means, strict=True):
        total = total - (mean * rows).sum()
    for layer, weight in enumerate(machine.weights):
        total = total - (gap.products[layer] * weight).sum()
        total = total - (gap.means[layer] * (weight @ taken_off[layer + 1])).sum()
        total = total - (gap.means[layer + 1] * (taken_off[layer] @ weight)).sum()
    return total if gap.square is None else total + gap.square


def descent(machine: Layered, gap: Statistics, taken_off: list[Tensor]) -> Tensor:
    """A 0-d tensor whose gradient is minus the steps above; the statistics are constants to it.

    Its value is the energy gap: the data's mean energy less the model's.
    """
    steps = list(gap.means)
    for layer, product in enumerate(gap.products):
        steps[layer] = steps[layer] - product @ taken_off[layer + 1]
        steps[layer + 1] = steps[layer + 1] - taken_off[layer] @ product
    pairs = [
        *zip(machine.weights, gap.products, strict=True),
        *zip(machine.biases, steps, strict=True),
        *zip(machine.class_biases, gap.class_means, strict=True),
    ]
    linear = -torch.stack([(parameter * step.detach()).sum() for parameter, step in pairs]).sum()
    return linear - linear.detach() + energy_gap(machine, gap, taken_off).detach()


def scale_descent(machine: Machine, data: States, y: Tensor | None) -> Tensor:
    """The same for the variances of Gaussian visible units: a 0-d tensor of value 0, with the likelihood's gradient.

    The log-density is log p(u) - sum log sigma, and log Z does not depend on sigma, so that only the data count:
    d/dlog sigma^2 = <u (u - b_0 - W_0 h1)> / 2 - 1/2.

    Args:
        machine: with Gaussian visible units.
        data: the mean-field states of examples.
        y: class indices (n,) or None.
    """
    assert machine.log_variance is not None
    with torch.no_grad():
        step = (data[0] * (data[0] - machine.input(0, data, y))).mean(-2) / 2 - 0.5
    linear = -(machine.log_variance * step).sum()
    return linear - linear.detach()
