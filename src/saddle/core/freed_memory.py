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
LARGEST = (2**30, 2**25)  # pieces that are kept; older versions of glibc refuse the first
KEPT = 2**31 - 1
# Where glibc's own thresholds end in a process that has freed a large piece.
USUAL_KEPT, USUAL_LARGEST = 2**26, 2**25
USERS_OWN = {"MALLOC_TRIM_THRESHOLD_": "", "MALLOC_MMAP_THRESHOLD_": "", "GLIBC_TUNABLES": "glibc.malloc."}

_lock = threading.Lock()
_inside = 0


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Within this context the process keeps memory that it frees, and gives it back at the end.

    Contexts may be nested, and entered from several threads: the last to leave gives back. The thresholds are then
    those at which glibc's own end, and no longer follow what is freed. Has no effect where the C library is not glibc,
    or where the user's environment sets its thresholds.
    """
    library = _glibc()
    if library is None:
        yield
        return
    _enter(library)
    try:
        yield
    finally:
        _leave(library)


def _enter(library: ctypes.CDLL) -> None:
    global _inside
    with _lock:
        _inside += 1
        # The one threshold without the other would be worse than neither: setting any ends their adjustment.
        if _inside == 1 and any(library.mallopt(MMAP_THRESHOLD, size) for size in LARGEST):
            library.mallopt(TRIM_THRESHOLD, KEPT)


def _leave(library: ctypes.CDLL) -> None:
    global _inside
    with _lock:
        _inside -= 1
        if _inside == 0:
            library.mallopt(MMAP_THRESHOLD, USUAL_LARGEST)
            library.mallopt(TRIM_THRESHOLD, USUAL_KEPT)
            library.malloc_trim(0)


def _forked() -> None:
    """A child begins outside, whatever its parent's threads were doing."""
    global _lock, _inside
    _lock, _inside = threading.Lock(), 0


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or _is_users_own():
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def _is_users_own() -> bool:
    return any(name in os.environ and part in os.environ[name] for name, part in USERS_OWN.items())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
