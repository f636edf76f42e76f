"""From what a user gives as a generator or a critic to a factory, tried on the data's shape before training."""

from typing import Any

import torch

from saddle.core.errors import InputError
from saddle.families.factories import Factory, Shape, default_architecture, own, shape_text, tried
from saddle.families.gan.auxiliary import Classifying
from saddle.families.gan.latent import Latent
from saddle.networks import Architecture, Coder, Featured
from saddle.networks.batch_norm import in_primitives, other_batch_norms


def generator_factory(
    given: Any, latent: Latent, shape: Shape, classes: int, *, members: int, at_once: int = 2
) -> Factory:
    """A factory of generators.

    Args:
        given: an architecture, a module, a function that returns a module, or None for the default.
        latent: what it maps from.
        shape: what it maps to.
        classes: 0 for data without labels.
        members: how many will be trained at once.
        at_once: on how many latents it will be trained at once.

    Raises:
        InputError: when it is none of these, or does not map latents to examples of this shape.
    """
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Architecture):
        factory: Factory = lambda: architecture.generator(latent.dimension, shape, classes)  # noqa: E731
    else:
        factory = own(architecture, "generator", members)
    z = torch.zeros(2, latent.dimension)
    found = tried(factory, "generator", z, classes, members, at_once=at_once)
    if tuple(found.shape) != (2, *shape):
        raise InputError(
            f"The generator maps latents (2, {latent.dimension}) to {tuple(found.shape)}; "
            f"the data need (2, {shape_text(shape)})."
        )
    return factory


def critic_factory(given: Any, shape: Shape, classes: int, *, members: int, at_once: int = 2) -> Factory:
    """A factory of critics; arguments and errors as for `generator_factory`, scores (n,) or (n, 1)."""
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Architecture):
        factory: Factory = lambda: architecture.critic(shape, classes)  # noqa: E731
    else:
        factory = own(architecture, "critic", members)
    found = tried(factory, "critic", torch.zeros(2, *shape), classes, members, at_once=at_once)
    if found.numel() != 2 or found.shape[0] != 2:
        raise InputError(f"The critic maps examples (2, {shape_text(shape)}) to {tuple(found.shape)}; scores are (2,).")
    return factory


def feature_factory(
    given: Any, shape: Shape, features: int, classes: int, *, members: int, at_once: int = 2, called: str = "features"
) -> Factory:
    """A factory of critics that make so many features of an example; arguments and errors as for `generator_factory`.

    An architecture makes what it has for that, or its encoder; `called` says what the numbers are.
    """
    architecture = default_architecture(shape) if given is None else given
    if isinstance(architecture, Featured):
        featured = architecture
        factory: Factory = lambda: featured.feature_critic(shape, features, classes)  # noqa: E731
    elif isinstance(architecture, Coder):
        coder = architecture
        factory = lambda: coder.encoder(shape, features, classes)  # noqa: E731
    elif isinstance(architecture, Architecture):
        raise InputError(
            f"critic must be able to make {called}, as saddle.MLP and saddle.Convolutional are, and got {given!r}."
        )
    else:
        factory = own(architecture, "critic", members)
    found = tried(factory, "critic", torch.zeros(2, *shape), classes, members, at_once=at_once)
    if tuple(found.shape) != (2, features):
        raise InputError(
            f"The critic maps examples (2, {shape_text(shape)}) to {tuple(found.shape)}, not to (2, {features}): "
            f"{called}."
        )
    return factory


def classifying_factory(given: Any, shape: Shape, classes: int, *, members: int, at_once: int = 2) -> Factory:
    """A factory of critics that tell classes; arguments and errors as for `feature_factory`."""
    called = "a score with the logits of the classes"
    network = feature_factory(given, shape, 1 + classes, 0, members=members, at_once=at_once, called=called)
    return lambda: Classifying(network())


def stackable(factory: Factory, *, unrolled: bool) -> Factory:
    """A factory of critics for several seeds at once, whose batch normalization may be differentiated twice.

    Raises:
        InputError: when a critic that is to be unrolled has batch normalization of another kind.
    """
    others = other_batch_norms(in_primitives(factory())) if unrolled else []
    if others:
        raise InputError(
            f"The critic has batch normalization of its own kind at {others[0]!r}, which cannot be unrolled for "
            "several seeds at once."
        )
    return lambda: in_primitives(factory())
