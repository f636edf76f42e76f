"""Runs that are killed and resumed, against the same runs unbroken; also a command that prints one JSON line per run.

Every command runs in a process forked from this one, which has imported everything already, so that a start costs
nothing. Beside kills at random instants there are kills inside a write: the child replaces what opens and renames files
by functions that kill it in the middle.
"""

import argparse
import json
import os
import random
import re
import signal
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

SMALL = ("--set", "threads=1", "--set", "batch=16", "--set", "latent.dimension=4")
PERCEPTRONS = tuple(
    word for who in ("generator", "critic") for word in ("--set", f"{who}={{kind='mlp',width=8,depth=2}}")
)
PICTURES = tuple(word for who in ("generator", "critic") for word in ("--set", f"{who}.base=4"))

# The batch-normalized generators keep buffers, "average" keeps moving averages, and the optimizers differ in state.
CASES: dict[str, tuple[str, ...]] = {
    "points, averaged": ("points.npy", "--recipe", "default", *PERCEPTRONS, "--set", "average=0.9"),
    "convolutional": ("pictures.npz", "--recipe", "dcgan", "--no-labels", *PICTURES),
    "population": ("points.npy", "--recipe", "wgan-gp", *PERCEPTRONS, "--seeds", "3"),
    "conditional": ("pictures.npz", "--recipe", "nsgan", *PICTURES, "--set", "average=0.9"),
    "clipped, k = 5": ("points.npy", "--recipe", "wgan", *PERCEPTRONS),
    "conditional population": ("pictures.npz", "--recipe", "lsgan", *PERCEPTRONS, "--seeds", "2"),
}
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


@dataclass(frozen=True)
class Outcome:
    """One killed run.

    Attributes:
        case: which settings.
        killed: how it died, each time.
        rounds: the last checkpoint at each death, or None where no run was there yet.
        resumed: whether every command after a death ended with code 0.
        same_parameters: whether the sha256 in `run.toml` is the unbroken run's.
        same_state: whether the last checkpoint's tensors are, averages and optimizers included.
        same_history: whether the history is, seconds aside.
        clean: whether no temporary file is left in the run folder.
    """

    case: str
    killed: list[str]
    rounds: list[int | None]
    resumed: bool
    same_parameters: bool
    same_state: bool
    same_history: bool
    clean: bool


def outcomes(runs: int, *, seed: int, rounds: int) -> Iterator[Outcome]:
    """So many killed and resumed runs, of every case in turn."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        _write_data()
        unbroken: dict[str, tuple[dict[str, Any], float]] = {}
        for index in range(runs):
            case = list(CASES)[index % len(CASES)]
            if case not in unbroken:
                began = time.monotonic()
                if _finish(_start(_command(case, Path(f"whole {case}"), rounds), None)) != 0:
                    raise RuntimeError(f"the unbroken run of {case} failed: {Path('log').read_text()}")
                unbroken[case] = _ending(Path(f"whole {case}")), time.monotonic() - began
            turn, injected = divmod(index + index // len(CASES), 2)
            yield _broken(
                case,
                Path(f"run {index}"),
                INJECTIONS[turn % len(INJECTIONS)] if injected else None,
                unbroken[case],
                chance,
                rounds,
            )


def _broken(
    case: str,
    folder: Path,
    injection: Injection | None,
    whole: tuple[dict[str, Any], float],
    chance: random.Random,
    rounds: int,
) -> Outcome:
    """Kill once where asked, or once to three times at random; then let the run end."""
    expected, seconds = whole
    killed: list[str] = []
    reached: list[int | None] = []
    wanted = 1 if injection else chance.randint(1, 3)
    while len(killed) < wanted:
        command = ["train", "--resume", str(folder)] if folder.exists() else _command(case, folder, rounds)
        sabotage = None if injection is None else (injection, chance.randint(1, injection.upto))
        at = None if injection else chance.uniform(0, seconds)
        code = _finish(_start(command, sabotage), at)
        if code == -signal.SIGKILL:
            killed.append(injection.name if injection else f"after {at:.1f} s")
            reached.append(_last_round(folder))
        elif code != 0:
            return Outcome(case, killed, reached, False, False, False, False, False)
        else:  # it ended before its death
            seconds *= 0.7
            if folder.exists() and not killed:
                folder = folder.with_name(f"{folder.name}+")
            elif killed:
                break
    command = ["train", "--resume", str(folder)] if folder.exists() else _command(case, folder, rounds)
    if _finish(_start(command, None)) != 0:
        return Outcome(case, killed, reached, False, False, False, False, False)
    found = _ending(folder)
    same = {name: found[name] == expected[name] for name in expected}
    return Outcome(case, killed, reached, True, same["parameters"], same["state"], same["history"], not _left(folder))


def _write_data() -> None:
    import numpy as np

    chance = np.random.default_rng(0)
    np.save("points.npy", chance.normal(size=(300, 2)))
    np.savez("pictures.npz", x=chance.integers(0, 256, (120, 8, 8), dtype=np.uint8), y=np.arange(120) % 3)


def _command(case: str, folder: Path, rounds: int) -> list[str]:
    data, *rest = CASES[case]
    return ["train", data, *rest, *SMALL, "--rounds", str(rounds), "--out", str(folder)]


def _start(command: list[str], sabotage: tuple[Injection, int] | None) -> int:
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


def _finish(child: int, seconds: float | None = None) -> int:
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


def _ending(folder: Path) -> dict[str, Any]:
    """What must not depend on kills."""
    from saddle.training.history import read_rows

    result = tomllib.loads((folder / "run.toml").read_text())["result"]
    last = folder / "checkpoints" / f"{result['rounds']:08d}" / "state.safetensors"
    rows = [
        {key: value for key, value in row.items() if key != "seconds"} for row in read_rows(folder / "history.jsonl")
    ]
    return {
        "parameters": result["parameters_sha256"],
        "state": sha256(last.read_bytes()).hexdigest(),
        "history": rows,
    }


def _last_round(folder: Path) -> int | None:
    if not folder.exists():
        return None
    return max((int(path.name) for path in (folder / "checkpoints").iterdir() if path.name.isdigit()), default=None)


def _left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith(".tmp")]


def main() -> None:
    """Print the outcomes as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    for outcome in outcomes(arguments.runs, seed=arguments.seed, rounds=arguments.rounds):
        print(json.dumps(asdict(outcome)), flush=True)


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

    torch.set_num_threads(1)
    Image.init()
    for name in ("GAN", "recipes", "reports", "evaluation"):
        getattr(saddle, name)


if __name__ == "__main__":
    prepare()
    main()
