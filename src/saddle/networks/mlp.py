"""Fully connected networks, for points, tables and small pictures."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from torch import Tensor, nn

from saddle.core.ranges import Count, CountOrZero, Octaves
from saddle.networks.activations import Activation, activation
from saddle.networks.architecture import Shape
from saddle.networks.fourier import FourierFeatures
from saddle.networks.labels import with_labels
from saddle.networks.minibatch import MinibatchDeviation


def hidden_layers(inputs: int, width: int, depth: int, name: Activation, batch_norm: bool) -> list[nn.Module]:
    """`depth` blocks of linear, batch normalization (which makes the linear layer's bias idle) and nonlinearity."""
    layers: list[nn.Module] = []
    for level in range(depth):
        layers.append(nn.Linear(width if level else inputs, width, bias=not batch_norm))
        if batch_norm:
            layers.append(nn.BatchNorm1d(width))
        layers.append(activation(name))
    return layers


class MLPGenerator(nn.Module):
    """Vectors (n, d) to examples (n, *shape); of pictures, a generator ends in tanh; anything else is linear."""

    def __init__(self, spec: "MLP", latent: int, shape: Shape, classes: int, *, squashed: bool) -> None:
        super().__init__()
        self.shape = shape
        self.classes = classes
        self.features = FourierFeatures(spec.fourier_octaves)
        inputs = self.features.width(latent) + classes
        hidden = hidden_layers(inputs, spec.width, spec.depth, spec.activation, spec.normalization == "batch")
        last = nn.Linear(spec.width if spec.depth else inputs, prod(shape))
        self.layers = nn.Sequential(*hidden, last, nn.Tanh() if squashed else nn.Identity())

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Examples in model units, or what a likelihood makes them of."""
        return self.layers(with_labels(self.features(z), y, self.classes)).reshape(-1, *self.shape)


class MLPCritic(nn.Module):
    """Examples (n, *shape) to scores (n,)."""

    def __init__(self, spec: "MLP", shape: Shape, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.features = FourierFeatures(spec.fourier_octaves)
        inputs = self.features.width(prod(shape)) + classes
        hidden = hidden_layers(inputs, spec.width, spec.depth, spec.activation, spec.normalization == "batch")
        width = spec.width if spec.depth else inputs
        deviation = [MinibatchDeviation()] if spec.minibatch_deviation else []
        self.layers = nn.Sequential(*hidden, *deviation, nn.Linear(width + len(deviation), 1))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded scores."""
        return self.layers(with_labels(self.features(x.flatten(1)), y, self.classes)).squeeze(-1)


class MLPEncoder(nn.Module):
    """Examples (n, *shape) to vectors (n, outputs)."""

    def __init__(self, spec: "MLP", shape: Shape, outputs: int, classes: int, *, deviation: bool = False) -> None:
        super().__init__()
        self.classes = classes
        self.features = FourierFeatures(spec.fourier_octaves)
        inputs = self.features.width(prod(shape)) + classes
        hidden = hidden_layers(inputs, spec.width, spec.depth, spec.activation, spec.normalization == "batch")
        width = spec.width if spec.depth else inputs
        seen = [MinibatchDeviation()] if deviation else []
        self.layers = nn.Sequential(*hidden, *seen, nn.Linear(width + len(seen), outputs))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded numbers."""
        return self.layers(with_labels(self.features(x.flatten(1)), y, self.classes))


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron in any role; labels enter as one-hot vectors beside the input.

    Attributes:
        width: units of each hidden layer.
        depth: hidden layers.
        activation: the nonlinearity.
        normalization: "none" or "batch", on the hidden layers.
        minibatch_deviation: whether a critic's last layer also sees how much a batch varies, against lost modes.
        fourier_octaves: how many octaves of sines and cosines of its input (of an example or a latent, not of labels) a
            network sees beside it, for data of few dimensions with sharp features; see `FourierFeatures`.
    """

    width: Count = 128
    depth: CountOrZero = 3
    activation: Activation = "relu"
    normalization: Literal["none", "batch"] = "none"
    minibatch_deviation: bool = False
    fourier_octaves: Octaves = 0

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """Latents to examples."""
        return MLPGenerator(self, latent, shape, classes, squashed=len(shape) == 3)

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """Examples to scores."""
        return MLPCritic(self, shape, classes)

    def feature_critic(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """Examples to several numbers, with the deviation if that is asked for."""
        return MLPEncoder(self, shape, outputs, classes, deviation=self.minibatch_deviation)

    def encoder(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """Examples to vectors."""
        return MLPEncoder(self, shape, outputs, classes)

    def decoder(self, inputs: int, shape: Shape, classes: int) -> nn.Module:
        """Vectors to unbounded numbers, one for each number of an example."""
        return MLPGenerator(self, inputs, shape, classes, squashed=False)
