"""Memory that is freed within the context is taken again without the system, and given back after it."""

import ctypes
import os
import resource
import sys
import threading
from pathlib import Path

import pytest
import torch

from saddle.core import freed_memory
from saddle.core.freed_memory import (
    LARGEST,
    MMAP_THRESHOLD,
    TRIM_THRESHOLD,
    USERS_OWN,
    USUAL_LARGEST,
    freed_memory_kept,
)

TAKEN = 160 * 2**20  # in pieces so large that glibc by itself always gives them back
PAGES = TAKEN // resource.getpagesize()


def can_be_seen() -> bool:
    """Whether this is a glibc that keeps pieces of this size, on a system that gives small pages."""
    if sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"):
        return False
    huge = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if huge.exists() and "[always]" in huge.read_text():
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(MMAP_THRESHOLD, LARGEST[0])) and bool(mallopt(MMAP_THRESHOLD, USUAL_LARGEST))


pytestmark = pytest.mark.skipif(not can_be_seen(), reason="needs glibc 2.35 and pages of the usual size")


@pytest.fixture(autouse=True)
def no_wishes_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in USERS_OWN:
        monkeypatch.delenv(name, raising=False)


def take_and_free(times: int = 1) -> None:
    for _ in range(times):
        pieces = [torch.ones(10 * 2**20) for _ in range(TAKEN // (40 * 2**20))]
        pieces.clear()


def share_taken_anew(times: int = 10) -> float:
    """Of the pages of what is taken and freed again and again, those that the system had to give."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    take_and_free(times)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / (times * PAGES)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_what_was_freed_is_taken_again_without_new_pages() -> None:
    with freed_memory_kept():
        take_and_free(5)  # until the pieces lie where they fit
        assert share_taken_anew() < 0.02


def test_what_was_freed_goes_back_to_the_system_at_the_end() -> None:
    with freed_memory_kept():
        take_and_free()
        kept = resident()
    assert kept - resident() > TAKEN / 2


def test_of_contexts_in_several_threads_the_last_to_leave_gives_back() -> None:
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with freed_memory_kept():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=other, daemon=True)
    with freed_memory_kept():
        thread.start()
        entered.wait()
        take_and_free(5)
    try:
        kept = resident()
        assert share_taken_anew() < 0.02
    finally:
        leave.set()
        thread.join()
    assert kept - resident() > TAKEN / 2


class Library:
    """A C library that notes what it is asked, and refuses to keep pieces larger than it can."""

    def __init__(self, largest: int) -> None:
        self.asked: list[tuple[int, int]] = []
        self._largest = largest

    def mallopt(self, option: int, number: int) -> int:
        self.asked.append((option, number))
        return int(option != MMAP_THRESHOLD or number <= self._largest)

    def malloc_trim(self, pad: int) -> int:
        return 1


@pytest.mark.parametrize("largest", [2**30, 2**25, 0])
def test_thresholds_are_set_together_or_not_at_all(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting either ends their adjustment by what is freed: the one for trimming alone would map every tensor."""
    library = Library(largest)
    monkeypatch.setattr("ctypes.CDLL", lambda name: library)
    with freed_memory_kept():
        assert ((TRIM_THRESHOLD, 2**31 - 1) in library.asked) == (largest > 0)
        assert not largest or max(n for option, n in library.asked if n <= largest) == largest


@pytest.mark.parametrize(
    "name, value, is_theirs",
    [
        ("MALLOC_TRIM_THRESHOLD_", "1048576", True),
        ("GLIBC_TUNABLES", "glibc.malloc.trim_threshold=1048576", True),
        ("GLIBC_TUNABLES", "glibc.rtld.nns=8", False),
    ],
)
def test_thresholds_of_the_user_stay(name: str, value: str, is_theirs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(2**30)
    monkeypatch.setattr("ctypes.CDLL", lambda name: library)
    monkeypatch.setenv(name, value)
    with freed_memory_kept():
        pass
    assert (not library.asked) == is_theirs


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forking a process that has threads
def test_a_child_of_a_training_process_begins_outside() -> None:
    with freed_memory_kept():
        child = os.fork()
        if child == 0:
            os._exit(freed_memory._inside)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert freed_memory._inside == 1
