"""Folders in MNIST's format."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

import saddle.data as data
from saddle.core.errors import InputError

rng = np.random.default_rng(0)
PICTURES = rng.integers(0, 256, (12, 5, 4), dtype=np.uint8)
LABELS = np.arange(12, dtype=np.uint8) % 3


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write(folder: Path, *, mark: str = "-", packed: bool = False, parts: tuple[str, ...] = ("train", "t10k")) -> Path:
    folder.mkdir()
    for part in parts:
        for what, axes, array in (("images", 3, PICTURES), ("labels", 1, LABELS)):
            content = idx(array[:6] if part == "t10k" else array)
            name = f"{part}-{what}{mark}idx{axes}-ubyte" + (".gz" if packed else "")
            (folder / name).write_bytes(gzip.compress(content) if packed else content)
    return folder


@pytest.mark.parametrize("mark", ["-", "."])
@pytest.mark.parametrize("packed", [False, True])
def test_both_parts_open(mark: str, packed: bool, tmp_path: Path) -> None:
    folder = write(tmp_path / "clothes", mark=mark, packed=packed)
    train, test = data.open(folder), data.open(folder, split="test")
    assert (train.x == PICTURES).all() and (test.x == PICTURES[:6]).all()
    assert train.classes == (0, 1, 2) and train.y is not None and (train.y == LABELS).all()
    assert train.name == "clothes"
    assert test.reopen == {"source": str(folder), "split": "test"}
    assert data.open(folder, labels=False).classes is None


def test_pictures_without_labels(tmp_path: Path) -> None:
    folder = write(tmp_path / "m", parts=("train",))
    (folder / "train-labels-idx1-ubyte").unlink()
    opened = data.open(folder)
    assert opened.y is None and "has no labels beside" in opened.problems[0]


def damage(folder: Path, case: str) -> None:
    pictures, labels = folder / "train-images-idx3-ubyte", folder / "train-labels-idx1-ubyte"
    whole = pictures.read_bytes()
    if case == "truncated":
        pictures.write_bytes(whole[:-1])
    elif case == "magic":
        pictures.write_bytes(b"\x00\x00\x0d\x03" + whole[4:])
    elif case == "short header":
        pictures.write_bytes(whole[:7])
    elif case == "counts":
        labels.write_bytes(idx(LABELS[:-1]))
    elif case == "broken gz":
        pictures.with_name(pictures.name + ".gz").write_bytes(gzip.compress(whole)[:-20])
        pictures.unlink()
    elif case == "no gz at all":
        pictures.with_name(pictures.name + ".gz").write_bytes(whole)
        pictures.unlink()
    elif case == "two files":
        (folder / "train-images.idx3-ubyte").write_bytes(whole)
    elif case == "no pictures":
        pictures.unlink()


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("truncated", r"must hold 240 bytes after its header, for the shape \(12, 5, 4\) it claims; found 239"),
        ("magic", "idx file of unsigned bytes with 3 axes; found the first bytes 00000d03"),
        ("short header", "idx file of unsigned bytes"),
        ("counts", "a label for each of the 12 pictures; found 11"),
        ("broken gz", "cannot be read: Compressed file ended"),
        ("no gz at all", "cannot be read: Not a gzipped file"),
        ("two files", "must hold one file of train images"),
        ("no pictures", "must hold train-images-idx3-ubyte"),
    ],
)
def test_damage_is_refused(case: str, message: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "m")
    damage(folder, case)
    with pytest.raises(InputError, match=message) as caught:
        data.open(folder)
    assert str(folder) in str(caught.value) and "\n" not in str(caught.value)


def test_unknown_and_missing_parts_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "m", parts=("train",))
    with pytest.raises(InputError, match="split must be train or test; found 'valid'"):
        data.open(folder, split="valid")
    with pytest.raises(InputError, match="must hold test-images"):
        data.open(folder, split="test")


def test_mnist(real_data: Path) -> None:
    train, test = data.open(real_data / "mnist"), data.open(real_data / "mnist", split="test")
    assert (len(train), len(test), train.shape, train.classes) == (60_000, 10_000, (28, 28), tuple(range(10)))
    assert train.y is not None and train.y[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert train.x.mean() == pytest.approx(33.3184, abs=1e-3)
