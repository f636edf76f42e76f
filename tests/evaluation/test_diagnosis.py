import re
from typing import Any

import pytest

from saddle.evaluation import Row, diagnose
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
    return " ".join(diagnose(history, rows=rows))


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
    [(0.99, 0.01, "The critic wins"), (0.51, 0.5, "cannot tell samples from data"), (0.7, 0.3, "Neither player")],
)
def test_the_balance_of_the_players(real: float, fake: float, words: str) -> None:
    history = [{"round": i, "member": 0, "D(x)": real, "D(G(z))": fake} for i in range(20)]
    assert words in said(history)


def test_close_means_of_a_critic_that_is_right_are_no_draw() -> None:
    history = [{"round": i, "member": 0, "D(x)": 0.51, "D(G(z))": 0.49, "accuracy": 0.9} for i in range(20)]
    assert "Neither player" in said(history)
    assert "right in 90% of cases" in said(history)


def test_scores_that_are_no_probabilities_have_no_balance() -> None:
    assert said([{"round": i, "member": 0, "D(x)": 12.0, "D(G(z))": -3.0} for i in range(20)]) == ""


def test_measures_speak() -> None:
    modes = row("modes found, of 8", 3, 8, 0.0)
    assert "dropped modes: it reaches 3 of 8" in said([], (modes,))
    assert "lack variety" in said([], (row("coverage of pixels", 0.2, 0.95),))
    assert "cannot be told from real data" in said([], (row("energy distance", 0.01, 0.0),))
    assert "measurably apart" in said([], (row("energy distance", 0.5, 0.0),))
    assert "closer to the training data" in said([], (row("closer to training data than held-out data", 0.9, 0.5),))


def test_members_are_kept_apart_and_every_sentence_has_a_number() -> None:
    history = falling([1.0, 0.1]) + [{**one, "member": 1} for one in falling([0.1, 1.0])]
    assert any("fell" in sentence for sentence in diagnose(history, member=0))
    assert any("grew worse" in sentence for sentence in diagnose(history, member=1))
    rows = (row("energy distance", 0.5, 0.0), row("modes found, of 8", 8, 8))
    sentences = diagnose(falling([1.0] * 20, **{"D(x)": 0.6, "D(G(z))": 0.4}), rows=rows)
    assert len(sentences) >= 5
    assert all(re.search(r"\d", sentence) for sentence in sentences)


def test_missing_numbers_say_nothing() -> None:
    assert diagnose([]) == ()
    assert diagnose([{"round": 1, "member": 0, "energy distance": None, "D(x)": float("nan")}]) == ()
