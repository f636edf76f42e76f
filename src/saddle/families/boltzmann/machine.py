r"""The layered Boltzmann machine as a module: parameters, inputs of units, and the law of a layer given its neighbors.

With layers s_0 = v, s_1 = h1, ..., s_L the energy of a machine with Bernoulli visible units is

    E(s) = - sum_l b_l s_l - sum_l s_l W_l s_{l+1}.

Gaussian visible units v enter standardized, as s_0 = u = (v - m) / sigma with the data's means m and learned deviations
sigma, and add |u|^2 / 2 to the energy: given h1, u is normal with mean b_0 + W_0 h1 and variance 1.

Units of a layer are independent given the layers beside it, and so are all even layers given all odd ones. Labels
shift the biases: b_l + B_l[y].

A share beta of the way from independent units to the machine is the law exp(-(1 - beta) E_base - beta E), in which the
base has no weights and units with the means (Gaussian ones also the variances) that the machine keeps of the data.

References: Salakhutdinov & Hinton 2009, Deep Boltzmann Machines; Hinton 2012, A Practical Guide to Training Restricted
Boltzmann Machines, section 13.2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from saddle.core.sampling import Networks
from saddle.networks.labels import one_hot

States = list[Tensor]
NETWORK = "machine"
LEAST_VARIANCE, GREATEST_VARIANCE = 1e-4, 1e2


class Machine(nn.Module):
    """A layered Boltzmann machine.

    Args:
        sizes: units of each layer, the visible one first; at least two layers.
        gaussian: whether visible units are Gaussian; hidden ones are Bernoulli.
        classes: how many labels shift the biases; 0 for none.

    Attributes:
        weights: of the pair of layers l and l + 1, shape (sizes[l], sizes[l + 1]).
        biases: of each layer, shape (sizes[l],).
        class_biases: what each class adds to them, shapes (classes, sizes[l]); empty without labels.
        log_variance: log sigma^2 of Gaussian visible units, shape (sizes[0],); None for Bernoulli ones.
    """

    log_variance: nn.Parameter | None
    variance: Tensor

    def __init__(self, sizes: Sequence[int], *, gaussian: bool = False, classes: int = 0) -> None:
        super().__init__()
        self.sizes = tuple(sizes)
        self.gaussian = gaussian
        self.classes = classes
        self.weights = nn.ParameterList([_initial(*pair) for pair in pairwise(self.sizes)])
        self.biases = nn.ParameterList([torch.zeros(size) for size in self.sizes])
        rows = self.sizes if classes else ()
        self.class_biases = nn.ParameterList([torch.zeros(classes, size) for size in rows])
        self.log_variance = nn.Parameter(torch.zeros(self.sizes[0])) if gaussian else None
        for layer, size in enumerate(self.sizes):
            start = 0.0 if layer == 0 and gaussian else 0.5
            self.register_buffer(f"mean_{layer}", torch.full((size,), start))
        self.register_buffer("variance", torch.ones(self.sizes[0]))

    @property
    def layers(self) -> range:
        """The numbers of the layers, 0 for the visible one."""
        return range(len(self.sizes))

    def usual(self, layer: int) -> Tensor:
        """The mean of a layer's units over the data, of Gaussian ones not standardized."""
        return self.get_buffer(f"mean_{layer}")

    def bias(self, layer: int, y: Tensor | None) -> Tensor:
        """Biases of a layer for each label, shape (n, size), or (size,) without labels."""
        if not self.classes or y is None:
            return self.biases[layer]
        rows = self.class_biases[layer]
        return self.biases[layer] + one_hot(y, self.classes, rows.dtype) @ rows

    def standardized(self, visible: Tensor) -> Tensor:
        """Gaussian visible units v (n, d) as the machine sees them, u; others as they are."""
        if self.log_variance is None:
            return visible
        return (visible - self.usual(0)) * (-0.5 * self.log_variance).exp()

    def restored(self, states: Tensor) -> Tensor:
        """The inverse of `standardized`."""
        return states if self.log_variance is None else self.usual(0) + states * (0.5 * self.log_variance).exp()

    def log_volume(self) -> Tensor:
        """log |du/dv|, 0-d, float64, which turns a log-density of u into one of v; 0 for Bernoulli units."""
        if self.log_variance is None:
            return torch.zeros((), dtype=torch.float64, device=self.biases[0].device)
        return -0.5 * self.log_variance.sum(dtype=torch.float64)

    def input(self, layer: int, states: Sequence[Tensor], y: Tensor | None) -> Tensor:
        """The input of a layer from its neighbors, shape (n, size): of Bernoulli units the logit, of Gaussian the mean.

        Args:
            layer: which.
            states: one tensor (n, size) for each layer; only the neighbors' are read.
            y: class indices (n,) or None.
        """
        total = self.bias(layer, y)
        if layer > 0:
            total = total + states[layer - 1] @ self.weights[layer - 1]
        if layer < len(self.sizes) - 1:
            total = total + states[layer + 1] @ self.weights[layer].mT
        return total

    def mean(self, layer: int, total: Tensor, share: float = 1.0) -> Tensor:
        """The mean of a layer given its input, a share of the way from independent units to the machine."""
        if layer == 0 and self.gaussian:
            return self._normal(total, share)[0]
        return torch.sigmoid(self._logit(layer, total, share))

    def draw(self, layer: int, total: Tensor, noise: Tensor, share: float = 1.0) -> Tensor:
        """A layer given its input, from noise (n, size): uniform for Bernoulli units, normal for Gaussian ones."""
        if layer == 0 and self.gaussian:
            mean, precision = self._normal(total, share)
            return mean + noise / precision.sqrt()
        return (noise < self.mean(layer, total, share)).to(total.dtype)

    def log_sum(self, layer: int, total: Tensor, share: float = 1.0) -> Tensor:
        """Log of the sum over a layer's states given its input, of Gaussian units the integral; shape (n,), float64."""
        if layer == 0 and self.gaussian:
            mean, precision = self._normal(total, share)
            terms = 0.5 * (mean.square() * precision + (2 * math.pi / precision).log())
        else:
            terms = softplus(self._logit(layer, total, share))
        return terms.sum(-1, dtype=torch.float64)

    def base_logit(self, layer: int) -> Tensor:
        """The biases of a layer of Bernoulli units in the base, shape (size,)."""
        return torch.logit(self.usual(layer), eps=1e-4)

    def _logit(self, layer: int, total: Tensor, share: float) -> Tensor:
        return total if share == 1 else torch.lerp(self.base_logit(layer), total, share)

    def _normal(self, total: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """Mean and precision of the standardized Gaussian units; in the base their mean is 0."""
        assert self.log_variance is not None
        precision = share + (1 - share) * self.log_variance.exp() / self.variance
        return share * total / precision, precision


def _initial(below: int, above: int) -> Tensor:
    """Small weights; those of few units are larger, since symmetric ones take long to part."""
    return max(0.01, 0.25 * (below + above) ** -0.5) * torch.randn(below, above)


@dataclass(frozen=True)
class Pair:
    """Two neighboring layers of a machine by themselves; attributes as the machine's."""

    weights: list[Tensor]
    biases: list[Tensor]
    class_biases: list[Tensor]
    classes: int
    gaussian: bool

    @classmethod
    def of(cls, machine: Machine, below: int) -> "Pair":
        """The layer `below` and the one above it."""
        layers = (below, below + 1)
        rows = [machine.class_biases[layer] for layer in layers] if machine.classes else []
        biases = [machine.biases[layer] for layer in layers]
        return cls([machine.weights[below]], biases, rows, machine.classes, machine.gaussian and below == 0)


def machine_of(networks: Networks) -> Machine:
    """The one network of a Boltzmann machine's problem."""
    machine = networks[NETWORK]
    assert isinstance(machine, Machine)
    return machine
