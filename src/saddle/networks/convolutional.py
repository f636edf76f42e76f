"""Convolutional networks for pictures of any height, width and channel count."""

from dataclasses import dataclass
from math import prod
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from saddle.core.errors import InputError
from saddle.core.ranges import Count, Positive
from saddle.networks.activations import Activation, activation
from saddle.networks.architecture import Shape
from saddle.networks.convolution import Convolution
from saddle.networks.labels import one_hot, with_labels
from saddle.networks.minibatch import MinibatchDeviation

SMALLEST = 7  # Both sides are halved until the longer is at most this: 28 starts at 7, 64 at 4, 112x92 at 7x6.


def picture_sizes(height: int, width: int) -> list[tuple[int, int]]:
    """The sizes a generator passes through, smallest first; each is half the next, rounded up."""
    sizes = [(height, width)]
    while max(sizes[-1]) > SMALLEST:
        h, w = sizes[-1]
        sizes.append(((h + 1) // 2, (w + 1) // 2))
    return sizes[::-1]


def channel_counts(levels: int, base: int) -> list[int]:
    """Channels at each size but the largest, smallest size first: doubling from `base` at half size, up to 8 times."""
    return [base * min(2**level, 8) for level in reversed(range(levels))]


def initialize(network: nn.Module, std: float | None) -> None:
    """DCGAN's start: N(0, std^2) for weights, N(1, std^2) for batch normalization's scales; None keeps torch's own."""
    if std is None:
        return
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, std)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, std)


def normalize(channels: int, spec: "Convolutional") -> nn.Module:
    """Batch normalization where the architecture has it."""
    return nn.BatchNorm2d(channels) if spec.normalization == "batch" else nn.Identity()


def require_picture(shape: Shape) -> tuple[int, int, int]:
    """Channels, height and width, or a refusal."""
    if len(shape) != 3:
        raise InputError(f"Convolutional networks need pictures of shape (channels, height, width), and got {shape}.")
    channels, height, width = shape
    return channels, height, width


class DeconvolutionalGenerator(nn.Module):
    """Vectors (n, d) to pictures (n, c, h, w) by strided transposed convolutions, in [-1, 1] for a generator.

    Each doubles the size; where a target is odd the last row or column is dropped.
    """

    def __init__(self, spec: "Convolutional", latent: int, shape: Shape, classes: int, *, squashed: bool) -> None:
        super().__init__()
        self.classes = classes
        channels, height, width = require_picture(shape)
        self.sizes = picture_sizes(height, width)
        counts = [*(channel_counts(len(self.sizes) - 1, spec.base) or [spec.base]), channels]
        plain = spec.normalization == "none"
        end = nn.Tanh if squashed else nn.Identity
        self.first = nn.Linear(latent + classes, counts[0] * prod(self.sizes[0]), bias=plain)
        self.start = (counts[0], *self.sizes[0])
        self.enter = nn.Sequential(normalize(counts[0], spec), activation(spec.generator_activation))
        self.ups = nn.ModuleList()
        self.blocks = nn.ModuleList()
        for level in range(len(self.sizes) - 1):
            last = level == len(self.sizes) - 2
            self.ups.append(nn.ConvTranspose2d(counts[level], counts[level + 1], 4, 2, 1, bias=plain or last))
            inner = [normalize(counts[level + 1], spec), activation(spec.generator_activation)]
            self.blocks.append(end() if last else nn.Sequential(*inner))
        if not self.ups:  # a picture no larger than the start
            self.ups.append(Convolution(counts[0], channels, 3, 1, 1))
            self.blocks.append(end())
            self.sizes = [self.sizes[0], self.sizes[0]]
        initialize(self, spec.initial_std)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Pictures in model units, or what a likelihood makes them of."""
        x = self.enter(self.first(with_labels(z, y, self.classes)).reshape(-1, *self.start))
        for up, block, (h, w) in zip(self.ups, self.blocks, self.sizes[1:], strict=True):
            x = block(up(x)[..., :h, :w])
        return x


class ConvolutionalFeatures(nn.Module):
    """Pictures (n, c, h, w) to vectors (n, size), by strided convolutions that mirror the generator."""

    def __init__(self, spec: "Convolutional", shape: Shape) -> None:
        super().__init__()
        channels, height, width = require_picture(shape)
        sizes = picture_sizes(height, width)[::-1]
        counts = [channels, *(channel_counts(len(sizes) - 1, spec.base)[::-1] or [spec.base])]
        self.downs = nn.ModuleList()
        self.blocks = nn.ModuleList()
        for level in range(len(counts) - 1):
            first = level == 0
            kernel, stride = (4, 2) if len(sizes) > 1 else (3, 1)
            plain = first or spec.normalization == "none"
            self.downs.append(Convolution(counts[level], counts[level + 1], kernel, stride, 1, bias=plain))
            norm = nn.Identity() if first else normalize(counts[level + 1], spec)
            self.blocks.append(nn.Sequential(norm, activation(spec.critic_activation)))
        self.halving = len(sizes) > 1
        self.size = counts[-1] * prod(sizes[-1])

    def forward(self, x: Tensor) -> Tensor:
        """The last layer, flat."""
        for down, block in zip(self.downs, self.blocks, strict=True):
            if self.halving:  # to an even size, so that each convolution halves, rounding up
                x = pad(x, (0, x.shape[-1] % 2, 0, x.shape[-2] % 2))
            x = block(down(x))
        return x.flatten(1)


class ConvolutionalCritic(nn.Module):
    """Pictures (n, c, h, w) to scores (n,).

    A label y enters by projection: the score is w.f(x) + v_y.f(x), f being the last layer (Miyato & Koyama 2018,
    cGANs with Projection Discriminator, arXiv 1802.05637).
    """

    def __init__(self, spec: "Convolutional", shape: Shape, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.features = ConvolutionalFeatures(spec, shape)
        self.deviation = MinibatchDeviation() if spec.minibatch_deviation else nn.Identity()
        self.score = nn.Linear(self.features.size + spec.minibatch_deviation, 1)
        self.directions = nn.Linear(classes, self.features.size, bias=False) if classes else None
        initialize(self, spec.initial_std)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded scores."""
        features = self.features(x)
        scores = self.score(self.deviation(features)).squeeze(-1)
        if self.directions is None:
            return scores
        if y is None:
            raise InputError(f"A critic conditional on {self.classes} classes needs labels y, and got none.")
        codes = self.directions(one_hot(y, self.classes, features.dtype))
        return scores + torch.sum(codes * features, dim=-1)


