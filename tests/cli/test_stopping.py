"""Ctrl-C and SIGTERM save the run and say how to go on; a second signal acts at once."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import PERCEPTRONS, SMALL, Saddle

from saddle.cli.progress import TrainingProgress
from saddle.families import run as run_module

TRAIN = ("train", "points.npy", *PERCEPTRONS, *SMALL, "--out", "new")


def signal_at(monkeypatch: pytest.MonkeyPatch, round: int, kind: signal.Signals, times: int) -> None:
    """Sends this process a signal after a round."""

    def ticked(self: TrainingProgress, now: int, seconds: float) -> None:
        if now == round:
            for _ in range(times):
                os.kill(os.getpid(), kind)

    monkeypatch.setattr(TrainingProgress, "ticked", ticked)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as in a terminal, also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def rounds(run: Path) -> list[str]:
    return sorted(path.name for path in (run / "checkpoints").iterdir())


def result(run: Path) -> dict[str, object]:
    return tomllib.loads((run / "run.toml").read_text())["result"]


def test_ctrl_c_saves_and_says_how_to_go_on(home: Path, saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    signal_at(monkeypatch, 2, signal.SIGINT, 1)
    answer = saddle(*TRAIN, "--rounds", "40")
    assert answer.code == 130
    assert answer.err == "Interrupted; the run is kept. Go on with: saddle train --resume new\n"
    assert result(home / "new")["ending"] == "interrupted"
    assert rounds(home / "new") == ["00000000", "00000002"]
    monkeypatch.undo()
    monkeypatch.chdir(home)
    assert saddle("train", "--resume", "new", "--rounds", "4").code == 0
    assert result(home / "new")["parameters_sha256"] == result(home / "points")["parameters_sha256"]


def test_second_ctrl_c_acts_at_once(home: Path, saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    signal_at(monkeypatch, 2, signal.SIGINT, 2)
    answer = saddle(*TRAIN, "--rounds", "40")
    assert answer.code == 130 and "saddle train --resume new" in answer.err
    assert rounds(home / "new") == ["00000000"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_before_the_training(home: Path, saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "resolve", interrupted)
    before = sorted(home.iterdir())
    answer = saddle(*TRAIN)
    assert answer.code == 130
    assert answer.err == "Interrupted before the training began; nothing was written.\n"
    assert sorted(home.iterdir()) == before


def test_ctrl_c_during_the_report(home: Path, saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    import saddle as package

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(package.reports, "write_report", interrupted)
    answer = saddle(*TRAIN)
    assert answer.code == 130
    assert "saddle report new" in answer.err
    monkeypatch.undo()
    monkeypatch.chdir(home)
    assert saddle("report", "new").code == 0


def test_terminate_a_process(home: Path) -> None:
    """The whole program, as a cluster's scheduler would stop it."""
    words = [sys.executable, "-m", "saddle", *TRAIN, "--rounds", "100000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not (home / "new" / "checkpoints" / "00000000").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "Interrupted; the run is kept. Go on with: saddle train --resume new\n"
    assert int(rounds(home / "new")[-1]) == result(home / "new")["rounds"]
