"""How often `saddle diagnose` names a run right: runs with faults planted on purpose, and healthy ones.

    python benchmarks/diagnosis.py --half development [--work DIR]     # those on which the rules were made
    python benchmarks/diagnosis.py --half held-back --out docs/results
    python benchmarks/diagnosis.py --page docs/results     # the page anew from its records, with no run

Every run is made from its seed alone: recipe, data, rates and networks are drawn from it. Whether the planted fault
occurred is decided by `diagnosing/truth.py`, which shares no number with the rules; runs in which it did not are
listed and not counted. Run folders are kept under --work, and a run that is there is not trained again.
"""

import argparse
import sys
from pathlib import Path

import torch

from diagnosing.page import good, write_page, write_results
from diagnosing.planting import plants
from diagnosing.scoring import Named, named, table


def main() -> None:
    """Train, diagnose, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["development", "first trial", "held-back"], default="development")
    parser.add_argument("--work", type=Path, default=Path("runs/diagnosis"), help="where run folders go")
    parser.add_argument("--out", type=Path, help="write diagnosis.md and diagnosis.json there")
    parser.add_argument("--of", nargs="*", metavar="VERDICT", help="only these")
    parser.add_argument("--page", type=Path, metavar="DIR", help="only write its page anew from its records")
    options = parser.parse_args()
    if options.page is not None:
        return write_page(options.page)
    runs: list[Named] = []
    for plant in plants(options.half):
        if options.of and plant.verdict not in options.of:
            continue
        folder = options.work / options.half / f"{plant.verdict.replace(' ', '-')}-{plant.seed}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        runs.append(named(plant, folder))
        print(line(runs[-1]), flush=True)
    print("\n".join(table(runs)))
    if options.out is not None:
        write_results(options.out, options.half, runs, torch.__version__)
    sys.exit(not good(runs))


def line(run: Named) -> str:
    """A run in a line."""
    mark = "    " if not run.occurred else "ok  " if run.right else "BAD "
    planted = f"{run.plant.verdict} {run.plant.seed} ({run.plant.recipe}, {run.plant.data})"
    return f"{mark}{planted:72} {run.verdict}{'' if run.occurred else ' (did not occur)'}"


if __name__ == "__main__":
    main()
