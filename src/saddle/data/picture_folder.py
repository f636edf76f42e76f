"""Which files of a folder may be pictures, and what identifies their content."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from saddle.core.errors import InputError
from saddle.data.picture import suffixes


@dataclass(frozen=True)
class Listing:
    """The files of a folder.

    Attributes:
        root: the folder.
        names: relative paths of the files that may be pictures, sorted.
        ignored: how many files are none.
        digest: a sha256 of the names, sizes and modification times of those that may be.
    """

    root: Path
    names: list[str]
    ignored: int
    digest: str


def list_pictures(root: Path) -> Listing:
    """Every file below a folder, hidden ones and linked folders left out.

    A file may be a picture if its suffix says so or it has none.

    Raises:
        InputError: when no file may be a picture, or a folder is not readable.
    """
    known = suffixes()
    names, others = [], []
    for name in _files(root):
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - names are kept as text, because there may be many
        (names if not suffix or suffix in known else others).append(name)
    names.sort()
    if not names:
        found = f"only files of other types, such as {others[0]}" if others else "no file"
        raise InputError(f"{root} must hold pictures or idx files; found {found}.")
    digest = hashlib.sha256()
    for name in names:
        status = (root / name).stat()
        digest.update(f"{status.st_size} {status.st_mtime_ns} ".encode() + os.fsencode(name) + b"\0")
    return Listing(root, names, len(others), digest.hexdigest())


def _files(root: Path) -> Iterator[str]:
    def refuse(error: OSError) -> NoReturn:
        raise InputError(f"{error.filename} must be readable; found: {error.strerror}.")

    for folder, folders, files in os.walk(root, onerror=refuse):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        relative = os.path.relpath(folder, root)
        for file in files:
            path = Path(folder, file)
            if not file.startswith(".") and path.is_file():
                yield file if relative == "." else f"{relative}{os.sep}{file}"
