"""Claim 14: what the Dirac-GAN converges to, by its eigenvalues and its orbits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.claims.check import Check, at_least, at_most, equal, greatest
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, FOURTH, MADE, SOFT, THIRD, panels
from saddle.claims.problems.dirac import dirac, eigenvalues, orbits
from saddle.objectives import LeastSquares, Minimax, NonSaturating, Objective, Wasserstein
from saddle.regularizers import R1, R2, GradientPenalty, InstanceNoise, Regularizer, WeightClipping

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Pair = tuple[complex, complex]
RATE = 0.5
SMALL = 1e-6


@dataclass(frozen=True)
class Theory:
    """What is claimed.

    Attributes:
        eigenvalues: of the game at its equilibrium, from f'(0) and the critic's damping.
        noise: the damping that instance noise amounts to, from f''(0) and its standard deviation.
        settles: the games whose orbits end at the data.
    """

    eigenvalues: Callable[[float, float], Pair]
    noise: Callable[[float, float], float]
    settles: frozenset[str]


def of_slope(slope: float, damping: float) -> Pair:
    """-d/2 ± √(d²/4 - f'(0)²)."""
    return around(-damping / 2, damping**2 / 4 - slope**2)


def around(middle: float, square: float) -> Pair:
    """Middle ± √square."""
    root = complex(square) ** 0.5
    return middle + root, middle - root


LOGISTIC: tuple[Objective, ...] = (Minimax(), NonSaturating())
SLOPES: dict[Objective, tuple[float, float]] = {**dict.fromkeys(LOGISTIC, (0.5, -0.25)), Wasserstein(): (1.0, 0.0)}
"""f'(0) and f''(0) of each objective whose linearization turns or contracts: f(t) = -log(1 + exp(-t)), or f(t) = t."""

ORBITS: dict[str, tuple[Objective, tuple[Regularizer, ...]]] = {
    "minimax": (Minimax(), ()),
    "minimax, R1, γ = 0.3": (Minimax(), (R1(0.3),)),
    "minimax, R1, γ = 1": (Minimax(), (R1(1.0),)),
    "minimax, instance noise, s = 0.7": (Minimax(), (InstanceNoise(0.7),)),
    "least squares": (LeastSquares(), ()),
    "Wasserstein, gradient penalty": (Wasserstein(), (GradientPenalty(0.3),)),
    "Wasserstein, weight clipping": (Wasserstein(), (WeightClipping(1.0),)),
}
TRUE = Theory(
    of_slope,
    lambda curvature, scale: -2 * curvature * scale**2,
    frozenset(("minimax, R1, γ = 0.3", "minimax, R1, γ = 1", "minimax, instance noise, s = 0.7")),
)


@cache
def measured(objective: Objective, regularizers: tuple[Regularizer, ...], seeds: tuple[int, ...]) -> Pair:
    """The eigenvalues, from rounds that saddle's engine plays near the equilibrium."""
    return eigenvalues(orbits(dirac(objective, regularizers, RATE, SMALL), seeds, 8), RATE)


@cache
def large_orbits(rounds: int) -> dict[str, np.ndarray]:
    """The orbits from (1, 1), at rate .2."""
    return {name: orbits(dirac(*game, 0.2), (0,), rounds)[:, 0] for name, game in ORBITS.items()}


def experiment(theory: Theory, trial: Trial) -> Result:
    """Closed forms against eigenvalues measured on rounds of the game, then orbits from afar."""
    plain, damped, noisy, critical = [], [], [], []
    points = []
    for objective, (slope, curvature) in SLOPES.items():
        cases: list[tuple[list[float], tuple[Regularizer, ...], float]] = [(plain, (), 0.0)]
        cases += [(damped, (kind(gamma),), gamma) for kind in (R1, R2) for gamma in (0.3, 1.5, 3.0)]
        cases += [(noisy, (InstanceNoise(scale),), theory.noise(curvature, scale)) for scale in (0.7, 2.0)]
        for gaps, regularizers, damping in cases:
            claimed, found = theory.eigenvalues(slope, damping), measured(objective, regularizers, trial.seeds)
            gaps.append(greatest(abs(a - b) for a, b in zip(claimed, found, strict=True)))
            points.append((type(objective).__name__, claimed, found))
        one, other = measured(objective, (R1(2 * slope),), trial.seeds)
        first, second = theory.eigenvalues(slope, 2 * slope)
        critical.append(abs((one - other) ** 2 - (first - second) ** 2))
    flat = [measured(one, (), trial.seeds) for one in (LeastSquares(), LeastSquares.pearson())]
    checks = (
        equal("eigenvalues without regularizer, claimed and measured, greatest difference", greatest(plain), 0),
        equal("eigenvalues with R1 and R2, greatest difference", greatest(damped), 0),
        equal("eigenvalues with instance noise, greatest difference", greatest(noisy), 0),
        equal("(λ₁ - λ₂)² at γ = 2|f'(0)|, greatest difference", greatest(critical), 0),
        equal("λ₁ + λ₂ of least squares, both schemes", greatest(abs(a + b) for a, b in flat), 0),
        equal("λ₁ λ₂ of least squares, both schemes", greatest(abs(a * b) for a, b in flat), 0),
        *(_ending(name, orbit, name in theory.settles) for name, orbit in large_orbits(trial.pick(300, 500)).items()),
    )
    series = {
        "claimed": [[[one.real, one.imag] for one in claimed] for _, claimed, _ in points],
        "measured": [[[one.real, one.imag] for one in found] for _, _, found in points],
        "objective": [name for name, _, _ in points],
        "orbits": {name: orbit[:200].tolist() for name, orbit in large_orbits(trial.pick(300, 500)).items()},
    }
    return Result(checks, series)


def _ending(name: str, orbit: np.ndarray, settles: bool) -> Check:
    later = np.linalg.norm(orbit[len(orbit) // 2 :], axis=1)
    if settles:
        return at_most(f"{name}: distance of the orbit's end from (0, 0)", float(later[-1]), 0.01)
    return at_least(f"{name}: least distance from (0, 0) in the second half of the orbit", float(later.min()), 0.05)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The eigenvalues in the complex plane, and the orbits."""
    first, *others = panels(figure, 4, 2)
    for key, shape, label in (
        ("claimed", {"marker": "o", "mfc": "none", "ms": 6}, "theory"),
        ("measured", {"marker": "x", "ms": 4}, "measured"),
    ):
        values = np.array([one for pair in series[key] for one in pair])
        color = DATA if key == "claimed" else MADE
        first.plot(values[:, 0], values[:, 1], ls="none", color=color, label=label, **shape)
    first.axvline(0, color=SOFT, lw=0.8)
    first.set(xlabel="Re λ", ylabel="Im λ", title="Eigenvalues", ylim=(-1.3, 1.9))
    first.legend(loc="upper left", ncols=2, columnspacing=1, handletextpad=0.2)
    colors = (MADE, DATA, DATA, DATA, FOURTH, THIRD, THIRD)
    for axes, (name, orbit), color in zip(others, series["orbits"].items(), colors, strict=True):
        theta, psi = np.array(orbit).T
        axes.plot(theta, psi, ".-", color=color, lw=0.7, ms=2.5)
        axes.plot(0, 0, "+", color="black", ms=8)
        axes.plot(*orbit[-1], "o", color="black", ms=4)
        axes.set(title=name, xlim=(-1.9, 1.9), ylim=(-1.9, 1.9), aspect="equal")
    for axes in others[3:]:
        axes.set(xlabel="θ, the generator")
    for axes in (others[0], others[3]):
        axes.set(ylabel="ψ, the critic")


CLAIM = Claim(
    slug="dirac-gan",
    title="Without damping even the smallest GAN circles for ever",
    statement=r"""
The smallest GAN has its data at $0$, its samples at $\theta$, and the critic $\psi x$. Near the equilibrium
$\theta = \psi = 0$ the game is linear, and eigenvalues say what it does. With $f$ the function of the scores in the
objective, $f(t) = -\log(1 + e^{-t})$ for the original and the non-saturating game and $f(t) = t$ for Wasserstein's,
they are $\pm i f'(0)$: the two numbers circle and come no nearer.

A zero-centered penalty on the critic's slope, on data or on samples, damps the critic by $\gamma$, and instance noise
of deviation $s$ by $-2 f''(0) s^2$. Then both eigenvalues have a negative real part and the game converges, fastest at
$\gamma = 2 |f'(0)|$. Wasserstein's $f$ is a straight line, its second derivative zero, so that noise does nothing for
it.

Two cases are beyond eigenvalues. Least squares is degenerate: its linearization has the double eigenvalue zero and
tells nothing; with the usual targets the orbit comes to rest where the critic is flat, the samples off the data. The
gradient penalty towards one, and clipping, are not smooth: the first has a kink at $\psi = 0$ and pushes the critic off
its equilibrium, the second does nothing near it. Their orbits never come to the data.
""",
    formulas=(
        r"\lambda_{1,2} = -\frac{d}{2} \pm \sqrt{\frac{d^2}{4} - f'(0)^2}, \qquad d = 0, \quad d = \gamma, \quad "
        r"d = -2 f''(0) s^2",
    ),
    reference="Mescheder, Geiger & Nowozin 2018, Which Training Methods for GANs do actually Converge?, section 2 and "
    "appendix D",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "no-square",
            "Under the root stands f'(0), not its square (so printed in equation 12 of Huang et al. 2024).",
            replace(TRUE, eigenvalues=lambda slope, damping: around(-damping / 2, damping**2 / 4 - slope)),
            r"\lambda_{1,2} = -\frac{\gamma}{2} \pm \sqrt{\frac{\gamma^2}{4} - f'(0)}",
            misprint=True,
        ),
        Control(
            "real",
            "Under the root stands + f'(0)², the other sign: the plain game has a saddle.",
            replace(TRUE, eigenvalues=lambda slope, damping: around(-damping / 2, damping**2 / 4 + slope**2)),
            r"\lambda_{1,2} = -\frac{d}{2} \pm \sqrt{\frac{d^2}{4} + f'(0)^2}",
        ),
        Control(
            "growing",
            "Before the root stands + d/2, the other sign: the penalty drives the game apart.",
            replace(TRUE, eigenvalues=lambda slope, damping: around(damping / 2, damping**2 / 4 - slope**2)),
            r"\lambda_{1,2} = +\frac{d}{2} \pm \sqrt{\frac{d^2}{4} - f'(0)^2}",
        ),
        Control(
            "noise-once",
            "Noise on the data alone counts: the damping is half of it.",
            replace(TRUE, noise=lambda curvature, scale: -curvature * scale**2),
            r"d = -f''(0) s^2",
        ),
        Control(
            "penalty-settles",
            "The gradient penalty towards one makes the game converge too.",
            replace(TRUE, settles=TRUE.settles | {"Wasserstein, gradient penalty"}),
        ),
    ),
    draw=draw,
    size=(10.0, 5.2),
)
