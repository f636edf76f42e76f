"""A run that is killed at any instant, inside a write included, and resumed ends as the unbroken run ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUNS = 6


@pytest.fixture(scope="module")
def outcomes() -> list[dict[str, Any]]:
    """One killed run of each case, from a process of its own: forks and the threads of a test runner do not mix."""
    script = Path(__file__).with_name("killing.py")
    words = [sys.executable, str(script), "--runs", str(RUNS), "--rounds", "16"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("index", range(RUNS))
def test_killed_run_ends_like_the_unbroken(outcomes: list[dict[str, Any]], index: int) -> None:
    outcome = outcomes[index]
    assert outcome["killed"], "nothing was killed"
    assert outcome["good"], outcome


def test_some_were_killed_inside_a_write(outcomes: list[dict[str, Any]]) -> None:
    assert sum("checkpoint" in death for outcome in outcomes for death in outcome["killed"]) >= 2
