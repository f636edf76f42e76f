"""The training loop: rounds until the plan is fulfilled, somebody stops it, or a number is not finite."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Literal

import torch

from saddle.core.freed_memory import freed_memory_kept
from saddle.core.problem import Problem
from saddle.training.feed import Feed
from saddle.training.history import Row
from saddle.training.state import State
from saddle.training.step import Metrics
from saddle.training.ways.planning import Cost
from saddle.training.ways.rounds import rounds_of

SAVE_SECONDS = 300.0  # at most so long between checkpoints; when a state is saved does not change what it is
Ending = Literal["done", "out of time", "interrupted"]


@dataclass(frozen=True)
class Plan:
    """When to stop and when to look.

    Attributes:
        rounds: train until this many rounds are completed, or None where only time limits.
        seconds: train until this much time is spent, earlier parts of the run included, or None.
        log_every: rounds between rows of the history.
        watch_every: rounds between measured distances; a multiple of `log_every`.
        save_every: rounds between checkpoints, at most; slow runs also save every five minutes.
    """

    rounds: int | None
    seconds: float | None
    log_every: int
    watch_every: int
    save_every: int


@dataclass(frozen=True)
class Watcher:
    """Who is told what; each gets the state and may not change it.

    Attributes:
        log: called with new rows of the history.
        save: called with the seconds spent when a checkpoint is due.
        watch: gives further numbers, one dict per member, to put into the rows.
        tick: called after every round.
    """

    log: Callable[[list[Row]], None]
    save: Callable[[float], None]
    watch: Callable[[], list[dict[str, float]]]
    tick: Callable[[int, float], None]


@freed_memory_kept()
def run_rounds(
    problem: Problem,
    state: State,
    feed: Feed,
    plan: Plan,
    watcher: Watcher,
    cost: Cost,
    *,
    spent: float,
) -> Ending:
    """Train until the plan ends.

    The last state is always saved, and on a number that is not finite the last checkpoint stays as it was.

    Args:
        problem: what is trained.
        state: changed in place.
        feed: the data.
        plan: when to stop.
        watcher: who is told.
        cost: the way in which rounds are played, and what a warm-up compiled for it.
        spent: seconds of training before this call.

    Raises:
        NonFiniteError: naming the quantity, the round and the player.
    """
    began = time.perf_counter() - spent
    rounds, saved = rounds_of(cost.way, problem, state, feed, functions=cost.functions), spent
    with _stop_signals() as stopped, _own_generators():
        while not (reason := _ending(plan, state, time.perf_counter() - began, stopped())):
            logged = _due(state.round + 1, plan.log_every, plan.rounds)
            metrics = rounds.play(logged=logged)
            seconds = time.perf_counter() - began
            if logged:
                rounds.raise_deferred()
                watched = watcher.watch() if _due(state.round, plan.watch_every, plan.rounds) else []
                watcher.log(_rows(state, metrics, watched, seconds))
            watcher.tick(state.round, seconds)
            if state.round % plan.save_every == 0 or seconds - saved > SAVE_SECONDS:
                rounds.raise_deferred()
                watcher.save(seconds)
                saved = seconds
        rounds.raise_deferred()
        watcher.save(time.perf_counter() - began)
    return reason


def _due(round: int, every: int, last: int | None) -> bool:
    return round % every == 0 or round == last


def _ending(plan: Plan, state: State, seconds: float, stopped: bool) -> Ending | None:
    if stopped:
        return "interrupted"
    if plan.rounds is not None and state.round >= plan.rounds:
        return "done"
    if plan.seconds is not None and seconds >= plan.seconds:
        return "out of time"
    return None


def _rows(state: State, metrics: Metrics, watched: list[dict[str, float]], seconds: float) -> list[Row]:
    count = len(state.seeds)
    columns = {name: value.reshape(-1).tolist() for name, value in metrics.items()}
    rows: list[Row] = []
    for member in range(count):
        row: Row = {"round": state.round, "member": member, "seconds": round(seconds, 3)}
        row |= {name: column[member] for name, column in columns.items()}
        rows.append(row | (watched[member] if watched else {}))
    return rows


@contextmanager
def _stop_signals() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a request to stop after the round; the second acts at once."""
    requested = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield requested.is_set
        return
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def request(number: int, frame: FrameType | None) -> None:
        requested.set()
        for kind in kinds:
            signal.signal(kind, before[kind])

    for kind in kinds:
        signal.signal(kind, request)
    try:
        yield requested.is_set
    finally:
        for kind in kinds:
            signal.signal(kind, before[kind])


@contextmanager
def _own_generators() -> Iterator[None]:
    """Give torch's global generators back as they were; each update that may draw from them seeds them anew."""
    with torch.random.fork_rng():
        yield
