"""The history of a run: one JSON row per member and logged round, appended and never rewritten."""

import json
import math
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, float]

NOT_METRICS = frozenset({"round", "member", "seconds"})


def append_rows(path: Path, rows: Iterable[Row]) -> None:
    """Append rows; numbers that are not finite are written as null.

    A line that a killed process left unfinished is closed first, so that no later row is lost with it.
    """
    lines = [json.dumps({key: value if math.isfinite(value) else None for key, value in row.items()}) for row in rows]
    with path.open("a+b") as file:
        if file.tell() > 0:
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write("".join(f"{line}\n" for line in lines).encode())


def read_rows(path: Path) -> list[Row]:
    """All rows, in order of round and member; a line that a kill left torn is skipped, a missing file is empty."""
    if not path.exists():
        return []
    rows: list[Row] = []
    for line in path.read_text(errors="replace").splitlines():
        try:
            row = json.loads(line)
            rows.append({**row, "round": int(row["round"]), "member": int(row["member"])})
        except (ValueError, KeyError, TypeError):
            continue
    return last_of_each({name: value for name, value in row.items() if value is not None} for row in rows)


def last_of_each(rows: Iterable[Row]) -> list[Row]:
    """The last row of each round and member, as a resume writes some again, in order of round, then member."""
    latest = {(row["round"], row.get("member", 0)): row for row in rows}
    return [latest[key] for key in sorted(latest)]
