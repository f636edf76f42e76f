"""The critic's best loss is minus the divergence of the table, for every row, and the row "gan" is the first GAN."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.func import grad

import saddle
from saddle.measures.probability.f_divergences import F_DIVERGENCES
from saddle.objectives import FGAN, Minimax

P_COUNTS, Q_COUNTS = torch.tensor([20, 5, 3, 28, 4]), torch.tensor([6, 24, 2, 10, 18])
P, Q = P_COUNTS.double() / 60, Q_COUNTS.double() / 60
REAL, FAKE = (torch.arange(5).repeat_interleave(counts) for counts in (P_COUNTS, Q_COUNTS))
SMOOTH = [FGAN(name) for name in F_DIVERGENCES if name != "total-variation"]  # type: ignore[arg-type]
SMOOTH += [FGAN("alpha", alpha=0.5), FGAN("alpha", alpha=3.0), FGAN("weighted-jensen-shannon", weight=0.2)]


def best(objective: FGAN) -> tuple[Tensor, float]:
    """The least loss over five free scores."""
    scores = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([scores], max_iter=500, tolerance_grad=1e-11, tolerance_change=1e-14, history_size=20)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = objective.critic(scores[REAL], scores[FAKE])
        loss.backward()
        return loss

    for _ in range(5):
        optimizer.step(closure)
    return scores.detach(), objective.critic(scores[REAL], scores[FAKE]).item()


@pytest.mark.parametrize("objective", SMOOTH, ids=lambda one: f"{one.divergence}-{one.alpha:g}")
def test_the_best_critic_reaches_the_divergence(objective: FGAN) -> None:
    """sup E_p T - E_q f*(T) = sum q f(p/q), at T = f'(p/q). With data and samples exchanged it would be D_f(q, p)."""
    row = objective.row
    scores, value = best(objective)
    assert -value == pytest.approx((Q * row.f(P / Q)).sum().item(), abs=1e-8)
    assert torch.allclose(row.link(scores), row.slope(P / Q), atol=1e-4)


def test_every_row_has_a_kind() -> None:
    for name in F_DIVERGENCES:
        assert torch.isfinite(FGAN(name).critic(torch.zeros(3), torch.ones(3)))  # type: ignore[arg-type]


def test_the_row_gan_is_the_first_gan() -> None:
    real, fake = torch.randn(2, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert FGAN("gan").critic(real, fake).item() == pytest.approx(Minimax().critic(real, fake).item())
    ours, theirs = FGAN("gan", "minimax").generator(real, fake), Minimax().generator(real, fake)
    assert ours.item() == pytest.approx(theirs.item())


@pytest.mark.parametrize("objective", [*SMOOTH, FGAN("total-variation")], ids=lambda one: f"{one.row!r}")
def test_both_forms_move_samples_the_same_way(objective: FGAN) -> None:
    """f* and g_f increase, so both slopes are negative; a sign lost in either form would show."""
    flat = objective.divergence == "alpha" and objective.alpha > 1  # f* is constant below -1/(α - 1)
    low = -0.45 if flat else -1.5
    scores = torch.linspace(low, 1.5, 5, dtype=torch.float64)
    for form in ("non-saturating", "minimax"):
        formed = replace(objective, form=form)
        assert (grad(lambda s, o=formed: o.generator(s, s))(scores) < 0).all()


def test_an_alpha_without_a_divergence_is_refused_before_training() -> None:
    with pytest.raises(saddle.InputError, match="alpha must be a finite number, neither 0"):
        saddle.GAN(objective={"kind": "f-gan", "divergence": "alpha", "alpha": 1.0}, rounds=1).fit("ring")
