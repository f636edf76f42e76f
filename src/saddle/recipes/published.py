"""Recipes after the papers: the authors' objective, regularizer, optimizer and, where the data allow, networks.

Each takes the layout of the data and returns a `GAN` that is ready to fit.
"""

from saddle.core.errors import InputError
from saddle.data import Layout
from saddle.families import GAN, Normal, Uniform
from saddle.networks import MLP, Architecture, ConditionalMaxout, Convolutional, Maxout
from saddle.objectives import LeastSquares, Minimax, NonSaturating, Objective, Wasserstein
from saddle.regularizers import GradientPenalty, InstanceNoise, WeightClipping
from saddle.training.optimizers import SGD, Adam, RMSProp
from saddle.training.schedules import Exponential

EPOCH_2014 = 500  # rounds: 50,000 pictures in batches of 100


def plain_networks(layout: Layout) -> tuple[Architecture, Architecture]:
    """DCGAN's pair for pictures, with batch normalization in the generator only; perceptrons for anything else."""
    if layout.kind == "images":
        return Convolutional(base=64, normalization="batch"), Convolutional(base=64)
    return MLP(width=128, depth=3), MLP(width=128, depth=3)


def plain_game(objective: Objective, layout: Layout) -> GAN:
    """An objective with Adam as in DCGAN and no regularizer."""
    generator, critic = plain_networks(layout)
    return GAN(
        objective=objective,
        generator=generator,
        critic=critic,
        latent=Normal(64 if layout.kind == "images" else 16),
        batch=64,
        generator_optimizer=Adam(2e-4, beta1=0.5),
        critic_optimizer=Adam(2e-4, beta1=0.5),
        average=0.0,
        rounds=5_000,
    )


def gan(layout: Layout) -> GAN:
    """The original: the minimax game, rectifiers against maxout with dropout, SGD with growing momentum.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, arXiv 1406.2661, and its published MNIST settings.
    """
    optimizer = SGD(
        rate=0.1,
        momentum=0.5,
        final_momentum=0.7,
        momentum_until=250 * EPOCH_2014,
        schedule=Exponential(divisor=1.000004, share=1e-5),
    )
    return GAN(
        objective=Minimax(),
        generator=Maxout(),
        critic=Maxout(),
        latent=Uniform(100, bound=3**0.5),
        batch=100,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
        average=0.0,
        rounds=20_000,
    )


def gan_adam(layout: Layout) -> GAN:
    """The original game trained fast: perceptrons, Adam, and instance noise against a critic that learns by heart.

    Noise on what the critic sees makes the generator match the data blurred by it, which the Parzen window of 2014
    measures; samples come from a moving average of the generator.

    Reference: Goodfellow et al. 2014, section 3, arXiv 1406.2661; for the noise, Sønderby et al. 2017, arXiv
    1610.04490, and Arjovsky & Bottou 2017, section 3, arXiv 1701.04862.
    """
    pictures = layout.kind == "images"
    width, rounds = (512, 10_000) if pictures else (128, 5_000)
    optimizer = Adam(5e-4, beta1=0.5, beta2=0.99)
    return GAN(
        objective=NonSaturating(),
        regularizers=[InstanceNoise(0.5 if pictures else 0.1)],
        generator=MLP(width=width, depth=2),
        critic=MLP(width=width, depth=2, activation="leaky-relu"),
        latent=Normal(12 if pictures else max(2, layout.model_shape[0])),
        batch=100,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
        average=0.9995,
        rounds=rounds,
    )


def conditional_gan(layout: Layout) -> GAN:
    """The first conditional GAN: example and label each pass a layer of their own before they join.

    Different from the paper: the non-saturating game and Adam, which need minutes where its schedule needs days, no
    dropout in the generator, and samples from a moving average of it.

    Reference: Mirza & Osindero 2014, Conditional Generative Adversarial Nets, arXiv 1411.1784.
    """
    if layout.classes is None:
        raise InputError(f"conditional-gan is for data with labels, and {layout.name} has none.")
    return GAN(
        objective=NonSaturating(),
        generator=ConditionalMaxout(keep=1.0),
        critic=ConditionalMaxout(),
        latent=Normal(20),
        batch=100,
        generator_optimizer=Adam(1e-3, beta1=0.5),
        critic_optimizer=Adam(1e-3, beta1=0.5),
        average=0.999,
        rounds=20_000,
    )


