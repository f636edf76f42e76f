"""Stacked digits of every recipe beside real ones."""

from pathlib import Path

import numpy as np

import saddle
from records import Records

SIDE, COLUMNS = 8, 3


def sheet(pictures: np.ndarray) -> np.ndarray:
    """Pictures of shape (64, h, w, 3) as one, eight by eight."""
    height, width = pictures.shape[1:3]
    rows = pictures.reshape(SIDE, SIDE, height, width, 3).swapaxes(1, 2)
    return rows.reshape(SIDE * height, SIDE * width, 3)


def draw(records: Records, work: Path, data: str, real: np.ndarray, rows: list[str]) -> Path | None:
    """Draw samples of the first seed of every row whose run is there; None where there is none."""
    from matplotlib.figure import Figure

    kept = {one["row"]: one for one in records.all() if one["data"] == data and "failed" not in one}
    found = [name for name in rows if name in kept and (work / f"{data}-{name}").exists()]
    if not found:
        return None
    panels = {"real pictures, stacked": real}
    for name in found:
        which = {"member": 0} if kept[name]["seeds"] > 1 else {}
        samples = saddle.load(work / f"{data}-{name}").sample(SIDE * SIDE, seed=1, **which)
        panels[name] = np.asarray(samples)
    lines = -(-len(panels) // COLUMNS)
    figure = Figure(figsize=(3.3 * COLUMNS, 3.5 * lines), layout="constrained", dpi=130)
    axes = list(figure.subplots(lines, COLUMNS, squeeze=False).flat)
    for one in axes:
        one.set_axis_off()
    for one, (title, pictures) in zip(axes, panels.items(), strict=False):
        one.imshow(sheet(pictures), interpolation="nearest")
        one.set_title(title, fontsize=9)
    figure.suptitle(f"{data}: samples of the first seed, none chosen", fontsize=10)
    path = records.folder / f"{records.name}-{data}.png"
    figure.savefig(path)
    return path
