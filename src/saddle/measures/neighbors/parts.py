"""The error of a statistic of neighborhoods, from its spread over disjoint random parts of the samples.

Parts are independent, so the variance among them is that of the statistic at their size, without bias and whatever the
statistic; at full size it is smaller by the number of parts where variance falls as 1/n. Drawing the parts anew several
times takes away the chance of the split. All of it costs about as much as the statistic itself, where that costs n².
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from saddle.core.randomness import Stream

PARTS, ROUNDS = 4, 5
T = 2.1314495455597742
"""The quantile of Student's law with (PARTS - 1) ROUNDS degrees."""


def error_from_parts(statistic: Callable[..., float], sets: tuple[Tensor, ...], stream: Stream) -> float:
    """The standard error of a statistic.

    Args:
        statistic: of as many sets as there are.
        sets: independent sets of examples, each shape (n, d); each is cut into `PARTS` parts.
        stream: decides the parts.
    """
    generator = stream.numpy()
    variances = []
    for _ in range(ROUNDS):
        orders = [torch.from_numpy(generator.permutation(len(one))) for one in sets]
        cuts = ([one[order[i::PARTS]] for one, order in zip(sets, orders, strict=True)] for i in range(PARTS))
        variances.append(np.var([statistic(*parts) for parts in cuts], ddof=1))
    return math.sqrt(float(np.mean(variances)) / PARTS)


def student_interval(value: float, error: float) -> tuple[float, float]:
    """The 95 % interval of a value with an error from parts."""
    return value - T * error, value + T * error
