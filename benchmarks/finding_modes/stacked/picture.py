"""Stacked digits of every recipe beside real ones."""

from pathlib import Path

import numpy as np

from finding_modes.seeds import kept
from records import Records

SHOWN, SHEET_COLUMNS, PANEL_COLUMNS = 16, 2, 3
GAP = 1  # pixels of white between pictures


def sheet(pictures: np.ndarray) -> np.ndarray:
    """Pictures of shape (n, h, w, 3) as one: each in color, then its three digits in grey, two pictures a line."""
    parts = [pictures, *(np.repeat(pictures[..., color, None], 3, axis=-1) for color in range(3))]
    framed = [np.pad(part, ((0, 0), (GAP, GAP), (GAP, GAP), (0, 0)), constant_values=255) for part in parts]
    strips = np.concatenate(framed, axis=2)
    lines = strips.reshape(-1, SHEET_COLUMNS, *strips.shape[1:])
    return np.concatenate([np.concatenate(list(line), axis=1) for line in lines])


def draw(records: Records, work: Path, data: str, real: np.ndarray, rows: list[str]) -> Path | None:
    """Draw samples of the first seed of every row whose run is there; None where there is none."""
    from matplotlib.figure import Figure

    trained = {one["row"]: one for one in records.all() if one["data"] == data and "failed" not in one}
    found = {name: kept(work, trained[name], 0) for name in rows if name in trained}
    panels = {"real pictures, stacked": real} | {name: one.sample(SHOWN) for name, one in found.items() if one}
    if len(panels) == 1:
        return None
    columns = min(len(panels), PANEL_COLUMNS)
    lines = -(-len(panels) // columns)
    figure = Figure(figsize=(3.3 * columns, 3.5 * lines), layout="constrained", dpi=130)
    axes = list(figure.subplots(lines, columns, squeeze=False).flat)
    for one in axes:
        one.set_axis_off()
    for one, (title, pictures) in zip(axes, panels.items(), strict=False):
        one.imshow(sheet(pictures), interpolation="nearest")
        one.set_title(title, fontsize=9)
    figure.suptitle(f"{data}: samples of the first seed, none chosen", fontsize=10)
    path = records.folder / f"{records.name}-{data}.png"
    figure.savefig(path)
    return path
