"""Least squares on finite laws: the best critic, and what a generator descends while the critic stays as it is."""

import torch
from torch import Tensor

from saddle.measures import f_divergence, kl_divergence
from saddle.objectives import LeastSquares


def triangular(p: Tensor, q: Tensor) -> Tensor:
    """∫ (p - q)²/(p + q): twice Pearson's divergence of q from (p + q)/2, which is that between p + q and 2q."""
    return 2 * f_divergence(q, (p + q) / 2, "pearson")


def best_critic(scheme: LeastSquares, real: Tensor, fake: Tensor, outcomes: int) -> Tensor:
    """The score of each outcome that minimizes the critic's loss on these samples: one Newton step of a parabola."""

    def loss(scores: Tensor) -> Tensor:
        return scheme.critic(scores[real], scores[fake])

    start = torch.zeros(outcomes, dtype=torch.float64)
    gradient = torch.func.grad(loss)(start)
    curvature = torch.func.hessian(loss)(start)
    assert isinstance(curvature, Tensor)
    return -torch.linalg.solve(curvature, gradient)


def slope_with_critic_fixed(scheme: LeastSquares, scores: Tensor, q: Tensor) -> Tensor:
    """The gradient, by the logits of q, of the loss that is run, E (D - c)²/2, the critic being what it is."""
    costs = torch.stack([scheme.generator(one, one) for one in scores.unsqueeze(1)])
    return torch.func.grad(lambda logits: torch.softmax(logits, 0) @ costs)(q.log())


def descent(weights: tuple[float, float], p: Tensor, q: Tensor) -> Tensor:
    """So much of KL(p‖(p + q)/2) and so much of the triangular discrimination."""
    return weights[0] * kl_divergence(p, (p + q) / 2) + weights[1] * triangular(p, q)


def slope_of_descent(weights: tuple[float, float], p: Tensor, q: Tensor) -> Tensor:
    """The gradient of that by the logits of q."""
    logits = q.log().requires_grad_()
    return torch.autograd.grad(descent(weights, p, torch.softmax(logits, 0)), logits)[0]
