"""One process at a time in a run folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saddle.core.errors import InputError

try:
    import fcntl
except ImportError:  # not on this system; two processes are then not kept apart
    fcntl = None


@contextmanager
def alone_in(folder: Path | None) -> Iterator[None]:
    """Hold a folder for this process; the system lets go of it when the process ends, however that comes about.

    Raises:
        InputError: when another process holds it.
    """
    if folder is None or fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise InputError(f"{folder} is being trained by another process; wait for it, or stop it.") from None
    try:
        yield
    finally:
        os.close(handle)
