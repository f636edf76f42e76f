"""Runs from training to diagnosis, in memory and in their folders."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import saddle
from saddle.diagnosis import VERDICTS
from saddle.diagnosis.nearness import nearness_of
from saddle.training.history import read_rows

SMALL = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "latent": 2, "threads": 1, "device": "cpu"}


def test_a_run_in_memory_and_the_same_in_its_folder_have_one_diagnosis(tmp_path: Path) -> None:
    gan = saddle.GAN(rounds=20, **SMALL).fit(saddle.open("ring", n=400), folder=tmp_path / "run")
    found = saddle.diagnose(gan)
    assert found.verdict in VERDICTS and found.evidence and found.advice
    assert saddle.diagnose(tmp_path / "run") == found == saddle.diagnose(str(tmp_path / "run"))
    assert json.loads(found.to_json())["verdict"] == found.verdict


def test_a_run_that_a_number_broke_off_is_numerical_trouble_for_good(tmp_path: Path) -> None:
    wild = {"objective": "least-squares", "generator_optimizer": saddle.SGD(50.0), "critic_optimizer": saddle.SGD(50.0)}
    with pytest.raises(saddle.NonFiniteError) as error:
        saddle.GAN(rounds=200, **SMALL, **wild).fit(saddle.open("ring", n=400), folder=tmp_path / "run")
    found = saddle.diagnose(tmp_path / "run")
    assert found.verdict == "numerical trouble" and str(error.value) in found.evidence
    assert read_rows(tmp_path / "run" / "history.jsonl")
    with pytest.raises(saddle.NonFiniteError):
        saddle.resume(tmp_path / "run")


def test_trouble_of_one_member_is_not_told_of_another(tmp_path: Path) -> None:
    gan = saddle.GAN(rounds=20, seeds=2, **SMALL).fit(saddle.open("ring", n=400), folder=tmp_path / "run")
    gan.trained.table["result"]["trouble"] = "The critic's loss of member 1 (seed 1) became nan in round 7."
    assert saddle.diagnose(gan, member=1).verdict == "numerical trouble"
    assert saddle.diagnose(gan, member=0).verdict != "numerical trouble"
    with pytest.raises(saddle.InputError, match="member must be from 0 to 1"):
        saddle.diagnose(gan, member=2)


def test_data_that_are_not_at_hand_are_done_without_and_a_note_says_so(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(300, 2))
    gan = saddle.GAN(rounds=10, **SMALL).fit(x, folder=tmp_path / "run")
    assert saddle.diagnose(gan).notes == ()
    assert "given in memory" in saddle.diagnose(tmp_path / "run").notes[0]
    assert saddle.diagnose(tmp_path / "run", x) == saddle.diagnose(gan)
    with pytest.raises(saddle.InputError, match="are not those the run began with"):
        saddle.diagnose(tmp_path / "run", x + 1)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(saddle.InputError, match="There is no run folder"):
        saddle.diagnose(tmp_path / "none")
    with pytest.raises(saddle.InputError, match=r"it has no run\.toml"):
        saddle.diagnose(tmp_path)


@pytest.mark.parametrize("family", [saddle.VAE, saddle.Autoencoder])
def test_families_without_a_critic_are_diagnosed(family: type) -> None:
    model = family(rounds=10, threads=1, device="cpu").fit(saddle.open("gaussian", n=300))
    assert saddle.diagnose(model).verdict in VERDICTS


def test_nearness_is_one_for_fresh_samples_of_the_law_and_near_zero_for_copies() -> None:
    """Also with nine times as many training examples as held-out ones, of which copies never come near."""
    chance = np.random.default_rng(0)
    for share in (0.5, 0.1):
        train, held_out = saddle.open(chance.normal(size=(2000, 8)).astype(np.float32)).split(share)
        known = train.batch(torch.arange(len(train)))
        copies = known[torch.randint(len(known), (1000,), generator=torch.Generator().manual_seed(0))]
        fresh = train.transform.encode(chance.normal(size=(1000, 8)).astype(np.float32)).float()
        near, far = nearness_of(copies + 1e-3, train, held_out), nearness_of(fresh, train, held_out)
        assert near is not None and near.to_unseen < 0.05 and near.closer > 0.95
        assert far is not None and far.to_unseen == pytest.approx(1.0, abs=0.25)
        assert far.closer == pytest.approx(0.5, abs=0.1)


def test_nearness_of_a_narrow_law_is_no_sign_of_copies() -> None:
    chance = np.random.default_rng(0)
    train, held_out = saddle.open(chance.normal(size=(2000, 8)).astype(np.float32)).split(0.5)
    narrow = 0.5 * train.transform.encode(chance.normal(size=(1000, 8)).astype(np.float32)).float()
    found = nearness_of(narrow, train, held_out)
    assert found is not None and found.closer > 0.8 and found.to_unseen > 0.7