def nsgan(layout: Layout) -> GAN:
    """The non-saturating game with Adam and no regularizer.

    Reference: Goodfellow et al. 2014, section 3, arXiv 1406.2661; Adam as in Radford et al. 2016, arXiv 1511.06434.
    """
    return plain_game(NonSaturating(), layout)


def lsgan(layout: Layout) -> GAN:
    """Least squares, a = 0 and b = c = 1.

    Reference: Mao et al. 2017, Least Squares Generative Adversarial Networks, arXiv 1611.04076.
    """
    return plain_game(LeastSquares.binary(), layout)


def wgan(layout: Layout) -> GAN:
    """The Wasserstein game with clipped weights, five critic updates a round, RMSProp.

    Reference: Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, Algorithm 1, arXiv 1701.07875.
    """
    generator, critic = plain_networks(layout)
    return GAN(
        objective=Wasserstein(),
        regularizers=[WeightClipping(0.01)],
        generator=generator,
        critic=critic,
        latent=Normal(64 if layout.kind == "images" else 16),
        critic_updates=5,
        batch=64,
        generator_optimizer=RMSProp(5e-5),
        critic_optimizer=RMSProp(5e-5),
        average=0.0,
        rounds=5_000,
    )


def wgan_gp(layout: Layout) -> GAN:
    """The Wasserstein game with the gradient penalty, five critic updates a round, Adam without momentum.

    The penalty weighs 10 for pictures and .1 for anything else, as in the paper's experiments.

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028.
    """
    generator, critic = plain_networks(layout)
    pictures = layout.kind == "images"
    return GAN(
        objective=Wasserstein(),
        regularizers=[GradientPenalty(10.0 if pictures else 0.1)],
        generator=generator,
        critic=critic,
        latent=Normal(128 if pictures else 2),
        critic_updates=5,
        batch=64 if pictures else 256,
        generator_optimizer=Adam(1e-4, beta1=0.0 if pictures else 0.5, beta2=0.9),
        critic_optimizer=Adam(1e-4, beta1=0.0 if pictures else 0.5, beta2=0.9),
        average=0.0,
        rounds=5_000,
    )


def acgan(layout: Layout) -> GAN:
    """DCGAN whose critic tells classes in place of being told them. For data with labels.

    The paper's Adam and weight; different from it: the latents, and its networks, which have dropout in the critic.

    Reference: Odena, Olah & Shlens 2017, Conditional Image Synthesis with Auxiliary Classifier GANs, arXiv 1610.09585.
    """
    game = plain_game(NonSaturating(), layout)
    game.auxiliary = 1.0
    return game


def dcgan(layout: Layout) -> GAN:
    """Deep convolutional networks with batch normalization on both sides, for pictures.

    One addition to the paper: samples come from a moving average of the generator (`--set average=0` leaves it out).

    Reference: Radford, Metz & Chintala 2016, Unsupervised Representation Learning with Deep Convolutional Generative
    Adversarial Networks, arXiv 1511.06434.
    """
    if layout.kind != "images":
        raise InputError(f"dcgan is for pictures, and {layout.name} is of kind {layout.kind}.")
    networks = Convolutional(base=64, normalization="batch", initial_std=0.02)
    return GAN(
        objective=NonSaturating(),
        generator=networks,
        critic=networks,
        latent=Uniform(100),
        batch=128,
        generator_optimizer=Adam(2e-4, beta1=0.5),
        critic_optimizer=Adam(2e-4, beta1=0.5),
        average=0.999,
        rounds=10_000,
    )
