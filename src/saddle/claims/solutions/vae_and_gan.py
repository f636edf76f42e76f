"""Claim 29: from the autoencoder to the GAN: what a VAE's likelihood covers and a GAN's does not."""

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from saddle.claims.check import Check, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.playing import member, play
from saddle.claims.problems.drawn_data import drawing_from
from saddle.core.randomness import Stream
from saddle.data import open as open_data
from saddle.data.gaussians import grid
from saddle.families import GAN, VAE, Estimator
from saddle.measures import kl_from_samples, mode_coverage, perfect_mode_coverage
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SAMPLES, BATCH, LATENT = 2_500, 256, 2
SHOWN = 400
NETWORK = MLP(width=64, depth=2)


class Found(NamedTuple):
    """What one seed reaches.

    Attributes:
        modes: of 25, with a sample within 3 standard deviations.
        sharp: the share of such samples.
        forward: KL(data || model), nats.
        reverse: KL(model || data), nats.
        samples: some of them, to draw.
    """

    modes: float
    sharp: float
    forward: float
    reverse: float
    samples: np.ndarray


def models(rounds: int) -> dict[str, Estimator]:
    """A VAE and a GAN with the same networks, batch and latent."""
    rate = Cosine(rounds, 0.01)
    vae = VAE(
        latent=LATENT,
        encoder=NETWORK,
        decoder=NETWORK,
        batch=BATCH,
        optimizer=Adam(3e-3, beta1=0.9, schedule=rate),
        warm_up=rounds // 2,
    )
    adam = Adam(1e-3, schedule=rate)
    gan = GAN(
        objective="non-saturating",
        generator=NETWORK,
        critic=NETWORK,
        latent=LATENT,
        regularizers=[],
        generator_optimizer=adam,
        critic_optimizer=adam,
        batch=BATCH,
        average=0.0,
    )
    return {"VAE": vae, "GAN": gan}


@cache
def trained(name: str, trial: Trial) -> list[Found]:
    """Each seed's samples of the grid after training; the seeds train as one population."""
    data, rounds = open_data("grid"), trial.pick(1_500, 20_000)
    problem = models(rounds)[name].build(data.layout, None).problem
    drawn = drawing_from(problem, data.batch(torch.arange(len(data))), BATCH)
    state = play(drawn, trial.seeds, rounds)
    found = []
    for place, seed in enumerate(trial.seeds):
        stream = Stream(seed, ("vae-and-gan",))
        x = problem.sampler.draw(member(state, place), stream.child("model"), SAMPLES, None)
        samples = np.asarray(data.transform.decode(x), dtype=np.float64)
        real = grid().sample(SAMPLES, stream.child("data"))
        reached = mode_coverage(samples, grid().means, grid().std)
        found.append(
            Found(
                reached.modes.value,
                reached.high_quality.value,
                kl_from_samples(real, samples).value,
                kl_from_samples(samples, real).value,
                samples[:SHOWN],
            )
        )
    return found


def experiment(variant: None, trial: Trial) -> Result:
    """Both divergences of both models, and their differences, over seeds."""
    vae, gan = trained("VAE", trial), trained("GAN", trial)
    checks: list[Check] = []
    perfect = perfect_mode_coverage(SAMPLES, 25)
    for name, seeds in {"VAE": vae, "GAN": gan}.items():
        published = "17.3 ± 0.8 (PacGAN's GAN), 3.3 (VEEGAN's GAN)" if name == "GAN" else ""
        modes, sharp = [one.modes for one in seeds], [one.sharp for one in seeds]
        share = f"{name}: share of samples within 3 standard deviations"
        checks += [
            over_seeds(f"{name}: modes of 25", modes, "=", 25 if name == "VAE" else 17.3, published=published),
            over_seeds(f"{share}, beside a perfect sampler's", sharp, "≥", perfect.high_quality.value),
            over_seeds(f"{name}: KL(data ‖ model), nats", [one.forward for one in seeds], "=", 0),
            over_seeds(f"{name}: KL(model ‖ data), nats", [one.reverse for one in seeds], "=", 0),
        ]
    more = [b.forward - a.forward for a, b in zip(vae, gan, strict=True)]
    less = [a.reverse - b.reverse for a, b in zip(vae, gan, strict=True)]
    checks += [
        over_seeds("KL(data ‖ model): GAN - VAE", more, "≥", 0),
        over_seeds("KL(model ‖ data): VAE - GAN", less, "≥", 0),
    ]
    series = {
        "samples": {name: seeds[0].samples.round(3) for name, seeds in {"VAE": vae, "GAN": gan}.items()},
        "forward": {"VAE": [one.forward for one in vae], "GAN": [one.forward for one in gan]},
        "reverse": {"VAE": [one.reverse for one in vae], "GAN": [one.reverse for one in gan]},
    }
    return Result(tuple(checks), series)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Samples of both models on the grid, and both divergences of every seed."""
    axes = panels(figure, 3)
    colors = {"VAE": SOFT, "GAN": MADE}
    for place, (name, samples) in enumerate(series["samples"].items()):
        axes[place].plot(*grid().means.T, "o", mfc="none", color=DATA, ms=9)
        axes[place].plot(*np.array(samples).T, ".", color=colors[name], ms=3)
        axes[place].set(title=f"Samples of the {name}", xlim=(-5.5, 5.5), ylim=(-5.5, 5.5), aspect="equal")
        axes[place].set(xticks=(-4, 0, 4), yticks=(-4, 0, 4))
    for name, color in colors.items():
        axes[2].plot(series["forward"][name], series["reverse"][name], "o", color=color, label=name)
    axes[2].set(xlabel="KL(data ‖ model), nats", ylabel="KL(model ‖ data), nats", title="Each seed")
    axes[2].set_xlim(left=0)
    axes[2].set_ylim(bottom=0)
    axes[2].legend()


CLAIM = Claim(
    slug="vae-and-gan",
    title="What a VAE's likelihood covers and a GAN leaves out",
    statement=r"""
An autoencoder learns a code and a way back; with codes drawn from a known law, and judged by a lower bound of its
likelihood, it is a variational autoencoder. Maximizing likelihood is minimizing
$\mathrm{KL}(\text{data} \| \text{model})$, which is infinite where the model has nothing and the data something, and
cheap where the model has mass in empty places: the model covers, and blurs. A GAN has no likelihood. Its generator only
hears of the places where it puts mass, so that a mode left out costs it little, while a sample between modes is told
apart at once.

Both are trained here on the grid of 25 narrow Gaussians, with the same networks, latent numbers and rounds, each at a
usual rate of its own; the weight of the VAE's divergence rises in the first half of the rounds. Both divergences are
then estimated from samples alone, by the distances to nearest neighbors, for both models alike: an estimate that stays
finite where a mode is missing, and is there too small. Neither is claimed to win: the question is which divergence each
leaves large.
""",
    formulas=(
        r"\max_\theta \mathbb{E} \log p_\theta(x) \iff \min_\theta \mathrm{KL}(p \| p_\theta), \qquad"
        r" \mathrm{KL}(p \| p_\theta) \ne \mathrm{KL}(p_\theta \| p)",
    ),
    reference="Kingma & Welling 2014, Auto-Encoding Variational Bayes, arXiv 1312.6114; Goodfellow 2016, NIPS 2016 "
    "Tutorial: Generative Adversarial Networks, arXiv 1701.00160; Lin et al. 2018, PacGAN, table 1",
    experiment=experiment,
    draw=draw,
    kind="observation",
    size=(10.5, 3.4),
)
