"""Table columns there and back."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from saddle.data.normal_scores import KNOTS, ColumnScores, NormalScores

rng = np.random.default_rng(0)
FLOATS = {
    "normal": rng.normal(size=5000),
    "heavy tails": rng.standard_cauchy(5000),
    "lognormal": np.exp(3 * rng.normal(size=5000)),
    "mostly zero": np.where(rng.random(5000) < 0.9, 0.0, rng.exponential(size=5000)),
    "few levels": rng.choice([9.4, 9.8, 10.25], 500),
    "tiny": 1e-300 * rng.random(100),
    "far from zero": 1e9 + rng.random(3000),
    "two values": np.array([1.0, 2.0] * 30),
    "constant": np.full(50, 3.25),
}
INTEGERS = {
    "rating": rng.integers(3, 9, 1599),
    "binary": rng.integers(0, 2, 100),
    "identifiers": rng.permutation(10_000),
    "gain": np.where(rng.random(30_000) < 0.92, 0, rng.integers(0, 100_000, 30_000)),
    "weights": (1e5 * np.exp(rng.normal(size=20_000))).astype(np.int64),
    "zipf": rng.zipf(1.5, 5000).clip(0, 2**40),
}


@pytest.mark.parametrize("name", FLOATS)
def test_floats_return(name: str) -> None:
    column = FLOATS[name]
    curve = ColumnScores.fitted(column)
    assert curve.decode(curve.encode(column)) == pytest.approx(column, rel=1e-6, abs=0)


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_return_exactly(name: str) -> None:
    column = INTEGERS[name]
    curve = ColumnScores.fitted(column)
    assert (np.rint(curve.decode(curve.encode(column))) == column).all()


@pytest.mark.parametrize("name", [*FLOATS, *INTEGERS])
def test_curve_is_increasing_bounded_and_small(name: str) -> None:
    column = {**FLOATS, **INTEGERS}[name]
    curve = ColumnScores.fitted(column)
    assert len(curve.values) <= KNOTS
    assert (np.diff(curve.scores) > 0).all() and (np.diff(curve.values) >= 0).all()
    wild = curve.decode(np.linspace(-50, 50, 1001))
    assert wild.min() == column.min() and wild.max() == column.max()
    outside = curve.encode(np.array([column.min() - 1e3, column.max() + 1e3]))
    assert (outside == curve.encode(np.array([column.min(), column.max()], dtype=float))).all()


@pytest.mark.parametrize("name", ["normal", "heavy tails", "lognormal", "far from zero", "identifiers"])
def test_columns_without_ties_become_standard_normal(name: str) -> None:
    column = {**FLOATS, **INTEGERS}[name]
    scores = ColumnScores.fitted(column).encode(column.astype(float))
    assert stats.kstest(scores, "norm").statistic < 0.005


@pytest.mark.parametrize("name", ["rating", "binary", "gain", "mostly zero", "few levels"])
def test_normal_noise_decodes_to_the_law_of_the_column(name: str) -> None:
    column = {**FLOATS, **INTEGERS}[name].astype(float)
    made = ColumnScores.fitted(column).decode(np.random.default_rng(1).normal(size=200_000))
    for level, count in zip(*np.unique(column, return_counts=True), strict=True):
        if count > 0.05 * len(column):
            assert np.mean(made == level) == pytest.approx(count / len(column), abs=0.005)


def test_atom_decodes_from_scores_nearby() -> None:
    curve = ColumnScores.fitted(INTEGERS["rating"])
    levels = np.unique(INTEGERS["rating"]).astype(float)
    for shift in (-0.05, 0.05):
        assert (curve.decode(curve.encode(levels) + shift) == levels).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=60))
def test_any_integers_return(values: list[int]) -> None:
    column = np.asarray(values)
    curve = ColumnScores.fitted(column)
    assert (np.rint(curve.decode(curve.encode(column))) == column).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=60))
def test_any_floats_return(values: list[float]) -> None:
    column = np.asarray(values)
    curve = ColumnScores.fitted(column)
    scale = np.abs(column).max()
    assert curve.decode(curve.encode(column)) == pytest.approx(column, rel=1e-6, abs=1e-12 * scale)


def test_table_goes_column_by_column_and_survives_its_record() -> None:
    table = np.stack([FLOATS["normal"], FLOATS["lognormal"], np.full(5000, 2.0)], axis=1)
    scores = NormalScores.fitted(table)
    again = NormalScores.from_record(scores.to_record())
    assert again == scores
    encoded = again.encode(table)
    assert encoded.shape == (5000, 3) and encoded.dtype == torch.float64
    assert again.decode(encoded) == pytest.approx(table, rel=1e-6)
