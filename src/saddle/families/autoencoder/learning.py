"""How a stack of autoencoders learns, as a `Problem`."""

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Literal

from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, LossFunction, Player, Problem
from saddle.core.sampling import Networks
from saddle.families.autoencoder.chain import Starts, jacobian_chain, kept
from saddle.families.autoencoder.layer import CodeActivation, Layer
from saddle.families.autoencoder.maps import Affine, Pair
from saddle.families.autoencoder.mixture import Mixture, from_mixture, settled
from saddle.families.autoencoder.stack import layers_of, seen
from saddle.families.corruption import Corruption
from saddle.families.factories import Factory
from saddle.training.optimizers import OptimizerSpec

SamplerName = Literal["mixture", "chain"]


@dataclass(frozen=True)
class Model:
    """What a stack of autoencoders is made of; `problem` writes it down for the engine.

    Attributes:
        shape: of one example, in model units.
        pictures: whether examples are pictures, whose gray levels lie in [0, 1].
        classes: 0 for data without labels.
        layers: units of each layer, from the data upwards.
        activation: of the codes.
        tied: whether decoders share the encoders' weights.
        coders: factories of an encoder and a decoder for the only layer, instead of an affine map, or None.
        corruption: of each layer's inputs, or None.
        contraction: weight of the squared Jacobian of each layer.
        sampler: where samples come from.
        components: Gaussians of the mixture.
        steps: of the chain before a sample is read.
        deviation: of the chain's noise.
        optimizer: moves each layer.
        batch: examples per update.
        average: decay of the moving average; 0 keeps none.
    """

    shape: tuple[int, ...]
    pictures: bool
    classes: int
    layers: tuple[int, ...]
    activation: CodeActivation
    tied: bool
    coders: tuple[Factory, Factory] | None
    corruption: Corruption | None
    contraction: float
    sampler: SamplerName
    components: int
    steps: int
    deviation: float
    optimizer: OptimizerSpec
    batch: int
    average: float

    def problem(self) -> Problem:
        """A player for each layer; all learn at the same time, each from the codes of the layer below."""
        names = [f"layer{level + 1}" for level in range(len(self.layers))]
        chain = self.sampler == "chain"
        last = self.layers[-1]
        return Problem(
            networks=self.networks,
            players=tuple(self._player(level, name) for level, name in enumerate(names)),
            sampler=(
                jacobian_chain(self.shape, last, self.steps, self.deviation)
                if chain
                else from_mixture(self.shape, last)
            ),
            averaged=dict.fromkeys(names, self.average) if self.average else {},
            begin=begun,
            settle=kept if chain else settled,
        )

    def networks(self) -> Networks:
        """Layers, and what sampling keeps of the data."""
        widths = (prod(self.shape), *self.layers)
        made: dict[str, nn.Module] = {}
        for level, (inputs, units) in enumerate(pairwise(widths)):
            unit_inputs = self.activation == "sigmoid" if level else self.pictures
            route = self._pair() if self.coders else Affine(inputs, units, self.classes, tied=self.tied)
            made[f"layer{level + 1}"] = Layer(route, self.activation, unit_inputs=unit_inputs)
        if self.sampler == "chain":
            made["starts"] = Starts(self.shape, self.classes)
        else:
            made["density"] = Mixture(self.layers[-1], self.components, self.classes)
        return nn.ModuleDict(made)

    def _pair(self) -> Pair:
        assert self.coders is not None
        return Pair(*self.coders, self.shape, pictures=self.pictures)

    def _player(self, level: int, name: str) -> Player:
        inputs = self.layers[level - 1] if level else prod(self.shape)
        noise: dict[str, Noise] = {}
        if self.corruption is not None:
            noise["corruption"] = Noise(self.corruption.noise, (self.batch, inputs))
        loss = layer_loss(level, self.corruption, self.contraction)
        return Player(
            f"layer {level + 1}", (name,), loss, self.optimizer.build, noise, schedule=self.optimizer.settings
        )


def layer_loss(level: int, corruption: Corruption | None, contraction: float) -> LossFunction:
    """The loss of one layer: a mean over examples of its reconstruction error and of the weighted squared Jacobian.

    Reconstructed are the codes of the layer below as they are, from these as they are or corrupted.
    """

    def loss(networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        layers = layers_of(networks)
        x = seen(networks, batch.x)
        for below in layers[:level]:
            x = below.encode(x, batch.y)
        layer = layers[level]
        given = x if corruption is None else corruption.corrupt(x, noise["corruption"])
        codes = layer.encode(given, batch.y)
        error = layer.error(layer.output(codes, batch.y), x).mean()
        metrics = {f"layer {level + 1} reconstruction": error}
        if not contraction:
            return Loss(error, metrics, {})
        penalty = layer.squared_jacobian(codes).mean()
        metrics[f"layer {level + 1} squared Jacobian"] = penalty
        return Loss(error + contraction * penalty, metrics, {})

    return loss


def begun(networks: Networks, x: Tensor, y: Tensor | None) -> None:
    """Set each layer's biases from the mean of its inputs."""
    inputs = seen(networks, x)
    for layer in layers_of(networks):
        layer.start(inputs.mean(0))
        inputs = layer.encode(inputs, y)
