"""The ways to play rounds: one operation after the other, compiled, or as graphs on a GPU."""

from typing import Any, Literal, Protocol

import torch
from torch import Tensor

from saddle.core.problem import Problem
from saddle.training.feed import Feed
from saddle.training.state import State
from saddle.training.step import Metrics, gradients, inputs_of, play_round, set_learning
from saddle.training.ways.compiling import Compiled, has_update_compiled_along
from saddle.training.ways.device_rounds import DeviceRounds
from saddle.training.ways.functions import Functions
from saddle.training.ways.guard import Guard
from saddle.training.ways.shares import shares_of

SEVERAL = 16  # members from which on a population is updated in parts
A_PART = range(8, 3, -1)  # members, more before fewer
Way = Literal["eager", "compiled", "compiled in shares", "graph", "compiled graph"]


class Rounds(Protocol):
    """Plays round after round of a state.

    Attributes:
        compiled: what compiles its updates, or None.
    """

    @property
    def compiled(self) -> Compiled | None:
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

    def __init__(
        self, problem: Problem, state: State, feed: Feed, *, compiled: Compiled | None, guarded: bool = True
    ) -> None:
        self._problem, self._state, self._feed = problem, state, feed
        self._guard = Guard(state.seeds)
        self._check = self._guard.check if guarded else unguarded
        self.compiled = compiled

    def play(self, *, logged: bool) -> Metrics:
        """See `Rounds`."""
        return play_round(
            self._problem,
            self._state,
            self._feed,
            self._check,
            logged=logged,
            compiled=self.compiled,
        )

    def raise_deferred(self) -> None:
        """See `Rounds`."""
        self._guard.raise_deferred()


def unguarded(player: str, round: int, value: Tensor) -> None:
    """The guard that lets everything pass."""


def rounds_of(
    way: Way,
    problem: Problem,
    state: State,
    feed: Feed,
    *,
    guarded: bool = True,
    functions: Functions | None = None,
) -> Rounds:
    """What plays the rounds of a state in this way.

    Unguarded rounds are those of a warm-up: numbers that are not finite may pass, and what is compiled is checked. The
    functions that it compiled serve the run after it.
    """
    graphs, compiled = "graph" in way, None
    if "compiled" in way:
        at_once = members_a_call(len(state.seeds)) if state.device.type == "cpu" else None
        cores = torch.get_num_threads() if way == "compiled in shares" else 1
        compiled = Compiled(updating=not graphs, checked=not guarded, functions=functions, at_once=at_once, cores=cores)
    if graphs:
        return DeviceRounds(problem, state, feed, compiled=compiled)
    return HostRounds(problem, state, feed, compiled=compiled, guarded=guarded)


def members_a_call(members: int) -> int:
    """How many members one compiled call updates on a CPU: an equal part of `SEVERAL` or more, if there is one, or all.

    The tensors of a few members stay in a processor's caches from one operation to the next.
    """
    parts = (one for one in A_PART if members >= SEVERAL and members % one == 0)
    return next(parts, members)


def prepare(rounds: Rounds, problem: Problem, state: State, feed: Feed) -> None:
    """Compile every player's update, also of those that move later; for a state to throw away.

    Raises:
        NotCompiledError: when one cannot be.
    """
    compiled = rounds.compiled
    if compiled is None:
        return
    for player in problem.players:
        set_learning(state, player)
        compiled.prepare(player, state, *inputs_of(player, state, feed, 0, logged=True))


def can_be_shared(problem: Problem, state: State, feed: Feed, cores: int) -> bool:
    """Whether so many cores may share out the batches of some player."""
    if state.device.type != "cpu" or state.stacked:
        return False
    return any(
        has_update_compiled_along(player, state)
        and shares_of(player, state, *inputs_of(player, state, feed, 0, logged=True, seeding=False), cores) > 1
        for player in problem.players
    )


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
        optimizer = state.optimizers[player.name]
        if not all("capturable" in group or _fused_sgd(optimizer, group) for group in optimizer.param_groups):
            return False  # it would read its count of steps, or the rate, on the host
    return True


def _fused_sgd(optimizer: torch.optim.Optimizer, group: dict[str, Any]) -> bool:
    return isinstance(optimizer, torch.optim.SGD) and bool(group.get("fused"))
