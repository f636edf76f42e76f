"""Decoded pictures on disk, so that a folder is decoded once and never lies in memory whole.

An entry is two files: `KEY.pixels`, the pictures one after another, and `KEY.json`, their shape, sha256 and whatever
else the maker wants to know again. Both appear by rename, the record last, so that readers see a whole entry or none;
processes that make the same entry at once write the same bytes.
"""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np

from saddle.core.errors import InputError
from saddle.core.files import read_record, write_record

KIND, VERSION = "decoded pictures", 1
ABANDONED = 3600  # seconds since the last write after which a partial file has lost its writer
CHUNK = 2**18

Fill = Callable[[Callable[[np.ndarray], None]], dict[str, Any]]


def cache_home() -> Path:
    """The folder of the cache: SADDLE_CACHE, else saddle under XDG_CACHE_HOME, else ~/.cache/saddle."""
    if chosen := os.environ.get("SADDLE_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "saddle"


def cached_pictures(key: str, fill: Fill) -> tuple[np.memmap, dict[str, Any]]:
    """The pictures of an entry, mapped from disk, and its record; made anew where absent or damaged.

    Args:
        key: names the entry.
        fill: called with a function that appends a picture (uint8); returns what to keep in the record, which must
            name the `shape` of all pictures together.

    Raises:
        InputError: when the entry has to be made and the cache folder cannot be written or is full.
    """
    home = cache_home()
    pixels, record = home / f"{key}.pixels", home / f"{key}.json"
    found = _read(pixels, record)
    if found is None:
        try:
            home.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(home)
            _write(pixels, record, fill)
        except OSError as error:
            raise InputError(
                f"The cache folder {home} must be writable and have room for the decoded pictures; "
                f"found {error.strerror or error}; set SADDLE_CACHE to another folder."
            ) from None
        found = _read(pixels, record)
    if found is None:
        raise InputError(f"The cache folder {home} must keep what is written to it; {pixels.name} came back damaged.")
    return found


def require_room(size: int) -> None:
    """Check that the cache's disk has room for an entry before an hour is spent on it.

    Raises:
        OSError: when it has not.
    """
    free = shutil.disk_usage(cache_home()).free
    if free < size:
        raise OSError(errno.ENOSPC, f"{free / 2**20:,.0f} MiB free where {size / 2**20:,.0f} are needed")


def _read(pixels: Path, record: Path) -> tuple[np.memmap, dict[str, Any]] | None:
    """A whole entry whose content has the recorded sha256, or None."""
    try:
        kept = read_record(record, KIND, VERSION)
        shape = tuple(kept["shape"])
        if pixels.stat().st_size != int(np.prod(shape)) or _sha256(pixels) != kept["sha256"]:
            return None
        return np.memmap(pixels, dtype=np.uint8, mode="r", shape=shape), kept
    except (InputError, OSError, KeyError, TypeError, ValueError):
        return None


def _write(pixels: Path, record: Path, fill: Fill) -> None:
    with tempfile.NamedTemporaryFile(dir=pixels.parent, prefix=".", suffix=".partial", delete=False) as file:
        partial = Path(file.name)
        try:
            digest = hashlib.sha256()
            kept = fill(_appender(file, digest))
            file.flush()
            os.fsync(file.fileno())
            partial.replace(pixels)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    write_record(record, KIND, VERSION, {**kept, "sha256": digest.hexdigest()})


def _appender(file: IO[bytes], digest: Any) -> Callable[[np.ndarray], None]:
    def append(picture: np.ndarray) -> None:
        content = np.ascontiguousarray(picture).data
        file.write(content)
        digest.update(content)

    return append


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _chunks(path):
        digest.update(block)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield block


def _remove_abandoned(home: Path) -> None:
    for partial in home.glob(".*.partial"):
        try:
            if time.time() - partial.stat().st_mtime > ABANDONED:
                partial.unlink()
        except FileNotFoundError:  # another process was quicker
            continue
