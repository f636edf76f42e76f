"""One layer of an autoencoder: to codes and back, and what the Jacobian of its encoder does."""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, softplus

from saddle.networks.labels import one_hot

CodeActivation = Literal["sigmoid", "tanh", "relu", "linear"]
Weights = Literal["tied", "untied"]


class _Curve(NamedTuple):
    """A nonlinearity: itself, its slope as a function of its value, and the range of its values."""

    at: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]
    lowest: float | None
    highest: float | None


_CURVES: dict[str, _Curve] = {
    "sigmoid": _Curve(torch.sigmoid, lambda h: h * (1 - h), 0.0, 1.0),
    "tanh": _Curve(torch.tanh, lambda h: 1 - h.square(), -1.0, 1.0),
    "relu": _Curve(torch.relu, lambda h: (h > 0).to(h.dtype), 0.0, None),
    "linear": _Curve(lambda a: a, torch.ones_like, None, None),
}
assert set(_CURVES) == set(get_args(CodeActivation))


class Layer(nn.Module):
    """h = s(W x + b), and back to W' h + c, with W' the transpose of W where weights are tied.

    Inputs that lie in [0, 1] are reconstructed by a sigmoid of that output under the cross-entropy, others by the
    output itself under the squared error. Each class adds a vector of its own to b and to c.

    Args:
        inputs: numbers in an input.
        units: numbers in a code.
        classes: 0 for data without labels.
        activation: s.
        weights: whether W' is W's transpose.
        unit_inputs: whether inputs lie in [0, 1].
    """

    def __init__(
        self, inputs: int, units: int, classes: int, activation: CodeActivation, weights: Weights, *, unit_inputs: bool
    ) -> None:
        super().__init__()
        self.activation: CodeActivation = activation
        self.unit_inputs = unit_inputs
        self.classes = classes
        self.weight = nn.Parameter(nn.init.xavier_uniform_(torch.empty(units, inputs)))
        self.back = None
        if weights == "untied":
            self.back = nn.Parameter(nn.init.xavier_uniform_(torch.empty(inputs, units)))
        self.bias = nn.Parameter(torch.zeros(units))
        self.back_bias = nn.Parameter(torch.zeros(inputs))
        if classes:
            self.class_bias = nn.Parameter(torch.zeros(classes, units))
            self.class_back_bias = nn.Parameter(torch.zeros(classes, inputs))

    def encode(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Codes (n, units) of inputs (n, inputs)."""
        summed = linear(x, self.weight, self.bias)
        if self.classes and y is not None:
            summed = summed + one_hot(y, self.classes, x.dtype) @ self.class_bias
        return _CURVES[self.activation].at(summed)

    def output(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """W' h + c, shape (n, inputs)."""
        summed = linear(codes, self.weight.T if self.back is None else self.back, self.back_bias)
        if self.classes and y is not None:
            summed = summed + one_hot(y, self.classes, codes.dtype) @ self.class_back_bias
        return summed

    def decode(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """Reconstructions (n, inputs) from codes (n, units)."""
        output = self.output(codes, y)
        return output.sigmoid() if self.unit_inputs else output

    def error(self, output: Tensor, x: Tensor) -> Tensor:
        """How far outputs are from inputs, shape (n,): the cross-entropy in nats or the squared distance."""
        return (softplus(output) - x * output).sum(-1) if self.unit_inputs else (output - x).square().sum(-1)

    def slope(self, codes: Tensor) -> Tensor:
        """s' at codes."""
        return _CURVES[self.activation].slope(codes)

    def squared_jacobian(self, codes: Tensor) -> Tensor:
        """‖J‖² (Frobenius) of the encoder where it has these codes, shape (n,).

        J = diag(s') W, so it is the sum over units of s'² ‖Wⱼ‖² (Rifai et al. 2011, section 3).
        """
        return self.slope(codes).square() @ self.weight.square().sum(1)

    def pulled(self, v: Tensor, codes: Tensor) -> Tensor:
        """Jᵀ v, shape (n, inputs)."""
        return (v * self.slope(codes)) @ self.weight

    def pushed(self, u: Tensor, codes: Tensor) -> Tensor:
        """J u, shape (n, units)."""
        return (u @ self.weight.T) * self.slope(codes)

    def within_range(self, codes: Tensor) -> Tensor:
        """Codes brought to the nearest values that the nonlinearity can take."""
        curve = _CURVES[self.activation]
        if curve.lowest is None and curve.highest is None:
            return codes
        return codes.clamp(curve.lowest, curve.highest)

    def start(self, mean: Tensor) -> None:
        """Begin with the mean input as the reconstruction, and with the mean input in the middle of each unit."""
        self.back_bias.copy_(torch.logit(mean.clamp(0.005, 0.995)) if self.unit_inputs else mean)
        self.bias.copy_(-self.weight @ mean)
