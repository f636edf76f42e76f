"""What is known of a compiled function: what it takes and gives, and for which tensors it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from saddle.core.errors import InputError
from saddle.training.ways.traced_updates import Slots, Traced

Flat = Callable[..., list[Tensor]]


class NotCompiledError(InputError):
    """A loss that cannot be compiled, or that computes something else once it is.

    Args:
        player: whose loss it is.
        reason: what is wrong.
    """

    def __init__(self, player: str, reason: str) -> None:
        super().__init__(f"The {player}'s loss cannot be compiled: {reason}; set compile to 'off'.")


@dataclass
class Form:
    """How a flat function's inputs are put together and its outputs come apart.

    Attributes:
        held: tensors that stay where they are from round to round: parameters, buffers, an optimizer's memory.
        slots: the last of these, by parameter.
        update: of the optimizer, or None where gradients are handed out.
        metrics: names of the loss's metrics.
        carry: names of what it carries.
    """

    held: list[Tensor]
    slots: list[Slots]
    update: Traced | None
    metrics: list[str] = field(default_factory=list)
    carry: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Function:
    """A player's compiled update, for any state of the same problem whose tensors lie in memory alike.

    Attributes:
        call: takes what is held and what is seen anew, gives the loss, metrics, what is carried, and gradients.
        layouts: of what it takes.
        metrics: names of the loss's metrics.
        carry: names of what it carries.
    """

    call: Flat
    layouts: list[Any]
    metrics: list[str]
    carry: list[str]


Functions = Mapping[str, Function]  # by player


def layout(tensor: Tensor) -> Any:
    """All that a compiled function takes for granted of a tensor."""
    return tensor.shape, tensor.stride(), tensor.dtype, tensor.device
