"""The rows of the table: what each trains, what was published for it, and what the number is worth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

import saddle
from measures.parzen import centers
from saddle.families import Estimator
from saddle.recipes import RECIPES
from saddle.training.optimizers import SGD
from saddle.training.schedules import Cosine, Linear
from year_2014.likelihoods import boltzmann_bound, vae_likelihood

QUICK = 30  # rounds of a row that only shows that it runs
GOODFELLOW = "Goodfellow et al. 2014, table 1"
BURDA = "Burda et al. 2016, table 1"


@dataclass(frozen=True)
class Target:
    """The figure that a row is to reach.

    Attributes:
        value: the figure.
        likelihood: the name of the family's own likelihood that is meant; empty for Parzen.
        least: whether more is better.
    """

    value: float
    likelihood: str = ""
    least: bool = True

    def missed_by(self, found: float) -> float:
        """How far a figure falls short; negative where it goes beyond."""
        return self.value - found if self.least else found - self.value


@dataclass(frozen=True)
class Row:
    """A row that trains.

    Attributes:
        label: what it is.
        make: the model, from the layout of the data and whether it shall be small.
        published: the figure it stands beside, with its source, or empty.
        labeled: whether it is trained on labels.
        everything: whether it learns from all 60,000 pictures, as likelihoods are published for, and not from 50,000.
        clusters: so many k-means clusters of the training pictures stand in for labels, which are not used; 0 for none.
        start: the row whose trained networks, of the same seed, it begins with; empty for none.
        likelihood: the family's own likelihood, by name.
        family: for the picture of all families; empty for further rows of one.
        target: the figure to reach, or None.
    """

    label: str
    make: Callable[[Any, bool], Estimator]
    published: str = ""
    labeled: bool = False
    everything: bool = False
    clusters: int = 0
    start: str = ""
    likelihood: Callable[[Any, Any], dict[str, Any]] | None = None
    family: str = ""
    target: Target | None = None


@dataclass(frozen=True)
class Reference:
    """A row of pictures that no model made."""

    label: str
    make: Callable[[Tensor, np.random.Generator, bool], Tensor]
    published: str = ""


def recipe(name: str, *, rounds: int | None = None, **settings: Any) -> Callable[[Any, bool], Estimator]:
    """A recipe of saddle's with other settings, cut down to a few rounds where it shall be quick."""

    def make(layout: Any, quick: bool) -> Estimator:
        model = RECIPES[name](layout)
        for key, value in settings.items():
            setattr(model, key, value)
        if quick and hasattr(model, "hidden"):
            model.hidden = tuple(30 for _ in model.hidden)
            model.sample_steps = 20
        model.rounds, model.device = (QUICK if quick else rounds or model.rounds), "cpu"
        return model

    return make


def adversarial(objective: Any, **settings: Any) -> Callable[[Any, bool], Estimator]:
    """The recipe that reached furthest here, with another objective."""
    return recipe("gan-adam", objective=objective, **settings)


def vae(width: int, rounds: int, rate: float = 2e-3, **settings: Any) -> Callable[[Any, bool], Estimator]:
    """The encoder and decoder of the published figures, or wider ones, on a schedule of our own."""

    def make(layout: Any, quick: bool) -> Estimator:
        network = saddle.MLP(width=width, depth=2, activation="tanh")
        optimizer = saddle.Adam(rate, beta1=0.9, schedule=Cosine(rounds, 0.01))
        model = saddle.VAE(latent=50, encoder=network, decoder=network, optimizer=optimizer, **settings)
        model.rounds = QUICK if quick else rounds
        return model

    return make


