"""Timing contestants side by side: turn by turn, so that whatever else the machine does slows all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
import torch


@dataclass
class Contestant:
    """Something that plays rounds.

    Attributes:
        play: plays so many rounds and waits for the device.
        members: models trained by a round.
        prepare_seconds: what compiling took before the first round.
        rounds_at_once: `play` plays whole multiples of it.
    """

    play: Callable[[int], None]
    members: int = 1
    prepare_seconds: float = 0.0
    rounds_at_once: int = 1


@dataclass
class Turns:
    """What was measured of one contestant.

    Attributes:
        rates: model-rounds per second of wall-clock time, one for each turn.
        cpu: seconds of processor time for each second of wall-clock time.
        prepare_seconds: before the first round.
    """

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    prepare_seconds: float = 0.0

    def record(self) -> dict[str, Any]:
        """As JSON values: the median, the quartiles, and the share of processors."""
        low, high = np.quantile(self.rates, [0.25, 0.75])
        return {
            "median": median(self.rates),
            "quartiles": [float(low), float(high)],
            "cpu_per_wall": median(self.cpu),
            "prepare_seconds": self.prepare_seconds,
            "turns": len(self.rates),
        }


def side_by_side(contestants: Mapping[str, Contestant], *, turns: int, seconds: float) -> dict[str, Turns]:
    """Rates of all contestants, each playing about so many seconds a turn, in another order every turn."""
    counts = {name: _rounds_for(one, seconds) for name, one in contestants.items()}
    found = {name: Turns(prepare_seconds=one.prepare_seconds) for name, one in contestants.items()}
    order = np.random.default_rng(0)
    for _ in range(turns):
        for name in order.permutation(list(contestants)):
            one, count = contestants[name], counts[name]
            wall, cpu = time.perf_counter(), time.process_time()
            one.play(count)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            found[name].rates.append(one.members * count / wall)
            found[name].cpu.append(cpu / wall)
    return found


def _rounds_for(one: Contestant, seconds: float) -> int:
    """How many rounds take about so long; the first ones are warm-up."""
    one.play(3)
    count = one.rounds_at_once
    while True:
        began = time.perf_counter()
        one.play(count)
        took = time.perf_counter() - began
        if took > seconds / 4:
            calls = max(1, round(count * seconds / took / one.rounds_at_once))
            return calls * one.rounds_at_once
        count *= 2


def ratio(ours: Turns, theirs: Turns) -> dict[str, Any]:
    """The median of paired ratios of rates, with a 95 % interval by resampling the turns."""
    pairs = np.array(ours.rates) / np.array(theirs.rates)
    draws = np.random.default_rng(0).choice(pairs, (2000, len(pairs)))
    low, high = np.quantile(np.median(draws, axis=1), [0.025, 0.975])
    return {"ratio": float(np.median(pairs)), "interval": [float(low), float(high)]}


def wait(device: torch.device) -> None:
    """Until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
