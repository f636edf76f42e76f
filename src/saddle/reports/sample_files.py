"""Samples as a file whose suffix chooses the format, or as a folder of pictures."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.files import write_bytes, write_directory
from saddle.data import Layout
from saddle.reports.pixels import as_pixels
from saddle.reports.sheet import marginals_sheet, picture_sheet, png_bytes, scatter_sheet

SUFFIXES = (".png", ".csv", ".parquet", ".npy", ".npz")


def require_writable(path: Path, layout: Layout) -> None:
    """Refuse what cannot be written, before anything is sampled.

    Raises:
        InputError: when the path exists, its folder does not, or its format does not suit the data.
    """
    if path.exists():
        raise InputError(f"{path} exists already, and nothing is overwritten; choose another name.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent} to write {path.name} into.")
    suffix = path.suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise InputError(f"--out takes {', '.join(SUFFIXES)} or a folder, and got {path.name!r}.")
    if suffix in (".csv", ".parquet") and layout.kind == "images":
        raise InputError(f"Pictures cannot be written as {suffix}; use .png, .npy, .npz or a folder.")
    if not suffix and layout.kind != "images":
        raise InputError("A folder holds pictures; write a table or points as .csv, .parquet, .npy, .npz or .png.")


def write_samples(path: Path, x: Tensor, y: Tensor | None, layout: Layout) -> None:
    """Write samples in their own units.

    Args:
        path: its suffix is the format; without a suffix it becomes a folder of PNG files.
        x: samples in model units, shape (n, ...).
        y: class indices, shape (n,), or None.
        layout: of the data.

    Raises:
        InputError: see `require_writable`.
    """
    require_writable(path, layout)
    own = layout.own(x, y)
    labels = None if y is None else layout.labels(y)
    suffix = path.suffix.lower()
    if not suffix:
        write_directory(path, lambda folder: _write_pictures(folder, _numbers(own, layout), labels))
        return
    writers: dict[str, Callable[[], bytes]] = {
        ".png": lambda: _sheet(own, layout),
        ".csv": lambda: _frame(own, labels, layout).to_csv(index=False).encode(),
        ".parquet": lambda: _parquet(_frame(own, labels, layout)),
        ".npy": lambda: _saved(np.save, _numbers(own, layout)),
        ".npz": lambda: _saved(
            np.savez_compressed, **{"x": _numbers(own, layout)} | ({} if labels is None else {"y": np.array(labels)})
        ),
    }
    write_bytes(path, writers[suffix]())


def _numbers(own: Any, layout: Layout) -> np.ndarray:
    """Samples as an array; of a table the columns that are modeled, so that it stays one of numbers."""
    if layout.kind == "table":
        array = own[list(_features(layout))].to_numpy()
        return array.astype(np.float64) if array.dtype.kind == "O" else array
    if isinstance(own, Tensor):
        return (own.float() if own.dtype == torch.bfloat16 else own).numpy()
    return np.asarray(own)


def _features(layout: Layout) -> tuple[Any, ...]:
    return tuple(column.name for column in layout.columns or () if column.role == "feature")


def _sheet(own: Any, layout: Layout) -> bytes:
    array = _numbers(own, layout)
    if layout.kind == "images":
        return png_bytes(picture_sheet(array))
    if layout.kind == "points" and layout.model_shape == (2,):
        return png_bytes(scatter_sheet(array))
    names = tuple(map(str, _features(layout))) if layout.kind == "table" else None
    return png_bytes(marginals_sheet(array, names=names))


def _frame(own: Any, labels: list[Any] | None, layout: Layout) -> Any:
    import pandas

    if layout.kind == "table":
        return own
    frame = pandas.DataFrame(_numbers(own, layout), columns=[f"x{i}" for i in range(layout.model_shape[0])])
    return frame if labels is None else frame.assign(y=labels)


def _parquet(frame: Any) -> bytes:
    file = io.BytesIO()
    frame.rename(columns=str).to_parquet(file, index=False)
    return file.getvalue()


def _saved(save: Callable[..., None], *arrays: Any, **named: Any) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


def _write_pictures(folder: Path, pictures: np.ndarray, labels: list[Any] | None) -> None:
    from PIL import Image

    transparent = pictures.dtype == np.uint8 and pictures.ndim == 4 and pictures.shape[-1] in (2, 4)
    pixels = pictures if transparent else as_pixels(pictures)
    for index, picture in enumerate(pixels):
        place = folder if labels is None else folder / _safe(labels[index])
        place.mkdir(exist_ok=True)
        Image.fromarray(picture).save(place / f"{index:06d}.png")


def _safe(label: Any) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in str(label)) or "-"
