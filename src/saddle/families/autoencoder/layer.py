"""One layer of an autoencoder: to codes and back, and what the Jacobian of its encoder does."""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from saddle.families.autoencoder.maps import Affine, Pair

CodeActivation = Literal["sigmoid", "tanh", "relu", "linear"]
CLAMP = 0.005  # means of inputs within this of 0 or 1 start there


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
    """Codes h = s(up(x)) of inputs, and inputs reconstructed from down(h).

    Inputs that lie in [0, 1] are reconstructed by a sigmoid of down(h) under the cross-entropy, others by down(h)
    itself under the squared error.

    Args:
        map: the way up and the way down.
        activation: s.
        unit_inputs: whether inputs lie in [0, 1].
    """

    def __init__(self, map: Affine | Pair, activation: CodeActivation, *, unit_inputs: bool) -> None:
        super().__init__()
        self.map = map
        self.unit_inputs = unit_inputs
        self.curve = _CURVES[activation]

    def encode(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Codes (n, units) of inputs (n, inputs)."""
        return self.curve.at(self.map.up(x, y))

    def output(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """down(h), shape (n, inputs)."""
        return self.map.down(codes, y)

    def decode(self, codes: Tensor, y: Tensor | None) -> Tensor:
        """Reconstructions (n, inputs) from codes (n, units)."""
        output = self.output(codes, y)
        return output.sigmoid() if self.unit_inputs else output

    def error(self, output: Tensor, x: Tensor) -> Tensor:
        """How far outputs are from inputs, shape (n,): the cross-entropy in nats or the squared distance."""
        return (softplus(output) - x * output).sum(-1) if self.unit_inputs else (output - x).square().sum(-1)

    def squared_jacobian(self, codes: Tensor) -> Tensor:
        """‖J‖² (Frobenius) of the encoder where it has these codes, shape (n,); of an affine map only.

        J = diag(s') W, so it is the sum over units of s'² ‖Wⱼ‖² (Rifai et al. 2011).
        """
        return self.curve.slope(codes).square() @ self._weight.square().sum(1)

    def pulled(self, v: Tensor, codes: Tensor) -> Tensor:
        """Jᵀ v, shape (n, inputs); of an affine map only."""
        return (v * self.curve.slope(codes)) @ self._weight

    def pushed(self, u: Tensor, codes: Tensor) -> Tensor:
        """J u, shape (n, units); of an affine map only."""
        return (u @ self._weight.T) * self.curve.slope(codes)

    @property
    def _weight(self) -> Tensor:
        assert isinstance(self.map, Affine)
        return self.map.weight

    def within_range(self, codes: Tensor) -> Tensor:
        """Codes brought to the nearest values that the nonlinearity can take."""
        lowest, highest = self.curve.lowest, self.curve.highest
        return codes if lowest is None and highest is None else codes.clamp(lowest, highest)

    def start(self, mean: Tensor) -> None:
        """Begin with the mean input as every reconstruction."""
        self.map.start(mean, torch.logit(mean.clamp(CLAMP, 1 - CLAMP)) if self.unit_inputs else mean)
