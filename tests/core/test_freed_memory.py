"""Memory that is freed within the context is taken again without the system, and given back after it."""

import ctypes
import resource
import sys
import threading
from pathlib import Path

import pytest
import torch

from saddle.core.freed_memory import KEEP, USERS_OWN, USUAL, freed_memory_kept

TAKEN = 160 * 2**20  # in pieces so large that glibc by itself always gives them back
PAGES = TAKEN // resource.getpagesize()

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc"
)


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


def test_thresholds_of_the_user_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[int, int]] = []
    monkeypatch.setattr("saddle.core.freed_memory._set", lambda library, thresholds: asked.append(thresholds))
    with freed_memory_kept():
        pass
    assert asked == [KEEP, USUAL]
    monkeypatch.setenv(USERS_OWN[0], str(2**20))
    with freed_memory_kept():
        pass
    assert asked == [KEEP, USUAL]
