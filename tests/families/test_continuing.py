"""A second fit continues; what cannot continue is refused."""

import os
import shutil
import signal

import numpy as np
import pytest

import saddle
from saddle.families import run_table, settings
from saddle.training.lock import alone_in

DATA = np.random.default_rng(0).standard_normal((100, 2))
SMALL = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "batch": 16, "latent": 2, "threads": 1}


def digest(gan: saddle.GAN) -> str:
    return gan.trained.fitted.state.digest()


def test_two_fits_equal_one_long_one() -> None:
    twice = saddle.GAN(rounds=7, **SMALL).fit(DATA).fit(DATA)
    once = saddle.GAN(rounds=14, **SMALL).fit(DATA)
    assert digest(twice) == digest(once)
    assert twice.history[-1]["round"] == 14


def test_a_saved_model_trains_on_as_if_never_saved(tmp_path) -> None:
    gan = saddle.GAN(rounds=7, **SMALL).fit(DATA)
    gan.save(tmp_path / "model")
    loaded = saddle.GAN.load(tmp_path / "model").fit(DATA)
    assert digest(loaded) == digest(gan.fit(DATA))


def test_other_settings_are_refused() -> None:
    gan = saddle.GAN(rounds=2, **SMALL).fit(DATA)
    gan.batch = 8
    with pytest.raises(saddle.InputError, match="batch is now 8 instead of 16"):
        gan.fit(DATA)


def test_other_data_are_refused() -> None:
    gan = saddle.GAN(rounds=2, **SMALL).fit(DATA)
    with pytest.raises(saddle.InputError, match="not those the run began with"):
        gan.fit(DATA + 1)


def test_an_interruption_keeps_what_was_trained() -> None:
    def interrupt(round: int, gan: saddle.GAN) -> None:
        if round == 3:
            os.kill(os.getpid(), signal.SIGINT)

    gan = saddle.GAN(rounds=50, callback=interrupt, **SMALL)
    with pytest.raises(KeyboardInterrupt):
        gan.fit(DATA)
    assert gan.trained.fitted.state.round == 3
    assert gan.sample(2, seed=0).shape == (2, 2)


def test_a_second_fit_that_was_stopped_resumes_to_its_own_end(tmp_path) -> None:
    small = {**SMALL, "rounds": 10}

    def stop(round: int, gan: saddle.GAN) -> None:
        if round == 15:
            os.kill(os.getpid(), signal.SIGINT)

    gan = saddle.GAN(**small, callback=stop).fit(DATA, folder=tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        gan.fit(DATA)
    resumed = saddle.GAN.resume(tmp_path / "run", DATA)
    unbroken = saddle.GAN(**small).fit(DATA).fit(DATA)
    assert resumed.trained.fitted.state.round == 20
    assert digest(resumed) == digest(unbroken)


class Plain:
    """An objective without a repr of its own."""

    def critic(self, real, fake):
        return fake.mean() - real.mean()

    def generator(self, real, fake):
        return -fake.mean()


def test_an_objective_without_a_repr_trains_on(tmp_path) -> None:
    gan = saddle.GAN(objective=Plain(), rounds=3, **SMALL).fit(DATA)
    gan.save(tmp_path / "model")
    like = saddle.GAN(objective=Plain(), rounds=3, **SMALL)
    loaded = saddle.GAN.load(tmp_path / "model", like=like).fit(DATA)
    assert digest(loaded) == digest(gan.fit(DATA))


def test_samples_come_with_their_labels_where_asked() -> None:
    labels = np.where(np.arange(100) % 4 == 0, "rare", "usual")
    gan = saddle.GAN(rounds=2, **SMALL).fit(DATA, labels)
    x, drawn = gan.sample_with_labels(400, seed=0)
    assert x.shape == (400, 2)
    assert drawn is not None and 60 < drawn.count("rare") < 140
    assert gan.sample_with_labels(2, y="rare")[1] == ["rare", "rare"]


def test_a_run_is_trained_by_one_process_at_a_time(tmp_path) -> None:
    saddle.GAN(rounds=2, **SMALL).fit(DATA, folder=tmp_path / "run")
    with alone_in(tmp_path / "run"), pytest.raises(saddle.InputError, match="by another process"):
        saddle.GAN.resume(tmp_path / "run", DATA, rounds=4)
    assert saddle.GAN.resume(tmp_path / "run", DATA, rounds=4).trained.fitted.state.round == 4


def test_a_run_with_other_numbers_samples_and_starts_others_but_does_not_go_on(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as earlier:
        earlier.setattr(run_table, "FORMAT", 1)
        before = saddle.GAN(rounds=4, **SMALL).fit(DATA, folder=folder)
    for go_on in (
        lambda: saddle.resume(folder, DATA, rounds=8),
        lambda: saddle.load(folder).fit(DATA),
    ):
        content = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        with pytest.raises(saddle.InputError, match=r"format 1, whose numbers came out otherwise, so it cannot go on"):
            go_on()
        assert content == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert np.array_equal(saddle.load(folder).sample(9, seed=0), before.sample(9, seed=0))
    assert saddle.GAN(rounds=1, **SMALL).fit(DATA, start=folder).trained.fitted.state.round == 1
    settings = folder / "run.toml"
    settings.write_text(settings.read_text().replace("format = 1", f"format = {run_table.FORMAT}"))
    with pytest.raises(saddle.InputError, match="was changed after the run began"):
        saddle.resume(folder, DATA, rounds=8)


def test_a_run_copied_without_its_samples_goes_on(tmp_path) -> None:
    saddle.GAN(rounds=7, **SMALL).fit(DATA, folder=tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "samples")
    longer = saddle.GAN.resume(tmp_path / "run", DATA, rounds=14)
    assert longer.history[-1]["round"] == 14 and list((tmp_path / "run" / "samples").iterdir())


def test_a_model_of_another_machine_s_device_is_loaded_but_not_resumed(tmp_path, monkeypatch) -> None:
    gan = saddle.GAN(rounds=7, device="cpu", **SMALL).fit(DATA, folder=tmp_path / "run")
    find = settings.find_device

    def gone(name: str) -> object:
        if name == "cpu":
            raise saddle.InputError("device 'cpu' cannot be used here")
        return find(name)

    monkeypatch.setattr(settings, "find_device", gone)
    loaded = saddle.load(tmp_path / "run")
    assert np.array_equal(loaded.sample(5, seed=0), gan.sample(5, seed=0))
    with pytest.raises(saddle.InputError, match="device 'cpu' cannot be used here"):
        saddle.resume(tmp_path / "run", DATA, rounds=14)


def test_a_run_from_before_a_setting_existed_trains_on(tmp_path) -> None:
    """The setting has its default then, which is no change of the user's."""
    saddle.GAN(rounds=7, **SMALL).fit(DATA, folder=tmp_path / "run")
    loaded = saddle.GAN.load(tmp_path / "run")
    loaded.trained.table["model"]["critic"].pop("fourier_octaves")
    loaded.fit(DATA)
    assert loaded.history[-1]["round"] == 14
    loaded.batch = 8
    with pytest.raises(saddle.InputError, match="batch is now 8 instead of 16"):
        loaded.fit(DATA)


def test_a_run_does_not_go_on_on_another_kind_of_device(tmp_path) -> None:
    gan = saddle.GAN(rounds=7, **SMALL).fit(DATA)
    gan.trained.table["resolved"]["device"] = "cuda:0"
    with pytest.raises(saddle.InputError, match="was trained on cuda:0, and on cpu would have other numbers"):
        gan.fit(DATA)
