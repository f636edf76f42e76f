"""From what a user gives as a network to a factory of networks, tried on the data's shape before training."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.families.gan.latent import Latent
from saddle.networks import MLP, Architecture, Convolutional

Shape = tuple[int, ...]
Factory = Callable[[], nn.Module]
UNSTACKABLE = (nn.modules.dropout._DropoutNd, nn.RReLU)


def default_architecture(shape: Shape) -> Architecture:
    """Convolutions for pictures, a multilayer perceptron for anything else."""
    return Convolutional(base=32) if len(shape) == 3 else MLP()


def generator_factory(given: Any, latent: Latent, shape: Shape, classes: int, *, members: int) -> Factory:
    """A factory of generators.

    Args:
        given: an architecture, a module, a function that returns a module, or None for the default.
        latent: what it maps from.
        shape: what it maps to.
        classes: 0 for data without labels.
        members: how many will be trained at once.

    Raises:
        InputError: when it is none of these, or does not map latents to examples of this shape.
    """
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Architecture):
        factory: Factory = lambda: architecture.generator(latent.dimension, shape, classes)  # noqa: E731
    else:
        factory = _own(architecture, "generator", members)
    z = torch.zeros(2, latent.dimension)
    found = _try(factory, "generator", z, classes, members)
    if tuple(found.shape) != (2, *shape):
        raise InputError(
            f"The generator maps latents (2, {latent.dimension}) to {tuple(found.shape)}; "
            f"the data need (2, {_text(shape)})."
        )
    return factory


def critic_factory(given: Any, shape: Shape, classes: int, *, members: int) -> Factory:
    """A factory of critics; arguments and errors as for `generator_factory`, scores (n,) or (n, 1)."""
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Architecture):
        factory: Factory = lambda: architecture.critic(shape, classes)  # noqa: E731
    else:
        factory = _own(architecture, "critic", members)
    found = _try(factory, "critic", torch.zeros(2, *shape), classes, members)
    if found.numel() != 2 or found.shape[0] != 2:
        raise InputError(f"The critic maps examples (2, {_text(shape)}) to {tuple(found.shape)}; scores are (2,).")
    return factory


def _own(given: Any, role: str, members: int) -> Factory:
    """A factory from a module or function of the user's own."""
    if isinstance(given, nn.Module):
        if members > 1:
            raise InputError(
                f"A population of {members} seeds needs {members} different starts, so give {role} as a function that "
                "returns a new module, not as a module."
            )
        return lambda: deepcopy(given)
    if callable(given):
        return cast(Factory, given)
    raise InputError(
        f"{role} must be an architecture such as saddle.MLP(), a torch module or a function that returns one, "
        f"and got {given!r}."
    )


def _try(factory: Factory, role: str, x: Tensor, classes: int, members: int) -> Tensor:
    """What a fresh network makes of two inputs, in evaluation."""
    with Stream(0, ("trial", role)).governing_torch():
        network = factory()
        if not isinstance(network, nn.Module):
            raise InputError(f"The function given as {role} must return a torch module, and returned {network!r}.")
        _require_stackable(network, role, members)
        try:
            with torch.no_grad():
                inputs = (x, torch.zeros(2, dtype=torch.int64)) if classes else (x,)
                found = network.eval()(*inputs)
        except InputError:
            raise
        except Exception as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            kind = " with labels (2,)" if classes else ""
            raise InputError(f"The {role} fails on inputs {tuple(x.shape)}{kind}: {reason}") from error
    if not isinstance(found, Tensor):
        raise InputError(f"The {role} must return a tensor, and returned a {type(found).__name__}.")
    return found


def _require_stackable(network: nn.Module, role: str, members: int) -> None:
    if members == 1:
        return
    for name, module in network.named_modules():
        if isinstance(module, UNSTACKABLE):
            kind = type(module).__name__
            raise InputError(
                f"The {role} has torch's {kind} at {name!r}, which cannot run in a population; "
                "use saddle.networks.Dropout."
            )
        if nn.utils.parametrize.is_parametrized(module):
            raise InputError(f"The {role} has a parametrization at {name!r}, which cannot run in a population.")


def _text(shape: Shape) -> str:
    return ", ".join(map(str, shape))
