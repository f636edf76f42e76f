"""Arrays in `.npy` and `.npz` files."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from saddle.core.errors import InputError
from saddle.data.arrays import from_array
from saddle.data.dataset import Dataset
from saddle.data.options import Options

DAMAGED = (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, SyntaxError)


def open_npy(path: Path, options: Options) -> Dataset:
    """The array of a `.npy` file, left on disk and read as needed.

    Raises:
        InputError: when the file is damaged, needs pickle, or its array is refused by `from_array`.
    """
    options.allow(str(path))
    try:
        _check_start(path, b"\x93NUMPY", ".npy")
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGED as error:
        raise _damaged(path, error) from None
    return from_array(array, name=path.stem, what=str(path))


def open_npz(path: Path, options: Options) -> Dataset:
    """The arrays `x` and, where present, `y` of a `.npz` file; a single array may have any name.

    Raises:
        InputError: when the file is damaged, has no such arrays, or they are refused by `from_array`.
    """
    options.allow(str(path))
    try:
        _check_start(path, b"PK", ".npz")
        key, x, y = _arrays(path, labels=options.labels)
    except DAMAGED as error:
        raise _damaged(path, error) from None
    dataset = from_array(x, name=path.stem, what=f"{key} of {path}")
    return dataset if y is None else dataset.relabelled(y, what=f"y of {path}")


def _arrays(path: Path, *, labels: bool) -> tuple[str, np.ndarray, np.ndarray | None]:
    # NumPy does not close a damaged archive that it has opened itself.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        names = list(archive.files)
        key = "x" if "x" in names else names[0] if len(names) == 1 else None
        if key is None:
            raise InputError(f"{path} must hold an array x and perhaps y; found {', '.join(names) or 'nothing'}.")
        return key, archive[key], archive["y"] if labels and key == "x" and "y" in names else None


def _check_start(path: Path, start: bytes, kind: str) -> None:
    with path.open("rb") as file:
        found = file.read(len(start))
    if found != start:
        raise InputError(f"{path} must be a {kind} file; found the first bytes {found.hex() or 'missing'}.")


def _damaged(path: Path, error: Exception) -> InputError:
    if isinstance(error, InputError):
        return error
    if any(word in str(error) for word in ("pickle", "Object arrays", "Python objects")):
        return InputError(f"{path} must hold plain numbers (and labels as numbers or text); found Python objects.")
    return InputError(f"{path} cannot be read: {str(error).splitlines()[0].rstrip('.') if str(error) else 'damaged'}.")
