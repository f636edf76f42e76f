"""Whether a regularizer does to a batch what it does to its halves."""

from collections.abc import Callable

import torch
from torch import Tensor

from saddle.regularizers import Invariance, Normalization, Penalty, Perturbation, Regularizer, Surrounding

HALF = 4
Of = Callable[[Tensor, Tensor], Tensor]


def separates(one: Regularizer, shape: tuple[int, ...]) -> bool:
    """Whether examples are moved each by itself, and penalties of a batch are the mean of those of its halves.

    The halves are far apart, so that a number taken from the whole batch shows. A normalization may keep count of the
    batches that its layers see, so it is taken not to.

    Args:
        one: the regularizer.
        shape: of an example.
    """
    if isinstance(one, Normalization):
        return False
    generator = torch.Generator().manual_seed(0)
    scores, moved = torch.randn(2, 2 * HALF, generator=generator, dtype=torch.float64)
    x, noise = torch.randn(2, 2 * HALF, *shape, generator=generator, dtype=torch.float64)
    scores[HALF:] += 30
    x[HALF:] *= 30
    found = []
    if isinstance(one, Penalty):
        found.append(_mean_of_halves(one.penalty, scores, x))
    if isinstance(one, Surrounding):
        found.append(_each_alone(one.around, x, noise))
    if isinstance(one, Perturbation):
        found.append(_each_alone(lambda x, noise: one.perturb(x, noise, torch.tensor(3)), x, noise))
    if isinstance(one, Invariance):
        found += [_each_alone(one.moved, x, noise), _mean_of_halves(one.difference, scores, moved)]
    return all(found)


def _mean_of_halves(loss: Of, x: Tensor, y: Tensor) -> bool:
    halves = [loss(x[part], y[part]) for part in (slice(HALF), slice(HALF, None))]
    return torch.allclose((halves[0] + halves[1]) / 2, loss(x, y), rtol=1e-10, atol=1e-12)


def _each_alone(move: Of, x: Tensor, noise: Tensor) -> bool:
    halves = [move(x[part], noise[part]) for part in (slice(HALF), slice(HALF, None))]
    return torch.allclose(torch.cat(halves), move(x, noise), rtol=1e-10, atol=1e-12)
