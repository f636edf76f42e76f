"""Real and generated examples are scored in one batch where that changes nothing, and nowhere else."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.families.gan.together import score, scores, scores_and_gradients, worth_joining
from saddle.testing import Trial
from saddle.training.step import gradients, inputs_of, set_learning

POINTS = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
LABELED = saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=np.arange(60) % 2)


class Gated(nn.Module):
    """Compares the examples of a batch through a gate that begins at zero."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.gate = nn.Linear(2, 1), nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x + self.gate * x.mean(0))


class Remembering(nn.Module):
    """Centers on the first examples it was ever given, as virtual batch normalization does."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)
        self.first: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        self.first = x.detach().mean(0) if self.first is None else self.first
        return self.layer(x - self.first)


class Failing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise ValueError("not today")


def critic(**settings: Any) -> nn.Module:
    return saddle.MLP(8, 2, **settings).critic((2,), 0)


CRITICS: dict[str, tuple[Any, tuple[int, ...], bool]] = {
    "perceptron": (critic, (2,), True),
    "layer normalization": (lambda: critic(normalization="layer"), (2,), True),
    "batch normalization": (lambda: critic(normalization="batch"), (2,), False),
    "dropout": (lambda: critic(dropout=0.5), (2,), False),
    "minibatch deviation": (lambda: critic(minibatch_deviation=True), (2,), False),
    "spectral normalization": (lambda: saddle.SpectralNormalization().normalize(critic()), (2,), False),
    "convolutions": (lambda: saddle.Convolutional(4, normalization="none").critic((1, 8, 8), 0), (1, 8, 8), False),
    "a gate that opens later": (Gated, (2,), False),
    "a reference of its first pass": (Remembering, (2,), False),
    "one that raises": (Failing, (2,), False),
    "scores of a column": (lambda: nn.Linear(2, 1), (2,), True),
    "two scores an example": (lambda: nn.Linear(2, 2), (2,), False),
}


@pytest.mark.parametrize("name", CRITICS)
def test_critics_that_judge_each_example_alone_are_known(name: str) -> None:
    build, shape, joined = CRITICS[name]
    before = torch.random.get_rng_state()
    assert worth_joining(build, shape, labeled=False) is joined
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_conditional_critic_is_asked_with_labels() -> None:
    assert worth_joining(lambda: saddle.MLP(8, 1).critic((2,), 3), (2,), labeled=True)
    assert not worth_joining(lambda: saddle.MLP(8, 1).critic((2,), 3), (2,), labeled=False)


def test_each_set_gets_its_own_scores_and_gradients() -> None:
    one = saddle.MLP(8, 1).critic((2,), 2).double()
    sets, y = list(torch.randn(3, 5, 2, dtype=torch.float64)), torch.arange(5) % 2
    found, gradients = scores_and_gradients(one, sets, y)
    for x, ours, also, gradient in zip(sets, found, scores(one, sets, y), gradients, strict=True):
        leaf = x.clone().requires_grad_()
        (wanted,) = torch.autograd.grad(score(one, leaf, y).sum(), leaf)
        assert torch.allclose(ours, score(one, x, y)) and torch.allclose(also, ours)
        assert torch.allclose(gradient, wanted)


GAMES: dict[str, dict[str, Any]] = {
    "plain": {},
    "between": {"regularizers": saddle.GradientPenalty(10.0)},
    "at data": {"regularizers": saddle.R1(2.0)},
    "at data and samples": {"regularizers": (saddle.R1(2.0), saddle.R2(3.0)), "objective": "relativistic"},
    "around data": {"regularizers": saddle.DRAGAN(5.0)},
    "perturbed": {"regularizers": (saddle.InstanceNoise(0.3), saddle.R1(2.0))},
    "packs": {"packing": 2},
}


CASES = [(name, labeled) for name in GAMES for labeled in (False, True) if name != "packs" or not labeled]


@pytest.mark.parametrize("seeds", [1, 2])
@pytest.mark.parametrize(("name", "labeled"), CASES)
def test_one_pass_gives_the_loss_and_the_gradient_of_several(name: str, seeds: int, labeled: bool) -> None:
    settings: dict[str, Any] = {"latent": 2, "batch": 8, "precision": "float64", "seeds": seeds, **GAMES[name]}
    model = saddle.GAN(generator=saddle.MLP(8, 1), critic=saddle.MLP(8, 1), **settings)
    trial = Trial.of(model, LABELED if labeled else POINTS)
    state, player = trial.fitted.state, trial.fitted.problem.players[0]
    loss: Any = player.loss
    assert isinstance(loss, partial) and loss.keywords == {"together": True}
    set_learning(state, player)
    found = []
    for one in (player, replace(player, loss=partial(loss.func, together=False))):
        batch, noise = inputs_of(player, state, trial.feed, 0, logged=True)
        value = gradients(one, state, batch, noise).value
        own = state.learned(player.learns).values()
        found.append([value, *(parameter.grad for parameter in own)])
        for parameter in own:
            parameter.grad = None
    for x, y in zip(*found, strict=True):
        assert x is not None and y is not None and torch.allclose(x, y, rtol=1e-10, atol=1e-12)
