"""The way up from inputs to the sums that codes are made of, and the way down again."""

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from saddle.families.factories import Factory, Shape
from saddle.families.observation import set_output
from saddle.networks.labels import one_hot


class Affine(nn.Module):
    """Up by W x + b, down by W' h + c, with W' the transpose of W where it has no parameter of its own.

    Each class adds a vector of its own to b and one to c.

    Args:
        inputs: numbers in an input.
        units: numbers in a code.
        classes: 0 for data without labels.
        tied: whether W' is W's transpose.
    """

    def __init__(self, inputs: int, units: int, classes: int, *, tied: bool) -> None:
        super().__init__()
        self.classes = classes
        self.weight = nn.Parameter(nn.init.xavier_uniform_(torch.empty(units, inputs)))
        self.back = None if tied else nn.Parameter(nn.init.xavier_uniform_(torch.empty(inputs, units)))
        self.bias = nn.Parameter(torch.zeros(units))
        self.back_bias = nn.Parameter(torch.zeros(inputs))
        if classes:
            self.class_bias = nn.Parameter(torch.zeros(classes, units))
            self.class_back_bias = nn.Parameter(torch.zeros(classes, inputs))

    def up(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Inputs (n, inputs) to (n, units)."""
        summed = linear(x, self.weight, self.bias)
        return summed + one_hot(y, self.classes, x.dtype) @ self.class_bias if y is not None else summed

    def down(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """Codes (n, units) to (n, inputs)."""
        summed = linear(codes, self.weight.T if self.back is None else self.back, self.back_bias)
        return summed + one_hot(y, self.classes, codes.dtype) @ self.class_back_bias if y is not None else summed

    def start(self, mean: Tensor, output: Tensor) -> None:
        """Begin with this output for every code, and with the mean input in the middle of each unit."""
        self.back_bias.copy_(output)
        self.bias.copy_(-self.weight @ mean)


class Pair(nn.Module):
    """Up by an encoder of examples, down by a decoder, which get examples in their own shape and in model units.

    Args:
        encoder: maps examples (n, *shape) to (n, units).
        decoder: maps codes (n, units) to (n, *shape).
        shape: of an example.
        pictures: whether inputs are gray levels in [0, 1], where model units are [-1, 1].
    """

    def __init__(self, encoder: Factory, decoder: Factory, shape: Shape, *, pictures: bool) -> None:
        super().__init__()
        self.encoder = encoder()
        self.decoder = decoder()
        self.shape = shape
        self.pictures = pictures

    def up(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Inputs (n, inputs) to (n, units)."""
        examples = (2 * x - 1 if self.pictures else x).reshape(-1, *self.shape)
        return self.encoder(examples) if y is None else self.encoder(examples, y)

    def down(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """Codes (n, units) to (n, inputs)."""
        return (self.decoder(codes) if y is None else self.decoder(codes, y)).flatten(1)

    def start(self, mean: Tensor, output: Tensor) -> None:
        """Begin near this output, where the decoder ends in a linear layer."""
        set_output(self.decoder, output)
