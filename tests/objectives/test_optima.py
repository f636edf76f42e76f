"""With p and q fixed on a finite set, the critic that minimizes each loss is the known one, at the known value.

Expectations are exact: p and q are multiples of 1/N, so that the mean over N repeated examples is the expectation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from torch import Tensor
from torch.func import grad, jacrev
from torch.nn.functional import softplus

from saddle.objectives import LeastSquares, Minimax, NonSaturating

# How often each of five points occurs in data and in samples, of 60.
P_COUNTS = torch.tensor([20, 5, 1, 30, 4])
Q_COUNTS = torch.tensor([3, 25, 2, 10, 20])
P, Q = P_COUNTS.double() / 60, Q_COUNTS.double() / 60
REAL = torch.arange(5).repeat_interleave(P_COUNTS)
FAKE = torch.arange(5).repeat_interleave(Q_COUNTS)


def least(loss: Callable[[Tensor], Tensor]) -> tuple[Tensor, float]:
    """The minimum of a smooth convex function of five free scores, by Newton steps that are halved until they help."""
    scores = torch.zeros(5, dtype=torch.float64)
    for _ in range(40):
        step = torch.linalg.solve(jacrev(grad(loss))(scores), grad(loss)(scores))
        while loss(scores - step) > loss(scores) and step.norm() > 1e-13:
            step = step / 2
        scores = scores - step
    return scores, loss(scores).item()


def best_critic(objective: Any) -> tuple[Tensor, float]:
    return least(lambda scores: objective.critic(scores[REAL], scores[FAKE]))


def verify_logistic(objective: Any) -> None:
    """D* = p/(p + q), and the loss there is -(2 JSD - log 4)."""
    scores, value = best_critic(objective)
    assert torch.allclose(scores.sigmoid(), P / (P + Q), atol=1e-10)
    divergence = jensenshannon(P.numpy(), Q.numpy()) ** 2
    assert value == pytest.approx(-(2 * divergence - np.log(4)), abs=1e-12)


def verify_least_squares(objective: LeastSquares) -> None:
    """D* = (b p + a q)/(p + q), and the loss there is (b - a)^2/2 * sum p q/(p + q)."""
    a, b = objective.a, objective.b
    scores, value = best_critic(objective)
    assert torch.allclose(scores, (b * P + a * Q) / (P + Q), atol=1e-10)
    assert value == pytest.approx(((b - a) ** 2 / 2 * (P * Q / (P + Q)).sum()).item(), abs=1e-12)


@pytest.mark.parametrize("objective", [Minimax(), NonSaturating()])
def test_logistic_critics_reach_the_jensen_shannon_divergence(objective: Any) -> None:
    verify_logistic(objective)


@pytest.mark.parametrize("kind", [Minimax, NonSaturating])
def test_smoothed_critics_are_never_sure_of_data(kind: Any) -> None:
    """D* = (1 - s) p/(p + q), the paper's equation; smoothing both sides gives ((1 - s) p + s q)/(p + q) instead."""
    scores, _ = best_critic(kind(smoothing=0.1))
    assert torch.allclose(scores.sigmoid(), 0.9 * P / (P + Q), atol=1e-10)
    fake = torch.randn(60, dtype=torch.float64)
    assert torch.equal(kind(smoothing=0.1).generator(fake, fake), kind().generator(fake, fake))


SCHEMES = [LeastSquares.pearson(), LeastSquares.binary(), LeastSquares(0.3, -1.2, 4.0)]


@pytest.mark.parametrize("objective", SCHEMES)
def test_least_squares_critics_regress_to_the_mixture(objective: LeastSquares) -> None:
    verify_least_squares(objective)


@dataclass(frozen=True)
class Mutant:
    """A critic's loss that is wrong in one place."""

    critic: Callable[[Tensor, Tensor], Tensor]
    a: float = 0.0
    b: float = 1.0


