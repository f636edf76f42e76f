"""Samples of every recipe on a mixture, kept in its records: of the seed that found fewest modes."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finding_modes.laws import LAWS
from finding_modes.measuring import FEW
from finding_modes.rows import ROWS
from finding_modes.target import Sampler
from records import Records

COLUMNS = 5


def drawn(seeds: Sequence[Sampler], scores: dict[str, Any]) -> dict[str, Any]:
    """The entry of a record that a picture is made of: the points whose modes were counted, as text.

    Numbers of two bytes each, lowest byte first, in base 64.
    """
    worst = worst_of(scores)
    points = np.asarray(seeds[worst].sample(FEW), dtype="<f2")
    return {"seed": worst, "points": base64.b64encode(points.tobytes()).decode()}


def write_picture(records: Records, data: str) -> Path | None:
    """Draw one mixture; None where no record has points, as in three dimensions."""
    from matplotlib.figure import Figure

    rows = {one["row"]: one for one in records.all() if one["data"] == data and "drawn" in one}
    found = {name: rows[name] for name in ROWS if name in rows}
    means = LAWS[data]().means
    if not found:
        return None
    columns = min(len(found), COLUMNS)
    lines = -(-len(found) // columns)
    figure = Figure(figsize=(max(2.1 * columns, 2.8), 2.3 * lines), layout="constrained", dpi=130)
    panels = list(figure.subplots(lines, columns, squeeze=False).flat)
    reach = 1.35 * np.abs(means).max()
    for axes, (name, record) in zip(panels, found.items(), strict=False):
        modes = record["scores"][str(FEW)][record["drawn"]["seed"]]["modes"]
        x = np.frombuffer(base64.b64decode(record["drawn"]["points"]), dtype="<f2").reshape(-1, 2)
        axes.scatter(*means.T, s=60, facecolors="none", edgecolors="#bbbbbb", lw=0.8)
        axes.scatter(*x.T, s=0.6, color="#e4572e", alpha=0.5, lw=0)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[], aspect="equal")
        outside = int((np.abs(x.astype(float)) > reach).any(1).sum())
        beyond = f", {outside:,} outside" if outside else ""
        axes.set_title(f"{name}: {modes:.0f} of {len(means)}{beyond}", fontsize=8)
    for axes in panels[len(found) :]:
        axes.set_axis_off()
    counts = sorted({one["seeds"] for one in found.values()})
    which = f"{data}: {FEW:,} samples of the worst of {' or '.join(map(str, counts))} seeds"
    figure.suptitle(f"{which}; circles mark centers and are wider than what counts", fontsize=9)
    path = records.folder / f"{records.name}-{data}.png"
    figure.savefig(path)
    return path


def worst_of(scores: dict[str, Any]) -> int:
    """The seed that found fewest modes, and of those the one with least of high quality."""
    seeds = scores[str(FEW)]
    return min(range(len(seeds)), key=lambda seed: (seeds[seed]["modes"], seeds[seed]["high quality"]))
