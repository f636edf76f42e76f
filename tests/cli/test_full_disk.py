"""A full disk, simulated: one sentence, nothing half written, and a run that goes on once there is room."""

import errno
import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from commands import PERCEPTRONS, SMALL, Saddle

from saddle.core import files


class Full:
    """A file on a full disk."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __enter__(self) -> "Full":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        self._file.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def fill_disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the disk full from the nth time that a file with this in its name is written."""
    opened = Path.open

    def fill(name: str, nth: int = 1) -> None:
        seen: list[Path] = []

        def open_(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            file = opened(path, mode, *rest, **named)
            if "w" in mode and name in path.name:
                seen.append(path)
            return Full(file) if "w" in mode and len(seen) >= nth else file

        monkeypatch.setattr(files.Path, "open", open_)

    return fill


def digest(run: Path) -> str:
    return tomllib.loads((run / "run.toml").read_text())["result"]["parameters_sha256"]


TRAIN = ("train", "points.npy", *PERCEPTRONS, *SMALL, "--out", "new")


def test_full_before_the_run_is_written(home: Path, saddle: Saddle, fill_disk: Any) -> None:
    before = sorted(home.iterdir())
    fill_disk("layout.json")
    answer = saddle(*TRAIN)
    assert answer.code == 2
    assert answer.err.startswith("Error: Reading or writing") and answer.err.count("\n") == 1
    assert "layout.json failed: No space left on device." in answer.err
    assert sorted(home.iterdir()) == before


def test_full_at_a_checkpoint(home: Path, saddle: Saddle, fill_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context():
        fill_disk("state.safetensors", nth=3)
        answer = saddle(*TRAIN)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "No space left on device" in answer.err and "saddle train --resume new" in answer.err
    assert sorted(path.name for path in (home / "new" / "checkpoints").iterdir()) == ["00000000", "00000001"]
    monkeypatch.undo()
    monkeypatch.chdir(home)
    assert saddle("train", "--resume", "new").code == 0
    assert digest(home / "new") == digest(home / "points")


def test_full_at_samples_and_report(home: Path, saddle: Saddle, fill_disk: Any) -> None:
    report = hashlib.sha256((home / "points" / "report.html").read_bytes()).digest()
    fill_disk("")
    for words in (("sample", "points", "--out", "a.csv"), ("report", "points")):
        answer = saddle(*words)
        assert answer.code == 2 and "No space left on device" in answer.err and answer.err.count("\n") == 1
    assert not (home / "a.csv").exists()
    assert hashlib.sha256((home / "points" / "report.html").read_bytes()).digest() == report
