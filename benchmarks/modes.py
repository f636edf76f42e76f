"""Every mode, every seed: recipes on mixtures whose modes can be counted, beside published figures.

    python benchmarks/modes.py [--data ring,grid] [--rows nsgan,default] [--seeds 20] [--out docs/results]
    python benchmarks/modes.py --ablation --data grid      # objective by penalties
    python benchmarks/modes.py --list

Each row trains all its seeds as one population in a run folder under --work and resumes it there if it was stopped;
its record goes into modes.json as soon as it is there, and the page modes.md is written anew. Rows that have a record
are not run again unless --again is given. Row `default` is the recipe with nothing set but the seeds.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import saddle
from finding_modes.laws import LAWS, opened
from finding_modes.measuring import scores
from finding_modes.picture import write_picture
from finding_modes.rendering import shown, write_page
from finding_modes.rows import ABLATION, ROWS, Row
from provenance import made
from records import Records
from saddle.families import Estimator
from saddle.training.folder import RunFolder

KIND = "table of modes"


def main() -> None:
    """Run the rows that have no record yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="ring,grid", help=f"mixtures, separated by commas: {', '.join(LAWS)}")
    parser.add_argument("--rows", default="", help="names, separated by commas; all without")
    parser.add_argument("--ablation", action="store_true", help="the games of the ablation in place of the recipes")
    parser.add_argument("--seeds", type=int, default=20, help="trained as one population")
    parser.add_argument("--rounds", type=int, default=None, help="in place of each row's own")
    parser.add_argument("--out", type=Path, default=Path("docs/results"), help="where records, page and pictures go")
    parser.add_argument("--work", type=Path, default=Path("runs/modes"), help="where run folders go")
    parser.add_argument("--again", action="store_true", help="measure rows that have a record again")
    parser.add_argument("--list", action="store_true", help="list the rows")
    options = parser.parse_args()
    rows = ABLATION if options.ablation else ROWS
    if options.list:
        for name, row in rows.items():
            print(f"{name:24} {row.label}, {row.rounds:,} rounds")
        return
    chosen = [name.strip() for name in options.rows.split(";" if options.ablation else ",") if name] or list(rows)
    for names, known, what in ((chosen, rows, "row"), (options.data.split(","), LAWS, "mixture")):
        for unknown in [one for one in names if one not in known]:
            sys.exit(f"There is no {what} {unknown!r}; there are {', '.join(known)}.")
    run(options, {name: rows[name] for name in chosen})


def run(options: argparse.Namespace, rows: dict[str, Row]) -> None:
    """Every chosen row on every chosen mixture."""
    records = Records(options.out, "modes", KIND, ("data", "row"))
    for data in options.data.split(","):
        for name, row in rows.items():
            if options.again or not records.has(data, name):
                print(f"{data}, {name}: {options.seeds} seeds", flush=True)
                record = records.add(one(data, name, row, options))
                print(summary(record), flush=True)
    drawn = [write_picture(records, options.work, data) for data in LAWS]
    write_page(records, [path for path in drawn if path])
    print(f"Table: {records.page}")


def one(data: str, name: str, row: Row, options: argparse.Namespace) -> dict[str, Any]:
    """A row's record on one mixture."""
    folder = options.work / f"{data}-{name}".replace(", ", "-").replace(" ", "")
    try:
        model = finished(folder, row, data, options)
    except saddle.NonFiniteError as error:
        return {"data": data, "row": name, "seeds": options.seeds, "failed": str(error), **made()}
    table = model.trained.table
    cost = {key: table["result"][key] for key in ("seconds", "rounds")} | {"threads": table["resolved"]["threads"]}
    settings = {key: value for key, value in table["model"].items() if key not in ("seed", "seeds")}
    found = {"scores": scores(model, data, options.seeds), "cost": cost, "settings": settings}
    return {"data": data, "row": name, "seeds": options.seeds, **found, **made()}


def finished(folder: Path, row: Row, data: str, options: argparse.Namespace) -> Estimator:
    """The row's population, trained to its end in a run folder."""
    points = opened(data)
    if not folder.exists():
        model = row.make(points.layout)
        model.seeds, model.device = options.seeds, "cpu"
        model.rounds = options.rounds or (model.rounds if row is ROWS["default"] else row.rounds)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return model.fit(points, folder=folder, recipe={"name": row.label})
    model = saddle.load(folder) if RunFolder(folder).rounds() else None
    if model is not None and model.trained.table.get("result", {}).get("ending") == "done":
        return model
    return saddle.resume(folder, points)


def summary(record: dict[str, Any]) -> str:
    """A record in one line."""
    if "failed" in record:
        return f"  failed: {record['failed']}"
    few = record["scores"]["2500"]
    found = [int(seed["modes"]) for seed in few]
    quality = sum(seed["high quality"] for seed in few) / len(few)
    divergence = shown([seed["reverse KL"] for seed in few], "reverse KL")
    cost = f"{record['cost']['seconds']:.0f} s of training"
    return f"  modes {found}, high quality {100 * quality:.2f} %, reverse KL {divergence}, {cost}"


if __name__ == "__main__":
    main()
