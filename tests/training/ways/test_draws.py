"""Torch's own generators are seeded for the updates that may draw from them, and left alone by the others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.fx.experimental.proxy_tensor import make_fx

import saddle
from saddle.testing import Trial
from saddle.training.ways import compiling
from saddle.training.ways.functions import may_draw
from saddle.training.ways.rounds import rounds_of

POINTS = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))


@torch.library.custom_op("saddle_tests::unknown", mutates_args=())
def unknown(x: Tensor) -> Tensor:
    return x + torch.rand_like(x)


@pytest.mark.parametrize(
    ("function", "draws"),
    [
        (lambda x: torch.relu(x @ x).split(2), False),
        (lambda x: nn.functional.dropout(x), True),
        (lambda x: x + torch.randn(4, 4), True),
        (lambda x: torch.bernoulli(x.sigmoid()), True),
        (lambda x: x.clone().uniform_(), True),
        (unknown, True),
    ],
)
def test_a_graph_that_may_draw_is_known_by_its_operations(function: Callable[[Tensor], Any], draws: bool) -> None:
    assert may_draw(make_fx(function)(torch.zeros(4, 4))) == draws


class Dropping(nn.Module):
    """A critic that draws from torch's own generator."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).squeeze(-1)


def gan(critic: Any, **settings: Any) -> Trial:
    return Trial.of(
        saddle.GAN(generator=saddle.MLP(4, 1), critic=critic, latent=2, batch=8, device="cpu", **settings), POINTS
    )


@pytest.mark.parametrize(("critic", "draws"), [(saddle.MLP(4, 1), False), (Dropping(), True)])
def test_compiled_updates_are_seeded_where_they_draw(critic: Any, draws: bool) -> None:
    """So that numbers drawn before a round change nothing in it, and one that draws nothing costs no seeding."""
    found = []
    for disturbed in (False, True):
        one = gan(critic)
        with torch.random.fork_rng():
            rounds = rounds_of("compiled", one.fitted.problem, one.fitted.state, one.feed)
            rounds.play(logged=False)
            for _ in range(3):
                torch.manual_seed(100 if disturbed else 0)
                before = torch.random.get_rng_state()
                rounds.play(logged=False)
                assert torch.equal(torch.random.get_rng_state(), before) != draws
        found.append(one.parameters())
    assert torch.equal(*found)


@pytest.mark.parametrize("after", ["projection", "optimizer"])
def test_what_comes_after_a_compiled_function_may_draw(after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for disturbed in (False, True):
        one = gan(saddle.MLP(4, 1))
        problem = one.fitted.problem
        if after == "projection":
            players = tuple(
                replace(player, project=lambda name, x: x.add_(torch.rand_like(x))) for player in problem.players
            )
            problem = replace(problem, players=players)
        else:
            monkeypatch.setattr(compiling, "UPDATED_ALONG", 0)
            for optimizer in one.fitted.state.optimizers.values():
                optimizer.register_step_post_hook(noisy)
        with torch.random.fork_rng():
            rounds = rounds_of("compiled", problem, one.fitted.state, one.feed)
            for round in range(3):
                torch.manual_seed(round if disturbed else 0)
                rounds.play(logged=False)
        found.append(one.parameters())
    assert torch.equal(*found)


def noisy(optimizer: torch.optim.Optimizer, *_: Any) -> None:
    with torch.no_grad():
        for parameter in optimizer.param_groups[0]["params"]:
            parameter.add_(torch.rand_like(parameter))


def test_what_was_compiled_before_draws_the_same_as_what_is_compiled_now() -> None:
    """As in a run that takes over what its warm-up compiled, and in one that is resumed and compiles anew."""
    critic = Dropping()
    first, second = gan(critic), gan(critic)
    with torch.random.fork_rng():
        anew = rounds_of("compiled", first.fitted.problem, first.fitted.state, first.feed)
        anew.play(logged=False)
        assert anew.compiled is not None
        functions = anew.compiled.functions
        rounds_of("compiled", second.fitted.problem, second.fitted.state, second.feed, functions=functions).play(
            logged=False
        )
    assert torch.equal(first.parameters(), second.parameters())
