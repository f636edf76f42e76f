"""The deviation of a batch, by hand."""

import numpy as np
import pytest
import torch

import saddle
from saddle.networks.minibatch import MinibatchDeviation
from saddle.testing import Trial
from saddle.testing.trial import distance


def test_the_entry_is_the_mean_deviation() -> None:
    """The mean of deviations, not the deviation of means: equal vectors give zero however uneven their entries are."""
    x = torch.randn(6, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    layer = MinibatchDeviation()
    out = layer(x)
    assert out.shape == (6, 5) and torch.equal(out[:, :4], x)
    assert out[:, 4].tolist() == pytest.approx([x.numpy().std(axis=0).mean()] * 6, abs=1e-6)
    equal = layer(torch.arange(4.0).expand(6, 4).requires_grad_())
    assert equal[0, 4].item() == pytest.approx(1e-4, rel=1e-3)


def test_slopes_at_equal_vectors_are_finite() -> None:
    x = torch.ones(3, 2, requires_grad=True)
    MinibatchDeviation()(x).sum().backward()
    assert x.grad is not None and torch.isfinite(x.grad).all()


def test_evaluation_uses_the_average_of_training() -> None:
    layer = MinibatchDeviation()
    generator = torch.Generator().manual_seed(0)
    for _ in range(200):
        layer(3 * torch.randn(500, 4, generator=generator))
    one = layer.eval()(torch.zeros(1, 4))
    assert one[0, 4].item() == pytest.approx(3.0, rel=0.02)


def test_a_population_trains_with_it() -> None:
    data = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
    critic = saddle.MLP(8, 1, minibatch_deviation=True)
    settings = {"generator": saddle.MLP(8, 1), "critic": critic, "latent": 2, "batch": 8, "precision": "float64"}
    together = Trial.of(saddle.GAN(**settings, regularizers=["r1"], seed=1, seeds=2), data).play(20)  # type: ignore[arg-type]
    alone = Trial.of(saddle.GAN(**settings, regularizers=["r1"], seed=2), data).play(20)  # type: ignore[arg-type]
    assert distance(together.parameters(1), alone.parameters()) < 1e-10


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (saddle.MLP(8, 1, minibatch_deviation=True), (3,)),
        (saddle.Convolutional(2, minibatch_deviation=True), (1, 8, 8)),
    ],
)
def test_a_critic_of_several_numbers_sees_it_too(spec, shape) -> None:
    """Where a critic makes features or tells classes: equal examples give other numbers in a batch that varies."""
    encoder = spec.feature_critic(shape, 4, 2).train()
    one, other = torch.zeros(1, *shape), torch.ones(1, *shape)
    y = torch.zeros(2, dtype=torch.long)
    alike, varied = encoder(torch.cat([one, one]), y), encoder(torch.cat([one, 5 * other]), y)
    assert alike.shape == (2, 4) and not torch.allclose(alike[0], varied[0])
    assert torch.allclose(encoder.eval()(torch.cat([one, one]), y)[0], encoder(torch.cat([one, 5 * other]), y)[0])
    assert not any(isinstance(module, MinibatchDeviation) for module in spec.encoder(shape, 4, 2).modules())
