"""How a number is judged, and how numbers make a verdict."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from saddle.claims import (
    CLAIMS,
    Check,
    Trial,
    at_least,
    at_most,
    equal,
    estimated,
    furthest,
    greatest,
    judge,
    least,
    on_every_seed,
    over_seeds,
)
from saddle.claims.solutions.loss_and_quality import of_seeds

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("check", "status"),
    [
        (equal("a", 1.0, 1.0 + 1e-10), "holds"),
        (equal("a", 1.0, 1.0 + 1e-8), "fails"),
        (equal("a", 1e6, 1e6 + 1e-4), "holds"),  # relative above 1
        (equal("a", 1e-12, 0.0), "holds"),
        (equal("a", 1.0, 1.4, within=0.5), "holds"),
        (equal("a", INF, INF), "holds"),
        (equal("a", 5.0, INF), "fails"),
        (equal("a", NAN, 1.0), "undecided"),
        (at_most("a", 1.0, 1.0), "holds"),
        (at_most("a", 1.1, 1.0), "fails"),
        (at_most("a", INF, 1.0), "fails"),
        (at_most("a", 1.1, 1.0, within=0.2), "holds"),
        (at_least("a", 1.0, 1.0), "holds"),
        (at_least("a", 0.9, 1.0), "fails"),
        (at_least("a", NAN, 1.0), "undecided"),
        (estimated("a", 1.0, 0.1, "≤", 2.0), "holds"),
        (estimated("a", 1.9, 0.1, "≤", 2.0), "undecided"),
        (estimated("a", 2.9, 0.1, "≤", 2.0), "fails"),
        (estimated("a", 2.0, 0.01, "=", 2.0), "undecided"),  # an equality with an error can be shown to some distance
        (estimated("a", 2.0, 0.01, "=", 2.0, within=0.1), "holds"),
        (estimated("a", 2.2, 0.01, "=", 2.0, within=0.1), "fails"),
        (over_seeds("a", [1.0, 1.1, 0.9, 1.0, 1.05], "≤", 2.0), "holds"),
        (over_seeds("a", [1.0], "≤", 2.0), "undecided"),
        (over_seeds("a", [1.0, 3.0], "≤", 2.5), "undecided"),
        (on_every_seed("a", [0.1, 0.2], "≤", 0.3), "holds"),
        (on_every_seed("a", [0.1, 0.4], "≤", 0.3), "fails"),
        (on_every_seed("a", [0.1, 0.4], "≥", 0.2), "fails"),
        (on_every_seed("a", [NAN, 0.4], "≥", 0.2), "undecided"),
    ],
)
def test_status(check: Check, status: str) -> None:
    assert check.status == status
    assert Check.from_record(check.to_record()).status == status


def test_intervals_are_of_their_level() -> None:
    """Against scipy's own intervals; one-sided quantiles or a forgotten root of n would show."""
    values = [1.0, 1.3, 0.8, 1.1]
    low, high = stats.t.interval(0.999, 3, loc=1.05, scale=stats.sem(values))
    found = over_seeds("a", values, "=", 1.0, within=1)
    assert (found.low, found.high) == pytest.approx((low, high))
    normal = estimated("a", 1.0, 0.2, "=", 1.0)
    assert (normal.low, normal.high) == pytest.approx(stats.norm.interval(0.999, 1.0, 0.2))


def test_verdicts() -> None:
    good, bad = equal("a", 1, 1), equal("a", 1, 2)
    open_ = estimated("a", 1, 1, "=", 1)
    assert judge("theorem", [good, good]).outcome == "holds"
    assert judge("theorem", [good, open_]).outcome == "undecided"
    assert judge("theorem", [good, open_, bad]).outcome == "refuted"
    assert judge("theorem", []).outcome == "undecided"
    assert judge("observation", [good, bad]).outcome == "found"
    assert judge("observation", [equal("a", NAN, 1)]).outcome == "undecided"
    assert judge("observation", []).outcome == "undecided"


def test_a_number_that_is_none_is_never_passed_over() -> None:
    for found in permutations([1.0, NAN, -2.0]):
        assert all(math.isnan(one(found)) for one in (greatest, least, furthest))
    assert (greatest([1, -2]), least([1, -2]), furthest([1, -2])) == (1, -2, -2)
    assert math.isnan(greatest([]))


def now_and_then(values: list[Any]) -> Any:
    """Gives the second of these when it is called for the third time, and else the first."""
    calls = iter([values[0], values[0], values[1]])
    return lambda *_: next(calls, values[0])


@pytest.mark.parametrize(
    ("slug", "broken"),
    [
        ("entropy", lambda true: now_and_then([0.5, NAN])),
        ("log-d", lambda true: replace(true, target=now_and_then([0.0, NAN]))),
        ("topologies", lambda true: {"left": now_and_then([(0.0, 1.0), (NAN, 1.0)])}),
        ("topologies", lambda true: {"right": now_and_then([(0.0, 1.0), (0.0, NAN)])}),
        ("vanishing-gradient", lambda true: replace(true, bound=now_and_then([1e9, NAN]))),
    ],
)
def test_one_nan_in_a_claims_route_leaves_a_number_undecided(slug: str, broken: Callable[[Any], Any]) -> None:
    claim = CLAIMS[slug]
    result = claim.experiment(broken(claim.variant), Trial("quick", (0, 1)))
    assert any(math.isnan(check.value) and check.status == "undecided" for check in result.checks)


@pytest.mark.parametrize(("seeds", "widened"), [(1, INF), (2, INF), (3, 2**0.5), (5, (4 / 3) ** 0.5)])
def test_trainings_of_one_seed_and_residuals_from_one_mean_are_no_independent_witnesses(
    seeds: int, widened: float
) -> None:
    correlations = np.random.default_rng(0).normal(size=(2, seeds))
    own, shared = (of_seeds("a", correlations, "≥", "", shared=shared) for shared in (False, True))
    reach = over_seeds("a", correlations.mean(0).tolist(), "≥", 0).high - own.value
    assert (own.high - own.value, shared.high - own.value) == pytest.approx((reach, reach * widened))
    assert f"{2 * seeds} trainings of {seeds} seed" in own.test
