"""Properties in which good objectives differ."""

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass

import torch
from torch import Tensor

from saddle.families.gan.game import reads_real_scores
from saddle.objectives import Objective

COUNT = 32
FAR = 30.0


@dataclass(frozen=True)
class ObjectiveProperties:
    """What `check_objective` found; none of it is a fault.

    Attributes:
        separates: the mean of the losses of two halves is the loss of the whole batch, so that a batch may be shared
            out over devices.
        pairs: the losses depend on which real score stands beside which fake one.
        saturates: the generator's gradient vanishes as fake scores go to minus infinity.
        reads_real: the generator's loss depends on the scores of real examples.
        monotone: the generator's loss never rises with a fake score.
        finite_at_100: losses and gradients are finite at scores of 100 and -100 in float32.
        frozen: it is a frozen dataclass, which is advised: it can be compared, hashed and rebuilt from its `repr`.
    """

    separates: bool
    pairs: bool
    saturates: bool
    reads_real: bool
    monotone: bool
    finite_at_100: bool
    frozen: bool


def properties_of(objective: Objective) -> ObjectiveProperties:
    """The properties of a value that obeys the laws."""
    losses = (objective.critic, objective.generator)
    return ObjectiveProperties(
        separates=all(_separates(loss) for loss in losses),
        pairs=any(_pairs(loss) for loss in losses),
        saturates=_saturates(objective.generator),
        reads_real=reads_real_scores(objective),
        monotone=_monotone(objective.generator),
        finite_at_100=all(_finite_at_100(loss) for loss in losses),
        frozen=is_dataclass(objective) and type(objective).__dataclass_params__.frozen,  # type: ignore[attr-defined]
    )


Role = Callable[[Tensor, Tensor], Tensor]


def _scores(scale: float = 1.0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    real, fake = scale * torch.randn(2, COUNT, generator=generator, dtype=torch.float64)
    return real + scale / 2, fake


def _same(x: Tensor, y: Tensor) -> bool:
    return torch.allclose(x, y, rtol=1e-10, atol=1e-12)


def _separates(loss: Role) -> bool:
    half, far = COUNT // 2, torch.arange(COUNT, dtype=torch.float64) >= COUNT // 2
    cases = [_scores(), *(tuple(one + shift * far for one in _scores()) for shift in (-FAR, FAR))]  # halves apart
    return all(
        _same((loss(real[:half], fake[:half]) + loss(real[half:], fake[half:])) / 2, loss(real, fake))
        for real, fake in cases
    )


def _pairs(loss: Role) -> bool:
    real, fake = _scores()
    return not _same(loss(real.roll(1), fake), loss(real, fake))


def _slopes(generator: Role, real: Tensor, fake: Tensor) -> Tensor:
    """The slope of each example's share of the generator's loss, shape (n,)."""
    fake = fake.clone().requires_grad_()
    return len(fake) * torch.autograd.grad(generator(real, fake), fake)[0]


def _saturates(generator: Role) -> bool:
    real, fake = _scores()
    return bool(_slopes(generator, real, fake - FAR).abs().max() < 1e-6)


def _monotone(generator: Role) -> bool:
    return all(bool((_slopes(generator, *_scores(scale)) <= 1e-12).all()) for scale in (0.1, 1.0, 10.0))


def _finite_at_100(loss: Role) -> bool:
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0])
    real, fake = (100 * signs).requires_grad_(), (100 * signs.sort().values).requires_grad_()
    value = loss(real, fake)
    gradients = torch.autograd.grad(value, (real, fake), allow_unused=True)
    return all(bool(torch.isfinite(one).all()) for one in (value, *gradients) if one is not None)
