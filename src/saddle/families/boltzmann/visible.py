"""Between model units and the states of visible units."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from torch import Tensor

Binarize = Literal["dynamic", "threshold", "none"]


@dataclass(frozen=True)
class Visible:
    """How examples become states of visible units.

    Attributes:
        shape: of one example in model units.
        gaussian: whether the units are Gaussian; their states are model units, flattened. States of Bernoulli units
            are (x + 1) / 2, binarized.
        binarize: "dynamic" draws each state anew with that chance, "threshold" compares it with 1/2, "none" takes the
            number itself.
    """

    shape: tuple[int, ...]
    gaussian: bool
    binarize: Binarize

    @property
    def size(self) -> int:
        """How many visible units."""
        return prod(self.shape)

    @property
    def drawn(self) -> bool:
        """Whether states are drawn, from uniform noise (n, size)."""
        return not self.gaussian and self.binarize == "dynamic"

    def states(self, x: Tensor, noise: Tensor | None) -> Tensor:
        """States (n, size) of examples (n, *shape) in model units."""
        flat = x.flatten(1)
        if self.gaussian:
            return flat
        chance = ((flat + 1) / 2).clamp(0, 1)
        if self.binarize == "none":
            return chance
        if self.binarize == "threshold":
            return (chance >= 0.5).to(x.dtype)
        assert noise is not None
        return (noise < chance).to(x.dtype)

    def means(self, x: Tensor) -> Tensor:
        """The expected states (n, size) of examples."""
        if not self.drawn:
            return self.states(x, None)
        return ((x.flatten(1) + 1) / 2).clamp(0, 1)

    def examples(self, states: Tensor) -> Tensor:
        """Examples (n, *shape) in model units from states or their means."""
        return (states if self.gaussian else 2 * states - 1).reshape(-1, *self.shape)
