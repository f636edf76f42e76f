"""The parts that are measured on a processor."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np
import torch

from saddle.networks import MLP, Convolutional
from saddle.testing import Trial
from saddle.training.ways.rounds import can_be_shared, members_a_call, rounds_of
from speeding.bare import bare, popular
from speeding.limits import rounds_per_second
from speeding.ours import ours
from speeding.pages import pages
from speeding.shapes import SHAPES, SMALL, Shape
from speeding.timing import Contestant, Turns, ratio, side_by_side

CPU = torch.device("cpu")
HAS_BFLOAT16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # elsewhere such products are made of many instructions
SHARED = "saddle, compiled in shares"
ONE_CORE = "bare loop, 1 thread"  # which a small network's loop may do as well with
SECONDS = 0.2  # short turns, many of them: what else the machine does comes and goes more slowly


def group(
    shape: Shape, contestants: Mapping[str, Contestant], turns: int, *, members: int = 1, note: str = ""
) -> dict[str, Any]:
    """Everything about some contestants at one shape; the first is the reference."""
    timed = side_by_side(contestants, turns=turns, seconds=SECONDS)
    reference = next(iter(timed))
    rows = {name: one.record() | {"to reference": ratio(one, timed[reference])} for name, one in timed.items()}
    part = members_a_call(members)
    limit = rounds_per_second(shape, CPU, dtype=torch.float32, members=members, part=part)
    found = {"label": shape.label + note, "rows": rows, "limit": limit, "threads": torch.get_num_threads()}
    _add_pairs(found, timed)
    print(found["label"], {name: round(row["median"], 1) for name, row in rows.items()}, round(limit, 1), flush=True)
    return found


def _add_pairs(found: dict[str, Any], timed: Mapping[str, Turns]) -> None:
    """Beside the ratios to the reference, those of our compiled float32 ways to JAX and to the bare loop's one core."""
    ours_, others = ("saddle, compiled", SHARED), ("JAX", "JAX, one pass", ONE_CORE)
    both = [(own, other) for own in ours_ for other in others if own in timed and other in timed]
    if both:
        found["pairs"] = {
            f"{own.removeprefix('saddle, ')} to {other}": ratio(timed[own], timed[other]) for own, other in both
        }


