"""The nonlinearities an architecture may name."""

from collections.abc import Callable
from typing import Literal, get_args

from torch import nn

Activation = Literal["relu", "leaky-relu", "elu", "silu", "gelu", "tanh", "sigmoid", "softplus"]

_MAKERS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky-relu": lambda: nn.LeakyReLU(0.2),
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
}
assert set(_MAKERS) == set(get_args(Activation))


def activation(name: Activation) -> nn.Module:
    """The nonlinearity of this name; "leaky-relu" has slope .2, as in DCGAN."""
    return _MAKERS[name]()
