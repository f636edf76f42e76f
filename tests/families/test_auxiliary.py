"""The class term by hand, and what a critic that tells classes refuses."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch, Loss
from saddle.core.randomness import Stream
from saddle.objectives import NonSaturating
from saddle.testing import Trial
from saddle.testing.trial import distance

DRAW = np.random.default_rng(0)
LABELS = np.arange(64) % 3
DATA = saddle.open(DRAW.standard_normal((64, 2)) + 3 * np.eye(3)[LABELS][:, :2], y=LABELS)
TINY: dict[str, Any] = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "latent": 3, "batch": 8}
TINY |= {"precision": "float64", "device": "cpu"}


def loss_of(trial: Trial, name: str) -> tuple[Loss, Tensor, Tensor, Tensor]:
    """A player's first loss with the data, labels and samples it sees."""
    player = next(one for one in trial.fitted.problem.players if one.name == name)
    noise = draw(player.noise, Stream(0, (name, 0, 0)), torch.float64, torch.device("cpu"))
    x, y = trial.feed.one(0, name, 0)
    assert y is not None
    batch = Batch(x, y, torch.tensor(0), logged=True)
    loss = player.loss(trial.fitted.state.networks, batch, noise, {})
    return loss, x, y, trial.fitted.state.networks["generator"](noise["latent"], y)


def test_both_players_lose_where_classes_are_not_told() -> None:
    """The critic has the term of data and of samples, the generator that of samples; a sign lost would show in one."""
    trial = Trial.of(saddle.GAN(**TINY, auxiliary=0.7), DATA)
    network = trial.fitted.state.networks["critic"].network
    loss, x, y, fake = loss_of(trial, "critic")
    of_real, of_fake = network(x), network(fake)
    assert of_real.shape == (8, 1 + 3)
    told = cross_entropy(of_real[:, 1:], y) + cross_entropy(of_fake[:, 1:], y)
    assert torch.allclose(loss.value, NonSaturating().critic(of_real[:, 0], of_fake[:, 0]) + 0.7 * told, atol=1e-12)
    right = (of_real[:, 1:].argmax(1) == y).double().mean()
    assert loss.metrics["classes right (x)"] == right
    generator, _, y, fake = loss_of(trial, "generator")
    of_fake = network(fake)
    wanted = NonSaturating().generator(of_fake[:, 0], of_fake[:, 0]) + 0.7 * cross_entropy(of_fake[:, 1:], y)
    assert torch.allclose(generator.value, wanted, atol=1e-12)


def test_a_critic_that_tells_classes_is_not_told_them() -> None:
    trial = Trial.of(saddle.GAN(**TINY, auxiliary=1.0), DATA)
    critic = trial.fitted.state.networks["critic"]
    x, y = torch.randn(5, 2, dtype=torch.float64), torch.arange(5) % 3
    assert torch.equal(critic(x, y), critic(x)) and critic(x).shape == (5,)


@pytest.mark.parametrize("critic", [saddle.MLP(8, 1), saddle.MLP(8, 1, minibatch_deviation=True)])
def test_members_and_resume(critic: saddle.MLP) -> None:
    """A member of a population is its seed alone, and a resumed run the run that never stopped."""
    settings = {**TINY, "auxiliary": 1.0, "regularizers": ["r1", "spectral-normalization"], "critic": critic}
    alone = [Trial.of(saddle.GAN(**settings, seed=seed), DATA).play(12) for seed in (3, 4)]
    together = Trial.of(saddle.GAN(**settings, seed=3, seeds=2), DATA).play(12)
    for member, one in enumerate(alone):
        assert distance(together.parameters(member), one.parameters()) < 1e-10
    resumed = Trial.of(saddle.GAN(**settings, seed=3), DATA).play(5)
    resumed = resumed.resumed_in(Trial.of(saddle.GAN(**settings, seed=3), DATA)).play(7)
    assert resumed.fitted.state.digest() == alone[0].fitted.state.digest()


def test_samples_of_a_class_lie_with_its_data() -> None:
    """Three clusters: the generator makes the one that it is asked for."""
    gan = saddle.GAN(auxiliary=1.0, generator=saddle.MLP(32, 2), critic=saddle.MLP(32, 2), latent=2, rounds=600)
    gan.generator_optimizer = gan.critic_optimizer = saddle.Adam(2e-3)
    gan.regularizers, gan.device = ["r1"], "cpu"
    gan.fit(DATA)
    for label, center in enumerate(3 * np.eye(3)[:, :2]):
        middle = np.asarray(gan.sample(500, y=[label] * 500, seed=0)).mean(0)
        assert np.linalg.norm(middle - center) < 1.5  # clusters lie 3 and 4.2 apart


class Plain(nn.Module):
    """A critic of the user's own that makes one number."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)


@pytest.mark.parametrize(
    ("data", "settings", "said"),
    [
        ("ring", {}, "auxiliary 1 needs data with labels"),
        (DATA, {"unrolled": 2}, "auxiliary and unrolled do not go together"),
        (DATA, {"critic": saddle.Maxout()}, "critic must be able to make a score with the logits of the classes"),
        (DATA, {"critic": Plain}, r"not to \(2, 4\): a score with the logits of the classes"),
        (DATA, {"auxiliary": -1.0}, "auxiliary"),
        (DATA, {"objective": "mmd"}, "auxiliary must be 0 with objective MMD"),
    ],
)
def test_refusals(data: Any, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(saddle.InputError, match=said):
        saddle.GAN(**{"auxiliary": 1.0, "rounds": 1, **settings}).fit(data)
