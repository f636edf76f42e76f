"""What autoencoders learn where the answer is known, and what they are asked to reconstruct."""

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy

import saddle
from saddle.core.problem import Batch
from saddle.families.autoencoder.learning import layer_loss
from saddle.families.autoencoder.stack import layers_of
from saddle.testing import Trial
from saddle.testing.trial import distance
from saddle.training.schedules import Cosine

ROUNDS = 1500


def spread_out(n: int) -> np.ndarray:
    """Points in four dimensions that correlate."""
    generator = np.random.default_rng(0)
    mixing = np.array([[2.0, 0.5, 0.0, 0.3], [0.0, 1.0, 0.7, 0.0], [0.0, 0.0, 0.6, 0.1], [0.0, 0.0, 0.0, 0.4]])
    return generator.standard_normal((n, 4)) @ mixing


@pytest.mark.parametrize("weights", ["tied", "untied"])
def test_a_linear_one_reaches_the_error_of_principal_components(weights: str) -> None:
    """Baldi & Hornik 1989; catches a mean over numbers in place of the sum, and a wrong transpose."""
    data = saddle.open(spread_out(250))
    rows = torch.from_numpy(data.split_indices(0.2, seed=0)[0])
    model = saddle.Autoencoder(
        layers=2,
        activation="linear",
        weights=weights,  # pyright: ignore[reportArgumentType]
        batch=len(rows),
        holdout=0.2,
        optimizer=saddle.Adam(0.02, beta1=0.9, schedule=Cosine(ROUNDS)),
        precision="float64",
        device="cpu",
    )
    trial = Trial.of(model, data).play(ROUNDS)
    x = data.batch(rows).double()
    singular = torch.linalg.svdvals(x - x.mean(0))
    best = float(singular[2:].square().sum() / len(x))
    found = layer_loss(0, None, 0.0)(trial.fitted.networks(), Batch(x, None, torch.tensor(0)), {}, {}).value
    assert best - 1e-9 <= float(found) < 1.001 * best


def test_a_linear_denoiser_shrinks_as_ridge_regression_does() -> None:
    """x = C (C + s² 1)⁻¹ x~; catches a loss against the corrupted example, whose best map is the identity."""
    data = saddle.open(spread_out(2500))
    std = 0.7
    model = saddle.Autoencoder(
        layers=4,
        activation="linear",
        weights="untied",
        corruption=saddle.GaussianNoise(std),
        batch=500,
        optimizer=saddle.Adam(0.02, beta1=0.9, schedule=Cosine(ROUNDS)),
        precision="float64",
        device="cpu",
    )
    trial = Trial.of(model, data).play(ROUNDS)
    x = data.batch(torch.from_numpy(data.split_indices(0.1, seed=0)[0])).double()
    covariance = torch.cov(x.T)
    expected = torch.linalg.solve(covariance + std**2 * torch.eye(4, dtype=x.dtype), covariance).T
    route = layers_of(trial.fitted.networks())[0].map
    found = route.back @ route.weight
    assert torch.allclose(found, expected, atol=0.03)
    assert float((expected - torch.eye(4)).abs().max()) > 0.2


def test_what_is_reconstructed_is_the_clean_input() -> None:
    """Cross-entropies of gray levels, of the upper layer those of the codes below; from corrupted inputs."""
    data = saddle.open("digits")
    corruption = saddle.Masking(0.5)
    model = saddle.Autoencoder(layers=(9, 5), corruption=corruption, precision="float64", device="cpu")
    networks = model.build(data.layout, None).networks()
    pictures = data.batch(torch.arange(6)).double()
    clean = (pictures.flatten(1) + 1) / 2
    for level, layer in enumerate(layers_of(networks)):
        noise = torch.rand(clean.shape, dtype=torch.float64)
        given = torch.where(noise < 0.5, 0.0, clean)
        back = layer.decode(layer.encode(given, None), None)
        expected = binary_cross_entropy(back, clean, reduction="sum") / 6
        batch = Batch(pictures, None, torch.tensor(0))
        found = layer_loss(level, corruption, 0.0)(networks, batch, {"corruption": noise}, {}).value
        assert torch.allclose(found, expected, rtol=1e-12)
        clean = layer.encode(clean, None)


def test_it_begins_at_the_mean() -> None:
    """Before any round each layer reconstructs about the mean of its inputs, and units sit in the middle there."""
    data = saddle.open("digits")
    trial = Trial.of(saddle.Autoencoder(layers=(30, 20), precision="float64", device="cpu"), data)
    networks, x = trial.fitted.networks(), (trial.feed.some(0, 2000)[0].flatten(1) + 1) / 2
    for layer in layers_of(networks):
        zero = torch.zeros(1, layer.map.weight.shape[0], dtype=torch.float64)
        assert torch.allclose(layer.decode(zero, None)[0], x.mean(0), atol=0.006)
        assert torch.allclose(layer.encode(x.mean(0, keepdim=True), None), torch.tensor(0.5, dtype=torch.float64))
        x = layer.encode(x, None)


VARIANTS = {
    "convolutional": ("images", {"layers": 3, "encoder": saddle.Convolutional(2), "decoder": saddle.Convolutional(2)}),
    "salted": ("images", {"layers": (6, 4), "corruption": saddle.SaltAndPepper(0.3), "weights": "untied"}),
    "masked": ("table", {"layers": (6, 4), "corruption": "masking", "activation": "tanh"}),
    "noisy": ("points", {"layers": 5, "corruption": "gaussian", "encoder": saddle.MLP(8, 1)}),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_does_in_a_population_what_it_does_alone(variant: str) -> None:
    kind, settings = VARIANTS[variant]
    pictures = np.random.default_rng(1).integers(0, 256, (60, 8, 8)).astype(np.uint8)
    data = {
        "images": saddle.open(pictures, y=np.arange(60) % 3),
        "table": saddle.open(spread_out(60), y=np.arange(60) % 2),
        "points": saddle.open(spread_out(60)),
    }[kind]
    base = {"batch": 8, "precision": "float64", "average": 0.9, "device": "cpu", **settings}
    together = Trial.of(saddle.Autoencoder(**base, seed=3, seeds=2), data).play(10)
    for member in range(2):
        alone = Trial.of(saddle.Autoencoder(**base, seed=3 + member), data).play(10)
        assert distance(together.parameters(member), alone.parameters()) < 1e-11
