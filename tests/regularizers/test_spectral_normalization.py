"""Spectral normalization against singular values and torch's own."""

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

import saddle
from saddle.testing import Trial


def largest(weight: Tensor, rows: int = 0) -> float:
    return torch.linalg.matrix_norm(weight.movedim(rows, 0).flatten(1), 2).item()


def settled(layer: Any, passes: int = 300) -> Any:
    """After so many passes the power method has converged."""
    with torch.no_grad():
        for _ in range(passes):
            _ = layer.weight
    return layer


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_layers_have_the_norm_they_are_given(scale: float) -> None:
    """A convolution's matrix has one row for each output channel; of a transposed one these lie along the second axis.

    The Frobenius norm in place of the spectral one, or rows along the wrong axis, would give other norms.
    """
    torch.manual_seed(0)
    layers = [(nn.Linear(7, 4), 0), (nn.Conv2d(3, 5, 3), 0), (nn.ConvTranspose2d(3, 5, 4), 1)]
    for layer, rows in layers:
        before = layer.weight.detach().clone()
        saddle.SpectralNormalization(scale).normalize(layer)
        weight = settled(layer).weight.detach()
        assert largest(weight, rows) == pytest.approx(scale, rel=1e-4)
        assert torch.allclose(weight, scale * before / largest(before, rows), rtol=1e-4, atol=1e-6)


def test_gradients_are_those_of_torchs_own() -> None:
    """Sigma is differentiated with its vectors held still; a sigma cut off from the weight has another slope."""
    torch.manual_seed(1)
    layer, x = nn.Linear(6, 5).double(), torch.randn(9, 6, dtype=torch.float64)
    ours = settled(saddle.SpectralNormalization().normalize(deepcopy(layer)))
    theirs = settled(spectral_norm(layer))
    for one in (ours, theirs):
        one(x).square().mean().backward()
    slopes = [one.parametrizations.weight.original.grad for one in (ours, theirs)]
    assert torch.allclose(*slopes, rtol=1e-6, atol=1e-9)


def test_a_perceptron_becomes_lipschitz() -> None:
    data = saddle.open("ring")
    settings: dict[str, Any] = {"generator": saddle.MLP(16, 1), "critic": saddle.MLP(16, 2), "latent": 2, "batch": 32}
    settings |= {"objective": "hinge", "regularizers": [saddle.SpectralNormalization()], "device": "cpu"}
    trial = Trial.of(saddle.GAN(**settings), data).play(200)
    critic = trial.fitted.state.networks["critic"].eval()
    x, y = 2 * torch.randn(2, 4000, 2, generator=torch.Generator().manual_seed(0))
    slopes = (critic(x) - critic(y)).abs() / (x - y).norm(dim=1)
    assert 0.05 < slopes.max().item() < 1.02
    assert {name for name in trial.fitted.state.buffers if "vector" in name}, "the vectors are part of the state"


def test_only_a_training_critic_moves_its_vectors() -> None:
    layer = saddle.SpectralNormalization().normalize(nn.Linear(5, 5))
    start = {name: value.clone() for name, value in layer.named_buffers()}
    layer.eval()(torch.zeros(1, 5))
    assert all(torch.equal(value, start[name]) for name, value in layer.named_buffers())
    layer.train()(torch.zeros(1, 5))
    assert not all(torch.equal(value, start[name]) for name, value in layer.named_buffers())


def test_a_layer_that_starts_at_zero_learns() -> None:
    """Divided by a norm of zero its weights would be no numbers, and a vector of zeros would never move again."""
    layer = nn.Linear(4, 3)
    nn.init.zeros_(layer.weight)
    saddle.SpectralNormalization().normalize(layer)
    assert torch.isfinite(layer(torch.ones(2, 4))).all()
    with torch.no_grad():
        layer.parametrizations.weight.original.copy_(torch.eye(3, 4))  # type: ignore[union-attr,operator]
    assert largest(settled(layer).weight.detach()) == pytest.approx(1.0, abs=1e-5)
