"""What keeping freed memory brings, each contestant in processes of its own: it is a matter of a process."""

import json
import resource
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from saddle.core.freed_memory import freed_memory_kept
from speeding.bare import bare
from speeding.ours import ours
from speeding.shapes import SHAPES
from speeding.timing import Contestant, Turns, ratio

SECONDS = 3.0  # a process; one takes some seconds to start
LOOP, KEPT, RETURNED = "bare loop", "memory kept", "memory returned"
WAYS = {"dcgan28": "eager", "ring-128": "compiled"}
CASES = {
    key: [f"{who}, {memory}" for who in (LOOP, f"saddle, {way}") for memory in (RETURNED, KEPT)]
    for key, way in WAYS.items()
}
SEEDS = {"dcgan28": 1, "ring-128": 32}


def pages(turns: int) -> dict[str, Any]:
    """Rates with and without, and the pages of memory that the system had to give in a round."""
    found = {}
    for key, names in CASES.items():
        timed, given = {name: Turns() for name in names}, dict.fromkeys(names, 0.0)
        order = np.random.default_rng(0)
        for _ in range(max(9, turns // 3)):
            for name in map(str, order.permutation(names)):
                one = json.loads(subprocess.run(_command(key, name), check=True, capture_output=True, text=True).stdout)
                timed[name].rates.append(one["rate"])
                timed[name].cpu.append(one["cpu"])
                given[name] = max(given[name], one["pages"])
        rows = {
            name: one.record() | {"to reference": ratio(one, timed[names[0]]), "pages a round": given[name]}
            for name, one in timed.items()
        }
        found[key] = {"label": SHAPES[key].label, "rows": rows, "threads": torch.get_num_threads(), "seeds": SEEDS[key]}
        for who in (LOOP, f"saddle, {WAYS[key]}"):
            pair = ratio(timed[f"{who}, {KEPT}"], timed[f"{who}, {RETURNED}"])
            found[key].setdefault("pairs", {})[f"{who}, kept to returned"] = pair
        print(found[key]["label"], {name: round(row["median"], 1) for name, row in rows.items()}, given, flush=True)
    return found


def _command(key: str, name: str) -> list[str]:
    here = Path(__file__).parent.parent
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(here)!r}); {_call(key, name)}"]


def _call(key: str, name: str) -> str:
    return f"from speeding.pages import play; play({key!r}, {name!r})"


def play(key: str, name: str) -> None:
    """Play in this process, and print what it came to."""
    with freed_memory_kept() if KEPT in name else nullcontext():
        one = _contestant(key, name)
        one.play(4)
        before, wall, cpu, count = _pages(), time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - wall < SECONDS:
            one.play(2)
            count += 2
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        given = (_pages() - before) / count
    print(json.dumps({"rate": one.members * count / wall, "cpu": cpu / wall, "pages": given}))


def _contestant(key: str, name: str) -> Contestant:
    if name.startswith(LOOP):
        return bare(SHAPES[key], torch.device("cpu"))
    return ours(SHAPES[key], "compiled" if "compiled" in name else "eager", seeds=SEEDS[key])


def _pages() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
