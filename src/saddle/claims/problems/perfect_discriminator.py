"""Claim 12, its observation: a new discriminator against a frozen generator soon makes no mistake."""

import math
from typing import TYPE_CHECKING, Any

from saddle.claims.check import Check, at_most, least, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, THIRD, panels
from saddle.claims.problems.frozen_generator import EPOCHS, Stage, Watched, epochs_of, watched

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def perfect_after(stages: list[Stage], updates: list[int]) -> float:
    """The first update looked at from which on no answer is wrong; infinite where there are such to the end."""
    wrong = [update for update, one in zip(updates, stages, strict=True) if one.wrong > 0]
    return next((update for update in updates if update > max(wrong, default=-1)), math.inf)


def experiment(variant: None, trial: Trial) -> Result:
    """A GAN frozen after 1, 10 and 25 epochs, and a discriminator trained from scratch against each."""
    found = watched(trial)
    checks = [check for epochs in EPOCHS for check in _numbers(found, epochs)]
    series = {
        "updates": found.updates,
        "wrong": {epochs_of(epochs): [one.wrong for one in found.stages[epochs][0]] for epochs in EPOCHS},
        "gradient": {
            epochs_of(epochs): [[one.saturating for one in stages] for stages in found.stages[epochs]]
            for epochs in EPOCHS
        },
        "source": found.source,
    }
    return Result(tuple(checks), series)


def _numbers(found: Watched, epochs: int) -> list[Check]:
    stages, last = found.stages[epochs], found.updates[-1]
    where = f"{epochs_of(epochs)} on {found.source}"
    return [
        at_most(
            f"updates until no answer is wrong, fewest of {len(stages)} seeds, {where}",
            least(perfect_after(one, found.updates) for one in stages),
            50,
            published="sometimes fewer than 50 (figure 1; DCGAN)",
        ),
        over_seeds(
            f"share of right answers after {last:,} updates, {where}",
            [1 - one[-1].wrong for one in stages],
            "=",
            1,
            published="1 (figure 1)",
        ),
        over_seeds(
            f"orders of magnitude by which the gradient of E log(1 - D) is smaller after {last:,} updates, {where}",
            [math.log10(one[0].saturating / one[-1].saturating) for one in stages],
            "≥",
            0,
            published="it fades, in the best case by 5 in 4,000 updates (figure 2; DCGAN)",
        ),
    ]


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Wrong answers and the gradient, as the new discriminator trains."""
    first, second = panels(figure, 2)
    for (name, wrong), color in zip(series["wrong"].items(), (DATA, MADE, THIRD), strict=True):
        first.plot([one + 1 for one in series["updates"]], wrong, ".-", color=color, label=f"G after {name}")
        for place, gradient in enumerate(series["gradient"][name]):
            label = f"G after {name}" if place == 0 else None
            second.loglog([one + 1 for one in series["updates"]], gradient, color=color, lw=1, label=label)
    first.axvline(50, color="black", lw=0.8, ls=":")
    first.set(xscale="log", xlabel="updates of the new discriminator + 1", ylabel="share of wrong answers, first seed")
    first.set(title=f"Soon no answer is wrong ({series['source']})")
    first.text(53, 0.93, "50", transform=first.get_xaxis_transform())
    first.legend(loc="upper center", bbox_to_anchor=(0.46, 1))
    second.set(
        xlabel="updates of the new discriminator + 1",
        ylabel="norm",
        title="The gradient of E log(1 - D) rises, then fades",
    )
    second.legend(loc="lower left")


CLAIM = Claim(
    slug="perfect-discriminator",
    title="A new discriminator against a frozen generator soon makes no mistake",
    statement=r"""
A generator is frozen after one, ten and twenty-five epochs, and a discriminator is trained against it from scratch. If
samples had come near to the data as laws, it would go on making mistakes. It does not: after some updates every answer
is right, on the data it learns from and on fresh samples.

The gradient that a generator would get from $\mathbb{E} \log(1 - D(g(z)))$ grows while the discriminator learns to tell
anything, and fades once it is nearly perfect, as the theorem before says it must. This is why a discriminator of the
original game must not be trained too well, and why its loss says little about the samples. The paper trained a DCGAN;
pictures of eight by eight pixels and small perceptrons stand in for it where the budget is small or MNIST is not at
hand, as the picture says.
""",
    formulas=(
        r"\frac{1}{2} P_{x \sim p}(D(x) < \tfrac{1}{2}) + \frac{1}{2} P_z(D(g(z)) > \tfrac{1}{2}) \to 0, \qquad "
        r"\| \nabla_\theta \, \mathbb{E}_z \log(1 - D(g_\theta(z))) \| \to 0",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training Generative Adversarial Networks, "
    "figures 1 and 2",
    experiment=experiment,
    kind="observation",
    draw=draw,
    size=(9.0, 3.2),
)
