"""`saddle evaluate` and `saddle report`."""

import json
from pathlib import Path

import pytest
from commands import Saddle


@pytest.mark.parametrize("run", ["points", "pictures", "table"])
def test_each_number_beside_real_data(home: Path, saddle: Saddle, run: str) -> None:
    answer = saddle("evaluate", run, "-n", 50)
    assert answer.code == 0 and answer.err == ""
    lines = answer.out.splitlines()
    assert "samples" in lines[0] and "real data" in lines[0]
    assert lines[1].startswith("energy distance") and lines[1].count("±") == 2


def test_json_is_the_table(home: Path, saddle: Saddle) -> None:
    answer = saddle("evaluate", "points", "-n", 50, "--json")
    record = json.loads(answer.out)
    assert answer.code == 0 and record["n"] == 50
    assert {"name", "value", "reference"} <= set(record["rows"][0])
    assert json.loads(saddle("evaluate", "points", "-n", 50, "--json", "--round", 0).out)["rows"] != record["rows"]


def test_members_differ(home: Path, saddle: Saddle) -> None:
    first, second = (saddle("evaluate", "population", "-n", 50, "--member", i).out for i in (0, 1))
    assert first != second


def test_report_is_written_anew(home: Path, saddle: Saddle) -> None:
    report = home / "population" / "report.html"
    report.unlink()
    assert saddle("report", "population").out == "Report: population/report.html\n"
    first = report.read_text()
    assert saddle("report", "population", "--member", 1).code == 0
    assert report.read_text() != first
    assert saddle("report", "population", "--member", 0).code == 0
    assert report.read_text() == first
