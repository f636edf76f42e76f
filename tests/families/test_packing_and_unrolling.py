"""Packs and unrolled critics: by hand, and against closed forms."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch, Loss
from saddle.core.randomness import Stream
from saddle.families.gan.game import is_zero_sum
from saddle.families.gan.packing import packed, packed_shape
from saddle.families.gan.unrolling import unrolled
from saddle.objectives import FGAN, OBJECTIVES, Minimax, NonSaturating, RelativisticPaired, Wasserstein
from saddle.reports import write_report
from saddle.testing import Trial
from saddle.testing.trial import distance

DATA = saddle.open(np.random.default_rng(0).standard_normal((64, 2)))
TINY: dict[str, Any] = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "latent": 3, "batch": 8}
TINY |= {"precision": "float64", "device": "cpu"}


def test_packs_hold_whole_examples() -> None:
    """Neighbors stand side by side; a reshape that mixes axes would tear pictures apart."""
    x = torch.arange(24.0).reshape(6, 4)
    assert torch.equal(packed(x, 3), torch.stack([x[:3].flatten(), x[3:].flatten()]))
    pictures = torch.randn(4, 3, 5, 6)
    pack = packed(pictures, 2)
    assert pack.shape == (2, *packed_shape((3, 5, 6), 2)) == (2, 6, 5, 6)
    assert torch.equal(pack[1, :3], pictures[2]) and torch.equal(pack[1, 3:], pictures[3])


def loss_of(trial: Trial, name: str) -> tuple[Loss, Tensor, Tensor]:
    """A player's first loss with the data and samples it sees."""
    player = next(one for one in trial.fitted.problem.players if one.name == name)
    noise = draw(player.noise, Stream(0, (name, 0, 0)), torch.float64, torch.device("cpu"))
    x, y = trial.feed.one(0, name, 0)
    loss = player.loss(trial.fitted.state.networks, Batch(x, y, torch.tensor(0)), noise, {})
    return loss, x, trial.fitted.state.networks["generator"](noise["latent"])


@pytest.mark.parametrize("penalties", [[], [saddle.R1(), saddle.GradientPenalty(), saddle.InstanceNoise(1e-9)]])
def test_the_critic_judges_packs(penalties: list[Any]) -> None:
    trial = Trial.of(saddle.GAN(**TINY, packing=2, regularizers=penalties), DATA)
    critic = trial.fitted.state.networks["critic"]
    loss, x, fake = loss_of(trial, "critic")
    scores = critic(torch.cat([x[::2], x[1::2]], 1)), critic(torch.cat([fake[::2], fake[1::2]], 1))
    penalty = loss.metrics["penalty"] if penalties else 0.0
    assert scores[0].shape == (4,)
    assert torch.allclose(loss.value - penalty, NonSaturating().critic(*scores), atol=1e-7)
    generator, _, fake = loss_of(trial, "generator")
    fakes = critic(torch.cat([fake[::2], fake[1::2]], 1))
    assert torch.allclose(generator.value, NonSaturating().generator(fakes, fakes), atol=1e-7)


def test_what_packing_refuses() -> None:
    labeled = saddle.open(np.random.default_rng(0).standard_normal((64, 2)), y=np.arange(64) % 2)
    with pytest.raises(saddle.InputError, match="packing must divide batch, and got 3 and 8"):
        saddle.GAN(**TINY, packing=3).fit(DATA)
    with pytest.raises(saddle.InputError, match="data without labels only"):
        saddle.GAN(**TINY, packing=2).fit(labeled)


@pytest.mark.parametrize("regularizers", [[], ["r1"]])
def test_batch_normalization_unrolled_in_a_population(regularizers: list[str]) -> None:
    """Each member is its seed alone; with torch's second derivatives under vmap it would be off by a ten-thousandth."""
    adam = saddle.Adam(epsilon=1e-3)  # a slope that is zero but for rounding is divided by it
    settings = {**TINY, "critic": saddle.MLP(8, 2, normalization="batch"), "unrolled": 2, "regularizers": regularizers}
    settings |= {"precision": "float64", "critic_optimizer": adam, "generator_optimizer": adam}
    together = Trial.of(saddle.GAN(**settings, seed=1, seeds=2), DATA).play(20)
    for member in (0, 1):
        alone = Trial.of(saddle.GAN(**settings, seed=1 + member), DATA).play(20)
        assert distance(together.parameters(member), alone.parameters()) < 1e-10


