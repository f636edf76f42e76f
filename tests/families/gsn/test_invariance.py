"""The theory over a few bits, where the chain is a matrix: what leaves the data's law as it is, and what does not."""

import pytest
import torch
from torch import Tensor

from saddle import InputError, SaltAndPepper
from saddle.families.gsn.enumeration import (
    corruption_matrix,
    exact_conditional,
    factorial,
    network_conditional,
    states,
    stationary,
    transition_matrix,
    walked_corruption,
)
from saddle.families.gsn.network import StochasticNetwork
from saddle.measures import total_variation

BITS = 4


def law(seed: int = 0) -> Tensor:
    """A law on four bits of no particular form."""
    return torch.rand(2**BITS, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).pow(2) + 0.01


def drift(p: Tensor, transition: Tensor) -> float:
    return float((p @ transition - p).abs().max())


@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_exact_conditional_leaves_the_law_as_it_is(share: float, seed: int) -> None:
    p = law(seed) / law(seed).sum()
    corruption = corruption_matrix(SaltAndPepper(share), BITS)
    transition = transition_matrix(corruption, exact_conditional(p, corruption))
    assert float((transition.sum(1) - 1).abs().max()) < 1e-12
    assert drift(p, transition) < 1e-12
    assert float(total_variation(stationary(transition), p)) < 1e-10


def test_a_broken_conditional_moves_the_law() -> None:
    """A conditional of another corruption than the chain's, a uniform prior, and rows taken for columns: each moves p.

    Measured: the stationary laws are .07, .32 and .45 of total variation away.
    """
    p = law() / law().sum()
    corruption = corruption_matrix(SaltAndPepper(0.4), BITS)
    weaker = exact_conditional(p, corruption_matrix(SaltAndPepper(0.2), BITS))
    flat = exact_conditional(torch.full_like(p, 1 / len(p)), corruption)
    columns = exact_conditional(p, corruption).T
    for conditional in (weaker, flat, columns / columns.sum(1, keepdim=True)):
        transition = transition_matrix(corruption, conditional)
        gap = float(total_variation(stationary(transition), p))
        assert drift(p, transition) > 1e-3 and gap > 0.05


@pytest.mark.parametrize("steps", [2, 5])
def test_walkback_too_leaves_the_law_as_it_is(steps: int) -> None:
    """Proposition 1 of Bengio et al. 2013: where walkback has converged, the plain chain has the data's law.

    The conditional is the one that walkback training would end with, Bayes' for the corruptions of its own chain; it is
    not that of the single corruption.
    """
    p = law() / law().sum()
    corruption = corruption_matrix(SaltAndPepper(0.4), BITS)
    single = conditional = exact_conditional(p, corruption)
    for _ in range(100):
        conditional = exact_conditional(p, walked_corruption(corruption, conditional, steps))
    assert float((conditional - single).abs().max()) > 0.05
    assert drift(p, transition_matrix(corruption, conditional)) < 1e-12


def test_independent_bits_cannot_hold_a_law_whose_bits_hang_together() -> None:
    """A factorial P(x | x~) is exact for independent bits alone; otherwise even the best one moves the law."""
    share = SaltAndPepper(0.4)
    corruption = corruption_matrix(share, BITS)
    on = torch.tensor([0.2, 0.5, 0.7, 0.9], dtype=torch.float64)
    independent = torch.where(states(BITS) == 1, on, 1 - on).prod(-1)
    best = factorial(exact_conditional(independent, corruption))
    assert drift(independent, transition_matrix(corruption, best)) < 1e-12
    p = law() / law().sum()
    best = factorial(exact_conditional(p, corruption))
    assert float(total_variation(stationary(transition_matrix(corruption, best)), p)) > 0.05


def test_the_corruption_matrix_counts_what_the_corruption_does() -> None:
    """A share that flips instead of replacing, twice as strong, would miss by .1."""
    share, draws = SaltAndPepper(0.4), 200_000
    v = states(2)[1].expand(draws, 2)
    noise = torch.rand(draws, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = share.corrupt(v, noise) @ torch.tensor([2.0, 1.0], dtype=torch.float64)
    frequencies = torch.bincount(found.long(), minlength=4) / draws
    assert float((frequencies - corruption_matrix(share, 2)[1]).abs().max()) < 0.005


def test_refusals() -> None:
    with pytest.raises(InputError, match="bits must be from 1 to 12"):
        states(13)
    for hidden, noise in (((3, 3), 0.0), ((3,), 1.0)):
        with pytest.raises(InputError, match="Only one hidden layer"):
            network_conditional(StochasticNetwork((1, 2, 2), hidden, "tanh", noise, 0))
