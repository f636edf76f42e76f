"""Schedules against values worked out by hand."""

from math import cos, pi
from typing import Any

import pytest

from saddle.training.schedules import SCHEDULES, Constant, Cosine, Exponential, Linear, Warmup

VALUES: list[tuple[Any, dict[int, float]]] = [
    (Constant(), {0: 1, 10**9: 1}),
    (Linear(10), {0: 1, 5: 0.5, 9: 0.1, 10: 0, 11: 0, 10**9: 0}),
    (Linear(10, share=0.2), {0: 1, 5: 0.6, 10: 0.2, 50: 0.2}),
    (Cosine(10), {0: 1, 5: 0.5, 10: 0, 20: 0, 2: (1 + cos(pi / 5)) / 2}),
    (Cosine(10, share=0.5), {0: 1, 5: 0.75, 10: 0.5, 99: 0.5}),
    (Exponential(2.0), {0: 1, 1: 0.5, 3: 0.125}),
    (Exponential(2.0, share=0.25), {1: 0.5, 2: 0.25, 3: 0.25, 1000: 0.25}),
    (Exponential(1.000004, share=1e-5), {250: 1.000004**-250, 10**7: 1e-5}),
    (Warmup(4), {0: 0.25, 1: 0.5, 3: 1, 4: 1, 10**9: 1}),
    (Warmup(1), {0: 1}),
]


@pytest.mark.parametrize(("schedule", "values"), VALUES)
def test_values(schedule: Any, values: dict[int, float]) -> None:
    assert {round: schedule.factor(round) for round in values} == pytest.approx(values, abs=1e-12)


def test_every_schedule_is_tested() -> None:
    assert {type(schedule) for schedule, _ in VALUES} == set(SCHEDULES.values())
