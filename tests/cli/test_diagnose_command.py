"""`saddle diagnose`."""

import json
from pathlib import Path

import pytest
from commands import Saddle
from PIL import Image

from saddle.diagnosis import VERDICTS


@pytest.mark.parametrize("run", ["points", "pictures", "table"])
def test_a_verdict_with_its_evidence_and_advice(home: Path, saddle: Saddle, run: str) -> None:
    answer = saddle("diagnose", run)
    assert answer.code == 0 and answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0].split(":")[0] in VERDICTS
    assert "Evidence" in lines and "What to change" in lines
    assert sum(line.startswith("- ") for line in lines) >= 2


def test_json_is_the_verdict(home: Path, saddle: Saddle) -> None:
    record = json.loads(saddle("diagnose", "points", "--json").out)
    assert record["verdict"] in VERDICTS and record["evidence"] and record["advice"]
    assert saddle("diagnose", "points").out.startswith(record["verdict"])


def test_members_have_a_line_each_or_all_of_one(home: Path, saddle: Saddle) -> None:
    lines = saddle("diagnose", "population").out.splitlines()
    assert [line.startswith(f"Diagnosis of member {i}: ") for i, line in enumerate(lines[:2])] == [True, True]
    assert "Evidence" in saddle("diagnose", "population", "--member", 1).out
    assert saddle("diagnose", "population", "--json").code == 2


def test_the_picture_is_written_once(home: Path, saddle: Saddle) -> None:
    assert saddle("diagnose", "points", "--out", "why.png").code == 0
    with Image.open(home / "why.png") as picture:
        assert min(picture.size) > 100
    before = (home / "why.png").read_bytes()
    again = saddle("diagnose", "points", "--out", "why.png")
    assert again.code == 2 and "exists already" in again.err and (home / "why.png").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing"], "There is no run folder nothing."),
        (["points.npy"], "points.npy is not a run folder: it has no run.toml."),
        (["points", "--member", 1], "member must be from 0 to 0, and got 1."),
        (["points", "--out", "why.pdf"], "--out takes a .png file, and got 'why.pdf'."),
        (["points", "--out", "no/why.png"], "There is no folder no to write why.png into."),
    ],
)
def test_bad_input_is_one_sentence(home: Path, saddle: Saddle, words: list[object], sentence: str) -> None:
    answer = saddle("diagnose", *words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"Error: {sentence}\n")


def test_a_training_ends_with_its_verdict(home: Path, saddle: Saddle) -> None:
    small = ("--rounds", 3, "--set", "threads=1", "--set", "generator.width=4", "--set", "critic.width=4")
    answer = saddle("train", "points.npy", "--out", "more", *small)
    assert answer.code == 0
    assert any(line.startswith("Diagnosis: ") for line in answer.out.splitlines())
    assert "saddle diagnose more" in answer.out


def test_a_training_that_breaks_off_says_how_to_find_out_why(home: Path, saddle: Saddle) -> None:
    wild = "{kind='sgd',rate=100.0}"
    words = ("--recipe", "lsgan", "--set", f"generator_optimizer={wild}", "--set", f"critic_optimizer={wild}")
    answer = saddle("train", "points.npy", "--out", "wild", "--rounds", 200, "--set", "threads=1", *words)
    assert answer.code == 1 and "saddle diagnose wild says what to change" in answer.err
    assert saddle("diagnose", "wild").out.startswith("numerical trouble")
