"""A population side by side: what each member scored last, and how far members differ."""

from statistics import fmean, stdev
from typing import Any

from saddle.evaluation.remarks import History, distances
from saddle.measures import Estimate


def member_tables(history: History, shown: int) -> list[dict[str, Any]]:
    """One table of the members' last energy distances with their mean and standard deviation.

    Args:
        history: rows of the run, of all members.
        shown: the member that the rest of the report is about.

    Returns:
        No table where fewer than two members have a measured distance.
    """
    members = sorted({row.get("member", 0) for row in history})
    measured = {one: distances([row for row in history if row.get("member", 0) == one]) for one in members}
    last = {one: points[-1] for one, points in measured.items() if points}
    if len(last) < 2:
        return []
    rows = [
        [f"{one} (shown)" if one == shown else str(one), f"{point.round:,}", _text(point.value, point.error)]
        for one, point in last.items()
    ]
    values = [point.value for point in last.values()]
    rows += [["mean", "", f"{fmean(values):.3g}"], ["standard deviation", "", f"{stdev(values):.3g}"]]
    return [{"caption": f"{len(last)} members", "head": ("member", "round", "energy distance"), "rows": rows}]


def _text(value: float, error: float) -> str:
    return str(Estimate(value, error or None, None, "", 0))
