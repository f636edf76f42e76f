"""The laws of architectures, for saddle's own and for yours."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from saddle.core.errors import InputError
from saddle.core.gradients import score_and_gradient
from saddle.core.randomness import Stream
from saddle.networks import Architecture
from saddle.testing.demand import attempt, demand

SHAPES = ((2,), (1, 8, 8), (3, 7, 5))
LATENT, CLASSES, COUNT = 3, 3, 4
Inputs = tuple[Tensor, ...]


@dataclass(frozen=True)
class ArchitectureProperties:
    """What `check_architecture` found.

    Attributes:
        points: it builds networks for points and tables.
        pictures: it builds networks for pictures.
        mixes_batch: in training an example's output depends on the rest of its batch, as with batch normalization.
    """

    points: bool
    pictures: bool
    mixes_batch: bool


def check_architecture(architecture: Architecture) -> ArchitectureProperties:
    """Prove that a value is an architecture, and say what kind of one.

    For every shape that it does not refuse with an `InputError`, with labels and without, both networks must have the
    right shapes and dtype, read the labels, learn with every parameter, treat examples one by one in evaluation, and
    run in a population; the critic's input gradients must be differentiable.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    kind = type(architecture).__name__
    demand(
        isinstance(architecture, Architecture), f"{kind} needs methods generator(latent, shape, classes) and critic."
    )
    built: list[int] = []
    mixes = False
    for shape in SHAPES:
        for classes in (0, CLASSES):
            try:
                architecture.generator(LATENT, shape, classes)
            except InputError:
                continue
            built.append(len(shape))
            generator = _maker(lambda s=shape, c=classes: architecture.generator(LATENT, s, c))
            critic = _maker(lambda s=shape, c=classes: architecture.critic(s, c))
            mixes |= _check(f"{kind}'s generator of {shape}", generator, (LATENT,), shape, classes)
            mixes |= _check(f"{kind}'s critic of {shape}", critic, shape, (), classes)
            _demand_double_gradients(f"{kind}'s critic of {shape}", critic(0), _inputs(shape, classes))
    demand(bool(built), f"{kind} refuses every shape among {', '.join(map(str, SHAPES))}.")
    return ArchitectureProperties(points=1 in built, pictures=3 in built, mixes_batch=mixes)


Maker = Callable[[int], nn.Module]


def _maker(make: Callable[[], nn.Module]) -> Maker:
    def seeded(seed: int) -> nn.Module:
        with Stream(seed).governing_torch():
            return make().double()

    return seeded


def _inputs(shape: tuple[int, ...], classes: int) -> Inputs:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(COUNT, *shape, generator=generator, dtype=torch.float64)
    return (x, torch.arange(COUNT) % classes) if classes else (x,)


def _check(what: str, make: Maker, takes: tuple[int, ...], gives: tuple[int, ...], classes: int) -> bool:
    """The laws of either role; returns whether examples of a batch mix in training."""
    what = f"{what} with labels" if classes else what
    inputs = _inputs(takes, classes)
    network = make(0)
    found = attempt(lambda: network(*inputs), f"{what} fails")
    shape = (COUNT, *gives)
    demand(tuple(found.shape) == shape, f"{what} must return shape {shape}, and returned {tuple(found.shape)}.")
    demand(found.dtype == torch.float64, f"{what} must compute in its inputs' float64, and returned {found.dtype}.")
    demand(bool(torch.isfinite(found).all()), f"{what} is not finite on ordinary inputs.")
    _demand_all_learn(what, network, found)
    _demand_starts(what, make)
    _demand_evaluation(what, make(0).eval(), inputs)
    _demand_stacking(what, make, inputs)
    return _mixes(make, inputs)


def _demand_all_learn(what: str, network: nn.Module, found: Tensor) -> None:
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(1), dtype=found.dtype)
    names = [name for name, _ in network.named_parameters()]
    gradients = torch.autograd.grad((found * weights).sum(), list(network.parameters()), allow_unused=True)
    for name, gradient in zip(names, gradients, strict=True):
        demand(gradient is not None, f"{what} has a parameter {name} that its output does not depend on.")


def _demand_starts(what: str, make: Maker) -> None:
    first, again, other = (dict(make(seed).named_parameters()) for seed in (0, 0, 1))
    equal = all(torch.equal(value, again[name]) for name, value in first.items())
    demand(equal, f"{what} starts from different parameters for the same seed.")
    differs = any(not torch.equal(value, other[name]) for name, value in first.items())
    demand(differs, f"{what} starts from the same parameters for every seed.")


def _demand_evaluation(what: str, network: nn.Module, inputs: Inputs) -> None:
    whole = network(*inputs)
    demand(torch.equal(whole, network(*inputs)), f"{what} draws random numbers in evaluation.")
    alone = torch.cat([network(*(one[i : i + 1] for one in inputs)) for i in range(COUNT)])
    close = torch.allclose(alone, whole, rtol=1e-8, atol=1e-10)
    demand(close, f"{what} mixes the examples of a batch in evaluation.")
    if len(inputs) == 2:
        other = network(inputs[0], (inputs[1] + 1) % CLASSES)
        moved = (other - whole).reshape(COUNT, -1).abs().amax(1) > 0
        demand(bool(moved.all()), f"{what} does not read its labels.")


def _demand_stacking(what: str, make: Maker, inputs: Inputs) -> None:
    """Two members under `vmap` do in training what each does alone, buffers included."""
    template, *members = make(0), make(0), make(1)
    params = _stacked([dict(member.named_parameters()) for member in members])
    buffers = _stacked([dict(member.named_buffers()) for member in members])
    call = vmap(lambda p, b: functional_call(template, {**p, **b}, inputs))
    sentence = f"{what} cannot run under torch.func.vmap, so no population can train with it"
    together = attempt(lambda: call(params, buffers), sentence)
    alone = torch.stack([member(*inputs) for member in members])
    close = torch.allclose(together, alone, rtol=1e-8, atol=1e-10)
    demand(close, f"{what} under torch.func.vmap differs from each member alone.")
    for index, member in enumerate(members):
        for name, buffer in member.named_buffers():
            kept = torch.allclose(buffers[name][index].double(), buffer.double(), rtol=1e-8, atol=1e-10)
            demand(kept, f"{what} does not update its buffer {name} in place, so a population would not keep it.")


def _stacked(members: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([one[name].detach() for one in members]) for name in members[0]}


def _mixes(make: Maker, inputs: Inputs) -> bool:
    """Whether the first output moves with the last input, at equal buffers."""
    with torch.no_grad():
        changed = inputs[0].clone()
        changed[-1] += 1
        return not torch.allclose(make(0)(*inputs)[0], make(0)(changed, *inputs[1:])[0], rtol=1e-8, atol=1e-10)


def _demand_double_gradients(what: str, critic: nn.Module, inputs: Inputs) -> None:
    scores, gradient = attempt(lambda: score_and_gradient(critic, *inputs), f"{what} has no input gradients")
    demand(gradient.shape == inputs[0].shape, f"{what} has input gradients of shape {tuple(gradient.shape)}.")
    value = scores.sum() + gradient.square().sum()
    slopes = attempt(
        lambda: torch.autograd.grad(value, list(critic.parameters()), allow_unused=True),
        f"{what} has input gradients that cannot be differentiated",
    )
    finite = all(bool(torch.isfinite(slope).all()) for slope in slopes if slope is not None)
    demand(finite, f"{what} has input gradients whose own gradients are not finite.")
