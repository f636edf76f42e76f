"""How fast saddle trains, beside other ways to train the same: all contestants in turn, in one run.

    python benchmarks/speed.py [--parts engine,compiled,...] [--turns 25] [--out docs/results]
    python benchmarks/speed.py --parts gpu        # the table of one GPU, on a machine that has one

Contestants take turns of a fifth of a second in a new order each time, so that whatever else the machine does slows
all of them alike; a ratio is the median over the turns, with a 95 % interval by resampling them. JAX and optax are
installed by `pip install -r benchmarks/speed-requirements.txt`. Each part is kept in speed.json as soon as it is there,
and speed.md is written anew from all of them.
"""

import argparse
import os
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from saddle.core.files import read_record, write_record
from saddle.core.freed_memory import freed_memory_kept
from speeding.cpu import PARTS
from speeding.page import page

KIND, VERSION = "speed", 1


def main() -> None:
    """Measure the parts asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS), help="names, separated by commas")
    parser.add_argument("--turns", type=int, default=25, help="of each contestant")
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    options = parser.parse_args()
    path = options.out / "speed.json"
    parts: dict[str, Any] = read_record(path, KIND, VERSION)["parts"] if path.exists() else {}
    for name in filter(None, options.parts.split(",")):
        if name == "gpu":
            from speeding.gpu import measured

            found = measured(turns=options.turns, seconds=0.2)
        else:
            with freed_memory_kept() if name != "pages" else nullcontext():
                found = PARTS[name](options.turns)
        parts[name] = {"groups": found, **made(gpu=name == "gpu")}
        options.out.mkdir(parents=True, exist_ok=True)
        write_record(path, KIND, VERSION, {"parts": parts}, indent=1)
        (options.out / "speed.md").write_text(page(parts))
    print(f"Table: {options.out / 'speed.md'}")


def made(*, gpu: bool) -> dict[str, str]:
    """When, where and with what."""
    import torch

    names = ("torch", "jax", "jaxlib", "optax")
    found = {name: version(name) for name in names if _installed(name)}
    cores = f"{len(os.sched_getaffinity(0))} cores, {_processor()}, {torch.backends.cpu.get_cpu_capability()}"
    machine = torch.cuda.get_device_name() if gpu else cores
    return {"date": datetime.now(UTC).date().isoformat(), "machine": machine, **found}


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
