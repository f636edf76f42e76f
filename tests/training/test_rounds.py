"""A round as the engine plays it: who moves, how often, on what, and what is averaged."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.core.errors import NonFiniteError
from saddle.testing import Trial
from saddle.training.step import play_round

DATA = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))


def trial(**settings: Any) -> Trial:
    plain: dict[str, Any] = {"generator": saddle.MLP(4, 1), "critic": saddle.MLP(4, 1), "latent": 2, "batch": 8}
    return Trial.of(saddle.GAN(**{**plain, "precision": "float64", "device": "cpu", "average": 0.0, **settings}), DATA)


def generator_of(one: Trial) -> dict[str, torch.Tensor]:
    params = one.fitted.state.params
    return {name: value.detach().clone() for name, value in params.items() if name.startswith("generator")}


@pytest.mark.parametrize("k", [1, 3])
def test_the_critic_moves_k_times_and_then_the_generator_once(k: int) -> None:
    one = trial(critic_updates=k)
    moves: list[str] = []
    seen: list[torch.Tensor] = []
    update = one.feed.update

    def watched(*which: Any) -> Any:
        x, y = update(*which)
        seen.append(x)
        return x, y

    one.feed.update = watched  # type: ignore[method-assign]
    for _ in range(2):
        play_round(one.fitted.problem, one.fitted.state, one.feed, lambda player, round, value: moves.append(player))
    assert moves == [*["critic"] * k, "generator"] * 2
    batches = [x for place, x in enumerate(seen) if place % (k + 1) < k]
    assert len({tuple(x.flatten().tolist()) for x in batches}) == 2 * k, "an update saw old data"


@pytest.mark.parametrize("decay", [0.5, 0.99])
def test_the_average_follows_its_formula(decay: float) -> None:
    """a <- d a + (1 - d) w with d = min(decay, (1 + t)/(10 + t)), after every round."""
    one = trial(average=decay)
    expected = generator_of(one)
    for round in range(12):
        one.play(1)
        d = min(decay, (1 + round) / (10 + round))
        now = generator_of(one)
        expected = {name: d * value + (1 - d) * now[name] for name, value in expected.items()}
    for name, value in expected.items():
        assert torch.allclose(one.fitted.state.averages[name], value, atol=1e-14)
    assert set(one.fitted.state.averages) == set(expected)


def test_samples_come_from_the_average() -> None:
    one = trial(average=0.9).play(5)
    average = one.fitted.networks()["generator"].state_dict()
    for name, value in average.items():
        assert torch.equal(value, one.fitted.state.averages[f"generator.{name}"])
    plain = one.fitted.networks(averaged=False)["generator"].state_dict()
    assert all(torch.equal(value, one.fitted.state.params[f"generator.{name}"]) for name, value in plain.items())


def test_a_player_moves_nothing_but_its_own_networks() -> None:
    one = trial()
    critic, generator = one.fitted.problem.players
    before = {name: value.detach().clone() for name, value in one.fitted.state.params.items()}
    play_round(replace(one.fitted.problem, players=(critic,)), one.fitted.state, one.feed, lambda *_: None)
    moved = {name for name, value in one.fitted.state.params.items() if not torch.equal(value, before[name])}
    assert moved and all(name.startswith("critic") for name in moved)
    after = {name: value.detach().clone() for name, value in one.fitted.state.params.items()}
    play_round(replace(one.fitted.problem, players=(generator,)), one.fitted.state, one.feed, lambda *_: None)
    moved = {name for name, value in one.fitted.state.params.items() if not torch.equal(value, after[name])}
    assert moved and all(name.startswith("generator") for name in moved)


class Diverging:
    """Turns to nonsense after three rounds."""

    def critic(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        return (fake - real).mean()

    def generator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        return -fake.mean() / 0.0


@pytest.mark.parametrize(("seeds", "who"), [(1, ""), (3, r" of member 0 \(seed 0\)")])
def test_a_number_that_is_not_finite_stops_the_run_and_is_named(seeds: int, who: str) -> None:
    gan = saddle.GAN(objective=Diverging(), seeds=seeds, rounds=5, threads=1, generator=saddle.MLP(4, 1), latent=2)
    with pytest.raises(NonFiniteError, match=rf"The generator's loss{who} became -?inf in round 1\."):
        gan.fit(DATA)


def test_training_leaves_torchs_generator_alone() -> None:
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    saddle.GAN(rounds=2, threads=1, generator=saddle.MLP(4, 1), critic=saddle.MLP(4, 1)).fit(DATA)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_warm_up_changes_no_number() -> None:
    """A model trained with the warm-up that chooses threads equals one that was only played."""
    settings: dict[str, Any] = {"generator": saddle.MLP(4, 1), "critic": saddle.MLP(4, 1), "latent": 2, "batch": 8}
    fitted = saddle.GAN(**settings, rounds=3, threads=1, device="cpu").fit(DATA)
    played = Trial.of(saddle.GAN(**settings, device="cpu"), DATA).play(3)
    assert fitted.trained.fitted.state.digest() == played.fitted.state.digest()
