"""Which points lie in which balls: the count behind precision, recall, density and coverage."""

from typing import NamedTuple

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.neighbors.nearest import neighbor_radii
from saddle.measures.pairwise import distance_blocks
from saddle.measures.points import Points, as_two_samples


class Covering(NamedTuple):
    """Balls around one set, each reaching its center's k-th nearest neighbor, over the points of another.

    Attributes:
        balls_on_point: how many balls each point lies in, shape (points,).
        points_in_ball: how many points each ball holds, shape (balls,).
        resting_on_ball: how many points only this ball covers, shape (balls,).
        resting_on_point: how many balls hold only this point, shape (points,).
    """

    balls_on_point: Tensor
    points_in_ball: Tensor
    resting_on_ball: Tensor
    resting_on_point: Tensor


def covering(centers: Tensor, points: Tensor, k: int) -> Covering:
    """Count which points lie within the k-th neighbor balls of the centers; both of shape (n, d), float64."""
    radii = neighbor_radii(centers, k)
    on_point, in_ball = torch.zeros(len(points), dtype=torch.int64), torch.zeros(len(centers), dtype=torch.int64)
    # The sum of the covering indices names the one that covers wherever exactly one does.
    ball_sum, point_sum = torch.zeros_like(on_point), torch.zeros_like(in_ball)
    for balls, others, block in distance_blocks(centers, points):
        inside = (block <= radii[balls, None]).long()
        on_point[others] += inside.sum(0)
        in_ball[balls] += inside.sum(1)
        ball_sum[others] += torch.arange(balls.start, balls.stop) @ inside
        point_sum[balls] += inside @ torch.arange(others.start, others.stop)
    resting_on_ball = torch.bincount(ball_sum[on_point == 1], minlength=len(centers))
    resting_on_point = torch.bincount(point_sum[in_ball == 1], minlength=len(points))
    return Covering(on_point, in_ball, resting_on_ball, resting_on_point)


def two_samples_for_balls(samples: Points, data: Points, k: int) -> tuple[Tensor, Tensor]:
    """Both sets as matrices, each with more than k examples.

    Raises:
        InputError: when `k` is below one, a set has at most `k` examples, or the two do not fit together.
    """
    if k < 1:
        raise InputError(f"k must be at least 1; found {k}.")
    return as_two_samples(samples, data, ("samples", "data"), at_least=k + 1)


def share_error(share: float, count: int, resting: Tensor) -> float:
    """The standard error of a share of covered things.

    Args:
        share: the covered share.
        count: how many things could be covered.
        resting: how many of them only rest on each of the things that cover.

    Returns:
        The root of the binomial variance over what is covered, plus the delete-one jackknife over what covers.
    """
    change = resting.double() / count
    covering_variance = float((change - change.mean()).square().sum()) * (len(change) - 1) / len(change)
    # One success and one failure more keep the error of a perfect share above zero.
    careful = (share * count + 1) / (count + 2)
    return (careful * (1 - careful) / count + covering_variance) ** 0.5
