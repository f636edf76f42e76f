"""The page and the record of the results."""

from collections.abc import Sequence
from pathlib import Path

from diagnosing.planting import plants
from diagnosing.scoring import Named, interval, shares, table
from saddle.core.files import read_record, write_record, write_text

ALL, EACH = 0.9, 0.75
KIND, VERSION = "planted-runs", 1


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


def write_results(out: Path, half: str, runs: Sequence[Named], torch: str) -> None:
    """`diagnosis.md` and `diagnosis.json`, by that version of torch."""
    out.mkdir(parents=True, exist_ok=True)
    told = {"half": half, "torch": torch, "good": good(runs), "runs": [run.to_record() for run in runs]}
    write_record(out / "diagnosis.json", KIND, VERSION, told)
    write_page(out)


def write_page(out: Path) -> None:
    """`diagnosis.md` from `diagnosis.json` alone."""
    record = read_record(out / "diagnosis.json", KIND, VERSION)
    planted = {(plant.verdict, plant.seed): plant for plant in plants(record["half"])}
    runs = [Named.from_record(one, planted[one["planted"], one["seed"]]) for one in record["runs"]]
    write_text(out / "diagnosis.md", page(record["half"], runs, record["torch"]))


def page(half: str, runs: Sequence[Named], torch: str) -> str:
    """The page in Markdown."""
    counted = [run for run in runs if run.occurred]
    missed = [run for run in counted if not run.right]
    healthy = sum(run.plant.verdict == "converged" for run in counted)
    lines = [
        "# Diagnosis: planted faults and their names",
        "",
        f"Made by `python benchmarks/diagnosis.py --half {half} --out docs/results`, torch {torch}, one "
        "thread. Every run is drawn from its seed: recipe, data, rates, networks. The rules were made on other seeds, "
        "and these were used for the first time after the rules were committed; what has changed in the rules since is "
        "told in [diagnosis](../diagnosis.md).",
        "",
        f"{len(runs)} runs; in {len(counted)} of them what was planted occurred, by a judge that shares no number with "
        "the rules: the law's own modes, sliced Wasserstein distances to fresh examples, the critic's accuracy on "
        "them. Only those are counted. *Collapsing* counts as a name for *collapsed*.",
        "",
        *table(runs),
        "",
        f"Healthy runs called collapsed: {slandered(runs)}{_of(healthy, slandered(runs))}. "
        f"The aim (90 % of all, 75 % of each, none of those): {'met' if good(runs) else 'missed'}. It is about the "
        "shares themselves; intervals are Wilson's and hold for other runs drawn in the same way.",
        "",
        "Named wrong:" if missed else "None is named wrong.",
        "",
        *(f"- {_told(run)}: called {run.verdict}" for run in missed),
        "",
        "What was planted did not occur, or not beyond doubt, in:",
        "",
        *(f"- {_told(run)}: called {run.verdict}" for run in runs if not run.occurred),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _of(number: int, count: int) -> str:
    return f" of {number} (95 % interval {interval(count, number)})" if number else ""


def _told(run: Named) -> str:
    return f"{run.plant.verdict}, seed {run.plant.seed} ({run.plant.recipe}, {run.plant.data})"
