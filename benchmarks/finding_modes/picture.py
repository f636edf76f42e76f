"""Samples of every recipe on a mixture whose run is there: of the seed that found fewest modes."""

from pathlib import Path
from typing import Any

import numpy as np

from finding_modes.laws import LAWS
from finding_modes.measuring import FEW
from finding_modes.rows import ROWS
from finding_modes.seeds import kept
from records import Records

SHOWN, COLUMNS = 2_500, 5


def write_picture(records: Records, work: Path, data: str) -> Path | None:
    """Draw one mixture of two dimensions; None where no run is there."""
    from matplotlib.figure import Figure

    rows = {one["row"]: one for one in records.all() if one["data"] == data and "failed" not in one}
    found = {name: one for name in ROWS if name in rows and (one := kept(work, rows[name], worst_of(rows[name])))}
    means = LAWS[data]().means
    if not found or means.shape[1] != 2:
        return None
    columns = min(len(found), COLUMNS)
    lines = -(-len(found) // columns)
    figure = Figure(figsize=(max(2.1 * columns, 2.8), 2.3 * lines), layout="constrained", dpi=130)
    panels = list(figure.subplots(lines, columns, squeeze=False).flat)
    reach = 1.35 * np.abs(means).max()
    for axes, (name, seed) in zip(panels, found.items(), strict=False):
        modes = rows[name]["scores"][str(FEW)][worst_of(rows[name])]["modes"]
        x = seed.sample(SHOWN)
        axes.scatter(*means.T, s=60, facecolors="none", edgecolors="#bbbbbb", lw=0.8)
        axes.scatter(*x.T, s=0.6, color="#e4572e", alpha=0.5, lw=0)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[], aspect="equal")
        axes.set_title(f"{name}: {modes:.0f} of {len(means)}", fontsize=8)
    for axes in panels[len(found) :]:
        axes.set_axis_off()
    figure.suptitle(f"{data}: samples of the worst of {max(one['seeds'] for one in rows.values())} seeds", fontsize=9)
    path = records.folder / f"{records.name}-{data}.png"
    figure.savefig(path)
    return path


def worst_of(record: dict[str, Any]) -> int:
    """The seed that found fewest modes, and of those the one with least of high quality."""
    seeds = record["scores"][str(FEW)]
    return min(range(len(seeds)), key=lambda seed: (seeds[seed]["modes"], seeds[seed]["high quality"]))
