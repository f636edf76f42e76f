"""Recipes after papers on keeping every mode and on training that settles.

Each takes the layout of the data and returns a `GAN` that is ready to fit.
"""

from saddle.data import Layout
from saddle.families import GAN, Normal, Uniform
from saddle.networks import MLP, Convolutional, Maxout
from saddle.objectives import Hinge, Minimax, NonSaturating, RelativisticAverage, RelativisticPaired
from saddle.recipes.published import plain_game, plain_networks, wgan_gp
from saddle.regularizers import DRAGAN, R1, R2, GradientPenalty, SpectralNormalization
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine


def r3gan(layout: Layout) -> GAN:
    """Every real example against a generated one, held down by zero-centered penalties on both; no normalization.

    The paper's game and penalties, whose weight falls to a tenth along half a cosine. Different from it: networks of
    DCGAN's kind in place of grouped residual ones, a rate that falls to nothing, a constant beta2, and as many rounds
    as two CPU cores make in minutes.

    Reference: Huang et al. 2024, The GAN is dead; long live the GAN! A Modern Baseline GAN, arXiv 2501.05441.
    """
    pictures = layout.kind == "images"
    rounds = 5_000 if pictures else 10_000
    gamma, rate = (1.0, 2e-4) if pictures else (0.1, 1e-3)
    schedule = {"final": gamma / 10, "until": rounds}
    networks = Convolutional(base=64) if pictures else MLP(width=128, depth=3)
    optimizer = Adam(rate, beta1=0.0, beta2=0.99, schedule=Cosine(rounds))
    return GAN(
        objective=RelativisticPaired(),
        regularizers=[R1(gamma, **schedule), R2(gamma, **schedule)],
        generator=networks,
        critic=networks,
        latent=Normal(64 if pictures else max(2, layout.model_shape[0])),
        batch=64 if pictures else 256,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
        average=0.999,
        rounds=rounds,
    )


def sngan(layout: Layout) -> GAN:
    """The hinge loss with spectral normalization, five critic updates a round, Adam without momentum.

    This loss with Adam(beta1 0, beta2 .9) and five updates is what the paper has for its residual networks. Different
    from it: networks of DCGAN's kind on pictures and perceptrons on anything else, for which the paper has no setting;
    a rate that stays what it is, 5,000 rounds, and labels, where there are any, as `saddle.Convolutional` takes them.

    Reference: Miyato, Kataoka, Koyama & Yoshida 2018, Spectral Normalization for GANs, arXiv 1802.05957.
    """
    generator, critic = plain_networks(layout)
    return GAN(
        objective=Hinge(),
        regularizers=[SpectralNormalization()],
        generator=generator,
        critic=critic,
        latent=Normal(128 if layout.kind == "images" else 2),
        critic_updates=5,
        batch=64,
        generator_optimizer=Adam(2e-4, beta1=0.0, beta2=0.9),
        critic_optimizer=Adam(2e-4, beta1=0.0, beta2=0.9),
        average=0.0,
        rounds=5_000,
    )


def pacgan(layout: Layout) -> GAN:
    """The critic judges two examples as one. For data without labels.

    On points the paper's networks: four normalized layers of 400 rectifiers against maxout (two layers of 200 here,
    where the paper has three, and another start), in batches of 100 packs, for 20,000 rounds of its 400,000. On
    pictures DCGAN's kind of networks with z uniform on [-1, 1]^100, in batches of 64 packs, for 5,000 rounds. Different
    there: the published code updates the generator twice for each update of the critic, and its critic has DCGAN's
    batch normalization.

    Reference: Lin, Khetan, Fanti & Oh 2018, PacGAN, section 4, arXiv 1712.04086, and its published settings.
    """
    if layout.kind == "images":
        return changed(plain_game(NonSaturating(), layout), latent=Uniform(100), packing=2, batch=128)
    optimizer = Adam(1e-4, beta1=0.8)
    return GAN(
        objective=NonSaturating(),
        generator=MLP(width=400, depth=4, normalization="batch"),
        critic=Maxout(units=200, pieces=5, keep_input=1.0, keep_hidden=1.0, critic_range=0.035),
        latent=Normal(2),
        packing=2,
        batch=200,
        generator_optimizer=optimizer,
        critic_optimizer=optimizer,
        average=0.0,
        rounds=20_000,
    )


