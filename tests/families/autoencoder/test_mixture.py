"""The Gaussian mixture of codes against its moments and scikit-learn's own."""

import numpy as np
import pytest
import torch
from sklearn.mixture import GaussianMixture
from torch import Tensor

import saddle
from saddle.families.autoencoder.mixture import FLOOR, STEPS, Mixture
from saddle.testing import Trial
from saddle.training.from_data import settle


def clusters(n: int, units: int = 4) -> tuple[Tensor, Tensor]:
    """Codes in three skewed clusters, and which they are of."""
    generator = np.random.default_rng(0)
    which = np.arange(n) % 3
    centers = 4 * generator.standard_normal((3, units))
    shapes = generator.standard_normal((3, units, units))
    codes = centers[which] + np.einsum("nij,nj->ni", shapes[which], generator.standard_normal((n, units)))
    return torch.from_numpy(codes), torch.from_numpy(which)


def moments(mixture: Mixture, row: int = 0) -> tuple[Tensor, Tensor]:
    """Mean and covariance of what a row of the mixture draws, from its buffers."""
    weights, means, factors = mixture.weights[row], mixture.means[row], mixture.factors[row]
    mean = weights @ means
    within = torch.einsum("k,kij,klj->il", weights, factors, factors)
    between = torch.einsum("k,ki,kj->ij", weights, means - mean, means - mean)
    return mixture.center + mean @ mixture.axes, mixture.axes.T @ (within + between) @ mixture.axes


def test_its_moments_are_those_of_the_codes() -> None:
    """Each step of EM ends with the sample's own mean and covariance; catches factors transposed and axes lost."""
    codes, _ = clusters(600)
    mixture = Mixture(4, 3, 0).double()
    mixture.fit(codes, None)
    mean, covariance = moments(mixture)
    expected = torch.cov(codes.T, correction=0)
    floor = FLOOR * float(codes.var(0).mean())
    assert torch.allclose(mean, codes.mean(0), atol=1e-9)
    assert torch.allclose(covariance, expected + floor * torch.eye(4), atol=1e-9)


def test_its_components_are_those_of_scikit_learn() -> None:
    codes, _ = clusters(600)
    mixture = Mixture(4, 3, 0).double()
    mixture.fit(codes, None)
    z = ((codes - codes.mean(0)) @ mixture.axes.T).numpy()
    floor = FLOOR * float(z.var(0, ddof=1).mean())
    own = GaussianMixture(3, reg_covar=floor, max_iter=STEPS, random_state=0).fit(z)
    assert np.allclose(mixture.weights[0], own.weights_, atol=1e-6)
    assert np.allclose(mixture.means[0], own.means_, atol=1e-6)
    covariances = mixture.factors[0] @ mixture.factors[0].mT
    assert np.allclose(covariances, own.covariances_, atol=1e-6)


def test_it_draws_what_its_buffers_say() -> None:
    """Catches weights read in the wrong order, and a covariance or a transposed factor for the factor."""
    codes, _ = clusters(600)
    mixture = Mixture(4, 3, 0).double()
    mixture.fit(codes[codes[:, 0] > codes[:, 0].median()], None)  # so that the weights differ
    torch.manual_seed(0)
    n = 100_000
    drawn = mixture.drawn(torch.rand(n, 1, dtype=torch.float64), torch.randn(n, 4, dtype=torch.float64), None)
    mean, covariance = moments(mixture)
    scale = float(covariance.diagonal().max())
    assert torch.allclose(drawn.mean(0), mean, atol=0.02 * scale**0.5)
    assert torch.allclose(torch.cov(drawn.T), covariance, atol=0.03 * scale)


def test_each_class_has_its_own() -> None:
    """Catches a mixture of all classes where one is asked for; a class of which one code is known gets that of all."""
    codes, which = clusters(600)
    which = torch.where(torch.arange(600) == 5, 3, which)
    mixture = Mixture(4, 2, 4).double()
    mixture.fit(codes, which)
    for label in range(3):
        mean, _ = moments(mixture, label)
        assert torch.allclose(mean, codes[which == label].mean(0), atol=1e-9)
    assert torch.allclose(moments(mixture, 3)[0], codes.mean(0), atol=1e-9)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_few_codes_are_enough(n: int) -> None:
    codes, _ = clusters(n, 30)
    mixture = Mixture(30, 20, 0).double()
    mixture.fit(codes, None)
    again = Mixture(30, 20, 0).double()
    again.fit(codes, None)
    drawn = mixture.drawn(torch.rand(50, 1, dtype=torch.float64), torch.randn(50, 30, dtype=torch.float64), None)
    assert bool(torch.isfinite(drawn).all()) and torch.equal(mixture.factors, again.factors)
    assert torch.allclose(moments(mixture)[0], codes.mean(0), atol=1e-9)


def test_many_classes_take_little_memory() -> None:
    assert Mixture(60, 20, 10).weights.shape == (10, 20)
    assert Mixture(60, 20, 100).weights.shape == (100, 5)
    assert Mixture(60, 20, 1000).factors.shape == (1000, 1, 50, 50)


def test_samples_of_a_trained_one_are_near_the_data() -> None:
    data = saddle.open("ring")
    model = saddle.Autoencoder(layers=2, encoder=saddle.MLP(64, 2), decoder=saddle.MLP(64, 2), device="cpu")
    trial = Trial.of(model, data)
    far = distance_to(trial, data)
    assert distance_to(trial.play(300), data) < 0.05 < 0.5 < far


def distance_to(trial: Trial, data: saddle.Dataset) -> float:
    """Energy distance between samples and data."""
    settle(trial.fitted.problem, trial.fitted.state, trial.feed)
    return saddle.measures.energy_distance(trial.fitted.sample(1000, seed=0)[0], data.batch(torch.arange(1000))).value
