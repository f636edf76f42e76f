"""Arrays in files."""

from pathlib import Path

import numpy as np
import pytest
import torch

import saddle.data as data
from saddle.core.errors import InputError

rng = np.random.default_rng(0)


def test_npy_stays_on_disk(tmp_path: Path) -> None:
    array = rng.integers(0, 256, (40, 6, 5, 3), dtype=np.uint8)
    np.save(tmp_path / "photos.npy", array)
    opened = data.open(tmp_path / "photos.npy")
    assert isinstance(opened.storage, np.memmap)
    assert (opened.name, opened.kind, opened.shape) == ("photos", "images", (6, 5, 3))
    assert (opened.own(opened.batch(torch.arange(40))) == array).all()
    assert opened.fingerprint() == data.open(array).fingerprint()


@pytest.mark.parametrize("order", ["C", "F"])
def test_npz_with_and_without_labels(order, tmp_path: Path) -> None:
    x = np.asarray(rng.random((10, 3)), order=order)
    y = np.array(["cat", "dog"] * 5)
    np.savez(tmp_path / "both.npz", x=x, y=y)
    np.savez_compressed(tmp_path / "one.npz", x)
    both, one = data.open(tmp_path / "both.npz"), data.open(tmp_path / "one.npz")
    assert both.classes == ("cat", "dog") and both.y is not None and both.y.tolist() == [0, 1] * 5
    assert one.classes is None and (one.x == x).all() and (both.x == x).all()
    bare = data.open(tmp_path / "both.npz", labels=False)
    assert bare.y is None and bare.reopen == {"source": str(tmp_path / "both.npz"), "labels": False}
    assert bare.fingerprint() == one.fingerprint()


def test_damaged_and_unsuitable_files_are_refused(tmp_path: Path) -> None:
    def refused(name: str, message: str) -> None:
        with pytest.raises(InputError, match=message) as caught:
            data.open(tmp_path / name)
        assert name in str(caught.value) and "\n" not in str(caught.value)

    np.save(tmp_path / "whole.npy", rng.random((100, 3)))
    whole = (tmp_path / "whole.npy").read_bytes()
    for name, content in [("cut.npy", whole[:-100]), ("head.npy", whole[:20])]:
        (tmp_path / name).write_bytes(content)
        refused(name, "cannot be read")
    for name, content in [("empty.npy", b""), ("noise.npy", b"hello there"), ("empty.npz", b"")]:
        (tmp_path / name).write_bytes(content)
        refused(name, "must be a .np[yz] file; found the first bytes")
    np.savez(tmp_path / "good.npz", x=rng.random((100, 3)))
    archive = (tmp_path / "good.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(archive[: len(archive) // 2])
    refused("cut.npz", "cannot be read")
    (tmp_path / "flipped.npz").write_bytes(archive[:600] + b"\xff" + archive[601:])
    refused("flipped.npz", "cannot be read")
    (tmp_path / "other.npz").write_bytes(whole)
    refused("other.npz", "must be a .npz file")
    (tmp_path / "other.npy").write_bytes(archive)
    refused("other.npy", "must be a .npy file")
    np.savez(tmp_path / "names.npz", a=rng.random((4, 2)), b=np.arange(4))
    refused("names.npz", "must hold an array x and perhaps y; found a, b")
    np.save(tmp_path / "objects.npy", np.array([{}, {}]), allow_pickle=True)
    refused("objects.npy", "plain numbers .* found Python objects")
    np.savez(tmp_path / "uneven.npz", x=rng.random((4, 2)), y=np.arange(3))
    refused("uneven.npz", "one label for each of the 4 examples; found 3")
    np.save(tmp_path / "nan.npy", np.array([[1.0], [np.nan]]))
    refused("nan.npy", "finite numbers only")
