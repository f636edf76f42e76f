"""Bad input of every kind gives one sentence and exit code 2, and leaves everything as it was."""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from commands import PERCEPTRONS, SMALL, Saddle


def nothing(home: Path) -> None:
    """Leaves the folder as it is."""


@dataclass(frozen=True)
class Bad:
    """One kind of bad input.

    Attributes:
        command: what is typed.
        says: a pattern that the sentence holds.
        prepare: makes the folder bad.
    """

    command: str
    says: str
    prepare: Callable[[Path], object] = nothing


def writes(name: str, content: str | bytes) -> Callable[[Path], object]:
    """Makes a file."""
    return lambda home: (home / name).write_bytes(content.encode() if isinstance(content, str) else content)


def flips(name: str, place: float) -> Callable[[Path], object]:
    """Changes one bit of the last checkpoint's file of this name, at a share of its length."""

    def flip(home: Path) -> None:
        path = sorted((home / "points" / "checkpoints").iterdir())[-1] / name
        content = bytearray(path.read_bytes())
        content[int(place * len(content))] ^= 1
        path.write_bytes(bytes(content))

    return flip


def edits(old: str, new: str, name: str = "points/run.toml") -> Callable[[Path], object]:
    """Replaces text in a file that holds it."""

    def edit(home: Path) -> None:
        text = (home / name).read_text()
        assert old in text
        (home / name).write_text(text.replace(old, new))

    return edit


def broken_pictures(home: Path) -> None:
    """A folder with files that are pictures by name only."""
    (home / "broken").mkdir()
    for name in ("a.png", "b.jpg"):
        (home / "broken" / name).write_bytes(b"no picture at all")


def no_checkpoint(home: Path) -> None:
    """A run that was killed before its first checkpoint."""
    shutil.rmtree(home / "points" / "checkpoints")


def other_data(home: Path) -> None:
    """Data of the same shape with other numbers."""
    np.save(home / "points.npy", np.random.default_rng(1).normal(size=(300, 2)))


def objects(home: Path) -> None:
    """An array of Python objects, which only pickle could read."""
    np.save(home / "objects.npy", np.array([{"a": 1}, {"b": 2}], dtype=object), allow_pickle=True)


SOURCES = {
    "a cell that is no number": Bad("train nan.csv", "nan.csv.*b", writes("nan.csv", "a,b\n1,2\n3,\n5,6\n")),
    "a column of text": Bad("train text.csv", "text.csv.*b", writes("text.csv", "a,b\n1,x\n2,y\n3,z\n")),
    "one row": Bad("train one.csv", "one.csv.*1", writes("one.csv", "a,b\n1,2\n")),
    "a table with no rows": Bad("train header.csv", "header.csv", writes("header.csv", "a,b\n")),
    "an empty file": Bad("train empty.csv", "empty.csv", writes("empty.csv", "")),
    "an empty folder": Bad("train empty", "empty", lambda home: (home / "empty").mkdir()),
    "only broken pictures": Bad("train broken", "broken", broken_pictures),
    "a folder by the name of a table": Bad("train f.csv", r"f\.csv", lambda home: (home / "f.csv").mkdir()),
    "a damaged .npy": Bad("train bad.npy", r"bad\.npy", writes("bad.npy", b"\x93NUMPY junk")),
    "a damaged .npz": Bad("train bad.npz", r"bad\.npz", writes("bad.npz", b"PK\x03\x04 junk")),
    "pickled objects": Bad("train objects.npy", r"objects\.npy", objects),
    "an unknown kind of file": Bad("train notes.txt", r"notes\.txt", writes("notes.txt", "hello\n")),
    "no such data": Bad("train rinng", "rinng.*did you mean ring"),
    "a run as data": Bad("train points", "points is a run.*--resume points"),
    "a column that is not there": Bad("train table.csv --target colour", "colour"),
    "text beside the target": Bad("train table.csv --target pips", "kind"),
    "a target without a table": Bad("train points.npy --target x", "target"),
    "size zero": Bad("train empty --size 0x0", "0x0", lambda home: (home / "empty").mkdir()),
    "size banana": Bad("train empty --size banana", "banana", lambda home: (home / "empty").mkdir()),
    "a size of points": Bad("train points.npy --size 8x8", "size"),
    "data of nothing": Bad("data nowhere.npy", "nowhere.npy"),
}

MINE = "train points.npy --recipe mine.py:m"
RESUME = "train --resume points"
CHANGED = r"run\.toml was changed"

