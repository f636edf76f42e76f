"""Recipes of autoencoders."""

from math import prod

from saddle.data import Layout
from saddle.families import Autoencoder, GaussianNoise, Masking
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Linear

MNIST = 28 * 28
LONG, SHORT = 20_000, 5_000  # rounds: for pictures, and for points and tables


def autoencoder(layout: Layout) -> Autoencoder:
    """A plain autoencoder of two perceptrons with a narrow code, sampled by a mixture of Gaussians of its codes.

    Codes have 32 numbers, or as many as the data where these have fewer.

    Reference: Hinton & Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural Networks; for the density
    of codes Ghosh et al. 2020, From Variational to Deterministic Autoencoders, arXiv 1903.12436.
    """
    perceptron = MLP(width=500 if layout.kind == "images" else 64, depth=2)
    rounds = LONG if layout.kind == "images" else SHORT
    return Autoencoder(
        layers=min(32, prod(layout.model_shape)),
        encoder=perceptron,
        decoder=perceptron,
        optimizer=Adam(1e-3, beta1=0.9, schedule=Linear(rounds)),
        rounds=rounds,
    )


def denoising_autoencoder(layout: Layout) -> Autoencoder:
    """Stacked denoising autoencoders with tied weights: of pictures two layers that learn to fill in a quarter.

    Of points and tables one layer, against normal noise of a tenth of a deviation. Sampled by a mixture of Gaussians of
    the codes.

    Reference: Vincent et al. 2010, Stacked Denoising Autoencoders: Learning Useful Representations in a Deep Network
    with a Local Denoising Criterion.
    """
    if layout.kind == "images":
        return Autoencoder(layers=(500, 500), corruption=Masking(0.25), optimizer=_falling(LONG), rounds=LONG)
    return Autoencoder(layers=64, corruption=GaussianNoise(0.1), optimizer=_falling(SHORT), rounds=SHORT)


def contractive_autoencoder(layout: Layout) -> Autoencoder:
    """Stacked contractive autoencoders with tied weights and sigmoid codes: of pictures two layers, sampled by a chain.

    The penalty weighs 1 from the size of MNIST's pictures on, and less for smaller ones, whose reconstruction error is
    a sum over fewer pixels. Of points and tables there is one layer, and a mixture of Gaussians of its codes.

    Reference: Rifai et al. 2011, Contractive Auto-Encoders: Explicit Invariance During Feature Extraction; Rifai,
    Bengio, Dauphin & Vincent 2012, A Generative Process for Sampling Contractive Auto-Encoders, arXiv 1206.6434.
    """
    if layout.kind == "images":
        weight = min(1.0, prod(layout.model_shape) / MNIST)
        return Autoencoder(layers=(500, 500), contraction=weight, optimizer=_falling(LONG), rounds=LONG)
    return Autoencoder(layers=64, contraction=0.01, optimizer=_falling(SHORT), rounds=SHORT)


def _falling(rounds: int) -> Adam:
    return Adam(2e-3, beta1=0.9, schedule=Linear(rounds))
