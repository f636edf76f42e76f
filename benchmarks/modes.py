"""Every mode, every seed: recipes on data whose modes can be counted, beside published figures.

    python benchmarks/modes.py [--data ring,grid] [--rows nsgan,default] [--seeds 20] [--out docs/results]
    python benchmarks/modes.py --data stacked-digits --seeds 3      # a thousand modes, small enough for two cores
    SADDLE_DATA=folder python benchmarks/modes.py --data stacked-mnist --seeds 3 [--device cuda]
    python benchmarks/modes.py --ablation --data grid      # objective by penalties
    python benchmarks/modes.py --quick                     # checks of the counting, small runs, a minute
    python benchmarks/modes.py --list

Each row trains all its seeds as one population in a run folder under --work (with --alone one by one, each in its own)
and resumes it there if it was stopped; its record goes into modes.json as soon as it is there, and the page modes.md is
written anew. Rows that have a record are not run again unless --again is given. Row `default` is the recipe with
nothing set but the seeds. Modes of mixtures are told by geometry, those of stacked digits by a classifier that is
trained first and kept under --work.
"""

import argparse
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import saddle
from finding_modes.page import write_page
from finding_modes.rows import ABLATION
from finding_modes.seeds import folder_of, outdated, trained
from finding_modes.stacked.checks import check
from finding_modes.target import Row, Target
from finding_modes.targets import targets_in
from provenance import made
from records import Records
from saddle.core.errors import InputError

KIND = "table of modes"


def main() -> None:
    """Run the rows that have no record yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = ", ".join(targets_in(Path()))
    parser.add_argument("--data", default="ring,grid", help=f"separated by commas: {known}")
    parser.add_argument("--rows", default="", help="names, separated by commas; all without")
    parser.add_argument("--ablation", action="store_true", help="the games of the ablation in place of the recipes")
    parser.add_argument("--seeds", type=int, default=20, help="trained as one population")
    parser.add_argument("--alone", action="store_true", help="train each seed by itself, for convolutions on a GPU")
    parser.add_argument("--rounds", type=int, default=None, help="in place of each row's own; schedules follow")
    parser.add_argument("--device", default="cpu", help="to train on")
    parser.add_argument("--out", type=Path, default=Path("docs/results"), help="where records, page and pictures go")
    parser.add_argument("--work", type=Path, default=Path("runs/modes"), help="where run folders go")
    parser.add_argument("--again", action="store_true", help="measure rows that have a record again")
    parser.add_argument("--quick", action="store_true", help="check the counting, then small runs whose page is shown")
    parser.add_argument("--list", action="store_true", help="list the rows")
    options = parser.parse_args()
    try:
        if options.quick:
            quick(options)
        else:
            run(options)
    except InputError as error:
        sys.exit(str(error))


def run(options: argparse.Namespace) -> None:
    """Every chosen row on every chosen data set."""
    records, known = Records(options.out, "modes", KIND, ("data", "row")), targets_in(options.work)
    targets = [known[name] for name in chosen(options.data.split(","), known, "data set")]
    names = [name.strip() for name in options.rows.split(";" if options.ablation else ",") if name]
    asked: list[tuple[Target, str, Row]] = []
    for target in targets:
        rows = ABLATION if options.ablation else target.rows
        asked += [(target, name, rows[name]) for name in chosen(names or rows, rows, f"row of {target.name}")]
    if options.list:
        for target, name, row in asked:
            print(f"{target.name:18} {name:24} {row.label}, {f'{row.rounds:,}' if row.rounds else 'its own'} rounds")
        return
    for target, name, row in asked:
        if options.again or not records.has(target.name, name):
            print(f"{target.name}, {name}: {options.seeds} seeds", flush=True)
            print(summary(records.add(one(target, name, row, options)), target), flush=True)
        else:
            warn(records, target, name, row)
    for target in targets:
        target.draw(records, options.work)
    write_page(records, known.values())
    print(f"Table: {records.page}")


def warn(records: Records, target: Target, name: str, row: Row) -> None:
    """Say so where a record is of settings that its row has no more."""
    record = next(one for one in records.all() if (one["data"], one["row"]) == (target.name, name))
    if names := outdated(record, row, target.opened(), {"rounds": row.rounds}):
        print(f"{target.name}, {name}: recorded with another {', '.join(names)}; --again with a new --work repeats it.")


def chosen(names: Iterable[str], known: Collection[str], what: str) -> list[str]:
    """The names, if all are known.

    Raises:
        InputError: for one that is not.
    """
    for name in names:
        if name not in known:
            raise InputError(f"There is no {what} {name!r}; there are {', '.join(known)}.")
    return list(names)


def one(target: Target, name: str, row: Row, options: argparse.Namespace) -> dict[str, Any]:
    """A row's record on one data set."""
    asked = {"rounds": options.rounds or row.rounds, "device": options.device}
    start = {"data": target.name, "row": name, "seeds": options.seeds}
    try:
        seeds = trained(
            folder_of(options.work, target.name, name), row, target.opened(), options.seeds, options.alone, asked
        )
    except saddle.NonFiniteError as error:
        return {**start, "failed": str(error), **made()}
    tables = [model.trained.table for model in dict.fromkeys(seed.model for seed in seeds)]
    table = tables[0]
    cost = {"seconds": sum(one["result"]["seconds"] for one in tables), "rounds": table["result"]["rounds"]}
    cost |= {key: table["resolved"][key] for key in ("threads", "device")}
    settings = {key: value for key, value in table["model"].items() if key not in ("seed", "seeds")}
    return {**start, **target.measured(seeds), "cost": cost, "settings": settings, **made()}


def summary(record: dict[str, Any], target: Target) -> str:
    """A record in one line."""
    if "failed" in record:
        return f"  failed: {record['failed']}"
    return f"  {target.summary(record)}, {record['cost']['seconds']:.0f} s of training"


def quick(options: argparse.Namespace) -> None:
    """The counting against what is known, then small runs of either kind and their page."""
    check()
    with TemporaryDirectory() as folder:
        options.out, options.work = Path(folder) / "out", Path(folder) / "runs"
        options.data, options.rows, options.seeds, options.rounds = "ring,stacked-digits", "default", 2, 30
        run(options)
        print((options.out / "modes.md").read_text())


if __name__ == "__main__":
    main()
