import json
import math
from typing import Any

from saddle.measures import Estimate
from saddle.reports.charts import POINTS, charts, thinning


def history(members: int = 1, rounds: int = 20) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "round": 10 * i,
            "member": m,
            "seconds": 0.1 * i,
            "critic loss": 1.0 + m,
            "generator loss": 2.0,
            "D(x)": 0.6,
            "gradient norm": 3.0,
            "energy distance": 1.0 / (i + 1) if i % 5 == 0 else None,
            "energy distance error": 0.01 if i % 5 == 0 else None,
        }
        for i in range(rounds)
        for m in range(members)
    )


def test_known_quantities_share_charts_and_unknown_ones_get_their_own() -> None:
    drawn = charts(history(), 0, None)
    assert [chart.title for chart in drawn] == [
        "Distance to held-out data",
        "Losses",
        "The critic's answers",
        "gradient norm",
    ]
    assert [series["label"] for series in drawn[1].spec["series"]] == ["critic loss", "generator loss"]


def test_scores_without_a_unit_share_a_chart_that_says_so() -> None:
    metrics = {"accuracy": 0.9, "critic(x)": 3.0, "penalty": 0.1, "critic(G(z))": 1.0}
    drawn = charts(tuple({"round": i, **metrics} for i in range(3)), 0, None)
    assert [chart.title for chart in drawn] == ["The critic's scores", "The critic's accuracy", "Penalty"]
    assert [series["label"] for series in drawn[0].spec["series"]] == ["critic(x)", "critic(G(z))"]
    assert "only the gap" in drawn[0].lead
    assert not any("D(x)" in chart.lead for chart in drawn)
    assert all(chart.lead for chart in drawn)


def test_the_distance_has_its_rounds_band_and_reference() -> None:
    spec = charts(history(), 0, Estimate(0.02, 0.01, None, "", 10))[0].spec
    assert spec["rounds"] == [0, 50, 100, 150]
    assert spec["series"][0]["values"] == [1.0, 0.166667, 0.0909091, 0.0625]
    assert spec["bands"][0]["high"][0] == 1.01
    assert spec["reference"]["value"] == 0.02


def test_a_population_has_one_line_per_member_and_the_chosen_one_last_and_bold() -> None:
    series = charts(history(members=3), 1, None)[1].spec["series"]
    critic = [one for one in series if one["color"] == 0]
    assert [one["label"] for one in critic] == [f"critic loss, member {m}" for m in (0, 2, 1)]
    assert [one["faint"] for one in critic] == [True, True, False]
    assert critic[-1]["values"][0] == 2.0


def test_long_histories_are_thinned_and_keep_their_end() -> None:
    rows = history(rounds=2 * POINTS)
    assert thinning(rows) == 2
    spec = charts(rows, 0, None)[1].spec
    assert len(spec["rounds"]) <= POINTS + 1
    assert spec["rounds"][-1] == rows[-1]["round"]


def test_what_is_not_finite_is_a_gap() -> None:
    values = [1.0, math.nan, math.inf, 2.0]
    rows = [{"round": i, "generator loss": 0.5, "critic loss": v} for i, v in enumerate(values)]
    spec = charts(tuple(rows), 0, None)[0].spec
    assert spec["series"][0]["values"] == [1.0, None, None, 2.0]
    json.dumps(spec, allow_nan=False)


def test_no_history_no_charts() -> None:
    assert charts((), 0, None) == []