def each_number_of_threads(measure: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """The same with one thread and with all."""
    before, found = torch.get_num_threads(), {}
    for threads in sorted({1, before}):
        torch.set_num_threads(threads)
        found |= {f"{name}, {threads} threads": one for name, one in measure(threads).items()}
    torch.set_num_threads(before)
    return found


def engine(turns: int) -> dict[str, Any]:
    """Does the engine cost anything? The same arithmetic, with and without it."""

    def measure(threads: int) -> dict[str, Any]:
        return {key: group(SHAPES[key], _engine(SHAPES[key]), turns) for key in ("ring", "ring-gp", "dcgan28")}

    return each_number_of_threads(measure)


def _engine(shape: Shape) -> dict[str, Contestant]:
    passes = 2 if isinstance(shape.network, MLP) else 1  # the other choice
    return {
        "bare loop": bare(shape, CPU),
        f"bare loop, {'two passes' if passes == 2 else 'one pass'}": bare(shape, CPU, passes=passes),
        "popular loop": popular(shape, CPU),
        "saddle, eager": ours(shape, "eager"),
    }


def compiled(turns: int) -> dict[str, Any]:
    """One seed, compiled, beside JAX on the same cores."""

    def measure(threads: int) -> dict[str, Any]:
        found = {}
        for key in ("ring", "ring-gp"):
            shape = SHAPES[key]
            contestants = {"bare loop": bare(shape, CPU), "saddle, compiled": ours(shape, "compiled")}
            if threads > 1:
                contestants[SHARED] = ours(shape, "compiled in shares")
                contestants[ONE_CORE] = on_one_core(bare(shape, CPU))
            found[key] = group(shape, {**contestants, **_jax(shape), **_jax(shape, passes=1)}, turns)
        return found

    return each_number_of_threads(measure)


def on_one_core(one: Contestant) -> Contestant:
    """The same with one thread, whatever the others have."""

    def play(count: int) -> None:
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        one.play(count)
        torch.set_num_threads(before)

    return Contestant(play, one.members, one.prepare_seconds, one.rounds_at_once)


def _jax(shape: Shape, seeds: int = 1, passes: int = 2) -> dict[str, Contestant]:
    """JAX's contestant, which takes every core it may; none where JAX is not installed or may take too many."""
    import os

    if torch.get_num_threads() != len(os.sched_getaffinity(0)):
        return {}
    try:
        from speeding.jax_peer import peer
    except ImportError:
        return {}
    return {"JAX" if passes == 2 else "JAX, one pass": peer(shape, seeds=seeds, passes=passes)}


def population(turns: int) -> dict[str, Any]:
    """Many seeds at once, in model-rounds per second."""
    shape, found = SHAPES["ring-128"], {}
    for seeds in (1, 2, 4, 8, 16, 32, 64, 128, 256):
        contestants = {"bare loop": bare(shape, CPU)}
        if seeds in (1, 32, 256):
            contestants |= {"saddle, eager": ours(shape, "eager", seeds=seeds), **_jax(shape, seeds)}
        contestants["saddle, compiled"] = ours(shape, "compiled", seeds=seeds)
        if seeds == 1 and torch.get_num_threads() > 1:
            contestants[SHARED] = ours(shape, "compiled in shares")
        if members_a_call(seeds) < seeds:
            contestants["saddle, compiled, one call"] = ours(shape, "compiled", seeds=seeds, whole=True)
        found[str(seeds)] = group(shape, contestants, max(5, turns // 2), members=seeds, note=f", {seeds} seeds")
    return found


def pictures(turns: int) -> dict[str, Any]:
    """Several seeds of a convolutional game at once, beside one after the other; in model-rounds per second."""
    shape, seeds = SHAPES["dcgan28"], 4
    contestants = {
        "saddle, eager, a seed at a time": ours(shape, "eager"),
        f"saddle, eager, {seeds} seeds at once": ours(shape, "eager", seeds=seeds),
        f"saddle, compiled, {seeds} seeds at once": ours(shape, "compiled", seeds=seeds),
    }
    return {shape.label: group(shape, contestants, turns)}


def mixed(turns: int) -> dict[str, Any]:
    """bfloat16 beside float32."""
    found = {}
    for key in ("mlp", "dcgan28"):
        shape = SHAPES[key]
        contestants = {
            "bare loop": bare(shape, CPU),
            "saddle, compiled": ours(shape, "compiled"),
        }
        if HAS_BFLOAT16:
            contestants |= {
                "bare loop, bfloat16": bare(shape, CPU, bfloat16=True),
                "saddle, bfloat16": ours(shape, "eager", precision="bfloat16"),
                "saddle, compiled, bfloat16": ours(shape, "compiled", precision="bfloat16"),
            }
        found[key] = group(shape, contestants, turns)
    return found


def growth(turns: int) -> dict[str, Any]:
    """Milliseconds a round against batch, width, seeds and the side of pictures, with a fitted power."""
    found: dict[str, Any] = {}
    small = Convolutional(32, normalization="none")
    series: dict[str, list[tuple[int, Shape, int]]] = {
        "batch": [(n, Shape("", SMALL, (2,), 2, n), 1) for n in (64, 256, 1024, 4096)],
        "width": [(n, Shape("", MLP(n, 2, activation="leaky-relu"), (2,), 2, 256), 1) for n in (64, 128, 256, 512)],
        "seeds": [(n, SHAPES["ring-128"], n) for n in (4, 16, 64)],
        "side of pictures, DCGAN": [(n, Shape("", small, (1, n, n), 64, 8), 1) for n in (14, 28, 56, 112)],
    }
    for name, cases in series.items():
        points = []
        for number, shape, seeds in cases:
            one = ours(shape, "eager", seeds=seeds)
            one.play(3)
            points.append((number, 1000 * median(_seconds_a_round(one) for _ in range(turns))))
        x, y = np.log([number for number, _ in points]), np.log([time for _, time in points])
        slopes = np.diff(y) / np.diff(x)
        found[name] = {"points": points, "power": float(np.polyfit(x, y, 1)[0]), "last power": float(slopes[-1])}
        print(name, found[name], flush=True)
    return found


def _seconds_a_round(one: Contestant, seconds: float = 0.1) -> float:
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        one.play(1)
        count += 1
    return (time.perf_counter() - began) / count


def agreement(turns: int) -> dict[str, Any]:
    """Relative distance of parameters from a float64 run after ten rounds."""
    found: dict[str, Any] = {}
    for key in ("ring", "ring-gp", "mlp"):
        shape = SHAPES[key]
        exact = _played(shape, "float64", "eager")
        ways = [("float32", "eager"), ("float32", "compiled"), ("bfloat16", "eager")]
        one = Trial.of(shape.model(), shape.data())
        if can_be_shared(one.fitted.problem, one.fitted.state, one.feed, torch.get_num_threads()):
            ways.insert(2, ("float32", "compiled in shares"))
        for precision, way in ways:
            gap = (_played(shape, precision, way) - exact).norm() / exact.norm()
            found[f"{shape.label}: {precision}, {way}"] = gap.item()
    print(found, flush=True)
    return found


def _played(shape: Shape, precision: str, way: Any) -> torch.Tensor:
    trial = Trial.of(shape.model(precision="float64"), shape.data())
    start = {name: value.detach().clone() for name, value in trial.fitted.state.params.items()}
    trial = Trial.of(shape.model(precision=precision), shape.data())
    noise = Trial.of(shape.model(precision="float64"), shape.data()).feed
    with torch.no_grad():
        for name, value in trial.fitted.state.params.items():
            value.copy_(start[name])
    for player in trial.fitted.problem.players:  # the same draws, rounded
        ours_, theirs = (one.supply(player, (0,)) for one in (trial.feed, noise))
        for name, block in ours_.noise.items():
            block.around(0).copy_(theirs.noise[name].around(0))
    with torch.random.fork_rng():
        rounds = rounds_of(way, trial.fitted.problem, trial.fitted.state, trial.feed)
        for _ in range(10):
            rounds.play(logged=False)
    return torch.cat([value.detach().double().flatten() for value in trial.fitted.state.params.values()])


def peers(turns: int) -> dict[str, Any]:
    """Other libraries on their own examples."""
    from speeding.peers import ours_of_pythae, ours_of_torchgan, pythaes, torchgans

    cases = {
        "torchgan": ("torchgan's DCGAN at 32x32, batch 64, its networks", torchgans, ours_of_torchgan),
        "pythae": ("pythae's VAE at 28x28, batch 64", pythaes, ours_of_pythae),
    }
    found = {}
    for name, (label, theirs, own) in cases.items():
        timed = side_by_side(
            {
                name: theirs(),
                "saddle, eager": own("eager"),
                "saddle, compiled": own("compiled"),
                **({"saddle, compiled, bfloat16": own("compiled", "bfloat16")} if HAS_BFLOAT16 else {}),
            },
            turns=turns,
            seconds=SECONDS,
        )
        rows = {one: turned.record() | {"to reference": ratio(turned, timed[name])} for one, turned in timed.items()}
        found[name] = {"label": label, "rows": rows, "threads": torch.get_num_threads()}
        print(label, {one: round(row["median"], 1) for one, row in rows.items()}, flush=True)
    return found


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "engine": engine,
    "compiled": compiled,
    "population": population,
    "pictures": pictures,
    "pages": pages,
    "mixed": mixed,
    "peers": peers,
    "growth": growth,
    "agreement": agreement,
}
