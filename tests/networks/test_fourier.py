"""Fourier features, by hand."""

import math

import numpy as np
import pytest
import torch

import saddle
from saddle.networks.fourier import FourierFeatures
from saddle.testing import Trial, check_architecture
from saddle.testing.trial import distance


def test_the_features_are_waves_of_halving_periods() -> None:
    """Periods of 4, 2 and 1: a point and the same point four further agree in all waves, two further in all but one."""
    layer = FourierFeatures(3)
    x = torch.tensor([[0.3, -1.2]], dtype=torch.float64)
    out = layer(x)
    assert out.shape == (1, layer.width(2)) and torch.equal(out[:, :2], x)
    expected = [
        f(math.pi / 2 * 2**k * value) / 2 ** (k / 2)
        for f in (math.sin, math.cos)
        for value in (0.3, -1.2)
        for k in range(3)
    ]
    assert out[0, 2:].tolist() == pytest.approx(expected)
    assert torch.allclose(layer(x + 4)[:, 2:], out[:, 2:])
    differing = (layer(x + 2)[0, 2:] - out[0, 2:]).abs() > 1e-6
    assert differing.nonzero().flatten().tolist() == [0, 3, 6, 9]


def test_without_octaves_nothing_is_added() -> None:
    x = torch.randn(3, 2)
    assert FourierFeatures(0)(x) is x


def test_networks_with_them_keep_the_laws() -> None:
    assert check_architecture(saddle.MLP(8, 1, fourier_octaves=2)).points
    assert check_architecture(saddle.MLP(8, 0, fourier_octaves=2)).points
    encoder = saddle.MLP(8, 1, fourier_octaves=2).encoder((5,), 3, 4)
    assert encoder(torch.zeros(2, 5), torch.tensor([0, 3])).shape == (2, 3)


def test_a_perceptron_learns_a_fast_wave_with_them() -> None:
    """And without them does not: the reason for them, and what a wrong scale of them would fail."""
    x = torch.linspace(-1.5, 1.5, 400).unsqueeze(1)
    wave = torch.sin(8 * math.pi * x).squeeze(1)
    errors = {}
    for octaves in (0, 5):
        torch.manual_seed(0)
        network = saddle.MLP(32, 2, fourier_octaves=octaves).critic((1,), 0)
        optimizer = torch.optim.Adam(network.parameters(), 1e-2)
        for _ in range(200):
            optimizer.zero_grad()
            error = (network(x) - wave).square().mean()
            error.backward()
            optimizer.step()
        errors[octaves] = error.item()
    assert errors[5] < 0.01 and errors[0] > 0.3, errors


def test_a_population_trains_with_them() -> None:
    data = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
    critic = saddle.MLP(8, 1, fourier_octaves=3)
    settings = {"generator": saddle.MLP(8, 1), "critic": critic, "latent": 2, "batch": 8, "precision": "float64"}
    together = Trial.of(saddle.GAN(**settings, regularizers=["r1"], seed=1, seeds=2), data).play(20)  # type: ignore[arg-type]
    alone = Trial.of(saddle.GAN(**settings, regularizers=["r1"], seed=2), data).play(20)  # type: ignore[arg-type]
    assert distance(together.parameters(1), alone.parameters()) < 1e-10
