"""Relativistic losses: what they ignore, what they reduce to, and the worst critics they admit."""

import pytest
import torch
from torch import Tensor
from torch.func import grad
from torch.nn.functional import softplus

from saddle.objectives import RelativisticAverage, RelativisticPaired


def scores() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, 9, generator=generator, dtype=torch.float64)
    return real + 0.3, fake


@pytest.mark.parametrize("objective", [RelativisticPaired(), RelativisticPaired("minimax"), RelativisticAverage()])
def test_a_shift_of_all_scores_changes_nothing(objective: RelativisticPaired) -> None:
    """Only differences count; the losses of single scores would move."""
    real, fake = scores()
    for loss in (objective.critic, objective.generator):
        assert loss(real + 5, fake + 5).item() == pytest.approx(loss(real, fake).item(), abs=1e-12)


def test_pairs_by_hand() -> None:
    """-log sigmoid of each difference; a mean over all pairs (n^2 of them) would differ."""
    real, fake = scores()
    by_hand = -sum(torch.log(torch.sigmoid(r - f)) for r, f in zip(real, fake, strict=True)) / len(real)
    assert RelativisticPaired().critic(real, fake).item() == pytest.approx(by_hand.item(), abs=1e-12)
    exchanged = RelativisticPaired().critic(fake, real)
    assert RelativisticPaired().generator(real, fake).item() == pytest.approx(exchanged.item(), abs=1e-12)


def test_the_two_forms_share_a_fixed_point_and_differ_in_slope() -> None:
    """The equation's game is zero-sum; the code's form pulls hardest where the critic wins."""
    real = torch.full((3,), 20.0, dtype=torch.float64)
    fake = torch.zeros(3, dtype=torch.float64)
    published, written = RelativisticPaired(), RelativisticPaired("minimax")
    assert grad(lambda f: published.generator(real, f))(fake).sum().item() == pytest.approx(-1.0, abs=1e-6)
    assert -1e-6 < grad(lambda f: written.generator(real, f))(fake).sum().item() < 0
    a, b = scores()
    assert written.generator(a, b).item() == -written.critic(a, b).item()


def test_averages_by_hand() -> None:
    """Section 4.2 of the paper, both terms for both players; the critic's second term is dropped by some codes."""
    real, fake = scores()
    above, below = real - fake.mean(), fake - real.mean()
    critic = softplus(-above).mean() + softplus(below).mean()
    generator = softplus(-below).mean() + softplus(above).mean()
    assert RelativisticAverage().critic(real, fake).item() == pytest.approx(critic.item(), abs=1e-12)
    assert RelativisticAverage().generator(real, fake).item() == pytest.approx(generator.item(), abs=1e-12)
