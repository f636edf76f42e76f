"""From what a user gives as a network to a factory of networks, which is tried before training."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.networks import MLP, Architecture, Convolutional

Shape = tuple[int, ...]
Factory = Callable[[], nn.Module]
UNSTACKABLE = (nn.modules.dropout._DropoutNd, nn.RReLU)


def default_architecture(shape: Shape) -> Architecture:
    """Convolutions for pictures, a multilayer perceptron for anything else."""
    return Convolutional(base=32) if len(shape) == 3 else MLP()


def own(given: Any, role: str, members: int) -> Factory:
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


def tried(factory: Factory, role: str, x: Tensor, classes: int, members: int, *, at_once: int = 2) -> Tensor:
    """What a fresh network makes of two inputs, in evaluation; it must also train on so many `at_once`.

    Raises:
        InputError: when it does not return a tensor, or fails.
    """
    with Stream(0, ("trial", role)).governing_torch():
        network = factory()
        if not isinstance(network, nn.Module):
            raise InputError(f"The function given as {role} must return a torch module, and returned {network!r}.")
        _require_stackable(network, role, members)
        try:
            with torch.no_grad():
                inputs = (x, torch.zeros(2, dtype=torch.int64)) if classes else (x,)
                if at_once == 1:  # which batch normalization refuses
                    network.train()(*[one[:1] for one in inputs])
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


def shape_text(shape: Shape) -> str:
    """A shape without its brackets."""
    return ", ".join(map(str, shape))
