"""How fast a model's sampling chain forgets where it was: the integrated autocorrelation time of its read-offs."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.core.sampling import Chain
from saddle.core.whole_numbers import whole
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted
from saddle.measures import Estimate

WINDOW = 5.0  # autocorrelation times that the sum of correlations reaches over, after Sokal
LONGEST = 0.5  # share of the path beyond which a correlation comes from too few pairs


class Mixing(NamedTuple):
    """How a chain mixes.

    Attributes:
        time: the integrated autocorrelation time in steps: so many successive examples are worth one independent one.
        correlation: of examples so many steps apart, from 0, where it is 1.
    """

    time: Estimate
    correlation: tuple[float, ...]


def mixing(model: Estimator | Fitted, *, chains: int = 64, steps: int = 250, seed: int = 0, member: int = 0) -> Mixing:
    """The autocorrelation of the chain that a model samples by, from independent chains past their burn-in.

    Chains of a model with labels keep theirs, as often of each as in the data.

    Args:
        model: a trained one, of any family that samples by a chain.
        chains: how many; more by two than there are labels, since only chains of one label compare.
        steps: of each, after those that `sample` takes before it reads; at least ten times the autocorrelation time.
        seed: of the chains.
        member: of a population.

    Raises:
        InputError: when the model is not fitted or does not sample by a chain, or there are too few chains or steps.
    """
    fitted = model.trained.fitted if isinstance(model, Estimator) else model
    if not isinstance(fitted, Fitted):
        raise InputError(f"mixing needs a trained model, and got {type(fitted).__name__}.")
    sampler = fitted.problem.sampler
    if not isinstance(sampler, Chain):
        raise InputError("This model draws each sample at once, by no chain that could mix.")
    classes = 1 if fitted.shares is None else len(fitted.shares)
    chains, steps, seed = whole("chains", chains), whole("steps", steps, least=3), whole("seed", seed)
    if chains <= classes + 1:
        why = (
            f", as each is compared with others of its label, of which there are {classes}"
            if classes > 1
            else " to compare"
        )
        raise InputError(f"chains must be more than {classes + 1}{why}, and got {chains}.")
    labels = None if fitted.shares is None else spread(fitted.shares, chains)
    networks = fitted.networks(member)
    with torch.no_grad():
        y = None if labels is None else labels.to(next(networks.parameters()).device)
        path = sampler.path(networks, Stream(seed, ("mixing",)), chains, y, steps).double().cpu()
    return autocorrelation(path, labels)


def autocorrelation(path: Tensor, groups: Tensor | None = None) -> Mixing:
    """The integrated autocorrelation time of paths of independent chains of one law.

    tau = 1 + 2 sum_k rho(k) over lags up to the first that is at least 5 tau (A. Sokal, Monte Carlo Methods in
    Statistical Mechanics, 1997, section 3), with

        rho(k) = sum_d cov(x_d(t), x_d(t + k)) / sum_d var(x_d(t)),

    so that every coordinate counts by its variance and the constant ones not at all. Deviations are taken from the mean
    over chains at the same step: no chain's own mean hides that it never left where it was, and covariances are
    unbiased even before the chains have reached their law.

    Args:
        path: shape (steps, chains, ...).
        groups: indices (chains,) of groups whose laws differ, such as labels; means are then taken group by group.

    Returns:
        The time with its standard error from the spread between chains, and the correlations up to half of the path.
        Where no lag of these reaches over 5 tau, the note says that the true time is likely longer.

    Raises:
        InputError: when nothing in the path varies between chains.
    """
    steps, chains = path.shape[:2]
    deviations = _centered(
        path.double().flatten(2), torch.zeros(chains, dtype=torch.int64) if groups is None else groups
    )
    products = torch.stack(
        [
            (deviations[: steps - lag] * deviations[lag:]).sum(-1).mean(0)
            for lag in range(max(1, int(steps * LONGEST)) + 1)
        ]
    )  # (lags, chains): each chain's covariance at each lag, up to a factor common to all
    if float(products[0].sum()) <= 0:
        raise InputError("The chains agree in every number at every step, so that nothing can be said of their mixing.")
    correlation = products.sum(1) / products[0].sum()
    times = 2 * correlation.cumsum(0) - 1
    reached = [lag for lag in range(1, len(times)) if lag >= WINDOW * max(float(times[lag]), 1.0)]
    last = reached[0] if reached else len(times) - 1
    value = float(times[last])
    # The time is a ratio of sums over chains: its error is the spread of each chain's own excess over it.
    excess = 2 * products[: last + 1].sum(0) - products[0] - value * products[0]
    error = float(excess.std() * math.sqrt(chains) / products[0].sum())
    note = "" if reached else f"not resolved: {steps} steps are too few, and the true time is likely longer"
    method = f"1 + 2 Σ ρ(k) up to lag {last}; spread between chains"
    return Mixing(Estimate(value, error, None, method, (chains, steps), note), tuple(correlation.tolist()))


def spread(shares: tuple[float, ...], count: int) -> Tensor:
    """Class indices (count,), sorted, as often of each as its share says, up to rounding."""
    edges = torch.tensor(shares, dtype=torch.float64).cumsum(0)[:-1]
    return torch.searchsorted(edges, (torch.arange(count, dtype=torch.float64) + 0.5) / count, right=True)


def _centered(path: Tensor, groups: Tensor) -> Tensor:
    """Deviations from the mean over the chains of the same group at the same step; path (steps, chains, d)."""
    centered = torch.empty_like(path)
    for group in groups.unique():
        chosen = groups == group
        centered[:, chosen] = path[:, chosen] - path[:, chosen].mean(1, keepdim=True)
    return centered
