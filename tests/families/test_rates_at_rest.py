"""No run is trained at rates of zero, whether it begins or goes on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import saddle
from saddle.families.cadence import further, require_ahead
from saddle.families.class_shares import class_shares
from saddle.recipes import RECIPES, configured, find_recipe
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


def test_a_run_that_would_rest_before_its_end_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(saddle.InputError, match="zero from round 4 on, so that the networks would stand still"):
        model(0.0, rounds=5).fit("ring", folder=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_without_a_length_the_usual_one_counts() -> None:
    gan = model(0.0)
    gan.rounds = None
    with pytest.raises(saddle.InputError, match="zero from round 4 on"):
        gan.fit("ring")


@pytest.mark.parametrize("changes", [{}, {"rounds": 1}, {"rounds": 777}, {"rounds": None, "minutes": 1.0}], ids=str)
@pytest.mark.parametrize("recipe", RECIPES)
def test_no_recipe_rests_before_its_end(recipe: str, changes: dict[str, Any]) -> None:
    """However long it is made: a schedule that is not stretched with the rounds, or is rounded down, would."""
    data = saddle.open("digits")
    try:
        model = configured(find_recipe(recipe), data.layout, changes)
        problem = model.build(data.layout, class_shares(data)).problem
    except saddle.InputError:  # of points alone
        data = saddle.open("ring", n=100)
        model = configured(find_recipe(recipe), data.layout, changes)
        problem = model.build(data.layout, class_shares(data)).problem
    require_ahead(problem, *further(model.checked(), 0, 0.0), done=0)


@dataclass(frozen=True)
class Resting:
    """Zero at some rounds, and one otherwise."""

    at: tuple[int, ...]

    def factor(self, round: int) -> float:
        return float(round not in self.at)


def test_a_rate_may_rest_and_rise_again() -> None:
    """A search by halves would find one of these rounds and take all that follow for like it."""
    gan = model(0.0)
    gan.generator_optimizer = gan.critic_optimizer = saddle.Adam(1e-3, schedule=Resting((0, 1, 2)))
    assert gan.fit("ring").trained.fitted.state.round == 4
    gan = model(0.0)
    gan.generator_optimizer = gan.critic_optimizer = saddle.Adam(1e-3, schedule=Resting((1, 3)))
    with pytest.raises(saddle.InputError, match="zero from round 3 on"):
        gan.fit("ring")


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
