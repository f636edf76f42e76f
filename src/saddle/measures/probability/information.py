"""The information of an event."""

from typing import TypeVar

import numpy as np
from torch import Tensor

from saddle.measures.probability.probabilities import as_probabilities, give_back, log_base

Array = TypeVar("Array", np.ndarray, Tensor)


def information(p: Array, *, base: float | None = None) -> Array:
    """The information -log p of events of probability p, element by element (Shannon, 1948).

    Args:
        p: probabilities in [0, 1] of any shape; they need not sum to one.
        base: of the logarithm; nats where None.

    Returns:
        Non-negative numbers of the shape, kind and dtype of `p`; infinite where p is zero.

    Raises:
        InputError: when an element is not a probability or `base` is not above one.
    """
    unit = log_base(base)
    # Adding zero turns the -0.0 of a certain event into 0.0.
    return give_back(-as_probabilities(p, "p", sums=False).log() / unit + 0.0, p)
