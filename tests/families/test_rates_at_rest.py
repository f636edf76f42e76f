"""A run whose rates have fallen to zero is not trained on."""

from pathlib import Path

import pytest

import saddle
from saddle.training.schedules import Cosine


def model(share: float, rounds: int = 4) -> saddle.GAN:
    """Rates that reach a share of themselves at round 4."""
    optimizer = saddle.Adam(1e-3, schedule=Cosine(4, share))
    network = saddle.MLP(8, 1)
    return saddle.GAN(
        generator=network,
        critic=network,
        latent=2,
        batch=16,
        rounds=rounds,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
    )


def test_more_rounds_at_a_rate_of_zero_are_refused(tmp_path: Path) -> None:
    gan = model(0.0).fit("ring", folder=tmp_path / "run")
    kept = (tmp_path / "run" / "run.toml").read_text()
    with pytest.raises(saddle.InputError, match="zero from round 4 on"):
        gan.fit("ring")
    with pytest.raises(saddle.InputError, match="zero from round 4 on"):
        saddle.resume(tmp_path / "run", rounds=8)
    with pytest.raises(saddle.InputError, match="zero from round 4 on"):
        saddle.resume(tmp_path / "run", minutes=1)
    assert (tmp_path / "run" / "run.toml").read_text() == kept


def test_a_run_goes_on_while_one_player_moves(tmp_path: Path) -> None:
    gan = model(0.0)
    gan.critic_optimizer = saddle.Adam(1e-3)
    assert gan.fit("ring").fit("ring").trained.fitted.state.round == 8


def test_a_run_goes_on_to_the_round_at_which_its_rates_are_zero(tmp_path: Path) -> None:
    model(0.0, rounds=2).fit("ring", folder=tmp_path / "run")
    assert saddle.resume(tmp_path / "run", rounds=4).trained.fitted.state.round == 4


def test_a_share_of_the_rate_is_enough() -> None:
    assert model(0.1).fit("ring").fit("ring").trained.fitted.state.round == 8
