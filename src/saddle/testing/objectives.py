"""The laws of objectives, for saddle's own and for yours."""

import torch
from torch import Tensor

from saddle.objectives import Objective
from saddle.testing.adversaries import demand_adversaries
from saddle.testing.demand import demand
from saddle.testing.losses import Role, demand_gradients, demand_purity, demand_repr, demand_scalars, demand_stacking
from saddle.testing.objective_properties import ObjectiveProperties, properties_of
from saddle.testing.trial import demand_training

ROLES = ("critic", "generator")
SIZES = (1, 2, 7, 32)
SCALES = (0.0, 0.1, 1.0, 10.0)


def check_objective(objective: Objective) -> ObjectiveProperties:
    """Prove that a value is an objective, and say what kind of one.

    Both losses must take score vectors (n,) of any length to one finite 0-d tensor of the same dtype, be pure and
    differentiable, run under `vmap`, and train; and the two players must be adversaries. One that says it separates
    must.

    Args:
        objective: a value with methods `critic(real, fake)` and `generator(real, fake)`.

    Returns:
        The properties that differ between good objectives.

    Raises:
        AssertionError: in one sentence, the first law that is broken.

    Example:
        >>> from saddle.objectives import Minimax
        >>> check_objective(Minimax()).saturates
        True
    """
    kind = type(objective).__name__
    demand(not isinstance(objective, type), f"Give a value such as {objective}(), not the class.")
    for name in ROLES:
        role: Role = getattr(objective, name, None)  # type: ignore[assignment]
        demand(callable(role), f"{kind} has no method {name}(real, fake).")
        what = f"{kind}.{name}"
        demand_scalars(what, role, score_pairs)
        demand_purity(what, role, score_pairs)
        demand_gradients(what, role, score_pairs)
        demand_stacking(what, role, score_pairs)
    _demand_dependence(kind, objective)
    demand_adversaries(kind, objective)
    demand_repr(objective)
    demand_training(kind, {"objective": objective})
    found = properties_of(objective)
    demand(
        found.separates or not getattr(objective, "separates", False),
        f"{kind} says that it separates, but its losses of a batch are not the means of those of its halves.",
    )
    return found


def score_pairs(dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    """Ordinary scores, real and fake, of several lengths and scales."""
    generator = torch.Generator().manual_seed(0)
    draws = [scale * torch.randn(2, n, generator=generator, dtype=dtype) for n in SIZES for scale in SCALES]
    return [(pair[0], pair[1]) for pair in draws]


def _demand_dependence(kind: str, objective: Objective) -> None:
    """The critic's loss moves with real and fake scores, the generator's with fake ones."""
    needs = ((objective.critic, 0, "critic", "real"), (objective.critic, 1, "critic", "fake"))
    for role, place, name, which in (*needs, (objective.generator, 1, "generator", "fake")):
        moves = False
        for pair in score_pairs(torch.float64):
            scores = [one.clone().requires_grad_() for one in pair]
            (gradient,) = torch.autograd.grad(role(scores[0], scores[1]), scores[place], allow_unused=True)
            moves = moves or (gradient is not None and bool(gradient.any()))
        demand(moves, f"{kind}.{name} has no gradient by the {which} scores anywhere, so nothing would be learned.")
