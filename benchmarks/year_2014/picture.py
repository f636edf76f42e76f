"""Samples of every family in one picture."""

from pathlib import Path

import numpy as np

import saddle
from records import Records
from saddle.training.folder import RunFolder
from year_2014.rows import ROWS
from year_2014.running import samples_of

COLUMNS = 16


def write_picture(records: Records, work: Path) -> Path | None:
    """Draw the first samples of each family whose run is there, none chosen.

    Returns:
        The picture's path; None where there is no run, or a picture is there that fewer runs would make poorer.
    """
    from matplotlib.figure import Figure

    path = records.folder / f"{records.name}.png"
    recorded = [name for name, row in ROWS.items() if row.family and records.has(name, 0)]
    there = [name for name in recorded if has_run(work / f"{name}-0")]
    if not there or (path.exists() and len(there) < len(recorded)):
        return None
    found = {ROWS[name].family: line(name, work) for name in there}
    figure = Figure(figsize=(COLUMNS * 0.45 + 1.6, len(found) * 0.5 + 0.2), dpi=150)
    for place, (family, pictures) in enumerate(found.items()):
        axes = figure.add_axes((0.19, 1 - (place + 1) / len(found), 0.81, 1 / len(found)))
        axes.imshow(np.concatenate(list(pictures), axis=1), cmap="gray", vmin=-1, vmax=1, aspect="equal")
        axes.set_axis_off()
        figure.text(0.18, 1 - (place + 0.5) / len(found), family, ha="right", va="center", fontsize=9)
    figure.savefig(path)
    return path


def has_run(folder: Path) -> bool:
    """Whether a run with a checkpoint is there."""
    return folder.is_dir() and bool(RunFolder(folder).rounds())


def line(name: str, work: Path) -> np.ndarray:
    """Samples of one row, shape (n, h, w) in [-1, 1]; of a conditional model in the order of its classes."""
    x = samples_of(saddle.load(work / f"{name}-0"), 10 * COLUMNS, ROWS[name])
    chosen = x if not ROWS[name].labeled else x.reshape(10, COLUMNS, *x.shape[1:]).transpose(0, 1).flatten(0, 1)
    return chosen[:COLUMNS, 0].numpy()
