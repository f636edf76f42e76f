"""The networks of the first conditional GAN: example and label each have a hidden layer of their own, then join."""

from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.ranges import Count, Positive, PositiveShare
from saddle.networks.architecture import Shape
from saddle.networks.dropout import Dropout
from saddle.networks.labels import one_hot
from saddle.networks.maxout import MaxoutLayer, uniform_start


def require_labels(y: Tensor | None, classes: int) -> Tensor:
    """The labels of a network that cannot do without."""
    if y is None:
        raise InputError(f"A network conditional on {classes} classes needs labels y, and got none.")
    return y


class JoinedGenerator(nn.Module):
    """Rectifiers for z and for y, joined by a layer of rectifiers; pictures end in a sigmoid, stretched to [-1, 1]."""

    def __init__(self, spec: "ConditionalMaxout", latent: int, shape: Shape, classes: int) -> None:
        super().__init__()
        self.shape, self.classes = shape, classes
        self.of_latent = nn.Sequential(nn.Linear(latent, spec.latent_rectifiers), nn.ReLU(), Dropout(spec.keep))
        self.of_label = None
        if classes:
            self.of_label = nn.Sequential(nn.Linear(classes, spec.label_rectifiers), nn.ReLU(), Dropout(spec.keep))
        joined = spec.latent_rectifiers + (spec.label_rectifiers if classes else 0)
        self.joined = nn.Sequential(nn.Linear(joined, spec.rectifiers), nn.ReLU(), Dropout(spec.keep))
        self.last = nn.Linear(spec.rectifiers, prod(shape))
        uniform_start(self, spec.generator_range)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Examples in model units."""
        parts = [self.of_latent(z)]
        if self.of_label is not None:
            parts.append(self.of_label(one_hot(require_labels(y, self.classes), self.classes, z.dtype)))
        x = self.last(self.joined(torch.cat(parts, dim=-1))).reshape(-1, *self.shape)
        return 2 * x.sigmoid() - 1 if len(self.shape) == 3 else x


class JoinedCritic(nn.Module):
    """Maxout layers for x and for y, joined by another; pictures are read in [0, 1]."""

    def __init__(self, spec: "ConditionalMaxout", shape: Shape, classes: int) -> None:
        super().__init__()
        self.classes, self.pictures = classes, len(shape) == 3
        self.of_example = nn.Sequential(MaxoutLayer(prod(shape), spec.units, spec.pieces), Dropout(spec.keep))
        self.of_label = None
        if classes:
            self.of_label = nn.Sequential(MaxoutLayer(classes, spec.label_units, spec.pieces), Dropout(spec.keep))
        joined = spec.units + (spec.label_units if classes else 0)
        self.joined = nn.Sequential(MaxoutLayer(joined, spec.joint_units, spec.joint_pieces), Dropout(spec.keep))
        self.score = nn.Linear(spec.joint_units, 1)
        uniform_start(self, spec.critic_range)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded scores."""
        x = ((x + 1) / 2 if self.pictures else x).flatten(1)
        parts = [self.of_example(x)]
        if self.of_label is not None:
            parts.append(self.of_label(one_hot(require_labels(y, self.classes), self.classes, x.dtype)))
        return self.score(self.joined(torch.cat(parts, dim=-1))).squeeze(-1)


@dataclass(frozen=True)
class ConditionalMaxout:
    """The pair that the conditional GAN used on MNIST; without labels, their part is left out.

    Reference: Mirza & Osindero 2014, Conditional Generative Adversarial Nets, section 4.1, arXiv 1411.1784.

    Attributes:
        latent_rectifiers: units of the generator's layer that sees z.
        label_rectifiers: units of its layer that sees y.
        rectifiers: units of its joint layer.
        units: units of the critic's maxout layer that sees x.
        pieces: linear maps per unit there, and in the layer that sees y.
        label_units: units of the critic's layer that sees y.
        joint_units: units of its joint layer.
        joint_pieces: linear maps per joint unit.
        keep: probability that dropout keeps a hidden unit, in both networks.
        generator_range: bound of the generator's uniform initial weights.
        critic_range: bound of the critic's.
    """

    latent_rectifiers: Count = 200
    label_rectifiers: Count = 1000
    rectifiers: Count = 1200
    units: Count = 240
    pieces: Count = 5
    label_units: Count = 50
    joint_units: Count = 240
    joint_pieces: Count = 4
    keep: PositiveShare = 0.5
    generator_range: Positive = 0.05
    critic_range: Positive = 0.005

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """Latents and labels to examples."""
        return JoinedGenerator(self, latent, shape, classes)

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """Examples and labels to scores."""
        return JoinedCritic(self, shape, classes)
