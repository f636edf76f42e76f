"""The likelihood of a VAE by importance sampling, and the bound that it maximizes."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from saddle.core.freed_memory import freed_memory_kept
from saddle.core.randomness import Stream
from saddle.core.sampling import Networks
from saddle.families.vae.bound import Codes, Model, encoded, log_likelihood_given, log_posterior, log_prior
from saddle.measures import Estimate
from saddle.measures.estimate import normal_interval

EXAMPLES, CODES = 20, 250  # per pass
PerExample = Callable[..., Tensor]
OfBlock = Callable[[Networks, Tensor, Tensor | None, int, Stream], Tensor]


def importance_sampled(
    model: Model, networks: Networks, x: Tensor, y: Tensor | None, *, samples: int, stream: Stream
) -> Tensor:
    """log of the mean of p(x|z) p(z)/q(z|x) over so many z ~ q(z|x), in nats, shape (n,), float64.

    Its expectation is a lower bound of log p(x) that rises with the number of samples (Burda et al. 2016, theorem 1).

    Args:
        model: of which the networks are.
        networks: in evaluation.
        x: examples in model units, shape (n, ...).
        y: class indices, shape (n,), or None.
        samples: importance samples of each example.
        stream: of the binarization and the codes; an example's numbers depend on its place and not on n.
    """
    return _block_by_block(_weighted, model, networks, x, y, samples, stream)


def lower_bound(
    model: Model, networks: Networks, x: Tensor, y: Tensor | None, *, samples: int, stream: Stream
) -> Tensor:
    """E_q log p(x|z) - KL(q(z|x) || N(0, 1)) in nats, shape (n,), float64; arguments as for `importance_sampled`.

    The first term is a mean over so many codes, without bias at any number; the second is exact.
    """
    return _block_by_block(_bounded, model, networks, x, y, samples, stream)


@freed_memory_kept()
def _block_by_block(
    of_block: OfBlock,
    model: Model,
    networks: Networks,
    x: Tensor,
    y: Tensor | None,
    samples: int,
    stream: Stream,
) -> Tensor:
    first = next(networks.parameters())
    found = []
    for index, start in enumerate(range(0, len(x), EXAMPLES)):
        block = stream.child(index)
        part = x[start : start + EXAMPLES].to(first)
        uniform = torch.rand((EXAMPLES, *part.shape[1:]), generator=block.child("binarize").torch(), dtype=first.dtype)
        seen = model.prepared(networks, part, uniform[: len(part)].to(first.device))
        labels = None if y is None else y[start : start + EXAMPLES].to(first.device)
        found.append(of_block(networks, seen, labels, samples, block))
    return torch.cat(found).cpu()


def _weighted(networks: Networks, x: Tensor, y: Tensor | None, samples: int, stream: Stream) -> Tensor:
    codes = encoded(networks, x, y)
    total = x.new_full((len(x),), -torch.inf, dtype=torch.float64)
    for noise in _noise(codes, samples, stream):
        z = codes.at(noise)
        weights = log_likelihood_given(networks, z, x, y) + log_prior(z) - log_posterior(noise, codes)
        total = torch.logaddexp(total, weights.double().logsumexp(1))
    return total - math.log(samples)


def _bounded(networks: Networks, x: Tensor, y: Tensor | None, samples: int, stream: Stream) -> Tensor:
    codes = encoded(networks, x, y)
    total = x.new_zeros(len(x), dtype=torch.float64)
    for noise in _noise(codes, samples, stream):
        total += log_likelihood_given(networks, codes.at(noise), x, y).double().sum(1)
    return total / samples - codes.divergence().double()


def _noise(codes: Codes, samples: int, stream: Stream) -> Iterator[Tensor]:
    """Standard normal noise (n, k, d) for so many codes of each example, some at a time."""
    like = codes.mean
    for index, start in enumerate(range(0, samples, CODES)):
        shape = (EXAMPLES, min(CODES, samples - start), like.shape[1])
        drawn = torch.randn(shape, generator=stream.child("code", index).torch(), dtype=like.dtype)
        yield drawn[: len(like)].to(like.device)


def as_estimate(values: Tensor, method: str, note: str) -> Estimate:
    """The mean over examples with its standard error and 95 % interval for the mean over all there could be."""
    n = len(values)
    value = float(values.mean())
    error = float(values.std() / math.sqrt(n)) if n > 1 else None
    interval = None if error is None else normal_interval(value, error)
    return Estimate(value, error, interval, method, n, note)
