"""What is said where a folder is no run."""

from pathlib import Path

import pytest

import saddle
from saddle.training.folder import RunFolder


@pytest.mark.parametrize(
    ("count", "ending"),
    [
        (0, "it has no run.toml."),
        (1, "it has no run.toml; the run in it is {}/run-0."),
        (2, "it has no run.toml; the runs in it are {}/run-0 and {}/run-1."),
        (9, "{}/run-6, {}/run-7 and others."),
    ],
)
def test_runs_in_a_folder_that_is_none_are_named(tmp_path: Path, count: int, ending: str) -> None:
    (tmp_path / "no run").mkdir()
    for number in range(count):
        (tmp_path / f"run-{number}").mkdir()
        (tmp_path / f"run-{number}" / "run.toml").touch()
    with pytest.raises(saddle.InputError) as refused:
        RunFolder.opened(tmp_path)
    assert ending.replace("{}", str(tmp_path)) in str(refused.value)
