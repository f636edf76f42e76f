"""Splits, batches, fingerprints, records."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import saddle.data as data
from saddle.core.errors import InputError, NonFiniteError
from saddle.data import dataset as dataset_module

rng = np.random.default_rng(0)


@pytest.mark.parametrize("holdout", [0.001, 0.1, 0.5, 0.999])
def test_split_is_a_partition(holdout: float) -> None:
    whole = data.open(np.arange(40.0).reshape(20, 2), y=list(range(20)))
    train, held = whole.split(holdout, seed=5)
    assert len(train) + len(held) == 20 and min(len(train), len(held)) >= 1
    assert len(held) == min(max(round(20 * holdout), 1), 19)
    together = np.concatenate([train.x, held.x])
    assert sorted(together[:, 0]) == list(np.arange(0.0, 40.0, 2))
    for part in (train, held):
        labels = part.labels_of(torch.arange(len(part)))
        assert labels is not None and (part.x[:, 0] / 2 == labels.numpy()).all()


def test_split_depends_on_the_seed_only() -> None:
    whole = data.open("ring", n=1000)
    one, other = whole.split(seed=1), whole.split(seed=1)
    assert one[0].fingerprint() == other[0].fingerprint() != whole.split(seed=2)[0].fingerprint()
    again, _ = one[0].split(0.5, seed=1)
    assert set(map(tuple, again.x)) <= set(map(tuple, one[0].x))


@pytest.mark.parametrize("holdout", [0.0, 1.0, -0.5, float("nan")])
def test_split_refuses_a_share_outside_its_range(holdout: float) -> None:
    with pytest.raises(InputError, match="holdout must lie between 0 and 1"):
        data.open("ring", n=10).split(holdout)


@pytest.mark.parametrize("limit", [0, 2**30])
def test_batches_are_encoded_examples_kept_or_not(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_module, "KEPT_BYTES", dict.fromkeys(("images", "points", "table"), limit))
    for source in (rng.random((50, 3)), rng.integers(0, 256, (50, 5, 4, 3), dtype=np.uint8)):
        train, _ = data.open(source).split()
        indices = torch.tensor([3, 3, 0, 44])
        assert train.batch(indices) == pytest.approx(train.transform.encode(train.take(indices)).float())
        assert train.rows is not None
        assert (train.take(indices) == source[train.rows[indices.numpy()]]).all()


def test_fingerprint_sees_every_change() -> None:
    array = rng.random((20, 3))
    changed = array.copy()
    changed[7, 1] = np.nextafter(changed[7, 1], 2)
    labels = [0, 1] * 10
    marks = [
        data.open(one, **options).fingerprint()
        for one, options in [
            (array, {}),
            (changed, {}),
            (array.astype(np.float32), {}),
            (array, {"y": labels}),
            (array, {"y": labels[::-1]}),
            (array, {"y": ["a", "b"] * 10}),
            (pd.DataFrame(array), {}),
            (pd.DataFrame(array, columns=list("abc")), {}),
        ]
    ]
    assert len(set(marks)) == len(marks)
    assert data.open(array.copy(), name="other").fingerprint() == marks[0]


def test_fingerprint_is_the_same_in_another_process() -> None:
    opening = "saddle.data.open(np.arange(12.0).reshape(6, 2), y=list('ababab'))"
    code = f"import numpy as np, saddle.data; print({opening}.fingerprint())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert said == data.open(np.arange(12.0).reshape(6, 2), y=list("ababab")).fingerprint()


LAYOUTS = {
    "points": lambda: data.open("swiss-roll", n=100),
    "digits": lambda: data.open("digits"),
    "tensor": lambda: data.open(torch.rand(9, 3, 5, 4), y=[True, False, True] * 3),
    "table": lambda: data.open(
        pd.DataFrame({"size": rng.random(30), "who": ["ann", "bob", "cy"] * 10, "age": range(30)}), target="who"
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_survives_json_and_samples_without_the_data(name: str) -> None:
    opened = LAYOUTS[name]()
    layout = data.Layout.from_record(json.loads(json.dumps(opened.record(), allow_nan=False)))
    assert layout == opened.layout
    indices = torch.arange(6)
    mine, theirs = (one.own(opened.batch(indices), opened.labels_of(indices)) for one in (layout, opened))
    assert str(mine) == str(theirs) and type(mine) is type(theirs)
    if layout.classes is not None:
        assert [type(label) for label in layout.classes] == [type(label) for label in opened.classes or ()]


def test_damaged_record_is_refused() -> None:
    record = data.open("ring", n=10).record()
    del record["shape"]
    with pytest.raises(InputError, match="layout record is damaged: KeyError 'shape'"):
        data.Layout.from_record(record)


def test_samples_of_bytes_are_rounded_and_bounded() -> None:
    opened = data.open(rng.integers(0, 256, (9, 4, 4), dtype=np.uint8))
    wild = opened.own(torch.linspace(-3, 3, 16).reshape(1, 1, 4, 4))
    assert isinstance(wild, np.ndarray) and wild.dtype == np.uint8
    assert wild.min() == 0 and wild.max() == 255 and (np.diff(wild.reshape(-1).astype(int)) >= 0).all()


def test_samples_that_cannot_be_are_refused() -> None:
    opened = data.open("ring", n=10)
    with pytest.raises(InputError, match=r"must have shape \(n, 2\); found \(4, 3\)"):
        opened.own(torch.zeros(4, 3))
    with pytest.raises(NonFiniteError, match="not finite"):
        opened.own(torch.tensor([[0.0, float("nan")]]))


def test_integers_stay_integers_at_the_ends_of_their_type() -> None:
    for dtype in (np.int8, np.uint16, np.int64, np.uint64):
        ends = np.iinfo(dtype)
        array = np.array([[ends.min], [ends.max], [ends.max // 2]], dtype=dtype)
        made = data.open(array).own(torch.tensor([[-9.0], [9.0]]))
        assert isinstance(made, np.ndarray) and made.dtype == dtype
        assert made[0, 0] == ends.min and float(made[1, 0]) == pytest.approx(float(ends.max))


def test_table_comes_back_with_header_types_and_target() -> None:
    frame = pd.DataFrame(
        {
            "ratio": rng.random(60).astype(np.float32),
            "grade": ["low", "high"] * 30,
            "count": rng.integers(0, 1000, 60),
            "member": rng.random(60) < 0.3,
            "maybe": pd.array(rng.integers(0, 4, 60), dtype="Int64"),
            "fixed": 7,
        }
    )
    opened = data.open(frame, target="grade")
    assert opened.problems == ("Constant, and so reproduced as they are: 'fixed'.",)
    indices = torch.arange(60)
    back = opened.own(opened.batch(indices), opened.labels_of(indices))
    pd.testing.assert_frame_equal(back, frame, rtol=1e-5)
    without = opened.own(opened.batch(indices))
    assert isinstance(without, pd.DataFrame) and list(without) == ["ratio", "count", "member", "maybe", "fixed"]
    noise = opened.own(torch.randn(500, 5), torch.ones(500, dtype=torch.long))
    assert isinstance(noise, pd.DataFrame) and set(noise["grade"]) == {"low"}
    assert noise["count"].between(frame["count"].min(), frame["count"].max()).all()
    assert data.open(frame, target="grade", labels=False).columns == tuple(
        one for one in opened.columns or () if one.name != "grade"
    )


def test_description_is_json() -> None:
    frame = pd.DataFrame({"a": [1.5, 2.0, 3.0], "who": ["x", "y", "x"]})
    said = data.open(frame, target="who").describe()
    assert json.loads(json.dumps(said)) == said
    assert said["labels"] == [{"label": "x", "count": 2}, {"label": "y", "count": 1}]
    assert said["columns"][0] == {"name": "a", "dtype": "float64", "role": "feature", "range": [1.5, 3.0]}
    assert said["count"] == 3 and said["kind"] == "table" and said["range"] == [1.5, 3.0]


def test_a_split_of_a_file_on_disk_copies_nothing(tmp_path: Path) -> None:
    np.save(tmp_path / "big.npy", rng.integers(0, 256, (300, 16, 16), dtype=np.uint8))
    train, _ = data.open(tmp_path / "big.npy").split()
    assert isinstance(train.storage, np.memmap)
    assert len(train.storage) == 300 and len(train) == 270
