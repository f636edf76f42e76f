"""What measures compare: samples, data that the model never saw, and training data to stand in for samples."""

from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.data import Dataset


class Sampler(Protocol):
    """A trained model, as far as measuring it needs one."""

    def sample_model(self, n: int, *, y: Tensor | None = None, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        """Samples in model units, shape (n, ...), and class indices or None."""
        ...


class Sets(NamedTuple):
    """What the measures compare, in model units or as features of them.

    Attributes:
        samples: from the model.
        held_out: data that it never saw.
        train: at most as many training examples as samples, to stand in for them.
    """

    samples: Tensor
    held_out: Tensor
    train: Tensor


def some(data: Dataset, count: int, seed: int) -> Tensor:
    """At most `count` examples of the data in model units, chosen by the seed."""
    order = Stream(seed).child("evaluation", "examples").numpy().permutation(len(data))[:count]
    return data.batch(torch.from_numpy(np.sort(order)))
