"""The recipe for whoever names none."""

from saddle.data import Layout
from saddle.families import GAN, Normal
from saddle.networks import MLP, Convolutional
from saddle.objectives import NonSaturating
from saddle.regularizers import R1, R2
from saddle.training.optimizers import Adam


def default(layout: Layout) -> GAN:
    """The most robust combination known here: the non-saturating game held down by zero-centered penalties.

    Penalties on data and samples (R1, R2), no batch normalization in the critic, Adam with little momentum, and
    samples from a moving average of the generator.

    Reference: Mescheder, Geiger & Nowozin 2018, Which Training Methods for GANs do actually Converge?,
    arXiv 1801.04406.
    """
    return _for_pictures(layout) if layout.kind == "images" else _for_points(layout)


def _for_pictures(layout: Layout) -> GAN:
    channels, height, width = layout.model_shape
    large = height * width > 16 * 16
    return GAN(
        objective=NonSaturating(),
        regularizers=[R1(1.0)],
        generator=Convolutional(base=32 if large else 64, normalization="batch"),
        critic=Convolutional(base=32 if large else 64),
        latent=Normal(64),
        batch=64,
        generator_optimizer=Adam(4e-4, beta1=0.5, beta2=0.99),
        critic_optimizer=Adam(4e-4, beta1=0.5, beta2=0.99),
        average=0.999,
        rounds=4_000,
    )


def _for_points(layout: Layout) -> GAN:
    return GAN(
        objective=NonSaturating(),
        regularizers=[R1(0.1), R2(0.1)],
        generator=MLP(width=128, depth=3),
        critic=MLP(width=128, depth=3, activation="leaky-relu"),
        latent=Normal(16),
        batch=256,
        generator_optimizer=Adam(1e-3, beta1=0.0, beta2=0.99),
        critic_optimizer=Adam(1e-3, beta1=0.0, beta2=0.99),
        average=0.995,
        rounds=5_000,
    )
