"""Folders in MNIST's idx format, gzipped or not.

An idx file starts with two zero bytes, a byte for the element type, a byte for the number of axes and each axis's
length as a big-endian 32-bit integer; the elements follow (http://yann.lecun.com/exdb/mnist/).
"""

import gzip
import re
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from saddle.core.errors import InputError
from saddle.data.arrays import from_array
from saddle.data.dataset import Dataset
from saddle.data.options import Options

FILE = re.compile(r"(?P<part>train|t10k|test)[-.](?P<what>images|labels)[-.]idx[13][-.]ubyte(\.gz)?$", re.IGNORECASE)
PARTS = {"train": ("train",), "test": ("t10k", "test")}
UNSIGNED_BYTE = 8


def is_idx_folder(folder: Path) -> bool:
    """Whether a folder holds files with MNIST's names."""
    return any(FILE.search(path.name) for path in folder.iterdir())


def open_idx(folder: Path, options: Options) -> Dataset:
    """The pictures and labels of one part, "train" or "test", of an idx folder.

    Raises:
        InputError: when a file is missing, damaged or of another type, or pictures and labels differ in number.
    """
    options.allow(str(folder), "split")
    if options.split not in PARTS:
        raise InputError(f"split must be train or test; found {options.split!r}.")
    pictures = _find(folder, options.split, "images")
    if pictures is None:
        raise InputError(f"{folder} must hold {options.split}-images-idx3-ubyte, gzipped or not; found no such file.")
    dataset = from_array(_read(pictures, axes=3), name=folder.resolve().name, what=str(pictures))
    labels = _find(folder, options.split, "labels")
    if labels is None:
        return replace(dataset, problems=(*dataset.problems, f"{folder} has no labels beside {pictures.name}."))
    y = _read(labels, axes=1)
    if len(y) != len(dataset):
        raise InputError(f"{labels} must hold a label for each of the {len(dataset)} pictures; found {len(y)}.")
    return dataset.relabelled(y, what=str(labels))


def _find(folder: Path, split: str, what: str) -> Path | None:
    found = []
    for path in sorted(folder.iterdir()):
        match = FILE.search(path.name)
        if match and match["what"].lower() == what and match["part"].lower() in PARTS[split]:
            found.append(path)
    # The same file may lie there gzipped and not.
    plain = {str(path).removesuffix(".gz") for path in found}
    if len(plain) > 1:
        raise InputError(f"{folder} must hold one file of {split} {what}; found {', '.join(p.name for p in found)}.")
    return found[0] if found else None


def _read(path: Path, *, axes: int) -> np.ndarray:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    start = 4 + 4 * axes
    if len(content) < start or content[:4] != bytes([0, 0, UNSIGNED_BYTE, axes]):
        raise InputError(
            f"{path} must be an idx file of unsigned bytes with {axes} axes; found the first bytes {content[:4].hex()}."
        )
    shape = tuple(int(length) for length in np.frombuffer(content, ">u4", axes, offset=4))
    if len(content) - start != int(np.prod(shape)):
        raise InputError(
            f"{path} must hold {int(np.prod(shape))} bytes after its header, for the shape {shape} it claims; "
            f"found {len(content) - start}."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()
