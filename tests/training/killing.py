"""Runs that are killed and resumed, against the same runs unbroken; as a command it prints one JSON line per run."""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from forked import INJECTIONS, Injection, finish, prepare, start

PLAYERS = ("generator", "critic")
SMALL = ("--set", "threads=1", "--set", "batch=16", "--set", "latent.dimension=4")
PERCEPTRONS = tuple(word for who in PLAYERS for word in ("--set", f"{who}={{kind='mlp',width=8,depth=2}}"))
CONVOLUTIONS = tuple(word for who in PLAYERS for word in ("--set", f"{who}.base=4"))
MAXOUT = ("--set", "generator.rectifiers=16", "--set", "critic.units=8")

# Between them: buffers of batch normalization, moving averages, and the states of three kinds of optimizer.
CASES: dict[str, tuple[str, ...]] = {
    "averaged": ("points.npy", "--recipe", "default", *PERCEPTRONS, "--set", "average=0.9"),
    "convolutional": ("pictures.npz", "--recipe", "dcgan", "--no-labels", *CONVOLUTIONS),
    "population": ("points.npy", "--recipe", "wgan-gp", *PERCEPTRONS, "--seeds", "3"),
    "conditional": ("pictures.npz", "--recipe", "nsgan", *CONVOLUTIONS, "--set", "average=0.9"),
    "conditional population": ("pictures.npz", "--recipe", "lsgan", *PERCEPTRONS, "--seeds", "2"),
    "clipped, k = 5": ("points.npy", "--recipe", "wgan", *PERCEPTRONS),
    "dropout, momentum": ("points.npy", "--recipe", "gan", *MAXOUT),
}


@dataclass(frozen=True)
class Ending:
    """What a run comes to, and kills must not change.

    Attributes:
        parameters: the sha256 in `run.toml`.
        state: the sha256 of the last checkpoint's tensors, averages and optimizers included.
        history: its rows, seconds aside.
    """

    parameters: str
    state: str
    history: list[dict[str, float]]


@dataclass(frozen=True)
class Outcome:
    """One killed run.

    Attributes:
        case: which settings.
        killed: how it died, each time.
        rounds: the last checkpoint at each death, or None where there was no run yet.
        resumed: whether the run could be resumed after every death.
        parameters: whether it ended with the parameters of the unbroken run.
        state: whether with the same state.
        history: whether with the same history.
        clean: whether no temporary file is left in the run folder.
    """

    case: str
    killed: tuple[str, ...]
    rounds: tuple[int | None, ...]
    resumed: bool = False
    parameters: bool = False
    state: bool = False
    history: bool = False
    clean: bool = False

    @property
    def good(self) -> bool:
        """Whether the kills changed nothing."""
        return self.resumed and self.parameters and self.state and self.history and self.clean


def outcomes(runs: int, *, seed: int, rounds: int) -> Iterator[Outcome]:
    """So many killed and resumed runs, of every case in turn, every other one killed inside a write."""
    prepare()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        write_data()
        whole: dict[str, tuple[Ending, float]] = {}
        for index in range(runs):
            case = list(CASES)[index % len(CASES)]
            if case not in whole:
                whole[case] = unbroken(case, rounds)
            turn, injected = divmod(index + index // len(CASES) * (1 - len(CASES) % 2), 2)
            injection = INJECTIONS[turn % len(INJECTIONS)] if injected else None
            yield broken(case, Path(f"run {index}"), whole[case], rounds, injection, chance)


def unbroken(case: str, rounds: int) -> tuple[Ending, float]:
    """How a case ends that nobody kills, and the seconds it takes."""
    folder, began = Path(f"whole {case}"), time.monotonic()
    if finish(start(command(case, folder, rounds))) != 0:
        raise RuntimeError(f"The unbroken run of {case} failed: {Path('log').read_text()}")
    return ending(folder), time.monotonic() - began


def broken(
    case: str,
    folder: Path,
    whole: tuple[Ending, float],
    rounds: int,
    injection: Injection | None,
    chance: random.Random,
) -> Outcome:
    """How a case ends that is killed inside a write, or once to three times at random, and resumed after each."""
    expected, seconds = whole
    killed: list[str] = []
    reached: list[int | None] = []
    deaths = 1 if injection else chance.randint(1, 3)
    ended = False
    while not ended:
        words = ["train", "--resume", str(folder)] if folder.exists() else command(case, folder, rounds)
        living = len(killed) == deaths
        sabotage = None if living or injection is None else (injection, chance.randint(1, injection.upto))
        at = None if living or injection else chance.uniform(0, seconds)
        code = finish(start(words, sabotage), at)
        if code == -signal.SIGKILL:
            killed.append(injection.name if injection else f"after {at:.1f} s")
            reached.append(last_round(folder))
        elif code != 0:
            sys.stderr.write(f"{case}, killed {killed}: {Path('log').read_text()}")
            return Outcome(case, tuple(killed), tuple(reached))
        elif not killed:  # it was done before its death, which does not count
            folder, seconds = folder.with_name(f"{folder.name}+"), 0.7 * seconds
        else:
            ended = True
    found = ending(folder)
    left = [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
    return Outcome(
        case,
        tuple(killed),
        tuple(reached),
        True,
        found.parameters == expected.parameters,
        found.state == expected.state,
        found.history == expected.history,
        not left,
    )


def write_data() -> None:
    """Points, and pictures with labels, in the working folder."""
    import numpy as np

    chance = np.random.default_rng(0)
    np.save("points.npy", chance.normal(size=(300, 2)))
    np.savez("pictures.npz", x=chance.integers(0, 256, (120, 8, 8), dtype=np.uint8), y=np.arange(120) % 3)


def command(case: str, folder: Path, rounds: int) -> list[str]:
    """The words that train a case."""
    data, *rest = CASES[case]
    return ["train", data, *rest, *SMALL, "--rounds", str(rounds), "--out", str(folder)]


def ending(folder: Path) -> Ending:
    """What a run came to."""
    from saddle.training.history import read_rows

    result = tomllib.loads((folder / "run.toml").read_text())["result"]
    last = folder / "checkpoints" / f"{result['rounds']:08d}" / "state.safetensors"
    rows = read_rows(folder / "history.jsonl")
    timeless = [{key: value for key, value in row.items() if key != "seconds"} for row in rows]
    return Ending(result["parameters_sha256"], sha256(last.read_bytes()).hexdigest(), timeless)


def last_round(folder: Path) -> int | None:
    """The last checkpoint of a run, or None."""
    if not folder.exists():
        return None
    return max((int(path.name) for path in (folder / "checkpoints").iterdir() if path.name.isdigit()), default=None)


def main() -> None:
    """Print the outcomes as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    for outcome in outcomes(arguments.runs, seed=arguments.seed, rounds=arguments.rounds):
        sys.stdout.write(json.dumps(asdict(outcome) | {"good": outcome.good}) + "\n")


if __name__ == "__main__":
    main()
