"""Keeping what a computation frees for what it takes next.

The C library gives large freed pieces of memory back to the system, which clears them before it hands them out again.
A training whose operations take and free tensors of some megabytes spends a part of its time on that alone.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Options of glibc's `mallopt`, from malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEEP = {TRIM_THRESHOLD: 2**31 - 1, MMAP_THRESHOLD: 2**30}
# Where glibc's own thresholds end in a process that has freed a large piece.
USUAL = {TRIM_THRESHOLD: 2**26, MMAP_THRESHOLD: 2**25}
USERS_OWN = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")

_lock = threading.Lock()
_inside = 0


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Within this context the process keeps memory that it frees, and gives it back at the end.

    Contexts may be nested, and entered from several threads: the last to leave gives back. Has no effect where the C
    library is not glibc, or where the user's environment sets its thresholds.
    """
    global _inside
    library = _glibc()
    if library is None:
        yield
        return
    with _lock:
        _inside += 1
        if _inside == 1:
            _set(library, KEEP)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _set(library, USUAL)
                library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or any(name in os.environ for name in USERS_OWN):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def _set(library: ctypes.CDLL, thresholds: dict[int, int]) -> None:
    for option, number in thresholds.items():
        library.mallopt(option, number)
