"""In how many directions data vary, from how fast neighbors come with distance."""

from typing import Literal, get_args

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.neighbors.nearest import neighbors_among
from saddle.measures.neighbors.neighbor_count import check_neighbor_count
from saddle.measures.neighbors.parts import PARTS, error_from_parts, student_interval
from saddle.measures.points import Features, Points, as_points

Method = Literal["twonn", "maximum-likelihood"]
DISCARDED = 0.1


def intrinsic_dimension(
    x: Points, *, method: Method = "twonn", k: int = 20, features: Features | None = None, seed: int = 0
) -> Estimate:
    """The dimension of the manifold that examples lie near.

    "twonn" reads it from the ratio of each example's distances to its second and first neighbor, which has the law of
    Pareto with the dimension as exponent: a line through the origin is fitted to the empirical law, without the tenth
    of the examples with the largest ratios. Facco et al., "Estimating the intrinsic dimension of datasets by a minimal
    neighborhood information", 2017. "maximum-likelihood" reads it from the distances to k neighbors: Levina & Bickel,
    "Maximum likelihood estimation of intrinsic dimension", 2004, with the inverses averaged over examples, as MacKay &
    Ghahramani note it must be. Both are biased downward in many dimensions, where n examples cannot fill the space:
    20-dimensional normals come out near 15 at n = 1,000.

    Args:
        x: shape (n, ...), without copies; pictures are flattened.
        method: "twonn" or "maximum-likelihood".
        k: neighbors of "maximum-likelihood", at least 3; "twonn" uses two.
        features: what to measure instead of the examples themselves.
        seed: of the parts behind the error.

    Returns:
        An estimate whose interval is of its expected value at this n; without error where there are too few examples
        for four parts.

    Raises:
        InputError: when an argument is out of range, or examples are equal: their distance is zero and has no ratio.
    """
    if method not in get_args(Method):
        raise InputError(f"method must be one of {', '.join(get_args(Method))}; found {method!r}.")
    check_neighbor_count(k, least=3)
    needed = 10 if method == "twonn" else k + 1
    points = as_points(x, "x", at_least=needed, features=features)
    copies = len(points) - len(points.unique(dim=0))
    if copies:
        raise InputError(
            f"x must hold no copies, since a distance of zero has no ratio; found {copies} of {len(points)}."
        )

    def dimension(part: Tensor) -> float:
        return _two_neighbors(part) if method == "twonn" else _maximum_likelihood(part, k)

    value, n = dimension(points), len(points)
    name = "TwoNN" if method == "twonn" else f"maximum likelihood over {k} neighbors, inverses averaged"
    note = "biased downward in many dimensions; the interval is of the expected value at this n"
    if n < PARTS * needed:
        return Estimate(value, None, None, name, n, f"too few examples for an error; {note}")
    error = error_from_parts(dimension, (points,), Stream(seed).child("intrinsic dimension"))
    return Estimate(value, error, student_interval(value, error), f"{name}; spread over {PARTS} parts", n, note)


def _two_neighbors(x: Tensor) -> float:
    first, second = neighbors_among(x, x, 2).distances.T
    kept = int(len(x) * (1 - DISCARDED))
    ratios = (second / first).log().sort().values[:kept]
    beyond = -torch.log1p(-torch.arange(1, kept + 1, dtype=x.dtype) / len(x))
    return float((ratios @ beyond) / (ratios @ ratios))


def _maximum_likelihood(x: Tensor, k: int) -> float:
    logarithms = neighbors_among(x, x, k).distances.log()
    return 1 / float((logarithms[:, -1:] - logarithms[:, :-1]).mean())
