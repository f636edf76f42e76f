"""Claim 12, its theorem: near a perfect discriminator the generator's gradient vanishes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap
from torch.nn.functional import softplus

from saddle.claims.check import at_least, at_most, greatest, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.playing import critic_between, member, play
from saddle.claims.problems.thin_pairs import circle
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Noise
from saddle.core.randomness import Stream
from saddle.networks import MLP
from saddle.objectives import Minimax
from saddle.training.optimizers import Adam

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LATENTS, BATCH = 200, 128
SMALL, RADIUS = 0.25, 0.3


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        distance: ε, from the greatest |D - D*| and the greatest ‖∇(D - D*)‖ on both supports.
        bound: on the norm of the generator's gradient, from M and ε.
    """

    distance: Callable[[float, float], float]
    bound: Callable[[float, float], float]


TRUE = Formulas(lambda values, slopes: values + slopes, lambda stretch, near: stretch * near / (1 - near))


class Stage(NamedTuple):
    """A discriminator on its way.

    Attributes:
        values: the greatest |D - D*| on both supports.
        slopes: the greatest ‖∇(D - D*)‖ there.
        stretch: M, the root of the mean of ‖J‖², J being the Jacobian of a sample by the generator's parameters.
        gradient: the norm of the gradient of E log(1 - D(g(z))) by those parameters.
    """

    values: float
    slopes: float
    stretch: float
    gradient: float


@cache
def frozen(seed: int) -> tuple[nn.Module, Tensor]:
    """A generator that does not learn, with samples inside the circle of the data, and its equally likely latents."""
    stream = Stream(seed, ("vanishing-gradient",))
    with stream.governing_torch():
        generator = MLP(width=16, depth=1, activation="tanh").generator(2, (2,), 0).double()
    with torch.no_grad():
        for one in generator.parameters():
            one.mul_(SMALL)
    return generator, 2 * torch.rand(LATENTS, 2, generator=stream.torch(), dtype=torch.float64) - 1


@cache
def stretch(seed: int) -> float:
    """M of the frozen generator."""
    generator, latents = frozen(seed)
    parameters = {name: one.detach() for name, one in generator.named_parameters()}

    def sample(parameters: dict[str, Tensor], z: Tensor) -> Tensor:
        return functional_call(generator, parameters, (z.unsqueeze(0),)).squeeze(0)

    found = vmap(jacrev(sample), (None, 0))(parameters, latents)
    jacobians = torch.cat([one.flatten(2) for one in found.values()], 2)
    return float(torch.linalg.matrix_norm(jacobians, 2).square().mean().sqrt())


def stage(critic: nn.Module, seed: int) -> Stage:
    """Where this critic stands; D* is one with no slope on the data's circle, and zero with none on the samples."""
    generator, latents = frozen(seed)
    data = circle((torch.arange(500, dtype=torch.float64) + 0.5) / 500, RADIUS - 1)
    fake = generator(latents)
    (loss := -softplus(critic(fake)).mean()).backward()
    assert loss.isfinite()
    gradient = torch.cat([one.grad.flatten() for one in generator.parameters() if one.grad is not None]).norm()
    generator.zero_grad()
    values, slopes = [], []
    for points, sign in ((data, -1.0), (fake.detach(), 1.0)):
        scores, slope = score_and_gradient(critic, points)
        near = torch.sigmoid(sign * scores)
        values.append(float(near.max()))
        slopes.append(float((near * (1 - near) * slope.norm(dim=1)).max()))
    return Stage(greatest(values), greatest(slopes), stretch(seed), float(gradient))


@cache
def trained(trial: Trial) -> tuple[list[int], list[list[Stage]]]:
    """Updates, and the stages of each seed's discriminator."""
    generator, latents = frozen(trial.seeds[0])
    fake = generator(latents).detach()
    problem = critic_between(
        lambda draws: circle(draws["real"], RADIUS - 1),
        lambda draws: fake[(draws["fake"] * LATENTS).long()],
        {name: Noise("uniform", (BATCH,)) for name in ("real", "fake")},
        loss=Minimax().critic,
        network=lambda: MLP(width=32, depth=2, activation="tanh").critic((2,), 0),
        optimizer=Adam(5e-3, beta1=0.5),
    )
    updates = [0, *(round(10 * 1.6**power) for power in range(trial.pick(10, 15)))]
    stages: list[list[Stage]] = [[] for _ in trial.seeds]
    state = play(problem, trial.seeds, 0, dtype=torch.float64)
    for rounds in updates:
        state = play(problem, trial.seeds, rounds - state.round, state=state, dtype=torch.float64)
        for place, found in enumerate(stages):
            found.append(stage(member(state, place)["critic"], trial.seeds[0]))
    return updates, stages


def by_hand() -> list[Stage]:
    """Discriminators D(x) = σ(s + tx) against the one sample g(θ) = cθ at θ = 0, by differentiation."""
    found = []
    for scale in (0.25, 1.0, 4.0):
        for value, slope in ((1e-6, 0.01), (1e-6, 0.1), (0.01, 0.05), (0.1, 0.01), (0.5, 0.01)):
            theta = torch.zeros((), dtype=torch.float64, requires_grad=True)
            score = (
                torch.logit(torch.tensor(value, dtype=torch.float64)) + slope / (value * (1 - value)) * scale * theta
            )
            (gradient,) = torch.autograd.grad(-softplus(score), theta)
            found.append(Stage(value, slope, scale, abs(float(gradient))))
    return found