def unrolled(layout: Layout) -> GAN:
    """The generator looks five steps of the critic ahead; networks of two layers of 128 tanh on points.

    The game is the minimax one, whole: scores of data too move with the steps ahead. Networks, latents and rates are
    those that its author published for the ring. Different from them: the steps ahead are gradient descent, as in the
    paper's equations, where the author's are Adam's; batches are of 128 for 512, rounds 10,000 for 25,000, and the
    start is torch's. Steps three times as long overshoot once the critic is sharp, and half the runs fly off.

    Reference: Metz, Poole, Pfau & Sohl-Dickstein 2017, Unrolled Generative Adversarial Networks, arXiv 1611.02163.
    """
    if layout.kind == "images":
        return changed(plain_game(Minimax(), layout), unrolled=5, unrolled_rate=0.01)
    perceptron = MLP(width=128, depth=2, activation="tanh")
    return GAN(
        objective=Minimax(),
        generator=perceptron,
        critic=perceptron,
        latent=Normal(256),
        unrolled=5,
        unrolled_rate=0.1,
        batch=128,
        generator_optimizer=Adam(1e-3, beta1=0.5),
        critic_optimizer=Adam(1e-4, beta1=0.5),
        average=0.0,
        rounds=10_000,
    )


def dragan(layout: Layout) -> GAN:
    """The non-saturating game with the gradient penalty around data, whose weight is 10 for pictures, .1 for the rest.

    The paper has 10. On points that holds the critic to a slope of one where clusters are a hundredth as wide: its
    scores hardly tell them apart, and samples miss most of them.

    Reference: Kodali, Abernethy, Hays & Kira 2017, On Convergence and Stability of GANs, arXiv 1705.07215.
    """
    return changed(plain_game(NonSaturating(), layout), regularizers=[DRAGAN(10.0 if layout.kind == "images" else 0.1)])


def rasgan(layout: Layout) -> GAN:
    """Each example against the average of the other side, with the gradient penalty: the paper's RaSGAN-GP.

    The penalty weighs 10 for pictures, as in the paper, and .1 for anything else, as in `wgan-gp`.

    Reference: Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv 1807.00734.
    """
    return changed(
        plain_game(RelativisticAverage(), layout),
        regularizers=[GradientPenalty(10.0 if layout.kind == "images" else 0.1)],
    )


def ttur(layout: Layout) -> GAN:
    """Two time scales: the generator's rate is five times the critic's, with one update each.

    The paper proves that the game settles where the two rates differ enough, and finds the rates of its experiments by
    trying: these are DCGAN's on CIFAR-10, 5e-4 for the generator and 1e-4 for the critic. Which is the faster depends
    on the game: for WGAN-GP it has 1e-4 for the generator and 3e-4 for the critic. Different from the paper: no batch
    normalization in the critic, 5,000 rounds, and perceptrons for points and tables, for which it has no setting.

    Reference: Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium,
    theorem 1 and table 1, arXiv 1706.08500.
    """
    game = plain_game(NonSaturating(), layout)
    return changed(game, generator_optimizer=Adam(5e-4, beta1=0.5), critic_optimizer=Adam(1e-4, beta1=0.5))


def wgan_gp_paper(layout: Layout) -> GAN:
    """`wgan-gp` with the sizes of the paper's own experiments: three layers of 512 rectifiers and 100,000 rounds.

    On pictures the published settings for MNIST: no batch normalization, Adam with beta1 .5, batches of 50, z of 128
    numbers, and 200,000 rounds, which are hours on two CPU cores. Different from them: the networks, which are
    `saddle.Convolutional`'s (convolutions of 4 x 4 for 5 x 5; MNIST's pictures shrink to 7 x 7 with 128 channels, and
    there to 4 x 4 with 256; pixels in [-1, 1] for [0, 1]).

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028, and its published code.
    """
    model = wgan_gp(layout)
    if layout.kind == "images":
        networks = Convolutional(base=64)
        optimizer = Adam(1e-4, beta1=0.5, beta2=0.9)
        return changed(
            model,
            generator=networks,
            critic=networks,
            generator_optimizer=optimizer,
            critic_optimizer=optimizer,
            batch=50,
            rounds=200_000,
        )
    perceptron = MLP(width=512, depth=3)
    return changed(model, generator=perceptron, critic=perceptron, rounds=100_000)


def changed(model: GAN, **settings: object) -> GAN:
    """The model with some settings replaced."""
    for name, value in settings.items():
        setattr(model, name, value)
    return model
