"""`saddle data`."""

from pathlib import Path

import numpy as np
import pytest
from commands import Saddle
from PIL import Image

import saddle as package
from saddle.cli.sources import content


def test_lists_every_built_in_set(saddle: Saddle) -> None:
    answer = saddle("data")
    assert answer.code == 0
    for name in package.data.builtin_names():
        assert f"\n{name} " in f"\n{answer.out}"


@pytest.mark.parametrize("name", ["ring", "sphere", "two-lines", "digits"])
def test_built_in(saddle: Saddle, name: str) -> None:
    answer = saddle("data", name)
    assert answer.code == 0 and answer.out.startswith("name ") and "about" in answer.out


def test_table(home: Path, saddle: Saddle) -> None:
    out = saddle("data", "table.csv", "--target", "kind").out
    assert "200 rows of 3 columns, 2 labels" in out
    assert "apple (150), pear (50)" in out
    assert "weight in g" in out and "label" in out


def test_pictures_of_a_folder(home: Path, saddle: Saddle) -> None:
    for name, count in (("cats", 3), ("dogs", 2)):
        (home / "animals" / name).mkdir(parents=True)
        for i in range(count):
            pixels = np.random.default_rng(i).integers(0, 256, (20, 30, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(home / "animals" / name / f"{i}.png")
    (home / "animals" / "notes.txt").write_text("not a picture")
    out = saddle("data", "animals", "--size", "10x12").out
    assert "5 pictures of 10 x 12 pixels, color, 2 labels" in out
    assert "cats (3), dogs (2)" in out
    assert "Note: " in out


def test_long_lists_of_labels_are_cut(home: Path, saddle: Saddle) -> None:
    np.savez("many.npz", x=np.random.default_rng(0).normal(size=(300, 3)), y=np.arange(300) % 60)
    out = saddle("data", "many.npz").out
    assert "39 (5), and 20 more" in out and "40 (5)" not in out


def test_content_in_words() -> None:
    assert content(package.open(np.zeros((9, 1)) + np.arange(9)[:, None])) == "9 points in 1 dimension"
