"""A second fit continues; what cannot continue is refused."""

import numpy as np
import pytest

import saddle

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
            import os
            import signal

            os.kill(os.getpid(), signal.SIGINT)

    gan = saddle.GAN(rounds=50, callback=interrupt, **SMALL)
    with pytest.raises(KeyboardInterrupt):
        gan.fit(DATA)
    assert gan.trained.fitted.state.round == 3
    assert gan.sample(2, seed=0).shape == (2, 2)