LOGISTIC_MUTANTS = {
    "a mean over both halves": lambda r, f: (softplus(-r).mean() + softplus(f).mean()) / 2,
    "roles exchanged": lambda r, f: softplus(r).mean() + softplus(-f).mean(),
    "a logit of half the score": lambda r, f: softplus(-r / 2).mean() + softplus(f / 2).mean(),
    "data weighted twice": lambda r, f: 2 * softplus(-r).mean() + softplus(f).mean(),
    "smoothed labels": lambda r, f: 0.9 * softplus(-r).mean() + 0.1 * softplus(r).mean() + softplus(f).mean(),
    "sums for means, off by a constant": lambda r, f: softplus(-r).mean() + softplus(f).mean() + 0.01,
}
SQUARE_MUTANTS = {
    "the factor 1/2 forgotten": lambda r, f: (r - 1).square().mean() + f.square().mean(),
    "the factor 1/2 on data alone": lambda r, f: (r - 1).square().mean() / 2 + f.square().mean(),
    "a and b exchanged": lambda r, f: r.square().mean() / 2 + (f - 1).square().mean() / 2,
    "the square of the mean": lambda r, f: (
        (r.mean() - 1).square() / 2 + f.square().mean() / 2 + 1e-9 * r.square().mean()
    ),
}


@pytest.mark.parametrize("name", LOGISTIC_MUTANTS)
def test_wrong_logistic_losses_are_caught(name: str) -> None:
    with pytest.raises(AssertionError):
        verify_logistic(Mutant(LOGISTIC_MUTANTS[name]))


@pytest.mark.parametrize("name", SQUARE_MUTANTS)
def test_wrong_least_squares_are_caught(name: str) -> None:
    with pytest.raises((AssertionError, torch.linalg.LinAlgError)):
        verify_least_squares(Mutant(SQUARE_MUTANTS[name]))  # type: ignore[arg-type]


def test_the_schemes_are_the_papers() -> None:
    """Equations 8 and 9 of the paper; exchanging the names would be caught here."""
    assert LeastSquares.pearson() == LeastSquares(a=-1.0, b=1.0, c=0.0)
    assert LeastSquares.binary() == LeastSquares(a=0.0, b=1.0, c=1.0) == LeastSquares()


def test_the_value_function_at_the_best_critic() -> None:
    """E log D* + E log(1 - D*) = 2 JSD - log 4; a generator's loss of +softplus would have the wrong sign."""
    scores, _ = best_critic(Minimax())
    generator = Minimax().generator(scores[REAL], scores[FAKE]).item()
    assert generator == pytest.approx((Q * (Q / (P + Q)).log()).sum().item(), abs=1e-9)


def test_the_two_logistic_generators_differ_by_a_divergence() -> None:
    """E_q[-log D*] + E_q[log(1 - D*)] = E_q log(q/p) = KL(q, p): each loss alone would give something else."""
    scores, _ = best_critic(Minimax())
    total = NonSaturating().generator(scores[REAL], scores[FAKE]) + Minimax().generator(scores[REAL], scores[FAKE])
    assert total.item() == pytest.approx(rel_entr(Q.numpy(), P.numpy()).sum(), abs=1e-9)


def test_pearsons_divergence_of_the_least_squares_generator() -> None:
    """With its term over data, twice the generator's loss is sum (q - p)^2/(p + q), Pearson's chi^2 of p + q and 2 q.

    Dropping the 1/2 of the generator's loss would double it, and another c would shift it.
    """
    objective = LeastSquares.pearson()
    scores, _ = best_critic(objective)
    whole = objective.generator(scores[FAKE], scores[REAL]) + objective.generator(scores[REAL], scores[FAKE])
    assert 2 * whole.item() == pytest.approx(((Q - P).square() / (P + Q)).sum().item(), abs=1e-9)


@pytest.mark.parametrize("objective", [Minimax(), NonSaturating()])
def test_probabilities_are_those_of_the_best_critic(objective: Any) -> None:
    scores, _ = best_critic(objective)
    assert torch.allclose(objective.probability(scores), P / (P + Q), atol=1e-10)


@pytest.mark.parametrize("objective", [Minimax(), NonSaturating()])
def test_far_scores_are_exact(objective: Any) -> None:
    """log(sigmoid(s)) would be -inf at s = -1000 in float32; its value is -1000."""
    far = torch.tensor([1000.0, -1000.0])
    assert objective.critic(far, far).item() == 1000.0
    assert torch.isfinite(torch.func.grad(lambda s: objective.generator(far, s))(far)).all()


def test_saturation() -> None:
    """At D(G(z)) near 0 the minimax generator gets no slope, and the other one its largest."""
    fake = torch.full((3,), -30.0, dtype=torch.float64)
    slopes = [grad(lambda s, o=one: o.generator(s, s))(fake).abs().sum().item() for one in (Minimax(), NonSaturating())]
    assert slopes[0] < 1e-12 and slopes[1] == pytest.approx(1.0)
