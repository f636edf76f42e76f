"""The page on planted runs, from their records."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RESULTS = BENCHMARKS.parent / "docs" / "results"

pytestmark = pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="benchmarks are not part of the source distribution")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return import_module("diagnosing.page")


def test_the_page_is_what_its_records_say(page: Any, tmp_path: Path) -> None:
    for name in ("diagnosis.json", "diagnosis.md"):
        (tmp_path / name).write_bytes((RESULTS / name).read_bytes())
    page.write_page(tmp_path)
    assert (tmp_path / "diagnosis.md").read_text() == (RESULTS / "diagnosis.md").read_text()


def test_beside_each_share_is_the_interval_of_wilson() -> None:
    """Counted here from the records; catches the normal interval, which is a point at 6 of 6 runs."""
    runs = [run for run in json.loads((RESULTS / "diagnosis.json").read_text())["runs"] if run["occurred"]]
    lines = (RESULTS / "diagnosis.md").read_text().splitlines()
    for planted in {run["planted"] for run in runs} | {"**all**"}:
        of_it = [run for run in runs if planted in (run["planted"], "**all**")]
        right = sum(run["named"].replace("collapsing", "collapsed") == run["planted"] for run in of_it)
        expected = binomtest(right, len(of_it)).proportion_ci(method="wilson")
        (row,) = [line for line in lines if line.startswith(f"| {planted} |")]
        number, share, low, high = (int(found) for found in re.findall(r"\d+", row)[:4])
        assert (number, share) == (len(of_it), round(100 * right / len(of_it)))
        assert (low, high) == (round(100 * expected.low), round(100 * expected.high))
