"""Table columns come back with the decimals they were recorded with."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import saddle.data as data

rng = np.random.default_rng(0)
EXACT = rng.random(50) * 100


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        (np.round(EXACT), 0),
        (np.round(EXACT, 1), 1),
        (np.round(-EXACT, 3), 3),
        (np.round(EXACT, 6), 6),
        (np.round(EXACT, 7), None),
        (EXACT, None),
        (np.round(EXACT, 1) * (1 + 2.0**-52), 1),  # the next float, as fast text parsers give it
        (np.append(np.round(EXACT, 1), 0.123), 3),
        (np.round(EXACT, 2).astype(np.float32), 2),
        (EXACT.astype(np.float32), None),
        (EXACT * 1e14, None),
        (np.arange(50), None),
        (np.arange(50) > 25, None),
    ],
)
def test_decimals_are_found(values: np.ndarray, decimals: int | None) -> None:
    assert [column.decimals for column in data.open(pd.DataFrame({"a": values})).columns or ()] == [decimals]


def test_nullable_floats_have_decimals_and_targets_none() -> None:
    frame = pd.DataFrame({"a": pd.array(np.round(EXACT, 1), dtype="Float64"), "b": np.arange(50) % 2 * 1.0})
    opened = data.open(frame, target="b")
    assert [column.decimals for column in opened.columns or ()] == [1, None]
    back = opened.own(torch.linspace(-2, 2, 30)[:, None], torch.zeros(30, dtype=torch.long))
    assert isinstance(back, pd.DataFrame) and back.dtypes.equals(frame.dtypes)
    assert (back["a"].round(1) == back["a"]).all()


def test_samples_are_rounded_to_the_decimals_and_no_further() -> None:
    frame = pd.DataFrame({"short": np.round(EXACT - 50, 1), "full": EXACT})
    opened = data.open(frame)
    samples = opened.own(torch.randn(400, 2, generator=torch.Generator().manual_seed(1)))
    assert isinstance(samples, pd.DataFrame)
    assert all(repr(value) == repr(float(f"{value:.1f}")) for value in samples["short"].tolist())
    assert samples["short"].between(frame["short"].min(), frame["short"].max()).all()
    assert (samples["full"].round(6) != samples["full"]).mean() > 0.9


def test_zero_comes_back_without_a_sign() -> None:
    opened = data.open(pd.DataFrame({"a": [-1.0, 0.0, 1.0, 2.0]}))
    samples = opened.own(torch.linspace(-2, 2, 200)[:, None])
    assert isinstance(samples, pd.DataFrame)
    assert set(samples["a"].map(repr)) == {"-1.0", "0.0", "1.0", "2.0"}


def test_decimals_survive_the_record_and_older_records_are_read() -> None:
    layout = data.open(pd.DataFrame({"a": np.round(EXACT, 1), "b": EXACT})).layout
    record = json.loads(json.dumps(layout.record()))
    assert data.Layout.from_record(record) == layout
    assert record["columns"][0]["decimals"] == 1 and "decimals" not in record["columns"][1]
    del record["columns"][0]["decimals"]
    assert [column.decimals for column in data.Layout.from_record(record).columns or ()] == [None, None]
