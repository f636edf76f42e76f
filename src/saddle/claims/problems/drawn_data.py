"""A game over data in memory, for `play`: they are drawn as noise is, evenly and anew for every update."""

from dataclasses import replace

from torch import Tensor

from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Networks


def drawing_from(problem: Problem, data: Tensor, batch: int) -> Problem:
    """The problem with every player's examples drawn from these, shape (n, ...), so many for an update."""

    def drawing(player: Player) -> Player:
        def loss(networks: Networks, given: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
            picked = data[(draws["picked"] * len(data)).long()]
            return player.loss(networks, given._replace(x=picked), draws, carry)

        return replace(player, loss=loss, noise={**player.noise, "picked": Noise("uniform", (batch,))})

    return replace(problem, players=tuple(map(drawing, problem.players)))
