"""How near samples lie to training examples, beside how near they lie to examples that were held out."""

import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.diagnosis.evidence import Nearness
from saddle.measures import copying, nearest

COMPARED = 20_000  # training examples at most
ENOUGH = 10  # held-out examples at least


def nearness_of(samples: Tensor, train: Dataset, held_out: Dataset) -> Nearness | None:
    """The evidence for memorizing; None where fewer than ten examples are held out.

    Args:
        samples: in model units, shape (n, ...).
        train: what was trained on; of more than 20,000 examples as many are drawn, and the held-out ones in proportion.
        held_out: the others.
    """
    if len(held_out) < ENOUGH:
        return None
    share = min(1.0, COMPARED / len(train))
    known, unseen = (_some(data, max(ENOUGH, round(share * len(data)))) for data in (train, held_out))
    x = samples.flatten(1)
    near, far = (nearest(x, points).distances.flatten() for points in (known, unseen))
    to_unseen = ((far < near).double() + (far == near).double() / 2).mean().item()
    closer = copying(x, known, unseen).closer
    expected = len(unseen) / (len(known) + len(unseen))
    return Nearness(to_unseen / expected, closer.value, closer.error or 0.0, len(unseen))


def _some(data: Dataset, count: int) -> Tensor:
    order = Stream(0, ("diagnosis", "nearness")).numpy().permutation(len(data))[:count]
    return data.batch(torch.from_numpy(order)).flatten(1)
