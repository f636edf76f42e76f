"""The ways to play rounds: one operation after the other, compiled, or as graphs on a GPU."""

from typing import Literal, Protocol

import torch
from torch import Tensor

from saddle.core.problem import Problem
from saddle.training.compiling import Compiled
from saddle.training.device_rounds import DeviceRounds
from saddle.training.feed import Feed
from saddle.training.guard import Guard
from saddle.training.state import State
from saddle.training.step import Metrics, gradients, inputs_of, play_round, set_learning

Way = Literal["eager", "compiled", "graph", "compiled graph"]


class Rounds(Protocol):
    """Plays round after round of a state.

    Attributes:
        compile_seconds: spent on compiling so far.
    """

    @property
    def compile_seconds(self) -> float:
        """See above."""
        ...

    def play(self, *, logged: bool) -> Metrics:
        """One round and every player's loss and metrics, which may be left out where nobody reads them.

        Raises:
            NonFiniteError: when a loss is not finite, at once or by `raise_deferred`.
        """
        ...

    def raise_deferred(self) -> None:
        """Look at what has not been looked at yet.

        Raises:
            NonFiniteError: when a loss was not finite.
        """
        ...


class HostRounds:
    """Rounds that the host leads operation by operation, or with every loss compiled; unguarded for a warm-up."""

    def __init__(self, problem: Problem, state: State, feed: Feed, *, compiled: bool, guarded: bool = True) -> None:
        self._problem, self._state, self._feed = problem, state, feed
        self._guard = Guard(state.seeds)
        self._check = self._guard.check if guarded else unguarded
        self._compiled = Compiled(updating=True) if compiled else None

    @property
    def compile_seconds(self) -> float:
        """See `Rounds`."""
        return self._compiled.seconds if self._compiled else 0.0

    def play(self, *, logged: bool) -> Metrics:
        """See `Rounds`."""
        return play_round(
            self._problem,
            self._state,
            self._feed,
            self._check,
            logged=logged,
            compiled=self._compiled,
        )

    def raise_deferred(self) -> None:
        """See `Rounds`."""
        self._guard.raise_deferred()


def unguarded(player: str, round: int, value: Tensor) -> None:
    """The guard that lets everything pass."""


def rounds_of(way: Way, problem: Problem, state: State, feed: Feed, *, guarded: bool = True) -> Rounds:
    """What plays the rounds of a state in this way; unguarded, numbers that are not finite may pass."""
    if way in ("eager", "compiled"):
        return HostRounds(problem, state, feed, compiled=way == "compiled", guarded=guarded)
    return DeviceRounds(problem, state, feed, compiled=Compiled(updating=False) if way == "compiled graph" else None)


def can_be_recorded(problem: Problem, state: State, feed: Feed) -> bool:
    """Whether rounds may become graphs: on a GPU, with all data there, and no loss that draws numbers of its own.

    Changes the state's buffers and gradients, so it wants a state to throw away.
    """
    if state.device.type != "cuda" or not feed.resident:
        return False
    for player in problem.players:
        set_learning(state, player)
        batch, noise = inputs_of(player, state, feed, 0, logged=True)
        before = torch.random.get_rng_state(), torch.cuda.get_rng_state(state.device)
        gradients(player, state, batch, noise)
        after = torch.random.get_rng_state(), torch.cuda.get_rng_state(state.device)
        state.optimizers[player.name].zero_grad()
        if not all(torch.equal(x, y) for x, y in zip(before, after, strict=True)):
            return False
    return True
