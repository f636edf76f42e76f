"""The laws of what acts on a critic's weights and layers."""

import torch

from saddle.networks import MLP, Convolutional
from saddle.regularizers import Normalization, Projection
from saddle.testing.demand import attempt, demand


def check_projection(kind: str, one: Projection) -> bool:
    """The laws of a projection; returns whether a second one changes nothing.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    generator = torch.Generator().manual_seed(0)
    idempotent = True
    for dtype in (torch.float32, torch.float64):
        for shape in ((), (5,), (4, 3), (2, 3, 4, 4)):
            weights = 3 * torch.randn(shape, generator=generator, dtype=dtype)
            moved = weights.clone()
            where = f"a parameter of shape {shape}"
            attempt(lambda w=moved: one.project("critic.weight", w), f"{kind}.project fails on {where}")
            finite = moved.dtype == dtype and bool(torch.isfinite(moved).all())
            demand(finite, f"{kind}.project leaves numbers that are not finite in {where}.")
            again, other = moved.clone(), weights.clone()
            one.project("critic.weight", again)
            one.project("critic.weight", other)
            idempotent = idempotent and torch.allclose(again, moved, rtol=1e-5, atol=1e-7)
            demand(torch.equal(other, moved), f"{kind}.project gives different results for the same parameter.")
            demand(moved.shape == weights.shape, f"{kind}.project changes the shape of {where}.")
    return idempotent


def check_normalization(kind: str, one: Normalization) -> None:
    """The laws of a normalization: it returns a module that maps the same examples to scores and still learns.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    generator = torch.Generator().manual_seed(0)
    for critic, shape in ((MLP(8, 1).critic((2,), 0), (2,)), (Convolutional(2).critic((1, 8, 8), 0), (1, 8, 8))):
        learned = {name: value.clone() for name, value in critic.named_parameters()}
        changed = attempt(lambda c=critic: one.normalize(c), f"{kind}.normalize fails on a critic of shape {shape}")
        module = isinstance(changed, torch.nn.Module)
        demand(module, f"{kind}.normalize must return a module, and returned {changed!r}.")
        scores = changed(torch.randn(3, *shape, generator=generator))
        good = scores.shape == (3,) and bool(torch.isfinite(scores).all())
        demand(good, f"{kind}.normalize leaves a critic without finite scores for examples of shape {shape}.")
        demand(len(list(changed.parameters())) == len(learned), f"{kind}.normalize changes what the critic learns.")
        scores.sum().backward()
        moved = any(value.grad is not None and bool(value.grad.any()) for value in changed.parameters())
        demand(moved, f"{kind}.normalize cuts the critic's parameters off: no score has a slope by them.")
