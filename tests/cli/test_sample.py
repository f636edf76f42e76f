"""`saddle sample`: every format, in the data's own units."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import Saddle
from PIL import Image

NUMBERS = ("weight in g", "pips", "size")


def sampled(saddle: Saddle, run: str, out: str, *words: object) -> Path:
    answer = saddle("sample", run, "--out", out, *words)
    assert answer.code == 0, answer.err
    assert answer.out.endswith(f": {out}\n") and answer.err == ""
    return Path(out)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_table_keeps_its_header_and_types(home: Path, saddle: Saddle, suffix: str) -> None:
    path = sampled(saddle, "table", f"out{suffix}", "-n", 40)
    original = pd.read_csv("table.csv")
    made = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    assert list(made.columns) == list(original.columns)
    assert [made[name].dtype for name in NUMBERS] == [original[name].dtype for name in NUMBERS]
    assert made["pips"].dtype == np.int64 and made["pips"].between(0, 8).all()
    assert set(made["kind"]) <= {"apple", "pear"}
    assert len(made) == 40


def test_table_as_arrays_holds_numbers_and_labels(home: Path, saddle: Saddle) -> None:
    arrays = np.load(sampled(saddle, "table", "out.npz", "-n", 40))
    assert arrays["x"].shape == (40, 3) and arrays["x"].dtype.kind == "f"
    assert set(arrays["y"]) <= {"apple", "pear"}
    assert np.load(sampled(saddle, "table", "out.npy", "-n", 40)).shape == (40, 3)


def test_pictures(home: Path, saddle: Saddle) -> None:
    arrays = np.load(sampled(saddle, "pictures", "out.npz", "-n", 5, "--seed", 1))
    assert arrays["x"].shape == (5, 8, 8) and arrays["x"].dtype == np.uint8
    folder = sampled(saddle, "pictures", "folder", "-n", 5, "--seed", 1)
    files = sorted(folder.rglob("*.png"), key=lambda path: path.name)
    assert [path.parent.name for path in files] == [str(label) for label in arrays["y"]]
    for path, picture in zip(files, arrays["x"], strict=True):
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), picture)
    with Image.open(sampled(saddle, "pictures", "sheet.PNG", "-n", 5, "--seed", 1)) as sheet:
        assert sheet.width > 3 * 8


def test_points(home: Path, saddle: Saddle) -> None:
    array = np.load(sampled(saddle, "points", "out.npy", "-n", 5, "--seed", 1))
    table = pd.read_csv(sampled(saddle, "points", "out.csv", "-n", 5, "--seed", 1))
    assert list(table.columns) == ["x0", "x1"]
    np.testing.assert_array_equal(table.to_numpy(), array)
    with Image.open(sampled(saddle, "points", "out.png")) as image:
        assert image.format == "PNG"


@pytest.mark.parametrize("run", ["points", "pictures"])
def test_sample_i_does_not_depend_on_n(home: Path, saddle: Saddle, run: str) -> None:
    few = np.load(sampled(saddle, run, "few.npz", "-n", 5, "--seed", 3))["x"]
    many = np.load(sampled(saddle, run, "many.npz", "-n", 300, "--seed", 3))["x"]
    other = np.load(sampled(saddle, run, "other.npz", "-n", 5, "--seed", 4))["x"]
    np.testing.assert_array_equal(many[:5], few)
    assert not np.array_equal(few, other)


def test_without_a_seed_every_call_differs(home: Path, saddle: Saddle) -> None:
    first, second = (np.load(sampled(saddle, "points", f"{name}.npy")) for name in "ab")
    assert not np.array_equal(first, second)


def test_label(home: Path, saddle: Saddle) -> None:
    assert set(np.load(sampled(saddle, "pictures", "out.npz", "--label", 2))["y"]) == {2}
    assert set(pd.read_csv(sampled(saddle, "table", "out.csv", "--label", "pear"))["kind"]) == {"pear"}


def test_round_and_member_choose_the_model(home: Path, saddle: Saddle) -> None:
    def numbers(run: str, *words: object) -> bytes:
        path = sampled(saddle, run, f"{run}-{'-'.join(map(str, words))}.npy", "--seed", 0, *words)
        return np.load(path).tobytes()

    assert numbers("points", "--round", 4) == numbers("points") != numbers("points", "--round", 0)
    assert numbers("population", "--member", 0) == numbers("population") != numbers("population", "--member", 1)


def test_walk_passes_without_jumps(home: Path, saddle: Saddle) -> None:
    walk = np.load(sampled(saddle, "points", "walk.npy", "--interpolate", "-n", 200, "--seed", 0))
    apart = np.load(sampled(saddle, "points", "apart.npy", "-n", 200, "--seed", 0))
    steps, jumps = (np.linalg.norm(np.diff(x, axis=0), axis=1).mean() for x in (walk, apart))
    assert steps < 0.1 * jumps


def test_default_names_are_free_ones_in_the_run(home: Path, saddle: Saddle) -> None:
    for run, suffix in (("points", "png"), ("table", "csv")):
        for number in (1, 2):
            answer = saddle("sample", run, "-n", 1)
            assert answer.out == f"1 sample: {run}/samples-{number:03d}.{suffix}\n"
            assert (home / run / f"samples-{number:03d}.{suffix}").exists()
