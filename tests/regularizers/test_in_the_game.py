"""What a regularizer does inside a critic's loss and update."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch
from saddle.core.randomness import Stream
from saddle.testing import Trial

DATA = saddle.open(np.random.default_rng(0).standard_normal((80, 3)))


class Squares(nn.Module):
    """c(x) = |x|^2/2, with a parameter that a loss can move."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        return x.square().sum(1) / 2 + self.shift


class Shifted(nn.Module):
    """G(z) = z + 2."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.tensor(2.0))

    def forward(self, z: Tensor) -> Tensor:
        return z + self.shift


def trial(*regularizers: Any) -> Trial:
    settings: dict[str, Any] = {"generator": Shifted, "critic": Squares, "latent": 3, "batch": 16}
    return Trial.of(
        saddle.GAN(**settings, regularizers=regularizers, precision="float64", device="cpu", objective="wasserstein"),
        DATA,
    )


def terms(*regularizers: Any) -> tuple[float, Tensor, Tensor, dict[str, Tensor]]:
    """The penalty in the critic's first loss, the data and samples it saw, and the noise."""
    one = trial(*regularizers)
    critic = next(player for player in one.fitted.problem.players if player.name == "critic")
    noise = draw(critic.noise, Stream(0, ("critic", 0, 0)), torch.float64, torch.device("cpu"))
    x, y = one.feed.one(0, "critic", 0)
    loss = critic.loss(one.fitted.state.networks, Batch(x, y, torch.tensor(0)), noise, {})
    return loss.metrics["penalty"].item(), x, noise["latent"] + 2, noise


def test_r1_sits_on_data_and_r2_on_samples() -> None:
    """The gradient of |x|^2/2 at x is x; exchanged places would show, since samples lie around 2."""
    value, real, _, _ = terms(saddle.R1(3.0))
    assert value == pytest.approx(1.5 * real.square().sum(1).mean().item())
    value, _, fake, _ = terms(saddle.R2(3.0))
    assert value == pytest.approx(1.5 * fake.square().sum(1).mean().item())


def test_the_gradient_penalty_sits_at_uniform_interpolates() -> None:
    value, real, fake, noise = terms(saddle.GradientPenalty(4.0))
    mix = noise["mix"].unsqueeze(1)
    between = mix * real + (1 - mix) * fake
    assert value == pytest.approx(4 * (between.norm(dim=1) - 1).square().mean().item())
    assert 0 <= mix.min() < 0.3 and 0.7 < mix.max() < 1


def test_penalties_add_up() -> None:
    total = terms(saddle.R1(3.0), saddle.R2(2.0), saddle.GradientPenalty(4.0))[0]
    parts = [terms(one)[0] for one in (saddle.R1(3.0), saddle.R2(2.0), saddle.GradientPenalty(4.0))]
    assert total == pytest.approx(sum(parts))


def test_clipping_bounds_the_critic_and_nothing_else() -> None:
    one = Trial.of(
        saddle.GAN(generator=saddle.MLP(8, 1), critic=saddle.MLP(8, 1), regularizers=[saddle.WeightClipping(0.02)]),
        DATA,
    ).play(3)
    params = one.fitted.state.params
    assert all(bool((value.abs() <= 0.02).all()) for name, value in params.items() if name.startswith("critic"))
    assert any(bool((value.abs() > 0.02).any()) for name, value in params.items() if name.startswith("generator"))
    # Clipped after every update, not once: the bound is reached, and weights inside it move.
    assert any(bool((value.abs() == 0.02).any()) for name, value in params.items() if name.startswith("critic"))


def test_instance_noise_is_annealed_to_nothing() -> None:
    """x + scale (1 - t/until) noise: linear, and exactly x from round `until` on."""
    x, noise = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    one = saddle.InstanceNoise(0.4, until=10)
    for round, left in ((0, 1.0), (5, 0.5), (9, 0.1), (10, 0.0), (1000, 0.0)):
        seen = one.perturb(x, noise, torch.tensor(round))
        assert torch.allclose(seen, x + 0.4 * left * noise) and seen.dtype == x.dtype
    assert torch.equal(one.perturb(x, noise, torch.tensor(10)), x)
    forever = saddle.InstanceNoise(0.4)
    assert torch.equal(forever.perturb(x, noise, torch.tensor(0)), forever.perturb(x, noise, torch.tensor(10**6)))


def test_instance_noise_is_fresh_for_data_and_samples() -> None:
    critic, generator = trial(saddle.InstanceNoise(), saddle.InstanceNoise()).fitted.problem.players
    assert set(critic.noise) == {"latent", "real 0", "fake 0", "real 1", "fake 1"}
    assert {"latent", "fake 0", "fake 1"} <= set(generator.noise)
    drawn = draw(critic.noise, Stream(0), torch.float32, torch.device("cpu"))
    assert not torch.equal(drawn["real 0"], drawn["fake 0"]) and not torch.equal(drawn["real 0"], drawn["real 1"])


def test_dragan_sits_around_data() -> None:
    """x + spread * deviation * noise, in the game's own draws; samples play no part."""
    one = saddle.DRAGAN(4.0, spread=0.5)
    value, real, _, noise = terms(one)
    around = real + 0.5 * real.std(correction=0) * noise["around 0"]
    assert value == pytest.approx(4 * (around.norm(dim=1) - 1).square().mean().item())


def test_the_zero_centered_penalty_sits_between() -> None:
    value, real, fake, noise = terms(saddle.ZeroCenteredPenalty(3.0))
    mix = noise["mix"].unsqueeze(1)
    between = mix * real + (1 - mix) * fake
    assert value == pytest.approx(1.5 * between.square().sum(1).mean().item())


def test_weights_change_along_half_a_cosine() -> None:
    one = saddle.R1(4.0, final=1.0, until=10)
    shares = [one.share(torch.tensor(round)).item() for round in (0, 5, 10, 1000)]
    assert shares == pytest.approx([1.0, (1 + 0.25) / 2, 0.25, 0.25])
    assert saddle.R2(4.0).share(torch.tensor(7)).item() == 1.0
    now = terms(one)[0]
    assert now == pytest.approx(terms(saddle.R1(4.0))[0]), "round 0 has the full weight"


def test_consistency_compares_scores_of_moved_data() -> None:
    """|x|^2/2 at x and at x + .3 noise; moved samples, or data moved twice, would differ."""
    for at in ("real", "fake"):
        value, real, fake, noise = terms(saddle.Consistency(2.0, at=at, noise=0.3))  # type: ignore[arg-type]
        x = real if at == "real" else fake
        gap = ((x + 0.3 * noise["moved 0"]).square() - x.square()).sum(1) / 2
        assert value == pytest.approx(2 * gap.square().mean().item())
