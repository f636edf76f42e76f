"""The page and the record of the results."""

from collections.abc import Sequence
from pathlib import Path

import torch

from diagnosing.scoring import Named, shares, table
from saddle.core.files import write_record, write_text

ALL, EACH = 0.9, 0.75


def good(runs: Sequence[Named]) -> bool:
    """Whether nine in ten are named right, three in four of each verdict, and no healthy run is called collapsed."""
    counted = [run for run in runs if run.occurred]
    overall = sum(run.right for run in counted) >= ALL * len(counted)
    each = all(right >= EACH * number for right, number in shares(runs).values())
    return bool(counted) and overall and each and not slandered(runs)


def slandered(runs: Sequence[Named]) -> int:
    """How many healthy runs are called collapsed or collapsing."""
    return sum(
        run.occurred and run.plant.verdict == "converged" and run.verdict in ("collapsed", "collapsing") for run in runs
    )


def write_page(out: Path, half: str, runs: Sequence[Named]) -> None:
    """`diagnosis.md` and `diagnosis.json`."""
    out.mkdir(parents=True, exist_ok=True)
    counted = [run for run in runs if run.occurred]
    missed = [run for run in counted if not run.right]
    lines = [
        "# Diagnosis: planted faults and their names",
        "",
        f"Made by `python benchmarks/diagnosis.py --half {half} --out docs/results`, torch {torch.__version__}, one "
        "thread. Every run is drawn from its seed: recipe, data, rates, networks. The rules were made on other seeds, "
        "and these were used for the first time after the rules were committed.",
        "",
        f"{len(runs)} runs; in {len(counted)} of them what was planted occurred, by a judge that shares no number with "
        "the rules: the law's own modes, sliced Wasserstein distances to fresh examples, the critic's accuracy on "
        "them. Only those are counted. *Collapsing* counts as a name for *collapsed*.",
        "",
        *table(runs),
        "",
        f"Healthy runs called collapsed: {slandered(runs)}. "
        f"The aim (90 % of all, 75 % of each, none of those): {'met' if good(runs) else 'missed'}.",
        "",
        "Named wrong:" if missed else "None is named wrong.",
        "",
        *(f"- {_told(run)}: called {run.verdict}" for run in missed),
        "",
        "What was planted did not occur, or not beyond doubt, in:",
        "",
        *(f"- {_told(run)}: called {run.verdict}" for run in runs if not run.occurred),
    ]
    write_text(out / "diagnosis.md", "\n".join(lines).rstrip() + "\n")
    record = {"half": half, "good": good(runs), "runs": [run.to_record() for run in runs]}
    write_record(out / "diagnosis.json", "planted-runs", 1, record)


def _told(run: Named) -> str:
    return f"{run.plant.verdict}, seed {run.plant.seed} ({run.plant.recipe}, {run.plant.data})"
