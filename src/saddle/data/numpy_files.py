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
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGED as error:
        raise _damaged(path, error) from None
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path} must be a .npy file; found another format.")
    return from_array(array, name=path.stem, what=str(path))


def open_npz(path: Path, options: Options) -> Dataset:
    """The arrays `x` and, where present, `y` of a `.npz` file; a single array may have any name.

    Raises:
        InputError: when the file is damaged, has no such arrays, or they are refused by `from_array`.
    """
    options.allow(str(path))
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = list(archive.files)
            key = "x" if "x" in names else names[0] if len(names) == 1 else None
            if key is None:
                raise InputError(f"{path} must hold an array x and perhaps y; found {', '.join(names) or 'nothing'}.")
            x, y = archive[key], archive["y"] if "y" in names and key != "y" and options.labels else None
    except DAMAGED as error:
        if isinstance(error, InputError):
            raise
        raise _damaged(path, error) from None
    except AttributeError:
        raise InputError(f"{path} must be a .npz file; found another format.") from None
    dataset = from_array(x, name=path.stem, what=f"{key} of {path}")
    return dataset if y is None else dataset.relabelled(y, what=f"y of {path}")


def _damaged(path: Path, error: Exception) -> InputError:
    if "pickle" in str(error).lower() or "Object arrays" in str(error):
        return InputError(f"{path} must hold plain numbers (and labels as numbers or text); found Python objects.")
    return InputError(f"{path} cannot be read: {str(error).splitlines()[0].rstrip('.') if str(error) else 'damaged'}.")
