"""Recipes for generative stochastic networks: the deep one, and the walkback denoising autoencoder."""

from saddle.data import Layout
from saddle.families import GSN, GaussianNoise, SaltAndPepper
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

SMALL = 16 * 16  # up to so many pixels a smaller network does as well
PICTURE_ROUNDS, POINT_ROUNDS = 30_000, 4_000


def gsn(layout: Layout) -> GSN:
    """The deep network of two tanh layers: four walkback steps, salt-and-pepper noise .4, noise 2 on the top layer.

    Different from the paper: Adam with a rate that falls to zero, which learns in fewer epochs than plain gradient
    steps, 1,000 units a layer in place of 1,500, and samples from a moving average of the weights. Small pictures get
    300 units and noise 1 on top; points and tables normal noise of .2, little noise on top and a smaller network.

    Reference: Bengio et al. 2014, Deep Generative Stochastic Networks Trainable by Backprop, arXiv 1306.1091.
    """
    if layout.kind != "images":
        return GSN(
            hidden=(128, 128),
            walkback=4,
            corruption=GaussianNoise(0.2),
            hidden_noise=0.2,
            sample_steps=50,
            optimizer=Adam(1e-2, beta1=0.9, schedule=Cosine(until=POINT_ROUNDS)),
            average=0.995,
            rounds=POINT_ROUNDS,
        )
    _, height, width = layout.model_shape
    small = height * width <= SMALL
    units, rounds = (300, POINT_ROUNDS) if small else (1000, PICTURE_ROUNDS)
    return GSN(
        hidden=(units, units),
        walkback=4,
        corruption=SaltAndPepper(0.4),
        hidden_noise=1.0 if small else 2.0,
        sample_steps=100,
        optimizer=Adam(2e-3, beta1=0.9, schedule=Cosine(until=rounds)),
        average=0.999,
        rounds=rounds,
    )


def walkback_dae(layout: Layout) -> GSN:
    """One hidden layer of sigmoids without noise of its own: five walkback steps, salt-and-pepper noise .4.

    Different from the paper: Adam with a rate that falls to zero, and samples from a moving average of the weights.
    Points and tables get normal noise of .2.

    Reference: Bengio, Yao, Alain & Vincent 2013, Generalized Denoising Auto-Encoders as Generative Models, arXiv
    1305.6663.
    """
    pictures = layout.kind == "images"
    units = 2000 if pictures and layout.model_shape[1] * layout.model_shape[2] > SMALL else 300
    rounds = PICTURE_ROUNDS if units == 2000 else POINT_ROUNDS
    return GSN(
        hidden=(units,),
        activation="sigmoid",
        walkback=5,
        corruption=SaltAndPepper(0.4) if pictures else GaussianNoise(0.2),
        hidden_noise=0.0,
        sample_steps=100 if pictures else 50,
        optimizer=Adam(2e-3 if pictures else 1e-2, beta1=0.9, schedule=Cosine(until=rounds)),
        average=0.999 if pictures else 0.995,
        rounds=rounds,
    )
