"""The laws of objectives, for saddle's own and for yours."""

import sys
from collections.abc import Callable
from dataclasses import is_dataclass

import torch
from torch import Tensor
from torch.func import vmap

from saddle.objectives import Objective
from saddle.testing.adversaries import demand_adversaries
from saddle.testing.demand import attempt, demand
from saddle.testing.objective_properties import ObjectiveProperties, properties_of
from saddle.testing.trial import demand_training

ROLES = ("critic", "generator")
SIZES = (1, 2, 7, 32)
SCALES = (0.0, 0.1, 1.0, 10.0)
Role = Callable[[Tensor, Tensor], Tensor]


def check_objective(objective: Objective) -> ObjectiveProperties:
    """Prove that a value is an objective, and say what kind of one.

    Both losses must take score vectors (n,) of any length to one finite 0-d tensor of the same dtype, be pure and
    differentiable, run under `vmap`, and train; and the two players must be adversaries.

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
        _demand_scalars(what, role)
        _demand_purity(what, role)
        _demand_gradients(what, role)
        _demand_stacking(what, role)
    _demand_dependence(kind, objective)
    demand_adversaries(kind, objective)
    _demand_repr(objective)
    demand_training(kind, {"objective": objective})
    return properties_of(objective)


def score_pairs(dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    """Ordinary scores, real and fake, of several lengths and scales."""
    generator = torch.Generator().manual_seed(0)
    draws = [scale * torch.randn(2, n, generator=generator, dtype=dtype) for n in SIZES for scale in SCALES]
    return [(pair[0], pair[1]) for pair in draws]


def _demand_scalars(what: str, role: Role) -> None:
    for dtype in (torch.float32, torch.float64):
        for real, fake in score_pairs(dtype):
            n = len(real)
            value = attempt(lambda x=real, y=fake: role(x, y), f"{what} fails on scores of shape ({n},)")
            demand(isinstance(value, Tensor), f"{what} must return a tensor, and returned a {type(value).__name__}.")
            demand(value.dim() == 0, f"{what} must return a 0-d tensor, and returned shape {tuple(value.shape)}.")
            demand(value.dtype == dtype, f"{what} must keep the scores' {dtype}, and returned {value.dtype}.")
            demand(bool(torch.isfinite(value)), f"{what} is {value.item()} on {n} ordinary scores of {dtype}.")


def _demand_purity(what: str, role: Role) -> None:
    pairs = score_pairs(torch.float64)
    with torch.random.fork_rng():
        before = torch.random.get_rng_state()
        first = [role(real.clone(), fake.clone()) for real, fake in pairs]
        demand(torch.equal(before, torch.random.get_rng_state()), f"{what} draws random numbers.")
        torch.manual_seed(1)
        for (real, fake), value in reversed(list(zip(pairs, first, strict=True))):
            seen = (real.clone(), fake.clone())
            again = role(*seen)
            demand(torch.equal(value, again), f"{what} gives different values for the same scores.")
            untouched = torch.equal(seen[0], real) and torch.equal(seen[1], fake)
            demand(untouched, f"{what} changes its arguments in place.")


def _demand_gradients(what: str, role: Role) -> None:
    for real, fake in score_pairs(torch.float64):
        scores = [real.clone().requires_grad_(), fake.clone().requires_grad_()]
        value = attempt(lambda s=scores: role(s[0], s[1]), f"{what} fails on scores that require gradients")
        demand(value.requires_grad, f"{what} is not differentiable: its value is cut off from the scores.")
        gradients = attempt(
            lambda v=value, s=scores: torch.autograd.grad(v, s, allow_unused=True), f"{what} cannot be differentiated"
        )
        finite = all(bool(torch.isfinite(one).all()) for one in gradients if one is not None)
        demand(finite, f"{what} has a gradient that is not finite on {len(real)} ordinary scores.")


def _demand_stacking(what: str, role: Role) -> None:
    for real, fake in score_pairs(torch.float64):
        reals, fakes = torch.stack([real, fake + 1, -real]), torch.stack([fake, real - 1, fake / 2])
        sentence = f"{what} cannot run under torch.func.vmap, so no population can train with it"
        stacked = attempt(lambda x=reals, y=fakes: vmap(role)(x, y), sentence)
        looped = torch.stack([role(x, y) for x, y in zip(reals, fakes, strict=True)])
        close = torch.allclose(stacked, looped, rtol=1e-10, atol=1e-12)
        demand(close, f"{what} under torch.func.vmap differs from a loop over the members.")


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


def _demand_repr(objective: Objective) -> None:
    """Of a dataclass the text rebuilds the value; runs note an objective of your own by its text."""
    if not is_dataclass(objective):
        return
    kind = type(objective)
    text = repr(objective).replace(kind.__qualname__, kind.__name__, 1)
    module = sys.modules.get(kind.__module__)
    names = {**(vars(module) if module else {}), kind.__name__: kind}
    rebuilt = attempt(lambda: eval(text, names), f"repr of {kind.__name__} gives {text!r}, which cannot be evaluated")
    demand(rebuilt == objective, f"repr of {kind.__name__} gives {text!r}, which rebuilds a different value.")
