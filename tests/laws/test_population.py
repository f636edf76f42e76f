"""What a population promises beyond the table: it is the engine that `GAN` uses, and where its equality loosens."""

from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.testing import Trial
from saddle.testing.trial import distance

DATA = saddle.open(np.random.default_rng(0).standard_normal((100, 2)))
TINY: dict[str, Any] = {"latent": 3, "batch": 8, "precision": "float64", "device": "cpu", "generator": saddle.MLP(8, 1)}
PLAIN = {**TINY, "critic": saddle.MLP(8, 1)}


def test_a_trial_is_what_fit_does() -> None:
    """Without this the law suite would prove something about another engine than the users'."""
    settings = {**PLAIN, "seeds": 3, "seed": 4, "rounds": 15, "threads": 1}
    fitted = saddle.GAN(**settings).fit(DATA)
    trial = Trial.of(saddle.GAN(**settings), DATA).play(15)
    assert fitted.trained.fitted.state.digest() == trial.fitted.state.digest()


def test_a_member_does_not_depend_on_who_else_there_is() -> None:
    few = Trial.of(saddle.GAN(**PLAIN, seed=1, seeds=2), DATA).play(30)
    many = Trial.of(saddle.GAN(**PLAIN, seed=0, seeds=4), DATA).play(30)
    for member in range(2):
        assert distance(many.parameters(member + 1), few.parameters(member)) < 1e-15


def test_members_differ() -> None:
    trial = Trial.of(saddle.GAN(**PLAIN, seeds=3), DATA).play(5)
    assert distance(trial.parameters(0), trial.parameters(1)) > 0.1


def gaps(epsilon: float) -> dict[str, float]:
    """By parameter, the largest difference between a member and its seed alone, batch norm in the critic."""
    adam = saddle.Adam(epsilon=epsilon)
    settings = {**TINY, "critic": saddle.MLP(8, 2, normalization="batch")}
    settings |= {"critic_optimizer": adam, "generator_optimizer": adam}
    together = Trial.of(saddle.GAN(**settings, seeds=3), DATA).play(100).fitted.state.params
    alone = Trial.of(saddle.GAN(**settings), DATA).play(100).fitted.state.params
    return {name: (together[name][0] - value).abs().max().item() for name, value in alone.items()}


def test_batch_normalization_in_a_critic_loosens_the_equality() -> None:
    """It subtracts the batch's mean, so shifting all samples changes no score: the slope by the generator's last bias
    is zero but for rounding, and Adam divides that rounding by its epsilon.
    """
    loose = gaps(1e-8)
    assert max(loose.values()) < 1e-4
    assert max(loose, key=lambda name: loose[name]).startswith("generator") and max(loose.values()) > 1e-14
    assert max(gaps(1e-3).values()) < 1e-14


class Halving:
    """Scales a parameter by its own norm: a projection that looks at more than one number."""

    def project(self, name: str, parameter: torch.Tensor) -> None:
        parameter.div_(1 + parameter.norm())


def test_a_projection_sees_one_member_at_a_time() -> None:
    """It would fail if a projection were given the stack of members, whose norm is another."""
    settings = {**PLAIN, "regularizers": [Halving()]}
    together = Trial.of(saddle.GAN(**settings, seeds=3), DATA).play(10)
    alone = Trial.of(saddle.GAN(**settings, seed=2), DATA).play(10)
    assert distance(together.parameters(2), alone.parameters()) < 1e-12


def test_torch_dropout_is_refused_in_a_population_and_resumes_alone() -> None:
    def critic() -> torch.nn.Module:
        return torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Dropout(0.5), torch.nn.ReLU(), torch.nn.Linear(8, 1))

    settings = {**TINY, "critic": critic}
    with pytest.raises(saddle.InputError, match="cannot run in a population"):
        Trial.of(saddle.GAN(**settings, seeds=2), DATA)
    whole = Trial.of(saddle.GAN(**settings), DATA).play(20)
    resumed = Trial.of(saddle.GAN(**settings), DATA).play(9).resumed_in(Trial.of(saddle.GAN(**settings), DATA))
    assert resumed.play(11).fitted.state.digest() == whole.fitted.state.digest()


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_a_population_resumes_bit_for_bit(normalization: str) -> None:
    settings = {**PLAIN, "generator": saddle.MLP(8, 1, normalization=normalization), "average": 0.9, "seeds": 3}  # type: ignore[arg-type]
    whole = Trial.of(saddle.GAN(**settings), DATA).play(20).fitted.state
    again = Trial.of(saddle.GAN(**settings), DATA).play(9).resumed_in(Trial.of(saddle.GAN(**settings), DATA)).play(11)
    for group in ("params", "buffers", "averages"):
        for name, value in getattr(whole, group).items():
            assert torch.equal(value, getattr(again.fitted.state, group)[name]), name