class ConvolutionalEncoder(nn.Module):
    """Pictures (n, c, h, w) to vectors (n, outputs); labels enter as one-hot vectors beside the last layer."""

    def __init__(
        self, spec: "Convolutional", shape: Shape, outputs: int, classes: int, *, deviation: bool = False
    ) -> None:
        super().__init__()
        self.classes = classes
        self.features = ConvolutionalFeatures(spec, shape)
        self.deviation = MinibatchDeviation() if deviation else nn.Identity()
        self.last = nn.Linear(self.features.size + deviation + classes, outputs)
        initialize(self, spec.initial_std)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Unbounded numbers."""
        return self.last(with_labels(self.deviation(self.features(x)), y, self.classes))


@dataclass(frozen=True)
class Convolutional:
    """DCGAN's pair: a deconvolutional generator or a convolutional critic.

    Reference: Radford, Metz & Chintala 2016, Unsupervised Representation Learning with Deep Convolutional Generative
    Adversarial Networks, arXiv 1511.06434.

    Attributes:
        base: channels next to the picture; they double with each halving of its size, up to 8 times.
        normalization: "none" or "batch" (never on the generator's output nor on the critic's first layer).
        generator_activation: the generator's nonlinearity.
        critic_activation: the critic's nonlinearity.
        initial_std: standard deviation of the initial weights, or None for torch's own start.
        minibatch_deviation: whether a critic's last layer also sees how much a batch varies, against lost modes.
    """

    base: Count = 64
    normalization: Literal["none", "batch"] = "none"
    generator_activation: Activation = "relu"
    critic_activation: Activation = "leaky-relu"
    initial_std: Positive | None = None
    minibatch_deviation: bool = False

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """Latents to pictures."""
        return DeconvolutionalGenerator(self, latent, shape, classes, squashed=True)

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """Pictures to scores."""
        return ConvolutionalCritic(self, shape, classes)

    def feature_critic(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """Pictures to several numbers, with the deviation if that is asked for."""
        return ConvolutionalEncoder(self, shape, outputs, classes, deviation=self.minibatch_deviation)

    def encoder(self, shape: Shape, outputs: int, classes: int) -> nn.Module:
        """Pictures to vectors."""
        return ConvolutionalEncoder(self, shape, outputs, classes)

    def decoder(self, inputs: int, shape: Shape, classes: int) -> nn.Module:
        """Vectors to unbounded numbers, one for each number of a picture."""
        return DeconvolutionalGenerator(self, inputs, shape, classes, squashed=False)
