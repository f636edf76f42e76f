"""Claim 19: which convergence implies which."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.stats import wasserstein_distance

from saddle.claims.check import at_least, at_most, greatest, least
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, FOURTH, MADE, SOFT, THIRD, panels
from saddle.core.randomness import Stream
from saddle.measures import js_divergence, kl_divergence, total_variation

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Apart(NamedTuple):
    """How far two laws on points of a line are from one another.

    Attributes:
        kl: KL(P‖Q).
        back: KL(Q‖P).
        js: the Jensen-Shannon divergence.
        tv: the total variation, the largest difference of the chances of an event.
        w: the earth mover's distance.
        diameter: of the points.
    """

    kl: float
    back: float
    js: float
    tv: float
    w: float
    diameter: float


Arrow = Callable[[Apart], tuple[float, float]]
"""Two sides of an inequality, the first at most the second: where the second goes to zero, so does the first."""

ARROWS: Mapping[str, Arrow] = {
    "KL → TV": lambda d: (d.tv, math.sqrt(d.kl / 2)),
    "reverse KL → TV": lambda d: (d.tv, math.sqrt(d.back / 2)),
    "JS → TV": lambda d: (d.tv**2 / 2, d.js),
    "TV → JS": lambda d: (d.js, math.log(2) * d.tv),
    "TV → W": lambda d: (d.w, d.diameter * d.tv),
}


def apart(places: np.ndarray, p: np.ndarray, q: np.ndarray) -> Apart:
    """All distances of two laws with these chances at these places."""
    return Apart(
        float(kl_divergence(p, q)),
        float(kl_divergence(q, p)),
        float(js_divergence(p, q)),
        float(total_variation(p, q)),
        float(wasserstein_distance(places, places, p, q)),
        float(places.max() - places.min()),
    )


@cache
def pairs(trial: Trial) -> list[Apart]:
    """Pairs of laws: drawn at all distances, two with as little KL as their TV allows, and two that do not meet."""
    found = []
    for seed in trial.seeds:
        draw = Stream(seed, ("topologies",)).numpy()
        for _ in range(trial.pick(40, 400)):
            k = int(draw.integers(2, 9))
            places, near = np.sort(draw.uniform(-2, 2, k)), 10 ** draw.uniform(-4, 0)
            p, other = draw.dirichlet(np.full(k, 0.7), 2) + 1e-12
            p, other = p / p.sum(), other / other.sum()
            found.append(apart(places, p, (1 - near) * p + near * other))
    for half in (1e-3, 1e-2, 0.1):
        p = np.array([0.5 + half, 0.5 - half])
        found += [apart(np.array([0.0, 3.0]), p, p[::-1]), apart(np.array([0.0, 3.0]), p, np.array([0.5, 0.5]))]
    ends = np.array([1.0, 0.0])
    return [*found, apart(np.array([0.0, 3.0]), ends, ends[::-1]), apart(np.array([0.0, 0.5]), ends, ends[::-1])]


def shifted_points(n: int) -> Apart:
    """A point at 1/n, and one at 0: W goes to zero, TV does not."""
    return apart(np.array([0.0, 1 / n]), np.array([0.0, 1.0]), np.array([1.0, 0.0]))


def shifted_intervals(n: int) -> Apart:
    """Uniform on [1/n, 1 + 1/n], and on [0, 1]: TV goes to zero, both KL are infinite."""
    p, q = np.full(n + 1, 1 / n), np.full(n + 1, 1 / n)
    p[0], q[-1] = 0, 0
    return apart(np.arange(n + 1) / n, p, q)


def rare_event(n: int) -> Apart:
    """Chance 1/n of what has chance e^-n: TV goes to zero, KL(P‖Q) to one, though both are finite."""
    p, q = 1 / n, math.exp(-n)
    return apart(np.array([0.0, 1.0]), np.array([1 - p, p]), np.array([1 - q, q]))


SEQUENCES: Mapping[str, Callable[[int], Apart]] = {
    "points": shifted_points,
    "intervals": shifted_intervals,
    "rare": rare_event,
}


def experiment(arrows: Mapping[str, Arrow], trial: Trial) -> Result:
    """Each arrow as an inequality on many pairs of laws, and sequences along which no arrow leads back."""
    steps = (2, 4, 8, 16, 32, 64, 128, 256)
    found = {name: [law(n) for n in steps] for name, law in SEQUENCES.items()}
    laws = [*pairs(trial), *(one for sequence in found.values() for one in sequence)]
    checks = [
        at_most(
            f"{name}, left side less right, greatest of {len(laws)} pairs of laws",
            greatest(_excess(arrow(one)) for one in laws),
            0,
            within=1e-12,
        )
        for name, arrow in arrows.items()
    ]
    points, intervals, rare = (found[name][-1] for name in SEQUENCES)
    checks += [
        at_most("point at 1/256 and at 0: W", points.w, 0.01),
        at_least("the same: TV", points.tv, 1),
        at_most("uniform laws shifted by 1/256: TV", intervals.tv, 0.01),
        at_least("the same: the lesser KL", least([intervals.kl, intervals.back]), math.inf),
        at_most("a chance of 1/256 where e^-256 is right: TV", rare.tv, 0.01),
        at_least("the same: KL, which is finite", rare.kl, 0.9),
    ]
    series = {"n": steps} | {name: [one._asdict() for one in sequence] for name, sequence in found.items()}
    return Result(tuple(checks), series)


def _excess(sides: tuple[float, float]) -> float:
    """By how much the first side exceeds the second; nothing exceeds infinity."""
    return -math.inf if sides[1] == math.inf and sides[0] == sides[0] else sides[0] - sides[1]


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The order, and two sequences along which no arrow leads back."""
    first, second, third = panels(figure, 3)
    boxes = {"KL(P‖Q) → 0\nor KL(Q‖P) → 0": 0.86, "JS → 0  ⇔  TV → 0": 0.5, "W → 0": 0.14}
    for (words, height), color in zip(boxes.items(), (FOURTH, MADE, DATA), strict=True):
        box = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": color, "lw": 1.5}
        first.text(0.5, height, words, ha="center", va="center", bbox=box)
    for start in (0.73, 0.4):
        first.annotate("", (0.5, start - 0.14), (0.5, start), arrowprops={"arrowstyle": "->", "lw": 1.5})
    first.text(0.55, 0.66, "Pinsker", color=SOFT, va="center")
    first.text(0.55, 0.33, "bounded space", color=SOFT, va="center")
    first.set(xlim=(0, 1), ylim=(0, 1), title="From strong to weak")
    first.axis("off")
    n = series["n"]
    for axes, name, title in ((second, "points", "A point at 1/n, one at 0"), (third, "rare", "Chances 1/n and e⁻ⁿ")):
        for key, label, style, color in (
            ("kl", "KL(P‖Q)", "o-", FOURTH),
            ("js", "JS", "o-", THIRD),
            ("tv", "TV", "o-", MADE),
            ("w", "W", "o--", DATA),
        ):
            values = np.array([float(one[key]) for one in series[name]])
            if np.isfinite(values).all():
                axes.loglog(n, values, style, ms=3, color=color, label=label)
        axes.set(xlabel="n", ylabel="distance (KL, JS: nats)", title=title)
        axes.legend(loc="lower left")


