"""Distributions of whole numbers, laid out as arrays of probabilities."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import (
    Bernoulli,
    Binomial,
    Categorical,
    Distribution,
    Geometric,
    NegativeBinomial,
    OneHotCategorical,
    Poisson,
)

LONGEST = 2**20
"""Outcomes of a distribution without end that are summed at most."""
TAIL = -80.0
"""The log probability below which its outcomes are left out, once past the mode."""


def enumerate_both(p: Distribution, q: Distribution) -> tuple[Tensor, Tensor] | None:
    """The probabilities of both on the union of their outcomes, or None where these cannot be listed."""
    if all(isinstance(one, Poisson | Geometric | NegativeBinomial) for one in (p, q)):
        return _counted(p, q)
    a, b = _listed(p), _listed(q)
    if a is None or b is None or a[0].shape[1] != b[0].shape[1]:
        return None
    outcomes, place = np.unique(np.concatenate([a[0], b[0]]), axis=0, return_inverse=True)
    place = place.reshape(-1)
    both = torch.zeros(2, len(outcomes), dtype=torch.float64)
    both[0, torch.from_numpy(place[: len(a[0])])] = a[1]
    both[1, torch.from_numpy(place[len(a[0]) :])] = b[1]
    return both[0], both[1]


def _listed(law: Any) -> tuple[np.ndarray, Tensor] | None:
    """All outcomes, shape (k, d), and their probabilities."""
    if not law.has_enumerate_support:
        return None
    outcomes = law.enumerate_support().double()
    return outcomes.reshape(len(outcomes), -1).numpy(), _probabilities(law, outcomes)


def _probabilities(law: Any, outcomes: Tensor) -> Tensor:
    """From the parameters where torch keeps them: its log_prob takes a probability of zero for 2e-16."""
    if isinstance(law, OneHotCategorical):
        return outcomes @ _given(law._categorical)
    if isinstance(law, Categorical):
        return _given(law)[outcomes.long()]
    if isinstance(law, Bernoulli | Binomial):
        from scipy.stats import binom

        count = int(law.total_count) if isinstance(law, Binomial) else 1
        if "logits" in vars(law):
            return law.log_prob(outcomes).exp()
        return torch.from_numpy(np.atleast_1d(binom.pmf(outcomes.numpy(), count, law.probs.numpy())))
    return law.log_prob(outcomes).exp()


def _given(law: Categorical) -> Tensor:
    return law.probs if "probs" in vars(law) else torch.softmax(law.logits, -1)


def _counted(*laws: Any) -> tuple[Tensor, Tensor] | None:
    """Probabilities of 0, 1, ... up to where both have faded."""
    length = 64
    while length <= LONGEST:
        counts = torch.arange(length, dtype=torch.float64)
        logs = [law.log_prob(counts) for law in laws]
        faded = all(float(one[-1]) < TAIL and float(one[-1]) < float(one[-2]) for one in logs)
        if faded and all(abs(float(one.exp().sum()) - 1) < 1e-9 for one in logs):
            return logs[0].exp(), logs[1].exp()
        length *= 2
    return None
