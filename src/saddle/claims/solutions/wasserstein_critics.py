"""Critics trained between two laws to raise E f(x) - E f(y), each held by a penalty, by clipping, or by neither."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from saddle.claims.playing import Sample, member, play
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.objectives import Wasserstein
from saddle.regularizers import Penalty, Projection
from saddle.training.optimizers import OptimizerSpec


def critics_between(
    real: Sample,
    fake: Sample,
    noise: dict[str, Noise],
    *,
    held: Penalty | Projection,
    network: Callable[[], nn.Module],
    optimizer: OptimizerSpec,
    rounds: int,
    seeds: Sequence[int],
) -> list[nn.Module]:
    """One critic a seed, all trained at once in float64.

    Args:
        real: examples (n, d) of the first law from the draws of `noise`.
        fake: as many of the second.
        noise: what both need, drawn anew for every update.
        held: what bounds the critic; a penalty acts between the examples of a pair.
        network: a factory of critics, from (n, d) to (n,).
        optimizer: moves them.
        rounds: updates.
        seeds: of the start and the noise.
    """
    count = next(iter(noise.values())).shape[0]
    penalty = held if isinstance(held, Penalty) else None
    project = held.project if isinstance(held, Projection) else None

    def loss(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        critic, x, y = networks["critic"], real(draws), fake(draws)
        value = Wasserstein().critic(critic(x), critic(y))
        if penalty is not None:
            between = y + draws["between"] * (x - y)
            value = value + penalty.penalty(*score_and_gradient(critic, between))
        return Loss(value, {}, {})

    player = Player(
        "critic",
        ("critic",),
        loss,
        optimizer.build,
        noise | {"between": Noise("uniform", (count, 1))},
        project=project,
        schedule=optimizer.settings,
    )
    problem = Problem(
        networks=lambda: nn.ModuleDict({"critic": network()}),
        players=(player,),
        sampler=Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0)),
    )
    state = play(problem, seeds, rounds, dtype=torch.float64)
    return [member(state, place)["critic"] for place in range(len(seeds))]


def gap(critic: nn.Module, x: Tensor, y: Tensor) -> float:
    """The mean score of x less that of y."""
    return float(critic(x).mean() - critic(y).mean())


def norm_bound(critic: nn.Module) -> float:
    """No less than its Lipschitz constant: the product of its layers' largest singular values, between 1-Lipschitz
    activations."""
    layers = [one for one in critic.modules() if isinstance(one, nn.Linear)]
    bound = 1.0
    for layer in layers:
        bound *= float(torch.linalg.matrix_norm(layer.weight, 2))
    return bound
