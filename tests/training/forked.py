"""Commands in forked processes that can be killed at an instant or in the middle of a write.

The parent has imported everything already, so a start costs nothing. To die inside a write, a child replaces what opens
and renames files by functions that kill it half way.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

CHECKPOINT = r"\.\d{8}\.\d+\.tmp"


@dataclass(frozen=True)
class Injection:
    """A place to die in.

    Attributes:
        name: for the table.
        event: "half" dies half through a write, "before" and "after" at a rename.
        pattern: of the name of the file or directory.
        upto: dies at a random one of so many matches.
    """

    name: str
    event: str
    pattern: str
    upto: int


INJECTIONS = (
    Injection("half of a checkpoint's tensors", "half", r"\.state\.safetensors\..*", 8),
    Injection("checkpoint written, not named", "before", CHECKPOINT, 8),
    Injection("half a row of history", "half", r"history\.jsonl", 8),
    Injection("half of a checkpoint's JSON", "half", r"\.state\.json\..*", 8),
    Injection("checkpoint named, nothing else", "after", CHECKPOINT, 8),
    Injection("half of the kept samples", "half", r"\.\d{8}\.npz\..*", 8),
    Injection("half of run.toml", "half", r"\.run\.toml\..*", 2),
    Injection("half of the report", "half", r"\.report\.html\..*", 1),
)


def prepare() -> None:
    """Import what the commands need, lazily imported parts included, and train nothing: torch does not survive a fork
    after a backward pass.
    """
    import matplotlib.figure  # noqa: F401
    import pandas  # noqa: F401
    import scipy.stats  # noqa: F401
    import sklearn.neighbors  # noqa: F401
    import torch
    import torch._dynamo
    from PIL import Image

    import saddle
    from saddle.training.ways import planning

    torch.set_num_threads(1)
    planning.WARM_UP_SECONDS = 0.05  # it changes no state, and here it is most of a run
    Image.init()
    for name in ("GAN", "recipes", "reports", "evaluation"):
        getattr(saddle, name)


def start(command: Sequence[str], sabotage: tuple[Injection, int] | None = None) -> int:
    """Fork a process that runs a command, and give its id."""
    from saddle.cli.main import main

    child = os.fork()
    if child:
        return child
    code = 99
    try:
        log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        if sabotage is not None:
            _arm(*sabotage)
        code = main([*command, "--debug"])
    finally:
        os._exit(code)


def finish(child: int, seconds: float | None = None) -> int:
    """Wait for a process, killing it after so many seconds, and give its exit code; minus the signal that ended it."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if deadline is not None and time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            deadline = None
        time.sleep(0.002)


def _arm(injection: Injection, nth: int) -> None:
    """Make this process die at the nth event of an injection."""
    seen = count(1)
    opened: Callable[..., Any] = Path.open
    renamed: Callable[..., Any] = Path.replace

    def due(path: Path) -> bool:
        return re.fullmatch(injection.pattern, path.name) is not None and next(seen) == nth

    def open_(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        file = opened(path, mode, *rest, **named)
        return HalfWritten(file) if injection.event == "half" and set(mode) & set("wa") and due(path) else file

    def replace(path: Path, target: Path) -> Path:
        dies = injection.event in ("before", "after") and due(path)
        if dies and injection.event == "before":
            _die()
        moved = renamed(path, target)
        if dies:
            _die()
        return moved

    Path.open = open_  # type: ignore[method-assign]
    Path.replace = replace  # type: ignore[method-assign]


class HalfWritten:
    """A file whose first write stops half way and takes the process with it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "HalfWritten":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        self._file.write(content[: len(content) // 2])
        self._file.flush()
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
