"""The networks of the first GAN paper: rectifiers against maxout with dropout."""

from dataclasses import dataclass
from math import prod

from torch import Tensor, nn

from saddle.core.ranges import Count, Positive, PositiveShare
from saddle.networks.architecture import Shape
from saddle.networks.dropout import Dropout
from saddle.networks.labels import with_labels


def uniform_start(network: nn.Module, bound: float) -> None:
    """Weights uniform in [-bound, bound], biases zero."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.uniform_(module.weight, -bound, bound)
            nn.init.zeros_(module.bias)


class RectifierGenerator(nn.Module):
    """Two layers of rectifiers; pictures end in a sigmoid, stretched to model units [-1, 1]."""

    def __init__(self, spec: "Maxout", latent: int, shape: Shape, classes: int) -> None:
        super().__init__()
        self.shape = shape
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Linear(latent + classes, spec.rectifiers),
            nn.ReLU(),
            nn.Linear(spec.rectifiers, spec.rectifiers),
            nn.ReLU(),
            nn.Linear(spec.rectifiers, prod(shape)),
        )
        uniform_start(self, spec.generator_range)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Examples in model units."""
        x = self.layers(with_labels(z, y, self.classes)).reshape(-1, *self.shape)
        return 2 * x.sigmoid() - 1 if len(self.shape) == 3 else x


class MaxoutLayer(nn.Module):
    """The largest of several linear maps, unit by unit (Goodfellow et al. 2013, Maxout Networks, arXiv 1302.4389)."""

    def __init__(self, inputs: int, units: int, pieces: int) -> None:
        super().__init__()
        self.units, self.pieces = units, pieces
        self.linear = nn.Linear(inputs, units * pieces)

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs) to (n, units)."""
        return self.linear(x).reshape(-1, self.units, self.pieces).amax(-1)


class MaxoutCritic(nn.Module):
    """Two maxout layers with dropout on the input and on both layers; pictures are read in [0, 1]."""

    def __init__(self, spec: "Maxout", shape: Shape, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.pictures = len(shape) == 3
        self.layers = nn.Sequential(
            Dropout(spec.keep_input),
            MaxoutLayer(prod(shape) + classes, spec.units, spec.pieces),
            Dropout(spec.keep_hidden),
            MaxoutLayer(spec.units, spec.units, spec.pieces),
            Dropout(spec.keep_hidden),
            nn.Linear(spec.units, 1),
        )
        uniform_start(self, spec.critic_range)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded scores."""
        x = (x + 1) / 2 if self.pictures else x
        return self.layers(with_labels(x.flatten(1), y, self.classes)).squeeze(-1)


@dataclass(frozen=True)
class Maxout:
    """The pair that the first GAN paper used on MNIST, with its sizes as defaults.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, section 5, and its published settings.

    Attributes:
        rectifiers: units of each of the generator's two hidden layers.
        units: units of each of the critic's two maxout layers.
        pieces: linear maps per maxout unit.
        keep_input: probability that dropout keeps an input of the critic.
        keep_hidden: probability that dropout keeps a maxout unit.
        generator_range: bound of the generator's uniform initial weights.
        critic_range: bound of the critic's.
    """

    rectifiers: Count = 1200
    units: Count = 240
    pieces: Count = 5
    keep_input: PositiveShare = 0.8
    keep_hidden: PositiveShare = 0.5
    generator_range: Positive = 0.05
    critic_range: Positive = 0.005

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """Latents to examples."""
        return RectifierGenerator(self, latent, shape, classes)

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """Examples to scores."""
        return MaxoutCritic(self, shape, classes)
