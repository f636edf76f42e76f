"""Claim 8: algorithm 1 brings the model to the data where the discriminator stays near its best."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from saddle.claims.check import on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.original.gaussian_game import TRUE, Rule, course, listing, rest, value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

K = 8


def experiment(rule: Rule, trial: Trial) -> Result:
    """The algorithm with several updates of D a round, from a standard normal model."""
    rounds = trial.pick(160, 1_000)
    found = course(rule, trial.seeds, K, rounds, (0, 1, 10, rounds))
    share = found.distance / found.distance[0]
    checks = (
        on_every_seed("W at the end / W at the start", share[-1].tolist(), "≤", 0.05),
        on_every_seed("mean |D - D*| over the course", found.error.mean(axis=0).tolist(), "≤", 0.1),
    )
    return Result(checks, {"frames": found.frames, "rounds": found.rounds, "share": share.T})


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Four moments of the first seed, as the paper's figure 1, and W on every seed."""
    *moments, last = panels(figure, 5)
    for place, (axes, moment) in enumerate(zip(moments, series["frames"], strict=True)):
        draw_moment(axes, moment)
        if place:
            axes.set_yticklabels([])
    moments[0].legend(loc="upper left")
    for one in series["share"]:
        last.plot(series["rounds"], one, color=MADE, lw=1)
    last.axhline(0.05, color=SOFT, ls=":", lw=1)
    last.set(xlabel="round", ylabel="W / W at the start", yscale="log", title="W, each seed")


def draw_moment(axes: "Axes", moment: dict[str, Any]) -> None:
    """The data, the model and D over x; below, where the generator sends latents."""
    axes.plot(moment["x"], moment["p"], color=DATA, ls=":", label="p, data")
    axes.plot(moment["x"], moment["q"], color=MADE, label="q, model", lw=1.2)
    axes.plot(moment["x"], moment["D"], color=THIRD, ls="--", label="D")
    for z, x in zip(moment["z"], moment["G"], strict=True):
        axes.annotate("", (x, -0.12), (z, -0.62), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 0.6})
    for height, name in ((-0.12, "x"), (-0.62, "z")):
        axes.axhline(height, color=SOFT, lw=0.8)
        axes.text(4.2, height - 0.02, name, color=SOFT, va="top")
    axes.set(xlim=(-2.5, 4.5), ylim=(-0.8, 1.65), yticks=[0, 0.5, 1], title=f"round {moment['round']}")


CLAIM = Claim(
    slug="algorithm-1",
    title="Algorithm 1 brings the model to the data while the discriminator is near its best",
    statement=r"""
The algorithm moves two networks in turn: the discriminator $k$ times up its value, then the generator once down the
same value. If the discriminator reaches $D^*$ before every step of the generator, the generator descends
$2\,\mathrm{JSD} - \log\,4$, which is convex in its density and least at the data alone: small enough steps arrive there
(proposition 2).

The proof moves densities, the algorithm moves weights, so that for networks the statement has to be tried. Here the
data are $N(2, 0.5^2)$, the generator starts as $N(0, 1)$, moved a little by random weights, and $k = 8$ keeps the
discriminator near $D^*$ all the way. The Wasserstein distance $W$ falls to less than a twentieth on every seed.

The picture repeats figure 1 of the paper. The slope of $D$ tells each sample the way to more likely places; in the end
the densities are one and $D$ has nothing left to say but 1/2.
""",
    formulas=(
        r"D \leftarrow D + \alpha \nabla_D \frac{1}{m} \sum_i \left[ \log D(x_i) + \log(1 - D(G(z_i))) \right]"
        r" \quad k \text{ times}",
        r"G \leftarrow G - \beta \nabla_G \frac{1}{m} \sum_i \log(1 - D(G(z_i)))",
    ),
    reference="Goodfellow et al. 2014, Generative Adversarial Nets, algorithm 1, proposition 2 and figure 1",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "generator-climbs",
            "The generator climbs the value too: its sign is wrong.",
            replace(TRUE, descended=lambda fake: -rest(fake)),
            r"G \leftarrow G + \beta \nabla_G \frac{1}{m} \sum_i \log(1 - D(G(z_i)))",
        ),
        Control(
            "discriminator-descends",
            "The discriminator descends the value: its sign is wrong.",
            replace(TRUE, climbed=lambda real, fake: -value(real, fake)),
            r"D \leftarrow D - \alpha \nabla_D \frac{1}{m} \sum_i \left[ \log D(x_i) + \log(1 - D(G(z_i))) \right]",
        ),
        Control(
            "no-examples",
            "The discriminator needs no examples: the term log D(x) left out.",
            replace(TRUE, climbed=lambda real, fake: rest(fake)),
            r"D \leftarrow D + \alpha \nabla_D \frac{1}{m} \sum_i \log(1 - D(G(z_i)))",
        ),
    ),
    draw=draw,
    listing=listing(),
    size=(11.5, 2.9),
)
