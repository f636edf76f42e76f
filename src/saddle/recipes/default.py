"""The recipe for whoever names none."""

from saddle.data import Layout
from saddle.families import GAN, Normal, Uniform
from saddle.networks import MLP, Convolutional
from saddle.objectives import NonSaturating, RelativisticPaired, Wasserstein
from saddle.regularizers import R1, R2, GradientPenalty, InstanceNoise
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

FEW = 8  # up to so many dimensions points have Fourier features, whose number grows with the dimension
SMALL = 16 * 16  # up to so many pixels perceptrons learn faster than convolutions, and as well
MEDIUM = 32 * 32  # beyond so many, half the channels, so that two CPU cores still make some rounds a second

POINT_ROUNDS, PICTURE_ROUNDS = 10_000, 4_000


def default(layout: Layout) -> GAN:
    """The most robust combination known here for each kind of data.

    Points: every real example against a generated one, held down by the zero-centered penalties R1 and R2, at a high
    rate that falls to nothing, with Fourier features, and in more than two dimensions with noise on what the critic
    sees for the first fifth (`benchmarks/modes.py` counts the modes it finds). Pictures: the non-saturating game with
    R1, no batch normalization in the critic, and a falling rate. Tables: the Wasserstein game with the gradient
    penalty, three critic updates a round. Samples come from a moving average of the generator.

    Reference: Huang et al. 2024, The GAN is dead; long live the GAN!, arXiv 2501.05441; Mescheder, Geiger & Nowozin
    2018, Which Training Methods for GANs do actually Converge?, arXiv 1801.04406; Gulrajani et al. 2017, Improved
    Training of Wasserstein GANs, arXiv 1704.00028; Tancik et al. 2020, Fourier Features Let Networks Learn High
    Frequency Functions in Low Dimensional Domains, arXiv 2006.10739; Sønderby et al. 2017, Amortised MAP Inference for
    Image Super-resolution, arXiv 1610.04490.
    """
    if layout.kind == "points":
        return _for_points(layout.model_shape[0])
    if layout.kind == "table":
        return _for_tables(layout.model_shape[0])
    _, height, width = layout.model_shape
    return _for_small_pictures() if height * width <= SMALL else _for_pictures(height * width)


def _for_small_pictures() -> GAN:
    perceptron = MLP(width=256, depth=3, activation="leaky-relu")
    return GAN(
        objective=NonSaturating(),
        regularizers=[R1(1.0)],
        generator=perceptron,
        critic=perceptron,
        latent=Normal(64),
        batch=128,
        generator_optimizer=Adam(1e-3, beta1=0.5, beta2=0.99),
        critic_optimizer=Adam(1e-3, beta1=0.5, beta2=0.99),
        average=0.999,
        rounds=3_000,
    )


def _for_pictures(pixels: int) -> GAN:
    base = 32 if pixels <= MEDIUM else 16
    return GAN(
        objective=NonSaturating(),
        regularizers=[R1(10.0)],
        generator=Convolutional(base=base, normalization="batch"),
        critic=Convolutional(base=base),
        latent=Normal(64),
        batch=64,
        # Slower and held harder, the critic does not learn a few hundred pictures by heart before the generator moves.
        generator_optimizer=Adam(1e-3, beta1=0.5, beta2=0.99, schedule=Cosine(PICTURE_ROUNDS)),
        critic_optimizer=Adam(3e-4, beta1=0.5, beta2=0.99, schedule=Cosine(PICTURE_ROUNDS)),
        average=0.999,
        rounds=PICTURE_ROUNDS,
    )


def _for_points(dimension: int) -> GAN:
    schedule = {"final": 0.01, "until": POINT_ROUNDS}
    # A rate this high is what lets a perceptron cross between modes steeply; it ends at zero, so the end is calm.
    optimizer = Adam(2e-3, beta1=0.0, beta2=0.99, schedule=Cosine(POINT_ROUNDS))
    dimensions, few = max(dimension, 2), dimension <= FEW
    # In two dimensions the generator finds modes far from each other by itself; in more it loses some for good without
    # noise that lets them overlap at first.
    noise = [InstanceNoise(0.5, until=POINT_ROUNDS // 5)] if dimension > 2 else []
    return GAN(
        objective=RelativisticPaired(),
        regularizers=[R1(0.1, **schedule), R2(0.1, **schedule), *noise],
        generator=MLP(width=128, depth=3, fourier_octaves=3 if few else 0),
        critic=MLP(width=128, depth=3, fourier_octaves=6 if few else 0),
        latent=Uniform(dimensions, bound=3**0.5),
        batch=512,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
        average=0.999,
        rounds=POINT_ROUNDS,
    )


def _for_tables(dimension: int) -> GAN:
    perceptron = MLP(width=128, depth=3)
    return GAN(
        objective=Wasserstein(),
        regularizers=[GradientPenalty(0.1)],
        generator=perceptron,
        critic=perceptron,
        latent=Normal(max(dimension, 2)),
        critic_updates=3,
        batch=256,
        generator_optimizer=Adam(1e-3, beta1=0.5, beta2=0.9),
        critic_optimizer=Adam(1e-3, beta1=0.5, beta2=0.9),
        average=0.995,
        rounds=4_000,
    )
