"""Reading a run's history, which a kill may have torn and a resume repeated."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Rows = tuple[dict[str, Any], ...]

NOT_METRICS = frozenset({"round", "member", "seconds"})


def read_history(path: Path) -> Rows:
    """The rows of a `history.jsonl`, in order of round, then member.

    A line that is not whole, as a kill leaves at the end, is skipped; of rows with the same round and member, as a
    resume writes again, the last counts. A missing file is an empty history.
    """
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", errors="replace") as lines:
        return last_of_each(row for row in map(_row, lines) if row is not None)


def last_of_each(rows: Iterable[dict[str, Any]]) -> Rows:
    """The last row of each round and member, in order of round, then member."""
    latest = {(row["round"], row.get("member", 0)): row for row in rows}
    return tuple(latest[key] for key in sorted(latest))


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("round"), int) else None
