"""Recipes for variational autoencoders: one sample, and many."""

from saddle.data import Layout
from saddle.families import VAE
from saddle.networks import MLP, Coder, Convolutional
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

SMALL = 32 * 32  # up to so many pixels perceptrons do as well as convolutions, and faster
ROUNDS = 20_000


def networks_for(layout: Layout) -> tuple[Coder, int]:
    """Encoder and decoder of the published figures for small pictures, and how many numbers their codes have."""
    if layout.kind != "images":
        return MLP(width=128, depth=2, activation="silu"), max(2, layout.model_shape[0])
    _, height, width = layout.model_shape
    if height * width <= SMALL:
        return MLP(width=200, depth=2, activation="tanh"), 50
    return Convolutional(base=32), 50


def vae(layout: Layout) -> VAE:
    """Two tanh layers of 200 each way and 50 numbers in a code for small pictures; convolutions for larger ones.

    Different from the paper: Adam with a rate that falls to zero, a divergence whose weight rises over the first tenth
    of the rounds, and samples from a moving average.

    Reference: Kingma & Welling 2014, Auto-Encoding Variational Bayes, arXiv 1312.6114; sizes as in Burda et al. 2016.
    """
    networks, latent = networks_for(layout)
    return VAE(
        latent=latent,
        encoder=networks,
        decoder=networks,
        warm_up=ROUNDS // 10,
        batch=100,
        optimizer=Adam(1e-3, beta1=0.9, schedule=Cosine(until=ROUNDS, share=0.01)),
        average=0.999,
        rounds=ROUNDS,
    )


def iwae(layout: Layout) -> VAE:
    """The importance-weighted autoencoder: the same networks under a tighter bound, of 5 codes an example.

    Reference: Burda, Grosse & Salakhutdinov 2016, Importance Weighted Autoencoders, arXiv 1509.00519.
    """
    networks, latent = networks_for(layout)
    return VAE(
        latent=latent,
        encoder=networks,
        decoder=networks,
        samples=5,
        batch=50,
        optimizer=Adam(1e-3, beta1=0.9, schedule=Cosine(until=ROUNDS, share=0.01)),
        average=0.999,
        rounds=ROUNDS,
    )
