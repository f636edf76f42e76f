"""What a training measures of its samples' variety, against laws where it is known."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.randomness import Stream
from saddle.families.variety import Variety


def points(x: np.ndarray) -> "saddle.Dataset":
    return saddle.open(x.astype(np.float32))


def ring(n: int, modes: int, seed: int) -> np.ndarray:
    law = saddle.open("ring", n=n, seed=seed).density
    assert law is not None
    x = law.sample(20 * n, Stream(seed))
    angle = np.round(np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi / 8)).astype(int) % 8
    return x[angle < modes][:n]


def encoded(data: "saddle.Dataset", x: np.ndarray) -> Tensor:
    return data.transform.encode(x.astype(np.float32)).float()


@pytest.mark.parametrize("modes", [1, 4, 6, 8])
def test_coverage_is_the_share_of_the_modes_that_samples_reach(modes: int) -> None:
    data = points(ring(3000, 8, 0))
    row = Variety(data, 0).row(encoded(data, ring(1000, modes, 1)))
    assert row["coverage"] == pytest.approx(modes / 8, abs=0.04)


def test_a_mode_with_a_few_stray_samples_is_not_reached() -> None:
    data = points(ring(3000, 8, 0))
    seven, eighth = ring(995, 7, 1), ring(3000, 8, 2)
    stray = eighth[np.round(np.arctan2(eighth[:, 1], eighth[:, 0]) / (2 * np.pi / 8)).astype(int) % 8 == 7][:5]
    row = Variety(data, 0).row(encoded(data, np.concatenate([seven, stray])))
    assert row["coverage"] == pytest.approx(7 / 8, abs=0.04)


def test_spread_is_the_ratio_of_scales_and_does_not_depend_on_the_place() -> None:
    chance = np.random.default_rng(0)
    data = points(chance.normal(size=(3000, 3)))
    x = encoded(data, chance.normal(size=(2000, 3)))
    for scale, shift in ((1.0, 0.0), (0.25, 5.0), (3.0, -100.0)):
        assert Variety(data, 0).row(scale * x + shift)["spread"] == pytest.approx(scale, rel=0.05)


def test_the_energy_coefficient_of_normal_laws_a_known_way_apart() -> None:
    """For N(0, 1) and N(μ, 1), E|X-Y| = 2 φ(μ/√2)/√(1/2) + μ (2Φ(μ/√2) - 1), and 2/√π within each."""
    chance = np.random.default_rng(0)
    data = points(chance.normal(size=(5000, 1)))
    mu, unit = 2.0, (encoded(data, np.ones((1, 1))) - encoded(data, np.zeros((1, 1)))).item()
    x = encoded(data, chance.normal(size=(4000, 1)) + mu)
    t = mu / math.sqrt(2)
    density, below = math.exp(-t * t / 2) / math.sqrt(2 * math.pi), (1 + math.erf(t / math.sqrt(2))) / 2
    across, within = math.sqrt(2) * 2 * density + mu * (2 * below - 1), 2 / math.sqrt(math.pi)
    assert unit > 0
    assert Variety(data, 0).row(x)["energy coefficient"] == pytest.approx(1 - within / across, abs=0.02)
    assert Variety(data, 0).row(encoded(data, chance.normal(size=(4000, 1))))["energy coefficient"] < 0.01


def test_data_too_few_or_all_alike_have_no_variety() -> None:
    x = torch.zeros(10, 2)
    assert Variety(points(np.random.default_rng(0).normal(size=(5, 2))), 0).row(x) == {}
    assert Variety(points(np.repeat([[1.0, 2.0]], 50, axis=0)), 0).row(x) == {}


@pytest.mark.parametrize("objective", ["minimax", "non-saturating", "wasserstein"])
def test_the_gradient_at_samples_is_that_of_the_objective_through_the_critic(objective: str) -> None:
    """A linear critic s = w·x + b: the gradient has length |w| times σ(s), σ(-s) or 1."""
    gan = saddle.GAN(objective=objective, generator=saddle.MLP(4, 1), critic=saddle.MLP(4, 0), rounds=1, threads=1)
    gan.fit(saddle.open("gaussian", n=500))
    fitted = gan.trained.fitted
    assert fitted.problem.watch is not None
    networks = fitted.networks(averaged=False)
    x = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
    weight = next(p for p in networks["critic"].parameters() if p.ndim == 2)
    scores = networks["critic"](x).flatten()
    slope = {"minimax": scores.sigmoid(), "non-saturating": (-scores).sigmoid(), "wasserstein": torch.ones(64)}
    expected = (slope[objective] * weight.norm()).mean().item()
    assert fitted.problem.watch(networks, x, None)["gradient at samples"] == pytest.approx(expected, rel=1e-5)
