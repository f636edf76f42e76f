"""Claim 8, continued: what one update of the discriminator a round does."""

from typing import TYPE_CHECKING, Any

from saddle.claims.check import on_every_seed, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.original.gaussian_game import TRUE, Rule, course

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def experiment(rule: Rule, trial: Trial) -> Result:
    """The same game with k = 1, for as many updates of D as with k = 8."""
    found = course(rule, trial.seeds, 1, trial.pick(1_280, 8_000))
    share = found.distance / found.distance[0]
    checks = (
        over_seeds(
            "mean |D - 1/2| at the end",
            found.decided[-1].tolist(),
            "≤",
            0.05,
            published="D(x) = 1/2, figure 1 (d); k = 1 in all experiments, algorithm 1",
        ),
        on_every_seed("W at the end / W at the start", share[-1].tolist(), "≤", 0.05),
        over_seeds("W half way / W at the start", share[len(share) // 2].tolist(), "≤", 0.05),
        on_every_seed("mean |D - D*| over the course", found.error.mean(axis=0).tolist(), "≤", 0.1),
    )
    return Result(checks, {"rounds": found.rounds, "share": share.T, "error": found.error.T})


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """W and the discriminator's error, each seed."""
    first, second = panels(figure, 2)
    for share, error in zip(series["share"], series["error"], strict=True):
        first.plot(series["rounds"], share, color=MADE, lw=1)
        second.plot(series["rounds"], error, color=DATA, lw=1)
    first.axhline(0.05, color=SOFT, ls=":", lw=1)
    first.set(
        xlabel="round", ylabel="W / W at the start", yscale="log", title="k = 1: W swings, and falls with the rate"
    )
    second.set(xlabel="round", ylabel="mean |D - D*|", ylim=(0, None), title="The discriminator lags behind its best")


CLAIM = Claim(
    slug="one-update",
    title="With one update of the discriminator a round the game may swing",
    statement=r"""
The paper ran algorithm 1 with $k = 1$, the cheapest choice, and no proof covers it: the generator then moves against a
discriminator that has not caught up. Here is the same game as above, with the same networks, rates and number of
discriminator updates, but one update before each step of the generator.

The model comes near the data soon, but then swings, since the slope it follows belongs to a model that is gone, and
comes to rest only as the learning rates fall to zero. At the end $D$ says 1/2, as in the paper's figure 1. Yet on some
seeds $W$ is not small: that $D$ sees no difference shows that there is none only where $D$ is the best there is. The
numbers below hold what was found beside that figure and beside the bounds of the game with $k = 8$.
""",
    formulas=(r"k = 1, \qquad D \to \frac{1}{2}, \qquad W(p, q) \to 0 \text{ ?}",),
    reference="Goodfellow et al. 2014, Generative Adversarial Nets, algorithm 1 and section 4",
    experiment=experiment,
    variant=TRUE,
    draw=draw,
    kind="observation",
    size=(9.0, 2.9),
)
