import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle.data
from saddle.data import Dataset
from saddle.evaluation import Row, compare, remarks
from saddle.measures import Estimate


def falling(values: list[float], error: float = 0.01, **metrics: float) -> list[dict[str, Any]]:
    return [
        {"round": 100 * i, "member": 0, "energy distance": v, "energy distance error": error, **metrics}
        for i, v in enumerate(values)
    ]


def row(name: str, value: float, reference: float, error: float = 0.01) -> Row:
    first, second = (Estimate(v, error, None, "m", 1000) for v in (value, reference))
    return Row(name, first, second, "lower", "real data", 0.1)


def said(history: list[dict[str, Any]], rows: tuple[Row, ...] = ()) -> str:
    return " ".join(remarks(history, rows=rows))


def test_progress_and_its_absence() -> None:
    assert "fell from 1.000 ± 0.010 at round 0 to 0.100 ± 0.010 at round 200" in said(falling([1.0, 0.5, 0.1]))
    assert "grew worse" in said(falling([0.1, 0.5, 1.0]))
    assert "Nothing was gained beyond chance" in said(falling([0.1, 0.1, 0.11]))


def test_still_falling_and_flat() -> None:
    assert "still falling" in said(falling([2.0 - 0.1 * i for i in range(20)]))
    assert "had stopped falling" in said(falling([1.0, 0.8, 0.6, 0.4, 0.2] + [0.1, 0.11, 0.1, 0.09, 0.1] * 3))


def test_a_run_that_was_better_before() -> None:
    assert "The run was better before it ended" in said(falling([1.0, 0.1, 0.9]))
    assert "better before" not in said(falling([1.0, 0.1, 0.11]))


@pytest.mark.parametrize(
    ("real", "fake", "words"),
    [
        (0.99, 0.01, "The critic is well ahead"),
        (0.51, 0.5, "hardly tells samples from data"),
        (0.7, 0.3, "Neither player"),
    ],
)
def test_the_balance_of_the_players(real: float, fake: float, words: str) -> None:
    history = [{"round": i, "member": 0, "D(x)": real, "D(G(z))": fake} for i in range(20)]
    assert words in said(history)


def test_close_means_of_a_critic_that_is_right_are_no_draw() -> None:
    history = [{"round": i, "member": 0, "D(x)": 0.51, "D(G(z))": 0.49, "accuracy": 0.85} for i in range(20)]
    assert "Neither player" in said(history)
    assert "above a made one in 85% of pairs" in said(history)


def test_a_critic_that_is_nearly_always_right_is_ahead() -> None:
    balance = {"D(x)": 0.89, "D(G(z))": 0.13, "accuracy": 1.0}
    assert "The critic is well ahead" in said(falling([1.0] * 20, **balance))
    assert "no harm while samples still come nearer" in said(falling([2.0 - 0.1 * i for i in range(20)], **balance))


def test_scores_that_are_no_probabilities_have_no_balance() -> None:
    assert said([{"round": i, "member": 0, "D(x)": 12.0, "D(G(z))": -3.0} for i in range(20)]) == ""


def test_measures_speak() -> None:
    modes = row("modes found, of 8", 3, 8, 0.0)
    assert "dropped modes: it reaches 3 of 8" in said([], (modes,))
    assert "less than half as varied" in said([], (row("coverage of pixels", 0.2, 0.95),))
    assert "measurably apart" in said([], (row("energy distance", 0.5, 0.0),))
    assert "cannot be told from real data" in said([], (row("energy distance", 0.01, 0.0),))
    assert "closer to the training data" in said([], (row("closer to training data than held-out data", 0.9, 0.5),))


def test_modes_are_counted_only_where_samples_lie_on_some() -> None:
    modes = row("modes found, of 8", 2, 8, 0.0)
    assert "dropped modes" in said([], (modes, row("high-quality samples", 0.4, 0.989)))
    spread = said([], (modes, row("high-quality samples", 0.002, 0.989)))
    assert "too wide" in spread and "dropped" not in spread
    assert "No mode is missing" in said([], (row("modes found, of 8", 8, 8), row("high-quality samples", 0.9, 0.989)))


