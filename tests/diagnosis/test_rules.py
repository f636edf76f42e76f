"""Each rule on a history that has its fault, and on the healthy neighbor that differs in one thing."""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from saddle.diagnosis import ENOUGH, VERDICTS, Nearness, findings, from_history, in_history

ROWS = 40
Column = float | Sequence[float]
ERROR = 0.005


def line(first: float, last: float, rows: int = ROWS) -> list[float]:
    return [first + (last - first) * i / (rows - 1) for i in range(rows)]


def settling(first: float, last: float) -> list[float]:
    return [last + (first - last) * math.exp(-i / 3) for i in range(ROWS)]


HEALTHY: dict[str, Column] = {
    "energy distance": settling(0.9, 0.01),
    "energy coefficient": settling(0.4, 0.005),
    "coverage": settling(0.0, 0.97),
    "spread": settling(0.1, 0.98),
    "accuracy": 0.7,
    "D(G(z))": 0.4,
    "gradient at samples": 0.3,
    "critic loss": 1.3,
    "generator loss": 0.8,
}
FAR: dict[str, Column] = {"energy distance": 0.9, "energy coefficient": 0.4, "coverage": 0.1, "spread": 0.9}


def history(**changes: Column | None) -> list[dict[str, Any]]:
    """Rows of a healthy run with other columns in the place of some; None leaves one out."""
    columns = {**HEALTHY, **{name.replace("_", " "): column for name, column in changes.items()}}
    rows: list[dict[str, Any]] = [{"round": 25 * i, "member": 0, "energy distance error": ERROR} for i in range(ROWS)]
    for name, column in columns.items():
        if column is not None:
            for row, value in zip(rows, [column] * ROWS if isinstance(column, float) else column, strict=True):
                row[name] = value
    return rows


def verdict(rows: list[dict[str, Any]], **more: Any) -> str:
    return findings(in_history(rows, **more))[0].verdict


def far(**changes: Column | None) -> list[dict[str, Any]]:
    return history(**{name.replace(" ", "_"): column for name, column in {**FAR}.items()} | changes)


def test_a_healthy_run_has_converged_and_nothing_else_is_found() -> None:
    assert [one.verdict for one in findings(in_history(history()))] == ["converged"]


