"""Saddle's rounds, each way they can be played."""

import time

import torch

from saddle.testing import Trial
from saddle.training.ways.compiling import Compiled
from saddle.training.ways.rounds import HostRounds, Rounds, Way, rounds_of
from speeding.shapes import Shape
from speeding.timing import Contestant, wait


def ours(
    shape: Shape,
    way: Way,
    *,
    seeds: int = 1,
    device: str = "cpu",
    precision: str = "float32",
    whole: bool = False,
) -> Contestant:
    """The engine as a run uses it between two rows of the history; or a compiled population whole, in one call."""
    trial = Trial.of(shape.model(seeds=seeds, device=device, precision=precision), shape.data())
    parts = trial.fitted.problem, trial.fitted.state, trial.feed
    rounds: Rounds = rounds_of(way, *parts)
    if whole:
        rounds = HostRounds(*parts, compiled=Compiled(updating=True, checked=False))
    where = torch.device(device)

    def play(count: int) -> None:
        with torch.random.fork_rng():
            for _ in range(count):
                rounds.play(logged=False)
            wait(where)

    began = time.perf_counter()
    play(1)
    return Contestant(play, members=seeds, prepare_seconds=time.perf_counter() - began)