def test_far_samples_are_not_praised_for_being_no_copies() -> None:
    apart = row("closer to training data than held-out data", 0.0, 0.5)
    assert "no copies" in said([], (apart, row("energy distance", 0.05, 0.0)))
    assert "no copies" not in said([], (apart, row("energy distance", 0.5, 0.0)))
    assert "no copies" not in said([], (apart,))


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.72, "as copies"), (0.69, "not clear"), (0.65, "not clear"), (0.63, "no copies"), (0.3, "no c")],
)
def test_copies_are_ruled_out_only_where_the_number_is_near_one_half(share: float, words: str) -> None:
    """At .69 with an error of .07 the table says above real data, so "no copies" beside it would contradict it."""
    rows = (row("closer to training data than held-out data", share, 0.5, 0.07), row("energy distance", 0.01, 0.0))
    sentence = remarks([], rows=rows)[-1]
    assert words in sentence and f"{share:.2f} ± 0.07" in sentence
    assert ("no copies" in sentence) == (share < 0.64)


@pytest.mark.parametrize(
    ("coverage", "recall", "words"),
    [
        (0.95, 0.88, "as varied as real data"),
        (0.99, 0.95, "as varied as real data"),
        (0.8, 0.89, "less varied than real data"),
        (0.95, 0.7, "less varied than real data"),
        (0.4, 0.9, "less than half as varied"),
        (0.9, 0.0, "less than half as varied"),
    ],
)
def test_variety_needs_coverage_and_recall(coverage: float, recall: float, words: str) -> None:
    rows = (row("coverage of pixels", coverage, 0.96), row("recall of pixels", recall, 0.9))
    assert words in said([], rows)
    assert "real data 0.960 ± 0.010" in said([], rows) and "real data 0.900 ± 0.010" in said([], rows)
    assert "no sign" not in said([], rows[:1])


def sampler(kind: str, train: Dataset) -> Tensor:
    assert train.y is not None
    if kind == "all":
        return train.batch(torch.arange(len(train)))
    chosen = [np.flatnonzero(train.y == label)[: 5 if kind == "five of each" else None] for label in range(10)]
    return train.batch(torch.from_numpy(np.concatenate(chosen[:3] if kind == "three of ten" else chosen)))


@pytest.mark.parametrize(
    ("kind", "collapses"),
    [("all", False), ("three of ten", True), ("five of each", True)],
    ids=lambda value: str(value),
)
def test_samplers_of_digits_that_lack_variety_are_told(kind: str, collapses: bool) -> None:
    train, held_out = saddle.data.open("digits").split(0.25)
    pictures = sampler(kind, train)

    class Fixed:
        def sample_model(self, n: int, *, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
            order = np.random.default_rng(0).integers(len(pictures), size=n)
            return pictures[order], None

    text = said([], compare(Fixed(), held_out, train, n=600).rows)
    assert ("less than half as varied" in text) == collapses and ("are as varied" in text) != collapses, text


def test_members_are_kept_apart_and_every_sentence_has_a_number() -> None:
    history = falling([1.0, 0.1]) + [{**one, "member": 1} for one in falling([0.1, 1.0])]
    assert any("fell" in sentence for sentence in remarks(history, member=0))
    assert any("grew worse" in sentence for sentence in remarks(history, member=1))
    rows = (row("energy distance", 0.5, 0.0), row("modes found, of 8", 8, 8))
    sentences = remarks(falling([1.0] * 20, **{"D(x)": 0.6, "D(G(z))": 0.4}), rows=rows)
    assert len(sentences) >= 5
    assert all(re.search(r"\d", sentence) for sentence in sentences)


def test_missing_numbers_say_nothing() -> None:
    assert remarks([]) == ()
    assert remarks([{"round": 1, "member": 0, "energy distance": None, "D(x)": float("nan")}]) == ()
