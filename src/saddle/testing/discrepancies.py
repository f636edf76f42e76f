"""The laws of distances between batches, for saddle's own and for yours."""

from dataclasses import dataclass, is_dataclass

import torch
from torch import Tensor

from saddle.objectives import Discrepancy
from saddle.testing.demand import demand
from saddle.testing.losses import Role, demand_gradients, demand_purity, demand_repr, demand_scalars, demand_stacking
from saddle.testing.trial import demand_training
from saddle.training.optimizers import SGD

SIZES = (2, 7, 32)
WIDTHS = (1, 2, 40)
SCALES = (0.1, 1.0, 10.0)
AWAY = 1.0
"""By how many standard deviations a batch is shifted, where a further step away must cost more."""


@dataclass(frozen=True)
class DiscrepancyProperties:
    """What `check_discrepancy` found; none of it is a fault.

    Attributes:
        symmetric: data and samples may change places.
        zero_at_equal: a batch has no distance to itself; unbiased estimates with the pairs of one place are below.
        scale_free: the distance stays as it is when all numbers are doubled.
        frozen: it is a frozen dataclass, which is advised: it can be compared, hashed and rebuilt from its `repr`.
    """

    symmetric: bool
    zero_at_equal: bool
    scale_free: bool
    frozen: bool


def check_discrepancy(discrepancy: Discrepancy) -> DiscrepancyProperties:
    """Prove that a value is a distance between batches, and say what kind of one.

    The distance must take batches (n, d) of any n from 2 and any d to one finite 0-d tensor of the same dtype, not
    depend on the order of their rows, be pure and differentiable, run under `vmap`, grow as a batch moves away, and
    train.

    Args:
        discrepancy: a value with an attribute `features` and a method `distance(real, fake)`.

    Raises:
        AssertionError: in one sentence, the first law that is broken.

    Example:
        >>> from saddle.objectives import Sinkhorn
        >>> check_discrepancy(Sinkhorn()).zero_at_equal
        True
    """
    kind = type(discrepancy).__name__
    demand(not isinstance(discrepancy, type), f"Give a value such as {discrepancy}(), not the class.")
    demand(callable(getattr(discrepancy, "distance", None)), f"{kind} has no method distance(real, fake).")
    features = getattr(discrepancy, "features", None)
    whole = isinstance(features, int) and not isinstance(features, bool) and features >= 0
    demand(whole, f"{kind}.features must be a whole number of at least 0, and is {features!r}.")
    what, role = f"{kind}.distance", discrepancy.distance
    demand_scalars(what, role, batch_pairs, "batches")
    demand_purity(what, role, batch_pairs, "batches")
    demand_gradients(what, role, batch_pairs, "batches")
    demand_stacking(what, role, batch_pairs, "batches")
    _demand_sets(what, role)
    _demand_growth(what, role)
    demand_repr(discrepancy)
    # A distance has no slope by the critic's last bias, and Adam would make steps of what rounding leaves of it.
    steady = {"critic_optimizer": SGD(0.01)} if features else {}
    demand_training(kind, {"objective": discrepancy, **steady})
    return DiscrepancyProperties(
        symmetric=all(_close(role(x, y), role(y, x)) for x, y in batch_pairs(torch.float64)),
        zero_at_equal=all(abs(role(x, x.clone()).item()) < 1e-9 for x, _ in batch_pairs(torch.float64)),
        scale_free=all(_close(role(2 * x, 2 * y), role(x, y)) for x, y in batch_pairs(torch.float64)),
        frozen=is_dataclass(discrepancy) and type(discrepancy).__dataclass_params__.frozen,  # type: ignore[attr-defined]
    )


def batch_pairs(dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    """Ordinary batches, real and fake, of several sizes, widths and scales."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(n, d, scale) for n in SIZES for d in WIDTHS for scale in SCALES]
    draws = [scale * torch.randn(2, n, d, generator=generator, dtype=dtype) for n, d, scale in shapes]
    return [(pair[0], pair[1]) for pair in draws]


def _demand_sets(what: str, role: Role) -> None:
    for real, fake in batch_pairs(torch.float64):
        # Both in another order: which real example shares its place, and its label, with which made one may count.
        same = _close(role(real.flip(0), fake.flip(0)), role(real, fake))
        demand(same, f"{what} depends on the order of the examples in a batch.")


def _demand_growth(what: str, role: Role) -> None:
    """A generator that descends the distance brings samples nearer; of the smallest batches chance has more to say."""
    for real, _ in batch_pairs(torch.float64):
        if len(real) < max(SIZES):
            continue
        away = torch.tensor(AWAY, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(role(real, real + away * real.std(0)), away)
        demand(bool(slope > 0), f"{what} does not grow as a batch moves away from the other.")


def _close(x: Tensor, y: Tensor) -> bool:
    return torch.allclose(x, y, rtol=1e-7, atol=1e-9)
