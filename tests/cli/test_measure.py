"""`saddle measure`: a table for two sources, and one sentence for every wrong call."""

import json
from pathlib import Path

import numpy as np
import pytest
from commands import Saddle


def test_alone_it_lists_the_measures(saddle: Saddle) -> None:
    answer = saddle("measure")
    assert answer.code == 0 and "energy_distance" in answer.out and "wasserstein" in answer.out


def test_a_table_with_interval_count_reference_and_time(home: Path, saddle: Saddle) -> None:
    rows = np.load("points.npy")
    np.save("others.npy", rows[: len(rows) // 2] + 0.1)
    answer = saddle("measure", "points.npy", "others.npy", "-n", 50)
    assert answer.code == 0 and answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0].startswith("A: points,") and lines[1].startswith("B: others,")
    assert lines[2].split()[0] == "measure" and "95 % interval" in lines[2] and "points itself" in lines[2]
    assert lines[3].startswith("energy distance") and lines[3].count("±") == 2 and "50 / 50" in lines[3]
    record = json.loads(saddle("measure", "points.npy", "others.npy", "-n", 50, "--of", "mmd", "--json").out)
    assert [row["name"] for row in record["rows"]] == ["squared MMD"] and record["rows"][0]["reference"]


def test_evaluate_takes_measures_features_and_other_data(home: Path, saddle: Saddle) -> None:
    rows = np.load("points.npy")
    np.save("others.npy", rows[:40] + 0.01)
    answer = saddle("evaluate", "points", "others.npy", "-n", 30, "--of", "energy_distance,mmd")
    assert answer.code == 0 and "others is not what the model was trained on" in answer.out
    assert [line.split("  ")[0] for line in answer.out.splitlines()[1:3]] == ["energy distance", "squared MMD"]
    (home / "mine.py").write_text("def first(x):\n    return x.flatten(1)[:, :3]\n")
    answer = saddle("evaluate", "pictures", "-n", 30, "--features", "mine.py:first", "--of", "energy-distance")
    assert answer.code == 0 and "energy distance of mine.py:first" in answer.out and "Class by class" in answer.out


WRONG = {
    "{data}/mnist digits": "pictures of 28 x 28 pixels and pictures of 8 x 8 pixels",
    "points.npy": "B, what is to be compared with points.npy",
    "absent.npy points.npy": "found 'absent.npy'",
    "points.npy absent.npy": "found 'absent.npy'",
    "rnig points.npy": "did you mean ring",
    "points.npy points.npy": "must hold different examples",
    "points.npy table.csv": "must have numeric columns only",
    "points.npy numbers.csv": "points in 2 dimensions and a table of 2 columns",
    "points.npy pictures.npz": "points in 2 dimensions and pictures of",
    "points.npy sphere": "points in 2 dimensions and points in 3 dimensions",
    "points.npy ring -n 5": "n must be at least 10; found 5",
    "points.npy ring -n many": "'-n'",
    "points.npy ring --of": "--of",
    "points.npy ring --of energi_distance": "did you mean energy_distance",
    "points.npy ring --of nonsense": "there are energy_distance",
    "points.npy gaussian --of mode_coverage": "modes are known",
    "points.npy ring --features classifier": "pictures of at least 2 classes",
    "points.npy ring --features nowhere": "features must be pixels, classifier",
    "pictures.npz table.csv --target kind": "target has a meaning for tables only",
    "points.npy ring --target kind": "target has a meaning for",
    "points.npy ring --size 8x8": "size has a meaning for",
    "few.npy ring": "A must hold at least 20 examples and B 10; found 12",
    "nan.npy ring": "nan.npy",
    "points.npy ring extra": "extra",
    "points.npy ring --jsn": "--json",
    "ring points.npy --seed x": "'--seed'",
    "empty.csv table.csv": "empty.csv",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_call_gets_one_sentence(home: Path, saddle: Saddle, words: str, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue("real_data") if "{data}" in words else ""
    np.save("few.npy", np.random.default_rng(0).standard_normal((12, 2)))
    np.save("nan.npy", np.full((50, 2), np.nan))
    (home / "empty.csv").write_text("")
    (home / "numbers.csv").write_text("u,v\n" + "0.5,1.5\n1.0,2.0\n" * 30)
    answer = saddle("measure", *words.format(data=data).split())
    assert answer.code == 2 and answer.out == ""
    assert WRONG[words] in answer.err
    assert answer.err.startswith("Error: ") and answer.err.count("\n") == 1 and answer.err.rstrip().endswith((".", "?"))


def test_evaluate_refuses_what_it_cannot_open(home: Path, saddle: Saddle) -> None:
    (home / "numbers.csv").write_text("u,v\n" + "0.5,1.5\n1.0,2.0\n" * 30)
    for words, says in {
        "points numbers.csv": "cannot be compared",
        "points --split test": "no DATA are given",
        "points --of nonsense": "There is no measure 'nonsense'",
        "points --features absent.pt": "absent.pt",
        "points absent.npy": "absent.npy",
    }.items():
        answer = saddle("evaluate", *words.split())
        assert answer.code == 2 and says in answer.err and answer.err.count("\n") == 1, words
