"""The page of a comparison for each kind of data, and its curves."""

import re
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from scipy import stats

from saddle.evaluation.comparing import Measured, Scores, differences, statements
from saddle.reports.comparison import comparison_page
from saddle.reports.comparison_charts import comparison_charts
from saddle.reports.comparison_contents import ComparisonContents, RecipeContents

CHANCE = np.random.default_rng(0)
SEEDS = 4


def history(every: int, pace: float) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"round": r, "member": m, "seconds": pace * r, "energy distance": 1.0 / (1 + r) + 0.01 * m, "critic loss": 1.0}
        for r in range(0, 41, every)
        for m in range(SEEDS)
    )


def recipe(name: str, samples: np.ndarray, every: int, pace: float) -> RecipeContents:
    settings = {"batch": "16", "objective": name}
    return RecipeContents(name, "", history(every, pace), samples, settings=settings, cost={"rounds": "40"})


def contents(kind: Literal["points", "images", "table"], shape: tuple[int, ...]) -> ComparisonContents:
    data, first, second = CHANCE.random((3, 60, *shape))
    values = CHANCE.normal(1.0, 0.1, (2, SEEDS))
    scores = {n: Scores(tuple(row), (0.25,) * SEEDS) for n, row in zip(("a", "<b>"), values.tolist(), strict=True)}
    measured = (Measured("energy distance", "lower", "training data", scores),)
    apart = differences(measured)
    return ComparisonContents(
        title="a and <b> on data",
        kind=kind,
        data=data,
        seeds=SEEDS,
        recipes=(recipe("a", first, 10, 0.1), recipe("<b>", second, 8, 0.3), RecipeContents("c", "It failed.")),
        measured=measured,
        differences=apart,
        statements=statements(apart, SEEDS),
        columns=("height", "weight", "age") if kind == "table" else None,
    )


@pytest.mark.parametrize(
    ("kind", "shape", "drawn"),
    [("points", (2,), "<svg"), ("points", (1,), "<svg"), ("points", (4,), "<svg"), ("images", (8, 8), "<img"),
     ("table", (3,), "<svg")],
)  # fmt: skip
def test_samples_of_every_kind_are_drawn(
    kind: Literal["points", "images", "table"], shape: tuple[int, ...], drawn: str
) -> None:
    page = comparison_page(contents(kind, shape))
    samples = page[page.index('<section id="samples"') : page.index('<section id="cost"')]
    assert drawn in samples and "a" in samples and "&lt;b&gt;" in samples
    assert "<b>" not in page


def test_failures_come_first_and_the_settings_that_differ() -> None:
    page = comparison_page(contents("points", (2,)))
    assert page.index("c failed and is not compared: It failed.") < page.index("in energy distance")
    different = page[page.index("<caption>Different") : page.index("<caption>Alike")]
    assert "objective" in different and "batch" not in different


def test_the_verdict_is_on_the_page_as_in_the_record() -> None:
    shown = contents("points", (2,))
    page = comparison_page(shown)
    table = page[page.index('<section id="differences"') :]
    (verdict,) = re.findall(r"<td>(yes|no)</td>", table)
    assert verdict == ("yes" if shown.differences[0].larger_than_chance else "no")


def test_curves_are_means_over_seeds_with_their_intervals() -> None:
    rounds, time = comparison_charts(contents("points", (2,)))
    assert rounds.spec["rounds"] == [0, 8, 10, 16, 20, 24, 30, 32, 40] and rounds.spec["x"] == "round"
    line, band = rounds.spec["series"][0], rounds.spec["bands"][0]
    assert [value is None for value in line["values"]] == [r % 10 != 0 for r in rounds.spec["rounds"]]
    members = 1.0 / 41 + 0.01 * np.arange(SEEDS)
    low, high = stats.t.interval(0.95, SEEDS - 1, loc=members.mean(), scale=stats.sem(members))
    assert line["values"][-1] == pytest.approx(members.mean(), rel=1e-5)
    assert (band["low"][-1], band["high"][-1]) == pytest.approx((low, high), rel=1e-5)
    assert max(time.spec["rounds"]) == pytest.approx(12.0) and time.spec["series"][0]["values"][-1] is None
    assert rounds.spec["reference"]["value"] == 0.25 and rounds.spec["logged"]


def test_two_seeds_have_no_band() -> None:
    shown = contents("points", (2,))
    two = tuple(replace(one, history=tuple(row for row in one.history if row["member"] < 2)) for one in shown.recipes)
    charts = comparison_charts(replace(shown, recipes=two, seeds=2))
    assert charts[0].spec["bands"] == [] and "band" not in charts[0].lead


def test_without_a_measured_distance_there_is_no_curve() -> None:
    shown = contents("points", (2,))
    assert comparison_charts(replace(shown, recipes=(RecipeContents("a", "It failed."),))) == []
