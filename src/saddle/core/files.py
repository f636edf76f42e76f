"""Writing files and folders so that they appear whole or not at all, whenever the process is killed."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from saddle.core.errors import InputError


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file's content atomically: temporary file, flush, rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # as when the disk is full
            error.filename = str(path)
        raise
    sync_directory(path.parent)


def write_text(path: Path, content: str) -> None:
    """`write_bytes` for text in UTF-8."""
    write_bytes(path, content.encode())


def write_directory(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a directory appear whole: `fill` writes a temporary one, which is then renamed.

    Raises:
        OSError: when there is something in a directory of that name already.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        fill(temporary)
        sync_directory(temporary)
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Flush a directory's entries to disk, where the system allows it."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_record(path: Path, kind: str, version: int, content: dict[str, Any], *, indent: int | None = 1) -> None:
    """Write a versioned JSON record, on one line where `indent` is None.

    Raises:
        ValueError: when a number in `content` is not finite and so has no JSON form.
    """
    record = {"record": kind, "version": version, **content}
    write_text(path, json.dumps(record, indent=indent, allow_nan=False) + "\n")


def read_record(path: Path, kind: str, version: int) -> dict[str, Any]:
    """Read a versioned JSON record.

    Raises:
        InputError: when the file is missing, damaged, of another kind, or of a version this release does not know.
    """
    try:
        record = json.loads(path.read_text())
    except FileNotFoundError:
        raise InputError(f"{path} is missing.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}.") from None
    if not isinstance(record, dict) or record.get("record") != kind:
        raise InputError(f"{path} is not a {kind} record.")
    if record.get("version") != version:
        raise InputError(f"{path} is a {kind} record of version {record.get('version')}; this saddle reads {version}.")
    return record
