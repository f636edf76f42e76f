"""Scoring several sets of examples in one batch, where a critic judges each example by itself.

Half as many operations, each on twice the examples: the same mathematics in less time. A critic that compares the
examples of a batch (batch normalization, minibatch discrimination) or draws numbers for it (dropout) must see each
set alone, and so must one with a state that a pass changes (spectral normalization). Convolutions see them one after
the other as well: two sets at once take as long on a processor, and on a GPU nobody has looked.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from saddle.core.gradients import score_and_gradient

SAME = 1e-9  # of the largest score, in float64


def score(critic: nn.Module, x: Tensor, y: Tensor | None) -> Tensor:
    """Scores (n,); critics of the user's own may give (n, 1)."""
    return (critic(x) if y is None else critic(x, y)).flatten()


def scores(critic: nn.Module, sets: Sequence[Tensor], y: Tensor | None) -> list[Tensor]:
    """Scores (n,) of each set (n, ...), whose examples have the same labels, from one pass."""
    return _apart(score(critic, *_joined(sets, y)), len(sets))


def scores_and_gradients(
    critic: nn.Module, sets: Sequence[Tensor], y: Tensor | None
) -> tuple[list[Tensor], list[Tensor]]:
    """Scores of each set and their gradients by its examples, from one pass forwards and one back."""
    found, gradient = score_and_gradient(critic, *_joined(sets, y))
    return _apart(found.flatten(), len(sets)), _apart(gradient, len(sets))


def _joined(sets: Sequence[Tensor], y: Tensor | None) -> tuple[Tensor, Tensor | None]:
    if len(sets) == 1:
        return sets[0], y
    return torch.cat(list(sets)), None if y is None else torch.cat([y] * len(sets))


def _apart(x: Tensor, count: int) -> list[Tensor]:
    return [x] if count == 1 else list(x.chunk(count))


def worth_joining(build: Callable[[], nn.Module], shape: tuple[int, ...], *, labeled: bool) -> bool:
    """Whether sets may be scored together and it saves time: found out with a critic to throw away, in float64.

    Its parameters are moved at random first, since a gate that begins at zero opens later.

    Args:
        build: makes critics.
        shape: of one example.
        labeled: whether critics are given class indices.
    """
    return _each_alone(build, shape, score, labeled=labeled)


def generates_each_alone(build: Callable[[], nn.Module], latent: int, *, labeled: bool) -> bool:
    """Whether a generator makes each example of its own latent vector alone, found out likewise; not by convolutions.

    Args:
        build: makes generators.
        latent: dimension of a latent vector.
        labeled: whether generators are given class indices.
    """
    return _each_alone(build, (latent,), lambda one, z, y: one(z) if y is None else one(z, y), labeled=labeled)


def _each_alone(
    build: Callable[[], nn.Module],
    shape: tuple[int, ...],
    apply: Callable[[nn.Module, Tensor, Tensor | None], Tensor],
    *,
    labeled: bool,
) -> bool:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.default_generator.manual_seed(0)
        try:
            one = deepcopy(build()).double().train()  # a function of the user's might return one module always
            if any(isinstance(module, _ConvNd) for module in one.modules()):
                return False
            for parameter in one.parameters():
                parameter.add_(0.1 * torch.randn_like(parameter))
            other = deepcopy(one)
            sets = [scale * torch.randn(2, *shape, dtype=torch.float64) for scale in (1.0, 30.0)]
            y = torch.zeros(2, dtype=torch.int64) if labeled else None
            joined = _apart(apply(one, *_joined(sets, y)), len(sets))
            apart = [apply(other, x, y) for x in sets]
        except Exception:  # whatever it is will be told where it can be told properly
            return False
    found = zip([*joined, *one.buffers()], [*apart, *other.buffers()], strict=True)
    return all(len(x) == 2 for x in joined) and all(_same(x, y) for x, y in found)


def _same(x: Tensor, y: Tensor) -> bool:
    return bool((x.double() - y.double()).abs().max() <= SAME * y.double().abs().max()) if x.numel() else True