class Linear(nn.Module):
    """c(x) = a.x."""

    def __init__(self, a: Tensor) -> None:
        super().__init__()
        self.a = nn.Parameter(a)

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.a


def test_unrolling_in_closed_form() -> None:
    """For c(x) = a.x and Wasserstein's loss each step adds rate * (E x - E G) to a.

    So the generator's loss at samples f + s is -(m + s).(a + k rate (r - m - s)), whose slope by s has the term
    +k rate (m + s) that a critic cut off from the samples would not give.
    """
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, 7, 3, generator=generator, dtype=torch.float64)
    a = torch.randn(3, generator=generator, dtype=torch.float64)
    critic, rate, steps = Linear(a.clone()), 0.1, 4
    shift = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    judge = unrolled(critic, Wasserstein().critic, real, fake + shift, None, steps=steps, rate=rate)
    loss = Wasserstein().generator(judge(real, None), judge(fake + shift, None))
    ahead = a + steps * rate * (real.mean(0) - fake.mean(0))
    assert loss.item() == pytest.approx(-(fake.mean(0) @ ahead).item(), abs=1e-12)
    (slope,) = torch.autograd.grad(loss, shift)
    assert torch.allclose(slope, -ahead + steps * rate * fake.mean(0), atol=1e-12)
    assert torch.equal(critic.a.detach(), a), "the critic itself does not move"


@pytest.mark.parametrize("settings", [{"unrolled": 2}, {"packing": 4}, {"unrolled": 1, "objective": "relativistic"}])
def test_members_train_as_alone_and_resume(settings: dict[str, Any]) -> None:
    def trial(seed: int, seeds: int = 1) -> Trial:
        return Trial.of(saddle.GAN(**{**TINY, **settings}, seed=seed, seeds=seeds), DATA)

    alone = trial(4).play(12)
    together = trial(3, 2).play(12)
    assert distance(together.parameters(1), alone.parameters()) < 1e-10
    resumed = trial(4).play(5).resumed_in(trial(4)).play(7)
    assert resumed.fitted.state.digest() == alone.fitted.state.digest()


def test_the_whole_minimax_game_is_unrolled() -> None:
    """Scores of data move with the steps ahead, so their term of V counts: without it the slope was half as long."""
    settings = {**TINY, "objective": "minimax", "unrolled": 3, "unrolled_rate": 0.3}
    trial = Trial.of(saddle.GAN(**settings), DATA)
    loss, x, fake = loss_of(trial, "generator")
    judge = unrolled(trial.fitted.state.networks["critic"], Minimax().critic, x, fake, None, steps=3, rate=0.3)
    assert loss.value.item() == pytest.approx(-Minimax().critic(judge(x, None), judge(fake, None)).item())


def test_who_plays_for_zero() -> None:
    zero = {name for name, kind in OBJECTIVES.items() if is_zero_sum(kind())}
    assert zero == {"minimax", "wasserstein"}
    assert is_zero_sum(FGAN("kl", "minimax")) and is_zero_sum(RelativisticPaired("minimax"))


@pytest.mark.parametrize("packing", [1, 2])
def test_a_report_of_packs_leaves_out_the_plane(packing: int, tmp_path: Path) -> None:
    """The critic of packs has no score for a single point."""
    model = saddle.GAN(**TINY, packing=packing, rounds=3).fit(DATA, folder=tmp_path / "run")
    page = write_report(model).read_text()
    assert ('class="contour' in page) == (packing == 1)


@pytest.mark.parametrize(
    ("regularizer", "sentence"),
    [
        (saddle.R1(1.0, final=0.1), "only where until says"),
        (saddle.R2(0.0, final=0.1, until=5), "needs gamma above 0"),
        (saddle.Augmentation(), "Augmentation is for pictures"),
    ],
)
def test_what_would_do_nothing_is_refused(regularizer: Any, sentence: str) -> None:
    with pytest.raises(saddle.InputError, match=sentence):
        saddle.GAN(**TINY, regularizers=[regularizer]).fit(DATA)