def test_every_verdict_can_be_told() -> None:
    told = {
        verdict(history()),
        verdict(history(), trouble="The critic's loss became nan in round 7."),
        verdict(history(), nearness=Nearness(0.1, 0.9, 0.03, 50)),
        verdict(far(accuracy=1.0, gradient_at_samples=settling(0.3, 0.001))),
        verdict(far(accuracy=0.5)),
        verdict(far(energy_coefficient=[0.1, 0.4] * (ROWS // 2))),
        verdict(far(spread=0.2)),
        verdict(far(coverage=line(0.95, 0.55), energy_distance=line(0.1, 0.4))),
        verdict(far(energy_distance=line(0.9, 0.3), energy_coefficient=line(0.4, 0.1))),
    }
    assert told == set(VERDICTS)


def test_a_critic_that_is_always_right_is_too_strong_only_where_the_gradient_is_gone() -> None:
    gone = settling(0.3, 0.001)
    assert verdict(far(accuracy=1.0, gradient_at_samples=gone)) == "critic too strong"
    assert verdict(far(accuracy=1.0)) != "critic too strong"
    assert verdict(far(accuracy=0.9, gradient_at_samples=gone)) != "critic too strong"
    assert verdict(history(accuracy=1.0, gradient_at_samples=gone)) == "converged"
    nearer = far(accuracy=1.0, gradient_at_samples=gone, energy_distance=line(0.9, 0.2))
    assert verdict(nearer) == "under-trained"


def test_without_the_gradient_the_belief_tells_a_critic_that_is_certain() -> None:
    assert verdict(far(accuracy=1.0, gradient_at_samples=None, **{"D(G(z))": 0.001})) == "critic too strong"
    assert verdict(far(accuracy=1.0, gradient_at_samples=None, **{"D(G(z))": 0.2})) != "critic too strong"


def test_a_critic_that_is_never_right_is_too_weak_only_where_samples_are_far() -> None:
    assert verdict(far(accuracy=0.5)) == "critic too weak"
    assert verdict(far(accuracy=0.0)) == "critic too weak"
    assert verdict(history(accuracy=0.5)) == "converged"
    swinging = [0.2, 0.9] * (ROWS // 2)
    assert verdict(far(accuracy=swinging, spread=0.2)) == "collapsed"


@pytest.mark.parametrize(
    ("coverage", "spread", "expected"),
    [(0.1, 0.2, True), (0.1, 0.95, False), (0.95, 0.5, False)],
    ids=["few and close", "few and wide", "all and close"],
)
def test_collapse_needs_few_and_close_samples(coverage: float, spread: float, expected: bool) -> None:
    assert (verdict(far(coverage=coverage, spread=spread)) == "collapsed") == expected


def test_few_and_close_samples_that_still_come_nearer_are_no_collapse() -> None:
    columns = {"coverage": line(0.0, 0.3), "spread": line(0.05, 0.4), "energy_distance": line(0.9, 0.3)}
    assert verdict(far(**columns)) == "under-trained"


def test_samples_that_wander_back_but_to_no_new_low_are_a_collapse() -> None:
    back = [0.5] * 10 + [0.9] * 20 + line(0.9, 0.6, 10)
    assert verdict(far(spread=0.2, energy_distance=back)) == "collapsed"
    assert verdict(far(spread=0.2, energy_distance=[0.9] * 30 + line(0.9, 0.4, 10))) == "under-trained"


def test_copies_that_come_and_go_are_copies_first() -> None:
    wave = [0.1 if i % 6 < 3 else 0.4 for i in range(ROWS)]
    assert verdict(far(energy_coefficient=wave), nearness=Nearness(0.1, 0.9, 0.03, 50)) == "memorizing"
    assert verdict(far(energy_coefficient=wave), nearness=Nearness(0.9, 0.5, 0.03, 50)) == "oscillating"


def test_collapsing_is_a_coverage_that_was_there() -> None:
    falling = {"energy_distance": line(0.1, 0.5)}
    assert verdict(far(coverage=line(0.95, 0.55), **falling)) == "collapsing"
    assert verdict(far(coverage=line(0.55, 0.95), **falling)) != "collapsing"
    assert verdict(far(coverage=line(0.6, 0.55), **falling)) != "collapsing"


def test_oscillation_needs_several_turns_of_samples_that_are_spread() -> None:
    wave = [0.1 if i % 6 < 3 else 0.4 for i in range(ROWS)]
    assert verdict(far(energy_coefficient=wave)) == "oscillating"
    assert verdict(far(energy_coefficient=wave, spread=0.2)) == "collapsed"
    once = [0.1] * (ROWS - 10) + [0.4] * 10
    assert verdict(far(energy_coefficient=once)) != "oscillating"
    small = [0.001 if i % 6 < 3 else 0.004 for i in range(ROWS)]
    assert verdict(history(energy_coefficient=small)) == "converged"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Nearness(0.1, 0.9, 0.03, 50), True),
        (Nearness(0.9, 0.9, 0.03, 50), False),
        (Nearness(0.1, 0.5, 0.03, 50), False),
        (Nearness(0.1, 0.9, 0.2, 50), False),
        (Nearness(0.1, 0.9, 0.03, 4), False),
    ],
    ids=["copies", "narrow", "off the data", "not sure", "too few"],
)
def test_copies_are_near_training_examples_and_no_others(found: Nearness, expected: bool) -> None:
    assert (verdict(history(), nearness=found) == "memorizing") == expected


def test_a_clump_of_samples_is_no_copy() -> None:
    assert verdict(history(), nearness=Nearness(0.1, 0.9, 0.03, 50)) == "memorizing"
    assert verdict(history(spread=0.2), nearness=Nearness(0.1, 0.9, 0.03, 50)) != "memorizing"


@pytest.mark.parametrize("name", ["critic loss", "generator loss"])
def test_losses_out_of_range_are_numerical_trouble(name: str) -> None:
    assert verdict(history(**{name: 1e6})) == "numerical trouble"
    assert verdict(history(**{name: -1e6})) == "numerical trouble"
    assert verdict(history(**{name: 900.0})) == "converged"


def test_the_loss_of_a_model_has_the_size_of_its_data_until_it_grows() -> None:
    """In nats per example it is thousands for large pictures, which is no trouble."""
    model: dict[str, Column | None] = {"critic_loss": None, "generator_loss": None, "accuracy": None}
    assert verdict(history(**model, model_loss=5e4)) == "converged"
    assert verdict(history(**model, model_loss=line(5e2, 1e6))) == "numerical trouble"


def test_advice_is_about_what_was_trained() -> None:
    """A variational autoencoder has no critic, nor has a generator that lowers a distance by itself."""
    faults: list[dict[str, Any]] = [
        {"rows": far(spread=0.2)},
        {"rows": far(energy_coefficient=[0.1, 0.4] * (ROWS // 2))},
        {"rows": history(coverage=0.1)},
    ]
    faults += [
        {"rows": history(), "trouble": "It broke."},
        {"rows": history(), "nearness": Nearness(0.1, 0.9, 0.03, 50)},
    ]
    for left_out in ((), ("critic loss",), ("critic loss", "generator loss")):
        added = {"model loss": 1.0} if len(left_out) == 2 else {}
        for fault in faults:
            rows = [{k: v for k, v in row.items() if k not in left_out} | added for row in fault["rows"]]
            found = from_rows(**{**fault, "rows": rows})
            assert ("critic" in " ".join(found.advice) or "players" in " ".join(found.advice)) == (not left_out)


def from_rows(*, rows: list[dict[str, Any]], **more: Any) -> Any:
    return findings(in_history(rows, **more))[0]


def test_a_run_without_training_or_with_a_falling_distance_is_under_trained() -> None:
    assert verdict([]) == "under-trained"
    assert verdict(history()[:1]) == "under-trained"
    assert verdict(far(energy_distance=line(0.9, 0.4), spread=line(0.2, 0.9))) == "under-trained"
    assert verdict(far(accuracy=0.8, coverage=0.9)) == "converged"


def test_waves_of_an_early_distance_have_not_settled() -> None:
    rising = settling(0.9, 0.2)[:30] + line(0.2, 0.4, 10)
    assert verdict(far(energy_distance=rising)) == "under-trained"
    assert verdict(history(energy_distance=rising)) == "converged"  # the coefficient says that samples are near


@pytest.mark.parametrize("spread", [0.98, 0.4])
def test_a_run_that_reaches_less_than_half_of_the_data_has_not_converged(spread: float) -> None:
    """Smeared over the gaps of a ring it is near by the energy coefficient, .005 here, and reaches none of the data."""
    smeared = findings(in_history(history(coverage=0.0, spread=spread)))
    assert [one.verdict for one in smeared] == ["under-trained"]
    told = " ".join(smeared[0].evidence)
    assert "As a whole samples are near the data" in told and "no longer falls" in told and "reach 0%" in told
    assert "still falls" in from_history(history(coverage=0.3, energy_distance=line(0.9, 0.1))).evidence[0]
    assert "stay apart" in from_history(far(accuracy=0.8)).evidence[0]
    assert verdict(history(coverage=0.49)) == "under-trained"
    assert verdict(history(coverage=0.51)) == "converged"
    assert verdict(history(coverage=[0.0] * 32 + [0.9] * 8)) == "converged"  # the end counts
    assert verdict(history(coverage=None)) == "converged"


def test_a_game_needs_ten_distances_before_its_critic_is_judged() -> None:
    for rounds in (1, 50):
        rows = [{**row, "round": rounds * i} for i, row in enumerate(far(accuracy=0.5, coverage=0.9))]
        assert verdict(rows[:ENOUGH]) == "critic too weak"
        assert [one.verdict for one in findings(in_history(rows[: ENOUGH - 1]))] == ["under-trained"]
        assert "too few to tell" in from_history(rows[:3]).evidence[0]
    gone = far(accuracy=1.0, gradient_at_samples=[0.3] + [0.0] * (ROWS - 1))
    assert (verdict(gone[: ENOUGH - 1]), verdict(gone[:ENOUGH])) == ("under-trained", "critic too strong")
    unjudged = [{"round": 0, "member": 0, "accuracy": 0.5}] * 3 + far(accuracy=0.5)[:3]
    assert verdict([{**row, "round": i} for i, row in enumerate(unjudged)]) == "under-trained"
    assert verdict(history(critic_loss=1e6)[:3]) == "numerical trouble"
    assert verdict(history(accuracy=None, energy_coefficient=0.01, coverage=0.9)[:9]) == "converged"


def test_a_collapse_is_not_told_in_the_first_hundred_rounds() -> None:
    few = [{**row, "round": row["round"] // 25} for row in far(spread=0.2)]
    assert verdict(few) == "under-trained"
    assert verdict(far(spread=0.2)) == "collapsed"
    assert verdict([{**row, "round": row["round"] // 25} for row in far(accuracy=0.5)]) == "critic too weak"
    assert verdict([{**row, "round": row["round"] // 25} for row in history()]) == "converged"


def test_histories_of_earlier_versions_are_diagnosed_with_what_they_have() -> None:
    old = {"energy_coefficient": None, "coverage": None, "spread": None, "gradient_at_samples": None}
    assert verdict(history(**old)) == "converged"
    assert verdict(history(**old, energy_distance=0.9, accuracy=0.5)) == "critic too weak"
    assert verdict(history(**old, energy_distance=[0.9, 0.3] * (ROWS // 2))) == "oscillating"


def test_members_are_kept_apart() -> None:
    rows = history() + [{**row, "member": 1} for row in far(accuracy=0.5)]
    assert [from_history(rows, member=member).verdict for member in (0, 1)] == ["converged", "critic too weak"]


def test_every_finding_has_numbers_and_advice() -> None:
    for rows in (history(), far(accuracy=0.5), far(spread=0.2), far(energy_coefficient=[0.1, 0.4] * (ROWS // 2))):
        found = from_history(rows)
        assert found.advice and any(character.isdigit() for character in " ".join(found.evidence))
        assert found.verdict in str(found) and found.advice[0] in str(found)
        assert found.to_record()["verdict"] == found.verdict
