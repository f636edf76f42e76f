"""What a run will cost and how many threads it should use, found by a short warm-up that changes no state."""

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from saddle.core.problem import Problem
from saddle.training.feed import Feed
from saddle.training.state import State, start
from saddle.training.step import play_round

WARM_UP_SECONDS = 0.6


@dataclass(frozen=True)
class Cost:
    """What a run costs, before it starts.

    Attributes:
        parameters: learned numbers of one member, by network.
        members: how many models are trained at once.
        rounds_per_second: from the warm-up.
        threads: CPU threads chosen.
        memory_bytes: peak memory of the process (on a GPU: of the device) during the warm-up.
    """

    parameters: dict[str, int]
    members: int
    rounds_per_second: float
    threads: int
    memory_bytes: int


def measure_cost(
    problem: Problem,
    feed: Feed,
    seeds: Sequence[int],
    *,
    device: torch.device,
    dtype: torch.dtype,
    threads: int | None,
) -> Cost:
    """Warm up on a state of its own and say the cost; `threads=None` tries one thread and all, and takes the faster."""
    before = torch.get_num_threads()
    state = start(problem, seeds, device=device, dtype=dtype)
    choices = [threads] if threads else sorted({1, before}) if device.type == "cpu" else [before]
    speeds: dict[int, float] = {}
    for choice in choices:
        torch.set_num_threads(choice)
        with torch.random.fork_rng():  # each update seeds torch's own generators
            speeds[choice] = _speed(problem, state, feed, device)
    torch.set_num_threads(before)
    best = max(speeds, key=lambda choice: speeds[choice])
    counts: dict[str, int] = {}
    for name, value in state.params.items():
        network = name.split(".")[0]
        counts[network] = counts.get(network, 0) + value.numel() // len(seeds)
    return Cost(counts, len(seeds), speeds[best], best, _peak_memory(device))


@contextmanager
def so_many_threads(count: int) -> Iterator[None]:
    """Within this context torch uses so many CPU threads; afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _speed(problem: Problem, state: State, feed: Feed, device: torch.device) -> float:
    play_round(problem, state, feed, lambda *_: None)
    _wait(device)
    began, rounds = time.perf_counter(), 0
    while rounds < 2 or time.perf_counter() - began < WARM_UP_SECONDS:
        play_round(problem, state, feed, lambda *_: None)
        _wait(device)
        rounds += 1
    return rounds / (time.perf_counter() - began)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _peak_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
