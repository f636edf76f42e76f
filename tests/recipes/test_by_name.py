"""A recipe with changes from Python is what the command line trains."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import tomlkit

import saddle
from saddle.cli.main import main

TINY = {"generator": {"width": 4, "depth": 1}, "critic": {"width": 4, "depth": 1}, "batch": 8, "threads": 1}


def test_equals_the_settings_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gan.rounds = 4` would leave the weights and rates those of 10,000 rounds."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.random.default_rng(0).random((40, 2)))
    words = ["--set", "generator={width=4,depth=1}", "--set", "critic={width=4,depth=1}", "--set", "batch=8"]
    assert main(["train", "x.npy", "--rounds", "4", "--set", "threads=1", *words, "--out", "run"]) == 0
    trained = tomllib.loads(Path("run/run.toml").read_text())["model"]
    model = saddle.recipe("default", saddle.open("x.npy").layout, rounds=4, **TINY)
    assert tomllib.loads(tomlkit.dumps(model.table())) == trained
    assert trained["generator_optimizer"]["schedule"]["until"] == trained["regularizers"][0]["until"] == 4


def test_one_limit_takes_the_place_of_the_other() -> None:
    layout = saddle.open("ring", n=100).layout
    model = saddle.recipe("default", layout, minutes=5)
    assert (model.minutes, model.rounds) == (5, None)
    assert model.table()["generator_optimizer"]["schedule"] == {"kind": "constant"}


def test_values_may_take_the_place_of_tables() -> None:
    layout = saddle.open("ring", n=100).layout
    model = saddle.recipe("nsgan", layout, objective=saddle.Hinge(), regularizers=[saddle.R1(0.5)], batch=7)
    table = model.table()
    assert table["objective"] == {"kind": "hinge"} and table["batch"] == 7
    assert [(one["kind"], one["gamma"]) for one in table["regularizers"]] == [("r1", 0.5)]


def test_refuses_in_a_sentence() -> None:
    layout = saddle.open("ring", n=100).layout
    with pytest.raises(saddle.InputError, match="'nsgam'; did you mean nsgan"):
        saddle.recipe("nsgam", layout)
    with pytest.raises(saddle.InputError, match="'round'; did you mean rounds"):
        saddle.recipe("default", layout, round=5)
