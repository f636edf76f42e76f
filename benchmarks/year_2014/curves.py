"""How far each row had come after how long: energy distance to held-out pictures against minutes of training."""

import math
from pathlib import Path

from records import Records
from year_2014.rows import ROWS

COLUMNS = 4  # panels side by side
LINEAR = 0.01  # up to which the axis is linear: distances without bias lie on either side of zero in the end


def write_curves(records: Records) -> Path | None:
    """Draw the first seed of each row that was trained; None where there is none."""
    from matplotlib.figure import Figure

    kept = {one["row"]: one["curve"] for one in records.all() if one["seed"] == 0 and len(one.get("curve", ())) > 1}
    found = {name: kept[name] for name in ROWS if name in kept}
    if not found:
        return None
    rows = -(-len(found) // COLUMNS)
    figure = Figure(figsize=(2.5 * COLUMNS, 1.8 * rows + 0.3), layout="constrained", dpi=130)
    top = max(value for curve in found.values() for _, value in curve)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).flat
    for axes, (name, curve) in zip(panels, found.items(), strict=False):
        minutes = [max(seconds, 1) / 60 for seconds, _ in curve]
        axes.plot(minutes, [value for _, value in curve], color="#2f6fde", lw=1.4)
        axes.set_yscale("symlog", linthresh=LINEAR)
        axes.set_yticks([0, *(10.0**power for power in range(-2, 1 + int(math.log10(max(top, 1)))))])
        axes.set_ylim(-LINEAR, 1.5 * top)
        axes.set_title(name, fontsize=8)
        axes.tick_params(labelsize=7)
        axes.grid(alpha=0.2)
    for axes in list(figure.axes)[len(found) :]:
        axes.set_axis_off()
    figure.supxlabel("minutes of training", fontsize=8)
    figure.supylabel("energy distance", fontsize=8)
    path = records.folder / f"{records.name}-curves.png"
    figure.savefig(path)
    return path
