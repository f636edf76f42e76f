"""Precision and recall of samples by nearest-neighbor balls."""

from typing import NamedTuple

from saddle.measures.estimate import Estimate
from saddle.measures.neighbors.covering import Covering, covering, share_error, two_samples_for_balls
from saddle.measures.points import Points


class PrecisionRecall(NamedTuple):
    """Two shares in [0, 1].

    Attributes:
        precision: samples that lie where data are; low for samples unlike the data.
        recall: data that lie where samples are; low where samples lack variety.
    """

    precision: Estimate
    recall: Estimate


def precision_recall(samples: Points, data: Points, k: int = 3) -> PrecisionRecall:
    """Precision and recall after Kynkäänniemi et al., "Improved precision and recall metric", 2019.

    A set's manifold is the union of balls around its examples, each reaching its k-th nearest neighbor within the set.
    Precision is the share of samples in the manifold of the data, recall the share of data in that of the samples. Even
    equal laws score below one, by an amount that depends on n and the dimension, so compare at equal n only. The errors
    hold the balls' radii fixed and overstate the spread, up to twofold near one.

    Args:
        samples: shape (n, ...), n > k; pictures are flattened, or give features.
        data: shape (m, ...), m > k.
        k: neighbors.

    Raises:
        InputError: when a set is too small or the two do not fit together.
    """
    x, y = two_samples_for_balls(samples, data, k)
    n = (len(x), len(y))
    return PrecisionRecall(_covered(covering(y, x, k), k, n), _covered(covering(x, y, k), k, n))


def _covered(found: Covering, k: int, n: tuple[int, int]) -> Estimate:
    share = float((found.balls_on_point > 0).double().mean())
    error = share_error(share, len(found.balls_on_point), found.resting_on_ball)
    note = "equal laws score below one; compare at equal n"
    return Estimate(share, error, None, f"balls to neighbor {k}; jackknife at fixed radii", n, note)
