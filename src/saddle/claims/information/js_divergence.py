"""Claim 4: the Jensen-Shannon divergence, symmetric, bounded, and the square of a distance."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.claims.check import Check, at_least, at_most, equal
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.information.codes import dyadic
from saddle.claims.information.entropy import code_lengths
from saddle.claims.information.exchange import agree, differ
from saddle.core.randomness import Stream
from saddle.measures import kl_divergence, mutual_information, total_variation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OfPair = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From probabilities p and q, shape (n, k), to numbers (n,)."""


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        divergence: JSD, in nats.
        exchanging: of the greatest difference between JSD(p, q) and JSD(q, p).
        distance: what is a distance.
    """

    divergence: OfPair
    exchanging: Callable[[str, float], Check]
    distance: OfPair


def true_divergence(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2."""
    middle = (p + q) / 2
    return kl_divergence(p, middle) / 2 + kl_divergence(q, middle) / 2


def without_halves(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """KL(p‖m) + KL(q‖m)."""
    return 2 * true_divergence(p, q)


def p_twice(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """½ KL(p‖m) + ½ KL(p‖m)."""
    middle = (p + q) / 2
    return kl_divergence(p, middle) / 2 + kl_divergence(p, middle) / 2


def root(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The square root of JSD."""
    return np.sqrt(true_divergence(p, q))


TRUE = Formulas(true_divergence, agree, root)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formula against codes and mutual information, its bounds, and three laws at a time."""
    found = [_pairs(formulas.divergence, seed, trial) for seed in trial.seeds]
    jsd, back, told, variation = np.concatenate(found, 1)
    first, second, wasted = _senders(trial)
    coded = np.abs(formulas.divergence(first, second) - wasted)
    apart = np.concatenate([_apart(formulas.divergence, seed, trial) for seed in trial.seeds])
    straight, around, turned, floor = np.concatenate([_triples(formulas.distance, s, trial) for s in trial.seeds], 1)
    checks = (
        equal("JSD and the bits that the sender's name saves in Huffman codes, greatest difference", coded.max(), 0),
        equal("JSD and what an example tells of its law, greatest difference", np.abs(jsd - told).max(), 0),
        formulas.exchanging("|JSD(p, q) - JSD(q, p)|, greatest of all pairs", float(np.abs(jsd - back).max())),
        equal(
            "JSD and log 2, greatest difference of pairs that share no outcome", np.abs(apart - math.log(2)).max(), 0
        ),
        at_most("JSD - TV log 2, greatest of all pairs", (jsd - variation * math.log(2)).max(), 0, within=1e-9),
        equal("|d(p, q) - d(q, p)|, greatest of all pairs", np.abs(straight - turned).max(), 0),
        at_least("d(p, q) + d(q, r) - d(p, r), least of all triples", (around - straight).min(), 0, within=1e-9),
        at_least("d(p, q) - TV/√2, least of all pairs", (straight - floor).min(), 0, within=1e-9),
    )
    few = slice(None, None, max(1, len(jsd) // 150))
    squares = np.concatenate([_triples(formulas.divergence, seed, trial) for seed in trial.seeds], 1)
    series = {
        **_shifted(formulas.divergence),
        "variation": variation[few],
        "jsd": jsd[few],
        "triples": {"root": [straight[few], around[few]], "plain": [squares[0, few], squares[1, few]]},
    }
    return Result(checks, series)


def _laws(draw: np.random.Generator, count: int, letters: int) -> np.ndarray:
    """Laws (count, letters), some nearly uniform, some nearly certain, some with zeros."""
    spread = draw.uniform(0.1, 2, (count, 1))
    weights = draw.gamma(np.broadcast_to(spread, (count, letters))) + 1e-9
    weights[:, 1:] *= draw.random((count, letters - 1)) < 0.8
    return weights / weights.sum(1, keepdims=True)


def _pairs(divergence: OfPair, seed: int, trial: Trial) -> np.ndarray:
    """Of pairs ever nearer to each other: JSD both ways, the information between example and law, total variation."""
    draw = Stream(seed, ("pairs",)).numpy()
    count, letters = trial.pick(200, 2_000), int(draw.integers(2, 12))
    p, other = (_laws(draw, count, letters) for _ in range(2))
    share = 10 ** draw.uniform(-2, 0, (count, 1)) * (draw.random((count, 1)) < 0.7)
    q = share * p + (1 - share) * other
    told = mutual_information(np.stack([p, q], 1) / 2)
    return np.stack([divergence(p, q), divergence(q, p), told, total_variation(p, q)])


@cache
def _senders(trial: Trial) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Laws of two senders, probabilities powers of ½, and the nats that they waste by sharing one Huffman code."""
    laws, wasted, most = [], [], 24
    for seed in trial.seeds:
        draw = Stream(seed, ("senders",)).numpy()
        for _ in range(trial.pick(40, 400)):
            letters = int(draw.integers(2, most))
            tree, own = dyadic(draw, letters), draw.random(letters) < 0.5
            p, q = np.zeros((2, 2 * most))
            p[:letters], q[:letters], q[most : most + letters] = tree, np.where(own, 0, tree), np.where(own, tree, 0)
            laws.append((p, q))
            lengths = _best_length((p + q) / 2) - _best_length(p) / 2 - _best_length(q) / 2
            wasted.append(lengths * math.log(2))
    p, q = np.array(laws).swapaxes(0, 1)
    return p, q, np.array(wasted)


def _best_length(p: np.ndarray) -> float:
    sent = p[p > 0]
    return float(sent @ code_lengths(sent))


def _apart(divergence: OfPair, seed: int, trial: Trial) -> np.ndarray:
    """JSD of pairs without a common outcome."""
    draw = Stream(seed, ("apart",)).numpy()
    count = trial.pick(50, 500)
    p, q = _laws(draw, count, 5), _laws(draw, count, 8)
    return divergence(np.pad(p, ((0, 0), (0, 8))), np.pad(q, ((0, 0), (5, 0))))


def _triples(distance: OfPair, seed: int, trial: Trial) -> np.ndarray:
    """Of p, r, and a q that lies near the segment between them: d(p, r), the way through q, d(r, p), and TV/√2."""
    draw = Stream(seed, ("triples",)).numpy()
    count = trial.pick(300, 3_000)
    p, end, aside = (_laws(draw, count, 6) for _ in range(3))
    share, place, off = (draw.random((count, 1)) for _ in range(3))
    r = (1 - share) * p + share * end
    q = (1 - off**3) * ((1 - place) * p + place * r) + off**3 * aside
    r, p = r + 1e-9 / 6, p + 1e-9 / 6
    p, q, r = (one / one.sum(1, keepdims=True) for one in (p, q + 1e-9 / 6, r))
    around = distance(p, q) + distance(q, r)
    return np.stack([distance(p, r), around, distance(r, p), total_variation(p, r) / math.sqrt(2)])


def _shifted(divergence: OfPair) -> dict[str, Any]:
    """JSD, and KL both ways, between N(0, 1) and N(shift, 0.6²), on a grid."""
    x = np.linspace(-9, 15, 2_401)
    shift = np.linspace(0, 6, 61)
    p = np.exp(-(x**2) / 2)
    q = np.exp(-(((x - shift[:, None]) / 0.6) ** 2) / 2)
    p, q = np.tile(p / p.sum(), (61, 1)), q / q.sum(1, keepdims=True)
    curves = {"JSD": divergence(p, q), "KL(p‖q)": kl_divergence(p, q), "KL(q‖p)": kl_divergence(q, p)}
    return {"shift": shift, "curves": {name: np.minimum(one, 10) for name, one in curves.items()}}


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """JSD beside KL as two normals part; between its bounds; the way round against the straight one."""
    first, second, third = panels(figure, 3)
    for (name, curve), color in zip(series["curves"].items(), (THIRD, DATA, MADE), strict=True):
        first.plot(series["shift"], curve, color=color, label=name)
    first.axhline(math.log(2), color=SOFT, lw=0.8, ls=":", label="log 2")
    first.set(xlabel="shift between two normals", ylabel="nats", ylim=(0, 3), title="KL grows, JSD stays below log 2")
    first.legend(loc="upper right")
    variation = np.linspace(0, 1, 101)
    second.plot(series["variation"], series["jsd"], "o", color=DATA, ms=2.5, label="pairs of laws")
    second.plot(variation, variation * math.log(2), color=MADE, label="TV log 2")
    second.plot(variation, variation**2 / 2, color=SOFT, label="TV²/2")
    second.set(xlabel="total variation", ylabel="JSD, nats", title="At log 2 only where nothing is shared")
    second.legend(loc="upper left")
    for name, color, label in (("plain", MADE, "JSD"), ("root", DATA, "√JSD")):
        straight, around = series["triples"][name]
        third.plot(around, straight, "o", color=color, ms=2.5, label=label)
    third.axline((0, 0), slope=1, color=SOFT, lw=0.8, ls=":", label="above: a shortcut")
    third.set(xlabel="d(p, q) + d(q, r)", ylabel="d(p, r)", title="Only the root has no shortcuts")
    third.set(xlim=(0, 1.25), ylim=(0, 1.1))
    third.legend(loc="upper left")


CLAIM = Claim(
    slug="js-divergence",
    title="JSD is symmetric, at most log 2, and its root is a distance",
    statement=r"""
Toss a coin, draw an example from $p$ or from $q$ accordingly, and ask what the example tells of the coin. The answer
is the Jensen-Shannon divergence: the mean KL of the two laws from their mixture $m$. In codes: it is what two senders
waste who share one code.

Since $p$ and $q$ play the same part, JSD is symmetric. A coin holds $\log(2)$ nats, so that JSD is finite where KL is
infinite, and at most $\log(2)$. It is even at most $\log(2)$ times the total variation, and so reaches $\log(2)$ only
if no outcome is common to both. Its square root is a true distance: zero only for $p = q$, symmetric, and never
shortened by a way through a third law. JSD itself is none: a stop halfway shortens it.

For GANs this is the divergence that the best discriminator measures. That it stands still at $\log(2)$ for all laws
which share nothing, near or far, will be its problem.
""",
    formulas=(
        r"\mathrm{JSD}(p, q) = \frac{1}{2} \mathrm{KL}(p \| m) + \frac{1}{2} \mathrm{KL}(q \| m), "
        r"\qquad m = \frac{p + q}{2}",
        r"\frac{1}{2} \mathrm{TV}(p, q)^2 \le \mathrm{JSD}(p, q) = \mathrm{JSD}(q, p) \le \mathrm{TV}(p, q) \, \log(2)",
        r"\sqrt{\mathrm{JSD}(p, r)} \le \sqrt{\mathrm{JSD}(p, q)} + \sqrt{\mathrm{JSD}(q, r)}",
    ),
    reference="Lin 1991, Divergence Measures Based on the Shannon Entropy; Endres & Schindelin 2003, A New Metric "
    "for Probability Distributions",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "without-halves",
            "JSD is KL(p‖m) + KL(q‖m), without the halves.",
            replace(TRUE, divergence=without_halves),
            r"\mathrm{JSD}(p, q) = \mathrm{KL}(p \| m) + \mathrm{KL}(q \| m)",
            misprint=True,
        ),
        Control(
            "p-twice",
            "The second term of JSD repeats p.",
            replace(TRUE, divergence=p_twice),
            r"\mathrm{JSD}(p, q) = \frac{1}{2} \mathrm{KL}(p \| m) + \frac{1}{2} \mathrm{KL}(p \| m)",
            misprint=True,
        ),
        Control(
            "asymmetric",
            "JSD is asymmetric: for some laws its two directions differ.",
            replace(TRUE, exchanging=differ),
            r"\mathrm{JSD}(p, q) \ne \mathrm{JSD}(q, p)",
            misprint=True,
        ),
        Control(
            "kl-distance",
            "KL, another divergence, is a distance: symmetric, and never shortened by a way through a third law.",
            replace(TRUE, distance=kl_divergence),
            r"d(p, q) = \mathrm{KL}(p \| q)",
            misprint=True,
        ),
        Control(
            "no-root",
            "JSD itself, without the root, is a distance.",
            replace(TRUE, distance=true_divergence),
            r"d(p, q) = \mathrm{JSD}(p, q)",
        ),
    ),
    draw=draw,
    size=(9.6, 3.1),
)
