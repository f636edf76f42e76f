"""What a run will cost and how many threads it should use, found by a short warm-up that changes no state."""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import torch

from saddle.core.errors import InputError
from saddle.core.freed_memory import freed_memory_kept
from saddle.core.problem import Problem
from saddle.training.feed import Feed
from saddle.training.state import start
from saddle.training.ways.functions import Functions, NotCompiledError
from saddle.training.ways.rounds import Rounds, Way, can_be_recorded, can_be_shared, prepare, rounds_of

WARM_UP_SECONDS = 0.6
WARM_UP_ROUNDS = 5  # of a GPU's graphs, which are recorded in the fourth
REPAYS = 180.0  # seconds of training under which compiling, which takes some 10 to 60, is not tried


@dataclass(frozen=True)
class Cost:
    """What a run costs, before it starts.

    Attributes:
        parameters: learned numbers of one member, by network.
        members: how many models are trained at once.
        rounds_per_second: from the warm-up.
        threads: CPU threads chosen.
        way: in which rounds are played.
        compile_seconds: what compiling took, 0 where nothing was.
        memory_bytes: peak memory of the process (on a GPU: of the device) during the warm-up.
        functions: what was compiled, for the run to use; no part of the cost.
        remark: a sentence on why it costs more than it need, or nothing.
    """

    parameters: dict[str, int]
    members: int
    rounds_per_second: float
    threads: int
    memory_bytes: int
    way: Way = "eager"
    compile_seconds: float = 0.0
    functions: Functions = field(default_factory=dict, repr=False, compare=False)
    remark: str = ""


NO_GRAPH = (
    "compile = 'graph' needs a GPU that holds all data, and losses that draw no numbers and ask the host for none; "
    "'auto' does without."
)
Compile = Literal["auto", "on", "whole", "graph", "off"]


@freed_memory_kept()
def measure_cost(
    problem: Problem,
    feed: Feed,
    seeds: Sequence[int],
    *,
    device: torch.device,
    dtype: torch.dtype,
    threads: int | None,
    compile: Compile = "off",
    rounds: Callable[[float], int] = lambda speed: 0,
) -> Cost:
    """Warm up on a state of its own, choose how rounds are played, and say the cost.

    Args:
        problem: what will be trained.
        feed: the data.
        seeds: of the members.
        device: where it will be trained.
        dtype: of everything.
        threads: of the CPU; None tries one and all, and takes the faster.
        compile: "on" compiles; "auto" does where the rounds to come would take `REPAYS` seconds or more without, and
            keeps to it if it is faster; "whole" is "on" without cores that share out batches; on a GPU all of these,
            and "graph", record rounds as graphs of kernels; "off" starts operation by operation.
        rounds: how many will be played at so many a second, for "auto".

    Raises:
        NotCompiledError: when a loss cannot be compiled that must be.
        InputError: when rounds cannot be recorded that must be.
    """
    before = torch.get_num_threads()
    trial = _Trial(problem, feed, seeds, device, dtype)
    choices = [threads] if threads else sorted({1, before}) if device.type == "cpu" else [before]
    try:
        plain: Way = "graph" if compile != "off" and trial.can_be_recorded() else "eager"
        try:
            speeds = {choice: trial.speed(plain, choice) for choice in choices}
        except RuntimeError:
            if plain == "eager":
                raise
            plain, trial = "eager", _Trial(problem, feed, seeds, device, dtype)  # some operation asked the host
            speeds = {choice: trial.speed(plain, choice) for choice in choices}
        if compile == "graph" and plain != "graph":
            raise InputError(NO_GRAPH)
        best = max(speeds, key=lambda choice: speeds[choice])
        way, speed, seconds = plain, speeds[best], 0.0
        planned = rounds(speed) / speed
        if compile in ("on", "whole") or (compile == "auto" and planned >= REPAYS):
            cores = 1 if compile == "whole" else choices[-1]
            way, speed, seconds, best = _compiled(trial, plain, speed, best, cores=cores, must=compile != "auto")
    finally:
        torch.set_num_threads(before)
    counts: dict[str, int] = {}
    for name, value in trial.state.params.items():
        network = name.split(".")[0]
        counts[network] = counts.get(network, 0) + value.numel() // len(seeds)
    functions = trial.functions if "compiled" in way else {}
    return Cost(counts, len(seeds), speed, best, _peak_memory(device), way, seconds, functions, trial.refusal)


def _compiled(
    trial: "_Trial", plain: Way, speed: float, threads: int, *, cores: int, must: bool
) -> tuple[Way, float, float, int]:
    """The compiled way with its speed, seconds of compiling and threads, or the plain one where that is better.

    Cores that share out batches do not wait for each other, so that all of them are used where they can.
    """
    best = threads
    way: Way = "compiled graph" if plain == "graph" else "compiled"
    try:
        if way == "compiled" and trial.can_be_shared(cores):
            way, found, threads = _in_shares(trial, cores, threads)
        else:
            found = trial.speed(way, threads)
    except NotCompiledError as error:
        if must:
            raise
        trial.refusal = f"{error.why}, so nothing is compiled."
        return plain, speed, 0.0, best
    seconds = trial.compile_seconds
    return (way, found, seconds, threads) if must or found > speed else (plain, speed, seconds, best)


def _in_shares(trial: "_Trial", cores: int, threads: int) -> tuple[Way, float, int]:
    """The way in which cores share out batches, or the compiled one where this machine cannot make that."""
    try:
        return "compiled in shares", trial.speed("compiled in shares", cores), cores
    except NotCompiledError as error:
        if error.built:
            raise
        return "compiled", trial.speed("compiled", threads), threads


class _Trial:
    """A state to throw away, and how fast its rounds are."""

    def __init__(
        self, problem: Problem, feed: Feed, seeds: Sequence[int], device: torch.device, dtype: torch.dtype
    ) -> None:
        self._problem, self._feed = problem, feed
        self.state = start(problem, seeds, device=device, dtype=dtype)
        self.compile_seconds = 0.0
        self.functions: Functions = {}
        self.refusal = ""

    def can_be_recorded(self) -> bool:
        """Whether rounds may become graphs of kernels."""
        with torch.random.fork_rng():
            return can_be_recorded(self._problem, self.state, self._feed)

    def can_be_shared(self, threads: int) -> bool:
        """Whether cores may share out some player's batches."""
        return can_be_shared(self._problem, self.state, self._feed, threads)

    def speed(self, way: Way, threads: int) -> float:
        """Rounds per second with so many CPU threads."""
        torch.set_num_threads(threads)
        with torch.random.fork_rng():  # updates seed torch's own generators
            rounds = rounds_of(way, self._problem, self.state, self._feed, guarded=False)
            prepare(rounds, self._problem, self.state, self._feed)
            self._play(rounds, WARM_UP_ROUNDS if "graph" in way else 1)
            began, played = time.perf_counter(), 0
            while played < 2 or time.perf_counter() - began < WARM_UP_SECONDS:
                self._play(rounds, 1)
                played += 1
            found = played / (time.perf_counter() - began)
            if rounds.compiled:
                self.compile_seconds, self.functions = rounds.compiled.seconds, rounds.compiled.functions
            return found

    def _play(self, rounds: Rounds, count: int) -> None:
        for _ in range(count):
            rounds.play(logged=False)
        if self.state.device.type == "cuda":
            torch.cuda.synchronize(self.state.device)


@contextmanager
def so_many_threads(count: int) -> Iterator[None]:
    """Within this context torch uses so many CPU threads; afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _peak_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
