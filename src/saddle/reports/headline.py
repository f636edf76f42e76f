"""The few numbers at the top of a report."""

from typing import NamedTuple

from saddle.evaluation.rows import Row
from saddle.reports.charts import DISTANCE
from saddle.reports.contents import ReportContents

COUNT = 4
LONGEST = 20


class Tile(NamedTuple):
    """A number with what it is and what to hold it against."""

    name: str
    value: str
    beside: str


def headline(contents: ReportContents) -> list[Tile]:
    """The main distance with its references, then what the run cost, as far as it fits."""
    tiles = [_tile(row, contents) for row in contents.rows if DISTANCE in row.name.lower()][:1]
    costs = [Tile(name, value, "") for name, value in contents.cost.items() if len(value) <= LONGEST]
    return tiles + costs[: COUNT - len(tiles)]


def _tile(row: Row, contents: ReportContents) -> Tile:
    beside = [] if row.reference is None else [f"real data {row.reference}"]
    if row.name in contents.untrained:
        beside.append(f"before training {contents.untrained[row.name]}")
    return Tile(f"{row.name} to held-out data", str(row.value), "; ".join(beside))
