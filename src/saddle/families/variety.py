"""How much of the data a model's samples reach, and how far apart they lie: what a training reports of collapse."""

import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.data import Dataset

LOOKED_AT = 1000
FEWEST = 5  # neighbors of an example in its ball, of
SHARE = 50  # one in so many
WIDTH = 0.1  # the least radius of a ball, in mean distances between examples
ENOUGH = 0.1  # of the samples that equal laws would put into a ball


class Variety:
    """Measures samples of one member against up to 1,000 of the examples it learns from.

    Around each example lies the ball that holds its k nearest, k a fiftieth of all and at least 5, and no ball is
    narrower than a tenth of the mean distance between examples. An example is *reached* where its ball holds at least a
    tenth of the samples that equal laws would put there on average. So the coverage falls by the share of a mode that
    is lost, and samples that are merely a little too wide or too narrow keep it. It is the coverage of Naeem et al.
    2020, arXiv 2002.09797, with wide balls; theirs, which tells finer differences, is `measures.density_coverage`.

    Args:
        train: what the member learns from.
        seed: of the choice of examples.
    """

    def __init__(self, train: Dataset, seed: int) -> None:
        order = Stream(seed, ("watched", "variety")).numpy().permutation(len(train))[:LOOKED_AT]
        data = train.batch(torch.from_numpy(order)).flatten(1).float()
        self._center = data.mean(0)
        self._data = data - self._center
        between = torch.cdist(self._data, self._data)
        self._spread = mean_distance(between)
        self.measurable = len(data) > FEWEST and self._spread > 0
        if self.measurable:
            neighbors = max(FEWEST, len(data) // SHARE)
            radii = between.kthvalue(min(neighbors + 1, len(data)), dim=1).values.clamp(min=WIDTH * self._spread)
            self._radii = radii.unsqueeze(1)
            self._expected = ((between <= self._radii).sum(1) - 1) / (len(data) - 1)

    def row(self, x: Tensor) -> dict[str, float]:
        """`coverage` in [0, 1]; `spread`, the mean distance between samples over that between examples; and the energy
        coefficient (2 E‖X-Y‖ - E‖X-X'‖ - E‖Y-Y'‖) / 2 E‖X-Y‖, which is the energy distance on a scale from 0 to 1
        (Székely & Rizzo 2013, section 5), unbiased above and so slightly below 0 at times.

        Args:
            x: samples in model units, shape (n, ...), finite, n at least 2.

        Returns:
            Nothing where the data are too few, or all the same.
        """
        if not self.measurable:
            return {}
        samples = x.flatten(1).to(self._data) - self._center
        across = torch.cdist(self._data, samples)
        inside = (across <= self._radii).sum(1)
        reached = inside >= (ENOUGH * len(samples) * self._expected).clamp(min=1)
        within, twice = mean_distance(torch.cdist(samples, samples)), 2 * across.double().mean().item()
        return {
            "coverage": reached.double().mean().item(),
            "spread": within / self._spread,
            "energy coefficient": (twice - within - self._spread) / twice,
        }


def mean_distance(between: Tensor) -> float:
    """The mean of the distances (n, n) between different ones of n examples."""
    n = len(between)
    return between.double().sum().item() / max(1, n * (n - 1))