def ratio(formulas: Formulas, stages: list[Stage]) -> float:
    """The greatest share of the bound that a gradient takes, of the stages that the bound speaks of: ε < 1."""
    near = [(formulas.distance(one.values, one.slopes), one) for one in stages]
    return greatest(one.gradient / formulas.bound(one.stretch, eps) for eps, one in near if not eps >= 1)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """Gradients by differentiation against the bound, of trained discriminators and of some made by hand."""
    updates, seeds = trained(trial)
    within = [sum(formulas.distance(one.values, one.slopes) < 1 for one in stages) for stages in seeds]
    checks = (
        at_least("stages of training with ε < 1, least of all seeds", min(within), 1),
        on_every_seed("gradient / bound, trained discriminators", [ratio(formulas, one) for one in seeds], "≤", 1),
        at_most("gradient / bound, discriminators σ(s + tx), greatest", ratio(formulas, by_hand()), 1),
        on_every_seed("gradient after training / its greatest", [_left(one) for one in seeds], "≤", 0.1),
    )
    first = seeds[0]
    series = {
        "updates": updates,
        "gradients": [[one.gradient for one in stages] for stages in seeds],
        "bound": [_or_none(formulas.bound, one, formulas.distance(one.values, one.slopes)) for one in first],
        "values alone": [_or_none(TRUE.bound, one, one.values) for one in first],
        "values": [one.values for one in first],
        "slopes": [one.slopes for one in first],
    }
    return Result(checks, series)


def _left(stages: list[Stage]) -> float:
    return stages[-1].gradient / greatest(one.gradient for one in stages)


def _or_none(bound: Callable[[float, float], float], one: Stage, near: float) -> float | None:
    return bound(one.stretch, near) if near < 1 else None


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The gradient under its bound, and the two parts of the distance."""
    first, second = panels(figure, 2)
    updates = [one + 1 for one in series["updates"]]
    for place, gradient in enumerate(series["gradients"]):
        first.loglog(updates, gradient, color=DATA, lw=1.2, label="gradient, each seed" if place == 0 else None)
    for name, label, color in (("values alone", "by the values alone", MADE), ("bound", "bound, where ε < 1", "black")):
        shown = [math.nan if one is None else one for one in series[name]]
        first.loglog(updates, shown, ".--", color=color, label=label)
    first.set(xlabel="updates of the discriminator + 1", ylabel="norm", title="The generator's gradient vanishes")
    first.legend(loc="lower left")
    second.loglog(updates, series["values"], color=MADE, label="sup |D - D*|")
    second.loglog(updates, series["slopes"], color=SOFT, label="sup ‖∇(D - D*)‖")
    second.set(xlabel="updates of the discriminator + 1", title="Near in value is not near in slope")
    second.legend(loc="lower left")


CLAIM = Claim(
    slug="vanishing-gradient",
    title="Near a perfect discriminator the generator's gradient vanishes",
    statement=r"""
Where data and samples do not meet there is a perfect discriminator $D^*$: one on the data, zero on the samples, and
flat around both. A discriminator within $\varepsilon$ of it leaves the generator that minimizes
$\mathbb{E} \log(1 - D(g_\theta(z)))$ a gradient of at most $M \varepsilon / (1 - \varepsilon)$, where $M$ says how far
samples move with the parameters. The better the discriminator, the less the generator learns from it.

By the chain rule the gradient is the mean of $-\nabla D / (1 - D)$ times the Jacobian, so what counts is how steep $D$
is. Therefore $\varepsilon$ must bound the values of $D - D^*$ and its slopes. A discriminator may answer nearly right
everywhere and still change fast from point to point: then its values are near, its slopes are not, and the bound by
the values alone is false.
""",
    formulas=(
        r"\| \nabla_\theta \mathbb{E}_z [\log(1 - D(g_\theta(z)))] \| < M \frac{\varepsilon}{1 - \varepsilon}, \qquad "
        r"M^2 = \mathbb{E}_z \| J_\theta g_\theta(z) \|^2",
        r"\varepsilon > \sup_x |D(x) - D^*(x)| + \sup_x \| \nabla_x D(x) - \nabla_x D^*(x) \|",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training Generative Adversarial Networks, "
    "theorem 2.4",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "values-alone",
            "It is enough that the values are near: the slopes left out of ε.",
            replace(TRUE, distance=lambda values, slopes: values),
            r"\varepsilon > \sup_x |D(x) - D^*(x)|",
        ),
        Control(
            "slopes-alone",
            "It is enough that the slopes are near: the values left out of ε.",
            replace(TRUE, distance=lambda values, slopes: slopes),
            r"\varepsilon > \sup_x \| \nabla_x D(x) - \nabla_x D^*(x) \|",
        ),
        Control(
            "halved",
            "The bound with a factor 1/2.",
            replace(TRUE, bound=lambda stretch, near: TRUE.bound(stretch, near) / 2),
            r"\| \nabla_\theta \| < \frac{M}{2} \frac{\varepsilon}{1 - \varepsilon}",
        ),
        Control(
            "squared",
            "The bound with the mean of the squared Jacobian in place of its root.",
            replace(TRUE, bound=lambda stretch, near: stretch * TRUE.bound(stretch, near)),
            r"\| \nabla_\theta \| < M^2 \frac{\varepsilon}{1 - \varepsilon}",
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