SETTINGS = {
    "an unknown recipe": Bad("train points.npy --recipe dcgn", "dcgn.*did you mean dcgan"),
    "a recipe for other data": Bad("train points.npy --recipe dcgan", "dcgan is for pictures"),
    "a recipe file that is missing": Bad("train points.npy --recipe mine.py:make", r"no file mine\.py"),
    "a recipe function that is missing": Bad(
        f"{MINE}e", "mine.py has no function 'me'", writes("mine.py", "m = len\n")
    ),
    "a recipe file that fails": Bad(MINE, "ZeroDivision", writes("mine.py", "1 / 0\n")),
    "a recipe file that exits": Bad(MINE, "SystemExit", writes("mine.py", "exit(3)\n")),
    "a recipe file with a slip": Bad(MINE, "SyntaxError", writes("mine.py", "def\n")),
    "a recipe that fails": Bad(MINE, "KeyError", writes("mine.py", "def m(layout): return {}['a']\n")),
    "a recipe that returns something else": Bad(
        MINE, "such as saddle.GAN.*7", writes("mine.py", "def m(layout): return 7\n")
    ),
    "an unknown setting": Bad("train points.npy --set bach=1", "bach.*did you mean batch"),
    "an unknown setting within": Bad("train points.npy --set generator.widht=1", "widht.*did you mean width"),
    "an unknown objective": Bad("train points.npy --set objective=wassertein", "wassertein.*wasserstein"),
    "an unknown regularizer": Bad("train points.npy --set regularizers=r3", "r3"),
    "several regularizers in one text": Bad(
        "train points.npy --set regularizers=r1,r2", r"'r1,r2'; several are a list, regularizers=\[\"r1\",\"r2\"\],"
    ),
    "a recipe for other data, compared": Bad(
        "compare points.npy --recipes dcgan,gan", "^Error: The recipe dcgan does not suit: dcgan is for pictures, and"
    ),
    "a recipe to show that is not there": Bad("recipes dcgn", "dcgn.*did you mean dcgan"),
    "a run to show as a recipe": Bad("recipes points/run.toml", r"points/run\.toml is the record of a run.*\[model\]"),
    "a size without data": Bad("recipes dcgan --size 8x8", "--size.*name the data"),
    "--set without =": Bad("train points.npy --set batch", "'batch'"),
    "--set twice": Bad("train points.npy --set latent=3 --set latent.dimension=4", "latent"),
    "--set beside its option": Bad("train points.npy --seed 1 --set seed=2", "--seed and --set seed"),
    "width 0": Bad("train points.npy --set generator.width=0", "generator.width.*1.*0"),
    "average 1.5": Bad("train points.npy --set average=1.5", "average.*1.*1.5"),
    "batch 0": Bad("train points.npy --set batch=0", "batch.*1.*0"),
    "batch of text": Bad("train points.npy --set batch=many", "batch.*many"),
    "holdout 0": Bad("train points.npy --set holdout=0", "holdout.*0"),
    "one held-out example": Bad("train points.npy --set holdout=0.001", "holdout.*0.01 .*found 0.001.*300 .*1"),
    "a rate below 0": Bad("train points.npy --set generator_optimizer.rate=-1", "generator_optimizer.rate.*0.*-1"),
    "precision float16": Bad("train points.npy --set precision=float16", "precision.*float16"),
    "rounds 0": Bad("train points.npy --rounds 0", "rounds.*1.*0"),
    "rounds of text": Bad("train points.npy --rounds many", "--rounds"),
    "minutes below 0": Bad("train points.npy --minutes -1", "minutes.*0.*-1"),
    "minutes without end": Bad("train points.npy --minutes inf", "minutes.*inf"),
    "no seeds": Bad("train points.npy --seeds 0", "seeds.*1.*0"),
    "an unknown device": Bad("train points.npy --device gpu", "gpu"),
    "an unknown option": Bad("train points.npy --epochs 3", "--epochs"),
    "an unknown command": Bad("trian points.npy", "trian"),
}