CLAIM = Claim(
    slug="topologies",
    title="KL is stronger than JS and TV, which are stronger than W",
    statement=r"""
A sequence of laws may come near its limit by one distance and not by another. A distance by which more sequences
converge is called weaker, and for training that is a virtue: a loss can only lead a model to the data along paths on
which it falls.

Where either KL goes to zero, so does TV, by Pinsker's inequality. JS and TV go to zero together, since
$\frac{1}{2} \mathrm{TV}^2 \le \mathrm{JS} \le \log 2 \cdot \mathrm{TV}$. Where TV goes to zero on a bounded space, so
does $W$: the share of mass that must move is TV, and none moves farther than the diameter.

No arrow leads back. A point at $1/n$ comes to a point at $0$ by $W$, while TV stays $1$ and JS $\log 2$. Uniform laws
on $[0, 1]$ and on $[1/n, 1 + 1/n]$ come together by TV, and both KL are infinite. A chance of $1/n$ for what has chance
$e^{-n}$ vanishes by TV, and KL tends to $1$.
""",
    formulas=(
        r"\mathrm{TV} \le \sqrt{\tfrac{1}{2} \mathrm{KL}(P \| Q)}, \qquad \tfrac{1}{2} \mathrm{TV}^2 \le \mathrm{JS} "
        r"\le \log 2 \cdot \mathrm{TV}, \qquad W \le \mathrm{diam} \cdot \mathrm{TV}",
        r"\mathrm{KL} \to 0 \; \Rightarrow \; \mathrm{JS} \to 0 \; \Leftrightarrow \; \mathrm{TV} \to 0 \; "
        r"\Rightarrow \; W \to 0",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, theorem 2; Pinsker's inequality; Lin 1991",
    experiment=experiment,
    variant=ARROWS,
    controls=(
        Control(
            "pinsker-root",
            "Pinsker's inequality with the half outside the root.",
            {**ARROWS, "KL → TV": lambda d: (d.tv, math.sqrt(d.kl) / 2)},
            r"\mathrm{TV} \le \tfrac{1}{2} \sqrt{\mathrm{KL}(P \| Q)}",
        ),
        Control(
            "no-square",
            "JS is at least half of TV, not of its square.",
            {**ARROWS, "JS → TV": lambda d: (d.tv / 2, d.js)},
            r"\tfrac{1}{2} \mathrm{TV} \le \mathrm{JS}",
        ),
        Control(
            "no-diameter",
            "W is at most TV, without the diameter.",
            {**ARROWS, "TV → W": lambda d: (d.w, d.tv)},
            r"W \le \mathrm{TV}",
        ),
        Control(
            "tv-back-to-kl",
            "The first arrow leads back: where TV goes to zero, so does KL.",
            {**ARROWS, "TV → KL": lambda d: (math.sqrt(d.kl / 2), d.tv)},
            r"\sqrt{\tfrac{1}{2} \mathrm{KL}(P \| Q)} \le \mathrm{TV}",
        ),
        Control(
            "w-back-to-tv",
            "The last arrow leads back: where W goes to zero, so does TV.",
            {**ARROWS, "W → TV": lambda d: (d.diameter * d.tv, d.w)},
            r"\mathrm{diam} \cdot \mathrm{TV} \le W",
        ),
    ),
    draw=draw,
    size=(9.6, 3.2),
)
