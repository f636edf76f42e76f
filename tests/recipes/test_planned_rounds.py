"""What a recipe plans by rounds follows the rounds that are asked for."""

import numpy as np
import pytest

import saddle
from saddle.recipes import configured, find_recipe
from saddle.recipes.loading import stretched

PICTURES = saddle.open(np.zeros((20, 28, 28), dtype=np.uint8)).layout


@pytest.mark.parametrize("factor", [0.1, 2.0])
def test_schedules_and_warm_up_shrink_and_stretch_with_the_rounds(factor: float) -> None:
    """Left as they are, a short training would end within its warm-up and at the full rate."""
    whole = find_recipe("vae").model(PICTURES)
    assert whole.rounds is not None
    changed = configured(find_recipe("vae"), PICTURES, {"rounds": round(factor * whole.rounds)}).table()
    assert changed["optimizer"]["schedule"]["until"] == factor * whole.table()["optimizer"]["schedule"]["until"]
    assert changed["warm_up"] == factor * whole.table()["warm_up"] > 0
    assert changed["batch"] == whole.table()["batch"]


def test_what_is_named_stays_and_no_warm_up_stays_none() -> None:
    changes = {"rounds": 100, "warm_up": 7, "optimizer": {"schedule": {"until": 50}}}
    table = configured(find_recipe("vae"), PICTURES, changes).table()
    assert (table["warm_up"], table["optimizer"]["schedule"]["until"]) == (7, 50)
    assert stretched({"rounds": 9, "warm_up": 0, "batch": 4}, 2.0) == {"rounds": 9, "warm_up": 0, "batch": 4}


def test_a_run_that_is_repeated_keeps_its_plans(tmp_path) -> None:
    data = saddle.open(np.random.default_rng(0).random((60, 2)))
    rate = saddle.Adam(1e-3, schedule=saddle.training.schedules.Cosine(40))
    network = saddle.MLP(4, 1)
    vae = saddle.VAE(latent=1, encoder=network, decoder=network, optimizer=rate, warm_up=30, rounds=4, threads=1)
    vae.fit(data, folder=tmp_path / "run")
    again = configured(find_recipe(str(tmp_path / "run" / "run.toml")), data.layout, {"rounds": 2}).table()
    assert (again["rounds"], again["warm_up"], again["optimizer"]["schedule"]["until"]) == (2, 30, 40)


@pytest.mark.parametrize("name", ["default", "r3gan"])
def test_the_weights_of_penalties_follow_too(name: str) -> None:
    """They stand in a list, which a search of tables alone would pass over."""
    layout = saddle.open("ring", n=100).layout
    table = configured(find_recipe(name), layout, {"rounds": 500}).table()
    assert [one["until"] for one in table["regularizers"]] == [500, 500]
    assert table["generator_optimizer"]["schedule"]["until"] == 500


def test_with_a_limit_in_minutes_nothing_falls() -> None:
    """A rate that falls to nothing at round 10,000 would let the rest of an hour pass in vain."""
    table = configured(find_recipe("default"), saddle.open("ring", n=100).layout, {"minutes": 60}).table()
    assert table["generator_optimizer"]["schedule"] == {"kind": "constant"}
    assert all(one["until"] == 0 and one["gamma"] > 0 for one in table["regularizers"])
    named = {"minutes": 60, "generator_optimizer": {"schedule": {"kind": "cosine", "until": 70}}}
    table = configured(find_recipe("default"), saddle.open("ring", n=100).layout, named).table()
    assert table["generator_optimizer"]["schedule"]["until"] == 70
