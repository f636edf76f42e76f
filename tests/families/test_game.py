"""The losses of a game, term by term, against the objective applied to scores computed here."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch, Loss
from saddle.core.randomness import Stream
from saddle.families.gan.game import reads_real_scores
from saddle.objectives import OBJECTIVES
from saddle.testing import Trial

DATA = saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=np.arange(60) % 2)

CASES: dict[str, Any] = {name: kind() for name, kind in OBJECTIVES.items()}


def losses(objective: Any) -> tuple[dict[str, Loss], dict[str, tuple[Tensor, Tensor]], Trial]:
    """Each player's first loss, and the scores (real, fake) computed by hand from the same draws."""
    gan = saddle.GAN(
        objective=objective, generator=saddle.MLP(8, 1), critic=saddle.MLP(8, 1), latent=3, batch=8, precision="float64"
    )
    trial = Trial.of(gan, DATA)
    networks = trial.fitted.state.networks
    found, scores = {}, {}
    for player in trial.fitted.problem.players:
        noise = draw(player.noise, Stream(0, (player.name, 0, 0)), torch.float64, torch.device("cpu"))
        x, y = trial.feed.one(0, player.name, 0)
        found[player.name] = player.loss(networks, Batch(x, y, torch.tensor(0)), noise, {})
        fake = networks["generator"](noise["latent"], y)
        scores[player.name] = (networks["critic"](x, y), networks["critic"](fake, y))
    return found, scores, trial


@pytest.mark.parametrize("name", CASES)
def test_both_losses_are_the_objectives(name: str) -> None:
    """Samples carry the labels of the batch; other labels, or real scores kept from a relativistic loss, would show."""
    objective = CASES[name]
    found, scores, _ = losses(objective)
    assert torch.allclose(found["critic"].value, objective.critic(*scores["critic"]))
    assert torch.allclose(found["generator"].value, objective.generator(*scores["generator"]))


def test_the_critics_loss_does_not_move_the_generator() -> None:
    found, _, trial = losses(CASES["minimax"])
    params = trial.fitted.state.params
    slopes = torch.autograd.grad(found["critic"].value, list(params.values()), allow_unused=True)
    moved = {
        name.split(".")[0] for name, slope in zip(params, slopes, strict=True) if slope is not None and slope.any()
    }
    assert moved == {"critic"}


def test_what_a_run_reports() -> None:
    """D(x) and D(G(z)) are probabilities; accuracy is the share of pairs (x, G(z)) that are ranked right."""
    found, scores, _ = losses(CASES["minimax"])
    real, fake = scores["critic"]
    metrics = found["critic"].metrics
    assert metrics["D(x)"].item() == pytest.approx(torch.sigmoid(real).mean().item())
    assert metrics["D(G(z))"].item() == pytest.approx(torch.sigmoid(fake).mean().item())
    ranked = np.mean([(r > f).item() for r in real for f in fake])
    assert metrics["accuracy"].item() == pytest.approx(ranked)
    unbounded = losses(CASES["wasserstein"])[0]["critic"].metrics
    assert {"critic(x)", "critic(G(z))"} <= set(unbounded) and "D(x)" not in unbounded


def test_who_reads_real_scores() -> None:
    found = {name for name, objective in CASES.items() if reads_real_scores(objective)}
    assert found == {"relativistic", "relativistic-average"}
