"""A run that begins with the networks of a trained model."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.families.warm_start import from_folder
from saddle.recipes import find_recipe

DATA = np.random.default_rng(0).standard_normal((100, 2))
OTHERS = DATA + 3
SMALL = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "batch": 16, "latent": 2, "threads": 1, "rounds": 5}


def digest(gan: saddle.GAN) -> str:
    return gan.trained.fitted.state.digest()


@pytest.fixture
def trained(tmp_path: Path) -> saddle.GAN:
    return saddle.GAN(**SMALL).fit(DATA, folder=tmp_path / "trained")


@pytest.mark.parametrize("source", ["model", "folder"])
def test_it_goes_on_with_another_objective_and_other_data(trained: saddle.GAN, tmp_path: Path, source: str) -> None:
    start = trained if source == "model" else tmp_path / "trained"
    gan = saddle.GAN(objective="least-squares", **SMALL).fit(OTHERS, folder=tmp_path / "run", start=start)
    before = saddle.load(tmp_path / "run", round=0)
    assert np.array_equal(before.sample_model(4, seed=0)[0], trained.sample_model(4, seed=0)[0])
    assert digest(gan) != digest(saddle.GAN(objective="least-squares", **SMALL).fit(OTHERS))
    said = tomllib.loads((tmp_path / "run" / "run.toml").read_text())["start"]
    assert (said["source"], said["round"]) == (str(tmp_path / "trained"), 5)


def test_averaged_networks_start_from_their_averages(tmp_path: Path) -> None:
    first = saddle.GAN(average=0.5, **SMALL).fit(DATA, folder=tmp_path / "trained")
    saddle.GAN(average=0.5, **SMALL).fit(DATA, folder=tmp_path / "run", start=tmp_path / "trained")
    before = saddle.load(tmp_path / "run", round=0)
    for averaged in (True, False):
        found = before.trained.fitted.networks(averaged=averaged)["generator"].state_dict()
        wanted = first.trained.fitted.networks(averaged=True)["generator"].state_dict()
        raw = first.trained.fitted.networks(averaged=False)["generator"].state_dict()
        assert all(torch.equal(found[name], wanted[name]) for name in wanted)
        assert not all(torch.equal(raw[name], wanted[name]) for name in wanted)


def test_a_run_killed_before_its_first_checkpoint_still_begins_there(trained: saddle.GAN, tmp_path: Path) -> None:
    run = tmp_path / "run"
    whole = saddle.GAN(**SMALL).fit(OTHERS, folder=run, start=tmp_path / "trained")
    shutil.rmtree(tmp_path / "trained")
    for place in (run / "checkpoints", run / "samples"):
        shutil.rmtree(place)
        place.mkdir()
    (run / "history.jsonl").unlink()
    assert digest(saddle.resume(run, OTHERS)) == digest(whole)


def test_its_run_toml_repeats_it(trained: saddle.GAN, tmp_path: Path) -> None:
    whole = saddle.GAN(**SMALL).fit(OTHERS, folder=tmp_path / "run", start=trained)
    whole.save(tmp_path / "copy")
    for name in ("run", "copy"):
        found = find_recipe(str(tmp_path / name / "run.toml"))
        again = found.model(whole.trained.fitted.layout).fit(OTHERS, start=found.start)
        assert digest(again) == digest(whole)


def test_a_damaged_start_is_refused(trained: saddle.GAN, tmp_path: Path) -> None:
    saddle.GAN(**SMALL).fit(OTHERS, folder=tmp_path / "run", start=trained)
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    kept = tmp_path / "run" / "start.safetensors"
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(saddle.InputError, match=r"start\.safetensors is damaged"):
        saddle.resume(tmp_path / "run", OTHERS)
    kept.unlink()
    with pytest.raises(saddle.InputError, match=r"start\.safetensors.*cannot be read"):
        saddle.resume(tmp_path / "run", OTHERS)


def test_a_population_starts_from_one_model_or_from_as_many(trained: saddle.GAN, tmp_path: Path) -> None:
    several = saddle.GAN(**SMALL, seeds=3).fit(DATA, folder=tmp_path / "several", start=trained)
    begun = saddle.load(tmp_path / "several", round=0)
    for member in range(3):
        state, wanted = begun.trained.fitted.state.member(member, averaged=True), trained.trained.fitted.state
        assert all(torch.equal(state[name], value) for name, value in wanted.member(0, averaged=True).items())
    saddle.GAN(**SMALL, seeds=3).fit(DATA, folder=tmp_path / "more", start=tmp_path / "several")
    more = from_folder(tmp_path / "several").tensors
    assert len(more) == 3
    for member, tensors in enumerate(more):
        state = saddle.load(tmp_path / "more", round=0).trained.fitted.state.member(member, averaged=True)
        assert all(torch.equal(state[name], tensors[name]) for name in state)
    with pytest.raises(saddle.InputError, match="has 3 members and cannot be the start of 2"):
        saddle.GAN(**SMALL, seeds=2).fit(DATA, start=several)


def test_what_the_start_learned_from_is_not_held_out(trained: saddle.GAN, tmp_path: Path) -> None:
    """With the split of its own seed it would be measured against examples that its networks have seen."""
    held = trained.divided()[1].fingerprint()
    on = saddle.GAN(**{**SMALL, "seed": 7}).fit(DATA, folder=tmp_path / "on", start=trained)
    further = saddle.GAN(**{**SMALL, "seed": 8, "seeds": 2}).fit(DATA, start=tmp_path / "on")
    again = saddle.load(tmp_path / "on")
    again.reopen_data(DATA)
    for model, member in ((on, 0), (again, 0), (further, 0), (further, 1)):
        assert model.divided(member=member)[1].fingerprint() == held
    assert saddle.GAN(**{**SMALL, "seed": 7}).fit(DATA).divided()[1].fingerprint() != held
    elsewhere = saddle.GAN(**{**SMALL, "seed": 7}).fit(OTHERS, start=trained)
    assert elsewhere.trained.data()[1].fingerprint() == saddle.open(OTHERS).split(0.1, seed=7)[1].fingerprint()


def test_what_does_not_fit_is_refused_before_anything_is_written(trained: saddle.GAN, tmp_path: Path) -> None:
    wide = saddle.GAN(**{**SMALL, "generator": saddle.MLP(9, 1)})
    with pytest.raises(saddle.InputError, match=r"its generator\.layers\.0\.weight has shape \(8, 2\), .* \(9, 2\)"):
        wide.fit(DATA, folder=tmp_path / "run", start=trained)
    deep = saddle.GAN(**{**SMALL, "critic": saddle.MLP(8, 2)})
    with pytest.raises(saddle.InputError, match="critic"):
        deep.fit(DATA, folder=tmp_path / "run", start=trained)
    assert not (tmp_path / "run").exists()
    with pytest.raises(saddle.InputError, match="not fitted"):
        saddle.GAN(**SMALL).fit(DATA, start=saddle.GAN(**SMALL))
    with pytest.raises(saddle.InputError, match="no run folder"):
        saddle.GAN(**SMALL).fit(DATA, start=tmp_path / "nowhere")
    with pytest.raises(saddle.InputError, match="leave start out"):
        trained.fit(DATA, start=trained)


@pytest.mark.parametrize("start", [3, True, {"a": 1}], ids=str)
def test_what_is_neither_a_model_nor_a_folder_is_no_start(start: Any) -> None:
    with pytest.raises(saddle.InputError, match="start must be a trained model or the folder of its run, and got"):
        saddle.GAN(rounds=1).fit("ring", start=start)
