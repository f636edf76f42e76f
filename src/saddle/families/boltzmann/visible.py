"""Between model units and the states of visible units."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import Layout
from saddle.families.binarization import Binarization, binarized

VisibleName = Literal["bernoulli", "gaussian"]


@dataclass(frozen=True)
class Visible:
    """How examples become states of visible units.

    Attributes:
        shape: of one example in model units.
        gaussian: whether the units are Gaussian; their states are model units, flattened. States of Bernoulli units
            are (x + 1) / 2, binarized.
        binarize: how; see `Binarization`.
    """

    shape: tuple[int, ...]
    gaussian: bool
    binarize: Binarization

    @property
    def size(self) -> int:
        """How many visible units."""
        return prod(self.shape)

    @property
    def drawn(self) -> bool:
        """Whether states are drawn, from uniform noise (n, size)."""
        return not self.gaussian and self.binarize == "dynamic"

    def states(self, x: Tensor, uniform: Tensor | None) -> Tensor:
        """States (n, size) of examples (n, *shape) in model units."""
        return x.flatten(1) if self.gaussian else binarized(self._grays(x), self.binarize, uniform)

    def means(self, x: Tensor) -> Tensor:
        """The expected states (n, size) of examples."""
        return self._grays(x) if self.drawn else self.states(x, None)

    def examples(self, states: Tensor) -> Tensor:
        """Examples (n, *shape) in model units from states or their means."""
        return (states if self.gaussian else 2 * states - 1).reshape(-1, *self.shape)

    def _grays(self, x: Tensor) -> Tensor:
        return ((x.flatten(1) + 1) / 2).clamp(0, 1)


def visible_units(asked: VisibleName | None, binarize: Binarization, layout: Layout) -> Visible:
    """The visible units for data of this form: Bernoulli for pictures, Gaussian for anything else.

    Raises:
        InputError: when Bernoulli units are asked for of data that are no pictures.
    """
    pictures = layout.kind == "images"
    if asked == "bernoulli" and not pictures:
        raise InputError(
            f"visible 'bernoulli' is for pictures, whose pixels lie between black and white; {layout.name} is of kind "
            f"{layout.kind}; take 'gaussian'."
        )
    return Visible(layout.model_shape, asked == "gaussian" or not pictures, binarize)
