"""What is known of a compiled function: what it takes and gives, and for which tensors it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import getitem
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.fx import GraphModule, Node

from saddle.core.errors import InputError
from saddle.training.ways.traced_updates import Slots, Traced

Flat = Callable[..., list[Tensor]]


class NotCompiledError(InputError):
    """A loss that cannot be compiled, or that computes something else once it is.

    Args:
        player: whose loss it is.
        reason: what is wrong.
        built: whether the functions could be made; where not, another way of compiling may do.
    """

    def __init__(self, player: str, reason: str, *, built: bool = True) -> None:
        self.built = built
        self.why = f"The {player}'s loss cannot be compiled: {reason}"
        super().__init__(f"{self.why}; set compile to 'off'.")


@dataclass
class Form:
    """How a flat function's inputs are put together and its outputs come apart.

    Attributes:
        parts: tensors that stay where they are from round to round: parameters, buffers, an optimizer's memory; of all
            members, or of those of each call.
        slots: the last of these of all members, by parameter.
        update: of the optimizer, or None where gradients are handed out.
        numbers: of its step, written anew for each.
        written: the memory of these.
        metrics: names of the loss's metrics.
        carry: names of what it carries.
    """

    parts: list[list[Tensor]]
    slots: list[Slots]
    update: Traced | None
    numbers: dict[str, Tensor] = field(default_factory=dict)
    written: np.ndarray = field(default_factory=lambda: np.zeros(0))
    metrics: list[str] = field(default_factory=list)
    carry: list[str] = field(default_factory=list)

    def shared(self, fresh: list[Tensor]) -> list[list[Tensor]]:
        """What is seen anew, shared out among the calls."""
        return _shared(fresh, len(self.parts))


def in_parts(held: list[Tensor], count: int) -> list[list[Tensor]]:
    """Held tensors shared out among so many calls: views of what members have, and copies of what they have in common.

    What they have in common is the optimizers' count of steps, which the first call alone may change.
    """
    first, *others = _shared(held, count)
    return [first, *([one if one.dim() else one.clone() for one in part] for part in others)]


def _shared(tensors: list[Tensor], count: int) -> list[list[Tensor]]:
    if count == 1:
        return [tensors]
    split = [one.chunk(count) if one.dim() else (one,) * count for one in tensors]
    return [list(part) for part in zip(*split, strict=True)]


@dataclass(frozen=True)
class Function:
    """A player's compiled update, for any state of the same problem whose tensors lie in memory alike.

    Attributes:
        call: takes what is held and what is seen anew, gives the loss, metrics, what is carried, and gradients.
        layouts: of what it takes.
        metrics: names of the loss's metrics.
        carry: names of what it carries.
        draws: whether it may draw from torch's own generators.
    """

    call: Flat
    layouts: list[Any]
    metrics: list[str]
    carry: list[str]
    draws: bool


Functions = Mapping[str, Function]  # by player


def layout(tensor: Tensor) -> Any:
    """All that a compiled function takes for granted of a tensor."""
    return tensor.shape, tensor.stride(), tensor.dtype, tensor.device


def may_draw(graph: GraphModule) -> bool:
    """Whether a graph of tensor operations may draw from torch's own generators; what is not torch's might."""
    return not all(_draws_nothing(node) for node in graph.graph.nodes)


def _draws_nothing(node: Node) -> bool:
    if node.op in ("placeholder", "get_attr", "output") or node.target is getitem:
        return True
    one = node.target
    if not isinstance(one, OpOverload) or one.namespace not in ("aten", "prims"):
        return False
    return torch.Tag.nondeterministic_seeded not in one.tags
