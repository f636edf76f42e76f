"""What a training shows on a terminal, and in a file."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

import saddle
from saddle.cli.durations import duration
from saddle.cli.overrides import parse_overrides
from saddle.cli.progress import TrainingProgress, cost_sentence, fault_so_far
from saddle.training.loop import Plan
from saddle.training.ways.planning import Cost

COST = Cost({"generator": 1200, "critic": 800}, 2, 100.0, 1, 2**30)
ROW = {"round": 10, "member": 0, "seconds": 1.0, "critic loss": 1.25, "generator loss": 0.5, "D(x)": 0.75}
ROW |= {"D(G(z))": 0.25, "accuracy": 0.875, "energy distance": 0.125, "energy distance error": 0.01}


def shown(width: int, *, terminal: bool, plan: Plan) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=width, color_system=None)
    with TrainingProgress(console) as progress:
        progress.planned(COST, plan, 0)
        progress.logged([dict(ROW)])
        progress.ticked(1, 0.1)
        progress.ticked(10, 1.0)
    return file.getvalue()


@pytest.mark.parametrize("width", [50, 80, 200])
def test_terminal_of_any_width(width: int) -> None:
    text = shown(width, terminal=True, plan=Plan(10, None, 1, 1, 1))
    for part in ("round 10 of 10", "100.0 rounds/s", "critic loss 1.250", "D(G(z)) 0.250", "0.1250 ± 0.0100"):
        assert part in text, part
    assert "member 0 of 2" in text
    assert max(len(line) for line in text.split("\n") if "\x1b" not in line) <= width


def test_plain_lines_are_whole_lines() -> None:
    text = shown(40, terminal=False, plan=Plan(10, None, 1, 1, 1))
    assert "\x1b" not in text
    last = text.splitlines()[-1]
    assert last.startswith("round 10 of 10, 100.0 rounds/s, 0.0 s left, member 0 of 2, critic loss 1.250")
    assert len(text.splitlines()) == 2


def test_a_fault_is_told_while_a_run_is_trained_and_what_time_may_mend_is_not() -> None:
    close = {"coverage": 0.1, "spread": 0.2, "energy coefficient": 0.4, "accuracy": 0.8}
    rows = [{**ROW, **close, "round": 20 * i} for i in range(12)]
    assert fault_so_far(rows) == "looks collapsed"
    assert fault_so_far(rows[:9]) == ""
    assert fault_so_far([{**row, "energy coefficient": 0.0} for row in rows]) == ""
    assert fault_so_far([{**row, "critic loss": 1e7} for row in rows]) == "numerical trouble"


def test_the_numbers_of_a_family_come_before_those_of_every_family() -> None:
    file = io.StringIO()
    row = {"round": 0, "energy distance": 0.5, "energy distance error": 0.1, "coverage": 0.0, "spread": 0.0}
    with TrainingProgress(Console(file=file, width=200)) as progress:
        progress.planned(COST, Plan(10, None, 1, 1, 1), 0)
        progress.logged([{**row, "member": 0}])
        progress.logged([{"round": 10, "member": 0, "model loss": 1.5, "reconstruction": 1.0, "KL": 0.5}])
        progress.ticked(10, 1.0)
    last = file.getvalue().splitlines()[-1]
    assert "model loss 1.500, reconstruction 1.000, KL 0.500" in last and "coverage" not in last


def test_cost_of_each_kind_of_plan() -> None:
    assert cost_sentence(COST, Plan(1000, None, 1, 1, 1), 0) == (
        "Cost: 1,000 rounds, about 10 s plus measuring, at 100.0 rounds/s on 1 thread; memory 1,024 MiB. "
        "Parameters: generator 1,200, critic 800, for each of 2 members."
    )
    remarked = replace(COST, remark="It is slow here.")
    assert cost_sentence(remarked, Plan(10, None, 1, 1, 1), 0).endswith("for each of 2 members. It is slow here.")
    assert "400 rounds more, about 4.0 s" in cost_sentence(COST, Plan(1000, None, 1, 1, 1), 600)
    assert "at most 1 min 00 s," in cost_sentence(COST, Plan(None, 60.0, 1, 1, 1), 0)
    assert "has reached its 1,000 rounds" in cost_sentence(COST, Plan(1000, None, 1, 1, 1), 1000)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599.7, "1 h 00 min")],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_overrides() -> None:
    words = ["batch=8", "a.b=1e-3", "a.c=text", 'd="3"', "e={kind='mlp', width=4}", "f=[1, 2]", "g=true"]
    assert parse_overrides(words) == {
        "batch": 8,
        "a": {"b": 1e-3, "c": "text"},
        "d": "3",
        "e": {"kind": "mlp", "width": 4},
        "f": [1, 2],
        "g": True,
    }


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_and_its_settings_are_one_table_in_either_order(order: int) -> None:
    """Neither is lost: without the features a generator would train alone, with no word."""
    words = ["objective=mmd", "objective.features=4"][::order]
    assert parse_overrides(words) == {"objective": {"kind": "mmd", "features": 4}}
    with pytest.raises(saddle.InputError, match="contradicts an earlier --set of batch"):
        parse_overrides(["batch=8", "batch.size=3"])
