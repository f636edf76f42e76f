"""The hinge and the energy-based game at their known optima."""

import pytest
import torch
from torch import Tensor

from saddle.objectives import EnergyBased, Hinge

P = torch.tensor([0.4, 0.1, 0.3, 0.2], dtype=torch.float64)
Q = torch.tensor([0.1, 0.5, 0.2, 0.2], dtype=torch.float64)


def expected(counts: Tensor) -> Tensor:
    """Ten examples in which each point occurs as often as it is likely."""
    return torch.arange(4).repeat_interleave((10 * counts).round().long())


def test_the_best_hinge_critic_measures_total_variation() -> None:
    """At scores sign(p - q) the loss is 2 - 2 TV; nothing on a fine lattice of scores does better."""
    real, fake = expected(P), expected(Q)
    best = Hinge().critic(torch.sign(P - Q)[real], torch.sign(P - Q)[fake])
    assert best.item() == pytest.approx(2 - (P - Q).abs().sum().item())
    lattice = torch.cartesian_prod(*[torch.linspace(-2, 2, 9, dtype=torch.float64)] * 4)
    losses = torch.stack([Hinge().critic(one[real], one[fake]) for one in lattice])
    assert losses.min().item() == pytest.approx(best.item())


def test_beyond_the_margin_nothing_counts() -> None:
    far, near = torch.tensor([1.0, 5.0]), torch.tensor([-1.0, -9.0])
    assert Hinge().critic(far, near).item() == 0.0
    assert Hinge().critic(near, far).item() == pytest.approx(((2 + 10) + (2 + 6)) / 2)


def test_energies_at_the_papers_equilibrium() -> None:
    """Theorem 1: with p = q, data at energy g and samples at the same cost m together wherever g <= m."""
    for energy in (0.0, 0.3, 1.7):
        scores = torch.full((5,), -energy, dtype=torch.float64)
        assert EnergyBased(1.7).critic(scores, scores).item() == pytest.approx(1.7)


def test_samples_beyond_the_margin_do_not_move_the_critic() -> None:
    """A margin on the wrong side, max(0, energy - m), would leave near samples without a slope and move far ones."""
    fake = torch.tensor([-0.2, -3.0], requires_grad=True)
    (slope,) = torch.autograd.grad(EnergyBased(1.0).critic(torch.zeros(2), fake), fake)
    assert slope.tolist() == [0.5, 0.0]
