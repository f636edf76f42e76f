"""The layers of a generative stochastic network: symmetric weights between neighbors, a bias for each layer."""

from collections.abc import Sequence
from math import prod, sqrt

import torch
from torch import Tensor, nn

from saddle.families.gsn.visible import Bernoulli, Gaussian, Shape, Visible
from saddle.networks.activations import Activation, activation
from saddle.networks.labels import one_hot

Layers = dict[int, Tensor]


class StochasticNetwork(nn.Module):
    """Visibles and hidden layers h1 ... hL. W_l leads from layer l - 1 up to l and, transposed, down again.

    Args:
        shape: of one example in model units; pictures are Bernoulli, anything else Gaussian.
        hidden: the width of each hidden layer.
        nonlinearity: of hidden layers.
        hidden_noise: the standard deviation of the normal noise that the top layer gets before and after its
            nonlinearity.
        classes: 0 for data without labels; otherwise every layer has a bias of its own for each class.
    """

    def __init__(
        self, shape: Shape, hidden: Sequence[int], nonlinearity: Activation, hidden_noise: float, classes: int
    ) -> None:
        super().__init__()
        self.widths = (prod(shape), *hidden)
        self.depth = len(hidden)
        self.hidden_noise = hidden_noise
        self.classes = classes
        self.visible: Visible = Bernoulli(shape) if len(shape) == 3 else Gaussian(shape)
        self.activation = activation(nonlinearity)
        # Glorot's bound; a sigmoid, four times flatter than tanh at zero, gets four times as much.
        gain = 4.0 if nonlinearity == "sigmoid" else 1.0
        pairs = list(zip(self.widths, hidden, strict=False))
        self.weights = nn.ParameterList(
            [nn.init.uniform_(torch.empty(up, down), -(b := gain * sqrt(6 / (up + down))), b) for down, up in pairs]
        )
        self.biases = nn.ParameterList([torch.zeros(width) for width in self.widths])
        self.label_biases = nn.ParameterList([torch.zeros(classes, width) for width in self.widths if classes])

    def offsets(self, y: Tensor | None) -> list[Tensor]:
        """The bias of each layer, shape (width,), or (n, width) for given labels."""
        if not self.classes or y is None:
            return list(self.biases)
        which = one_hot(y, self.classes, self.biases[0].dtype)
        return [bias + which @ own for bias, own in zip(self.biases, self.label_biases, strict=True)]

    def output(self, first: Tensor, offsets: list[Tensor]) -> Tensor:
        """What P(x | h1) is made from: logits of Bernoulli pixels, means of Gaussian numbers."""
        return first @ self.weights[0] + offsets[0]

    def hidden(self, level: int, layers: Layers, offsets: list[Tensor], noise: tuple[Tensor, Tensor] | None) -> Tensor:
        """A hidden layer given its neighbors; one that is absent from `layers` is at zero.

        Args:
            level: from 1.
            layers: the neighbors' values by level.
            offsets: the biases.
            noise: normal noise before and after the nonlinearity, for the top layer of a network with hidden noise.
        """
        total = offsets[level]
        if level - 1 in layers:
            total = total + layers[level - 1] @ self.weights[level - 1].T
        if level + 1 in layers:
            total = total + layers[level + 1] @ self.weights[level]
        if noise is None:
            return self.activation(total)
        before, after = noise
        return self.activation(total + self.hidden_noise * before) + self.hidden_noise * after
