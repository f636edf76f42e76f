"""Playing a `Problem` for some rounds on saddle's engine, outside any family and with no files.

What an experiment trains is often no model of data: a critic between two known laws, or two players with one number
each. Its examples then come from noise, which the engine draws anew for every update.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn

from saddle.core.errors import NonFiniteError
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.training.feed import Feed
from saddle.training.optimizers import OptimizerSpec
from saddle.training.state import State, start
from saddle.training.step import Metrics, play_round

Sample = Callable[[Draws], Tensor]
ScoreLoss = Callable[[Tensor, Tensor], Tensor]
CPU = torch.device("cpu")


class NoExamples:
    """The data of a problem that draws its own."""

    def __len__(self) -> int:
        return 1

    def batch(self, indices: Tensor) -> Tensor:
        """As many zeros."""
        return torch.zeros(len(indices), 1)

    def labels_of(self, indices: Tensor) -> None:
        """None."""


def play(
    problem: Problem,
    seeds: Sequence[int],
    rounds: int,
    *,
    dtype: torch.dtype = torch.float32,
    watch: Callable[[State, Metrics], None] | None = None,
    state: State | None = None,
) -> State:
    """The state after so many rounds of all seeds at once.

    Args:
        problem: whose losses draw all they need as noise.
        seeds: of the start and the noise; several are trained as a population.
        rounds: to play.
        dtype: of everything.
        watch: called after every round with the state, which it may not change, and the round's losses and metrics.
        state: to go on from; None starts anew.

    Raises:
        NonFiniteError: when a loss is not finite.
    """
    state = start(problem, seeds, device=CPU, dtype=dtype) if state is None else state
    rows = dict.fromkeys(seeds, torch.zeros(1, dtype=torch.int64))
    feed = Feed(NoExamples(), rows, 1, device=CPU, dtype=dtype, labeled=False)
    for _ in range(rounds):
        metrics = play_round(problem, state, feed, _refuse)
        if watch is not None:
            watch(state, metrics)
    return state


def _refuse(player: str, round: int, value: Tensor) -> None:
    if not bool(torch.isfinite(value).all()):
        raise NonFiniteError(f"The {player}'s loss is not finite in round {round}.")


def member(state: State, index: int) -> Networks:
    """The networks of one seed, in evaluation and apart from the state."""
    networks = deepcopy(state.networks)
    with torch.no_grad():
        for name, value in state.member(index, averaged=True).items():
            _named(networks, name).copy_(value)
    return networks.eval().requires_grad_(False)


def _named(networks: nn.Module, name: str) -> Tensor:
    owner, _, last = name.rpartition(".")
    return getattr(networks.get_submodule(owner), last)


def critic_between(
    real: Sample,
    fake: Sample,
    noise: dict[str, Noise],
    *,
    loss: ScoreLoss,
    network: Callable[[], nn.Module],
    optimizer: OptimizerSpec,
    average: float = 0.0,
    project: Callable[[str, Tensor], None] | None = None,
) -> Problem:
    """The problem of a critic between two laws that stay as they are.

    Args:
        real: examples (n, d) of the first law from the draws of `noise`.
        fake: likewise of the second.
        noise: what both need, drawn anew for every update.
        loss: of the scores (n,) of both, to minimize; such as an objective's `critic`.
        network: a factory of critics, from (n, d) to (n,).
        optimizer: moves it.
        average: decay of its moving average, which `member` gives; 0 keeps none.
        project: applied in place to each parameter after an update.
    """

    def of_scores(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        critic = networks["critic"]
        return Loss(loss(critic(real(draws)), critic(fake(draws))), {}, {})

    player = Player(
        "critic",
        ("critic",),
        of_scores,
        optimizer.build,
        noise,
        project=project,
        schedule=optimizer.settings,
    )
    return Problem(
        networks=lambda: nn.ModuleDict({"critic": network()}),
        players=(player,),
        sampler=Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0)),
        averaged={"critic": average} if average else {},
    )
