"""How much memory training from a folder of pictures takes, against how many pictures there are.

    python benchmarks/memory.py [--counts 10000,100000] [--side 32] [--rounds 500] [--out docs/results]

Makes folders of color pictures, one PNG each, and opens and trains from each in two processes: the first decodes the
pictures, the second finds them decoded. Of each process the peaks of its own memory (RssAnon) and of the pages of
mapped files that happened to lie in memory (RssFile, which the system takes back when it needs room; the libraries are
among them) are read every few milliseconds. Needs Linux, for /proc. Exits with code 1 where the largest folder takes
more of its own memory than the smallest by over a tenth.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from PIL import Image

from saddle.core.files import write_record

STATUS = Path("/proc/self/status")
ALLOWED = 1.1
KINDS = {"RssAnon": "own", "RssFile": "mapped"}


def make_folder(folder: Path, count: int, side: int) -> None:
    """So many pictures of noise."""
    folder.mkdir()
    draw = np.random.default_rng(0)
    for index in range(count):
        pixels = draw.integers(0, 256, (side, side, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{index:06d}.png", compress_level=0)


def now() -> dict[str, float]:
    """This process's memory by kind, in MiB."""
    lines = (line.split() for line in STATUS.read_text().splitlines())
    return {KINDS[words[0][:-1]]: int(words[1]) / 1024 for words in lines if words[0][:-1] in KINDS}


@contextmanager
def peaks() -> Iterator[dict[str, float]]:
    """The most memory of each kind within this context."""
    found, done = now(), threading.Event()

    def look() -> None:
        while not done.wait(0.003):
            for kind, size in now().items():
                found[kind] = max(found[kind], size)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def train(folder: Path, rounds: int) -> dict[str, Any]:
    """Open a folder and train from it; what that took."""
    import saddle

    model = saddle.GAN(
        generator=saddle.MLP(64, 1), critic=saddle.MLP(64, 1), batch=64, rounds=rounds, threads=1, device="cpu"
    )
    before, began = now(), perf_counter()
    with peaks() as opening:
        data = saddle.open(folder)
    seconds = perf_counter() - began
    with peaks() as training:
        model.fit(data)
    return {"before": before, "opening": opening, "training": training, "seconds": seconds}


def measured(folder: Path, count: int, rounds: int) -> dict[str, Any]:
    """`train` in a process of its own: the first time, and once the pictures are decoded."""
    found: dict[str, Any] = {"count": count}
    command = [sys.executable, __file__, "--rounds", str(rounds), "--train", str(folder)]
    for name in ("first", "again"):
        environment = {**os.environ, "SADDLE_CACHE": str(folder.parent / "cache")}
        made = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found[name] = json.loads(made.stdout.splitlines()[-1])
        print(f"{count:,} pictures, {name}: {found[name]}", flush=True)
    return found


def page(found: dict[str, Any]) -> str:
    """Markdown of everything."""
    lines = [
        "# Memory",
        "",
        f"Made by `benchmarks/memory.py`, {found['date']}, saddle {found['saddle']}, torch {found['torch']}:",
        f"folders of PNGs of {found['side']}x{found['side']} in color, opened and trained from for {found['rounds']} "
        "rounds. Peaks in MiB.",
        "*Own* is memory that the process cannot be without; *mapped* are pages of files that the system takes back",
        "when it needs room, those of the libraries among them. Seconds depend on what else the machine did",
        f"(load {found['load']:.1f} on {found['cores']} cores). Data of up to 512 MiB in model units lie in memory",
        "whole, more are read batch by batch.",
        "",
        "| pictures | opened | seconds to open | own, opening | own, training | mapped, training |",
        "|---|---|---|---|---|---|",
    ]
    for one in found["folders"]:
        for name, words in (("first", "for the first time"), ("again", "again")):
            row = one[name]
            lines.append(
                f"| {one['count']:,} | {words} | {row['seconds']:.1f} | {row['opening']['own']:.0f} "
                f"| {row['training']['own']:.0f} | {row['training']['mapped']:.0f} |"
            )
    lines += ["", f"Before any data are opened a process has {_before(found):.0f} MiB of its own.", ""]
    return "\n".join(lines)


def _before(found: dict[str, Any]) -> float:
    return max(one[name]["before"]["own"] for one in found["folders"] for name in ("first", "again"))


def main() -> int:
    """Make the folders, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", default="10000,100000", help="of pictures, separated by commas, ascending")
    parser.add_argument("--side", type=int, default=32, help="of the pictures")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.train:
        print(json.dumps(train(options.train, options.rounds)))
        return 0
    folders = []
    for count in map(int, options.counts.split(",")):
        with tempfile.TemporaryDirectory() as place:
            make_folder(Path(place) / "pictures", count, options.side)
            folders.append(measured(Path(place) / "pictures", count, options.rounds))
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "saddle": version("saddle"),
        "torch": version("torch"),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "side": options.side,
        "rounds": options.rounds,
        "folders": folders,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    write_record(options.out / "memory.json", "memory", 1, found)
    (options.out / "memory.md").write_text(page(found))
    print(f"Table: {options.out / 'memory.md'}")
    least, most = (max(folders[i][name]["training"]["own"] for name in ("first", "again")) for i in (0, -1))
    return 0 if most <= ALLOWED * least else 1


if __name__ == "__main__":
    sys.exit(main())