ROWS: dict[str, Row] = {
    "gan": Row(
        "GAN, non-saturating, recipe `gan-adam`",
        adversarial("non-saturating"),
        f"225 ± 2 ({GOODFELLOW})",
        family="GAN",
        target=Target(225),
    ),
    "gan-clusters": Row(
        "GAN, non-saturating, recipe `gan-adam` conditional on 100 k-means clusters, no labels used",
        adversarial("non-saturating"),
        f"225 ± 2 ({GOODFELLOW})",
        clusters=100,
    ),
    "gan-many-clusters": Row(
        "GAN, non-saturating, recipe `gan-adam` conditional on 1,000 k-means clusters, no labels used",
        adversarial("non-saturating"),
        f"225 ± 2 ({GOODFELLOW})",
        clusters=1_000,
        target=Target(225),
    ),
    "gan-minimax-clusters": Row(
        "GAN, minimax, recipe `gan-adam` conditional on 200 k-means clusters, no labels used",
        adversarial("minimax"),
        clusters=200,
    ),
    "gan-minimax": Row("GAN, minimax, same recipe", adversarial("minimax")),
    "gan-least-squares": Row("GAN, least squares, same recipe", adversarial("least-squares")),
    "gan-wasserstein": Row(
        "GAN, Wasserstein with gradient penalty, same networks, two critic updates a round",
        adversarial("wasserstein", regularizers=[saddle.GradientPenalty(5.0)], critic_updates=2),
    ),
    "gan-hinge": Row("GAN, hinge, same recipe", adversarial("hinge")),
    "gan-relativistic": Row("GAN, relativistic, same recipe", adversarial("relativistic")),
    "gan-relativistic-average": Row("GAN, relativistic average, same recipe", adversarial("relativistic-average")),
    "gan-kl": Row("GAN, f-GAN of Kullback-Leibler, same recipe", adversarial(saddle.FGAN("kl"))),
    "gan-reverse-kl": Row(
        "GAN, f-GAN of reverse Kullback-Leibler, same recipe", adversarial(saddle.FGAN("reverse-kl"))
    ),
    "gan-pearson": Row("GAN, f-GAN of Pearson's χ², same recipe", adversarial(saddle.FGAN("pearson"))),
    "gan-energy-based": Row(
        "GAN, energy-based with margin .2, same recipe without noise, against an autoencoder of 512-512-32",
        adversarial(
            saddle.EnergyBased(0.2),
            regularizers=[],  # noise of deviation .5 cannot be reconstructed, and its variance is beyond the margin
            critic=saddle.Reconstruction(width=512, depth=2, code=32),
            rounds=20_000,  # half as many leave the first seed on its way, after samples of few digits
        ),
        target=Target(225),
    ),
    "gan-mmd": Row(
        "Generator on maximum mean discrepancy of pixels, same generator, batches of 500",
        adversarial(saddle.MMD(), critic=None, regularizers=[], batch=500),
        "147 ± 2 (Li, Swersky & Zemel 2015, table 1)",
    ),
    "gan-sinkhorn": Row(
        "Generator on the Sinkhorn divergence of pixels, same generator, batches of 200",
        adversarial(saddle.Sinkhorn(), critic=None, regularizers=[], batch=200),
    ),
    "gan-labels": Row(
        "GAN, non-saturating, recipe `gan-adam` with labels",
        adversarial("non-saturating"),
        "132 ± 1.8 (Mirza & Osindero 2014, table 1)",
        labeled=True,
    ),
    "conditional-gan": Row(
        "Conditional GAN, networks of Mirza & Osindero, recipe `conditional-gan`",
        recipe("conditional-gan"),
        "132 ± 1.8 (Mirza & Osindero 2014, table 1)",
        labeled=True,
        family="conditional GAN",
        target=Target(200),
    ),
    "vae": Row(
        "VAE, 2 x 200 tanh, 50 latents, dynamic binarization",
        vae(200, 330_000, 3e-3, batch=500, average=0.9995, warm_up=33_000, divergence="path", compile="on"),
        f"NLL 86.76 ({BURDA})",
        everything=True,
        likelihood=vae_likelihood,
        family="VAE",
        target=Target(86.76, "NLL", least=False),
    ),
    "iwae-50": Row(
        "IWAE, k = 50, 2 x 200 tanh, 50 latents, dynamic binarization, from the VAE's networks",
        vae(200, 200_000, 1e-3, average=0.9995, samples=50, batch=100, divergence="path", compile="on"),
        f"NLL 84.78 ({BURDA})",
        everything=True,
        start="vae",
        likelihood=vae_likelihood,
        family="IWAE",
        target=Target(84.78, "NLL", least=False),
    ),
    "deep-gsn": Row(
        "Deep GSN, recipe `gsn`, 18,000 rounds",
        recipe("gsn", rounds=18_000, optimizer=saddle.Adam(2e-3, beta1=0.9, schedule=Cosine(18_000))),
        f"214 ± 1.1 ({GOODFELLOW})",
        family="GSN",
        target=Target(214),
    ),
    "walkback-dae": Row(
        "Walkback denoising autoencoder, recipe `walkback-dae`, 8,000 rounds",
        recipe("walkback-dae", rounds=8_000, optimizer=saddle.Adam(2e-3, beta1=0.9, schedule=Cosine(8_000))),
    ),
    "contractive-autoencoder": Row(
        "Stacked contractive autoencoder, sampled by its chain with steps of deviation 2",
        recipe("contractive-autoencoder", sampler="chain", chain_deviation=2.0),
        f"121 ± 1.6 ({GOODFELLOW})",
        family="contractive AE",
        target=Target(121),
    ),
    "contractive-mixture": Row(
        "Stacked contractive autoencoder, sampled by a mixture of its codes",
        recipe("contractive-autoencoder", sampler="mixture"),
    ),
    "denoising-autoencoder": Row(
        "Denoising autoencoder, mixture of codes", recipe("denoising-autoencoder"), family="denoising AE"
    ),
    "rbm": Row("Restricted Boltzmann machine", recipe("rbm"), everything=True, likelihood=boltzmann_bound),
    "dbm": Row(
        "Deep Boltzmann machine 784-500-1000, no pretraining, 140,000 rounds",
        recipe(
            "dbm",
            rounds=140_000,
            gibbs_steps=2,
            mean_field=5,
            optimizer=SGD(0.02, momentum=0.9, schedule=Linear(140_000)),
        ),
        "bound -84.62 (Salakhutdinov & Hinton 2009, with pretraining)",
        everything=True,
        likelihood=boltzmann_bound,
        family="DBM",
        target=Target(-84.62, "bound"),
    ),
}


def of_training(pictures: Tensor, draw: np.random.Generator, quick: bool) -> Tensor:
    """As many training pictures as samples of a model."""
    count = min(len(pictures) // 2, 10_000)
    return pictures[torch.from_numpy(draw.choice(len(pictures), count, replace=False))]


def clusters(count: int, steps: int) -> Callable[[Tensor, np.random.Generator, bool], Tensor]:
    """Centers of so many clusters after so many steps of Lloyd's algorithm."""

    def make(pictures: Tensor, draw: np.random.Generator, quick: bool) -> Tensor:
        many = min(count, len(pictures) // 4)
        found = centers(pictures.flatten(1).numpy(), many, steps, draw)
        return torch.from_numpy(found).float().reshape(-1, *pictures.shape[1:])

    return make


REFERENCES: dict[str, Reference] = {
    "real": Reference("10,000 training pictures", of_training, "243 (Theis et al. 2016)"),
    "1000-centers": Reference("1,000 k-means centers", clusters(1_000, 15), "313 (Theis et al. 2016)"),
    "10000-centers": Reference("10,000 k-means centers", clusters(10_000, 8)),
}
