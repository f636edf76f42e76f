"""The one way to differentiate a network by its input."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad

_PLAIN: ContextVar[bool] = ContextVar("outside transforms", default=False)


def score_and_gradient(network: nn.Module, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Scores of examples and the gradient of each score by its own example, from one forward pass.

    Works inside a loss, alone or under `vmap`, and stays differentiable by the parameters. Buffers that the forward
    pass updates (batch normalization's statistics) are updated once, as a plain call would. With batch normalization
    in training mode a score depends on the whole batch, and the gradient is that of the sum of the scores; call this
    before any plain pass of the same network, since torch keeps the statistics that a plain pass reads for its backward
    pass and refuses to have them updated after.

    Args:
        network: maps (n, ...) to scores (n,); called as `network(x)`, or `network(x, y)` where `y` is given.
        x: examples, shape (n, ...).
        y: class indices, shape (n,), or None.

    Returns:
        Scores, shape (n,), and gradients, the shape of `x`.
    """
    buffers = dict(network.named_buffers())
    if _PLAIN.get() and not buffers and not x.requires_grad:
        return _by_autograd(network, x, y)
    inputs = (x,) if y is None else (x, y)

    def total(x: Tensor, held: dict[str, Tensor]) -> tuple[Tensor, tuple[Tensor, dict[str, Tensor]]]:
        scores = functional_call(network, held, (x, *inputs[1:]))
        return scores.sum(), (scores, held)

    # Functional transforms forbid writing to a captured tensor, so the pass gets copies of the buffers as an argument.
    copies = {name: buffer.clone() for name, buffer in buffers.items()}
    gradient, (scores, updated) = grad(total, has_aux=True)(x, copies)
    with torch.no_grad():
        for name, buffer in buffers.items():
            buffer.copy_(updated[name])
    return scores, gradient


@contextmanager
def outside_transforms() -> Iterator[None]:
    """Within this context nothing is stacked under `vmap`, so that plain autograd, which is faster, will do."""
    token = _PLAIN.set(True)
    try:
        yield
    finally:
        _PLAIN.reset(token)


def _by_autograd(network: nn.Module, x: Tensor, y: Tensor | None) -> tuple[Tensor, Tensor]:
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        scores = network(x) if y is None else network(x, y)
        (gradient,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return scores, gradient
