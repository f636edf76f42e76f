"""From what a user gives as an encoder or a decoder to a factory, tried on the data's shape before training."""

from typing import Any

import torch

from saddle.core.errors import InputError
from saddle.families.factories import Factory, Shape, default_architecture, own, shape_text, tried
from saddle.networks import Coder


def encoder_factory(given: Any, shape: Shape, outputs: int, classes: int, *, members: int) -> Factory:
    """A factory of encoders.

    Args:
        given: an architecture, a module, a function that returns a module, or None for the default.
        shape: what it maps from.
        outputs: how many numbers it maps to.
        classes: 0 for data without labels.
        members: how many will be trained at once.

    Raises:
        InputError: when it is none of these, or does not map examples of this shape to so many numbers.
    """
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Coder):
        factory: Factory = lambda: architecture.encoder(shape, outputs, classes)  # noqa: E731
    else:
        factory = own(architecture, "encoder", members)
    found = tried(factory, "encoder", torch.zeros(2, *shape), classes, members)
    if tuple(found.shape) != (2, outputs):
        raise InputError(
            f"The encoder maps examples (2, {shape_text(shape)}) to {tuple(found.shape)}; "
            f"the model needs (2, {outputs})."
        )
    return factory


def decoder_factory(given: Any, inputs: int, shape: Shape, classes: int, *, members: int) -> Factory:
    """A factory of decoders from `inputs` numbers to examples of this shape; see `encoder_factory`."""
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Coder):
        factory: Factory = lambda: architecture.decoder(inputs, shape, classes)  # noqa: E731
    else:
        factory = own(architecture, "decoder", members)
    found = tried(factory, "decoder", torch.zeros(2, inputs), classes, members)
    if tuple(found.shape) != (2, *shape):
        raise InputError(
            f"The decoder maps codes (2, {inputs}) to {tuple(found.shape)}; the data need (2, {shape_text(shape)})."
        )
    return factory