RUNS = {
    "a run folder that exists": Bad("train points.npy --out points", "points exists already"),
    "a file where the run should go": Bad("train points.npy --out points.npy", "points.npy exists already"),
    "a run within a file": Bad("train points.npy --out points.npy/run", "points.npy"),
    "no such run": Bad("train --resume nowhere", "no run folder nowhere"),
    "no run folder": Bad("train --resume folder", "run.toml", lambda home: (home / "folder").mkdir()),
    "run.toml that is no TOML": Bad(RESUME, "run.toml", writes("points/run.toml", "= 3 [\n")),
    "run.toml of something else": Bad(RESUME, "run.toml.*'format'", writes("points/run.toml", "a = 1\n")),
    "run.toml of another format": Bad(RESUME, "format 99", edits("format = 3", "format = 99")),
    "a resume with another rate": Bad(RESUME, CHANGED, edits("rate = 0.0002", "rate = 0.1")),
    "a resume with another width": Bad(RESUME, CHANGED, edits("width = 8", "width = 9")),
    "a resume with a setting out of range": Bad(RESUME, "width.*-8", edits("width = 8", "width = -8")),
    "a resume with more threads": Bad(RESUME, CHANGED, edits("threads = 1", "threads = 2")),
    "a flipped bit of the tensors": Bad(RESUME, "damaged", flips("state.safetensors", 0.6)),
    "a flipped bit of their header": Bad(RESUME, "damaged", flips("state.safetensors", 0.1)),
    "a flipped bit of the record": Bad(RESUME, "state.json|damaged", flips("state.json", 0.5)),
    "a flipped bit of its end": Bad(RESUME, "state.json|damaged", flips("state.json", 0.98)),
    "no layout": Bad(RESUME, "layout.json", lambda home: (home / "points/layout.json").unlink()),
    "data gone": Bad(RESUME, "points.npy", lambda home: (home / "points.npy").unlink()),
    "data changed": Bad(
        RESUME,
        "content differs",
        other_data,
    ),
    "resume with data": Bad("train ring --resume points", "leave out DATA"),
    "resume with another recipe": Bad("train --resume points --recipe gan", "leave out --recipe"),
    "resume with a setting": Bad("train --resume points --set batch=3", "leave out --set"),
    "resume without labels": Bad("train --resume points --no-labels", "leave out --no-labels"),
    "resume from a start": Bad("train --resume points --start points", "leave out --start"),
    "a start that is no run": Bad("train points.npy --start nowhere", "no run folder nowhere"),
    "a start without a checkpoint": Bad("train points.npy --start points", "no checkpoint yet", no_checkpoint),
    "a start of other shapes": Bad("train points.npy --start pictures", "pictures cannot be the start of this model"),
    "resume to what is past": Bad("train --resume points --rounds 3", "4 already, and got 3"),
    "resume to no rounds": Bad("train --resume points --rounds 0", "rounds.*1.*0"),
}

SAMPLES = {
    "no such run to sample": Bad("sample nowhere", "no run folder nowhere"),
    "a run without a checkpoint": Bad("sample points", "no checkpoint", no_checkpoint),
    "no samples": Bad("sample points -n 0", "samples.*1.*0"),
    "a walk of one": Bad("sample points --interpolate -n 1", "2"),
    "no such member": Bad("sample points --member 1", "member.*0.*1"),
    "a member below 0": Bad("sample points --member -1", "member.*0.*-1"),
    "no such round": Bad("sample points --round 99", "round 99.*0, 1"),
    "no such label": Bad("sample pictures --label 7", "label '7'"),
    "a label of a model without": Bad("sample points --label 1", "without labels"),
    "a file that exists": Bad("sample points --out points.npy", "points.npy exists already"),
    "an unknown suffix": Bad("sample points --out a.gif", r"a\.gif"),
    "a folder that is missing": Bad("sample points --out nowhere/a.csv", "nowhere"),
    "pictures as a table": Bad("sample pictures --out a.csv", r"\.csv"),
    "points as a folder of pictures": Bad("sample points --out folder", "folder"),
    "too few to measure": Bad("evaluate points -n 3", "n must be at least 10; found 3"),
    "no such member to measure": Bad("evaluate points --member 5", "member.*5"),
    "data gone before measuring": Bad("evaluate points", "points.npy", lambda home: (home / "points.npy").unlink()),
    "no such member to report": Bad("report points --member 5", "member.*5"),
    "no run to report": Bad("report nowhere", "no run folder nowhere"),
}

TABLE = SOURCES | SETTINGS | RUNS | SAMPLES


def snapshot(home: Path) -> dict[str, str]:
    """Every file and folder by name, with the content's hash."""
    paths = sorted(home.rglob("*"))
    return {str(one): hashlib.sha256(one.read_bytes()).hexdigest() if one.is_file() else "" for one in paths}


@pytest.mark.parametrize("kind", TABLE)
def test_one_sentence_and_nothing_touched(kind: str, home: Path, saddle: Saddle) -> None:
    bad = TABLE[kind]
    bad.prepare(home)
    before = snapshot(home)
    answer = saddle(*bad.command.split())
    assert answer.code == 2, answer.err
    assert re.fullmatch(r"Error: [^\n]+[.?!]\n", answer.err), answer.err
    assert re.search(bad.says, answer.err), answer.err
    assert "defect" not in answer.err and "Traceback" not in answer.err
    assert snapshot(home) == before


def test_debug_shows_the_traceback(home: Path, saddle: Saddle) -> None:
    answer = saddle("train", "points.npy", "--debug", "--set", "batch=0")
    assert answer.code == 2
    assert "Traceback" in answer.err and answer.err.endswith("and got 0.\n")


def test_the_same_commands_are_good_without_the_fault(home: Path, saddle: Saddle) -> None:
    """The runs of the table above can be resumed, sampled and measured, so that what is refused is the fault."""
    assert saddle("train", "--resume", "points").code == 0
    assert saddle("sample", "points", "--out", "a.csv").code == 0
    assert saddle("evaluate", "points", "-n", "20").code == 0
    assert saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--out", "new").code == 0
