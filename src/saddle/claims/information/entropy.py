"""Claim 1: information, entropy, and the length of codes."""

import heapq
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.claims.check import at_least, at_most, equal, greatest, least
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.core.randomness import Stream
from saddle.measures import entropy as entropy_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Entropy = Callable[[np.ndarray], float]


def bits(p: np.ndarray) -> float:
    """H(p) = -Σ p log2 p."""
    return float(entropy_of(p, base=2))


def without_weights(p: np.ndarray) -> float:
    """-Σ log2 p: the information of each outcome as if all came equally often, once each."""
    return float(-np.log2(p[p > 0]).sum())


def in_nats(p: np.ndarray) -> float:
    """-Σ p ln p, taken for bits."""
    return float(entropy_of(p))


def code_lengths(p: np.ndarray) -> np.ndarray:
    """Lengths in bits of the codewords of a Huffman code, the shortest prefix code there is (Huffman 1952)."""
    lengths = np.zeros(len(p))
    heap: list[tuple[float, int, list[int]]] = [(float(one), place, [place]) for place, one in enumerate(p)]
    heapq.heapify(heap)
    while len(heap) > 1:
        (a, _, left), (b, place, right) = heapq.heappop(heap), heapq.heappop(heap)
        lengths[left + right] += 1
        heapq.heappush(heap, (a + b, place, left + right))
    return lengths


def experiment(entropy: Entropy, trial: Trial) -> Result:
    """Entropy against the lengths of Huffman codes, which never see its formula."""
    sources = trial.pick(40, 400)
    gaps, excess = [], []
    for seed in trial.seeds:
        draw = Stream(seed, ("entropy",)).numpy()
        for _ in range(sources):
            p = draw.dirichlet(np.full(draw.integers(2, 40), 0.5)) + 1e-12
            p /= p.sum()
            gaps.append(float(p @ code_lengths(p)) - entropy(p))
            excess.append(entropy(p) - math.log2(len(p)))
    dyadic = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    letters = np.array([0.9, 0.1])
    blocks = [_per_letter(letters, n) for n in range(1, 11)]
    share = 2.0 ** -np.arange(1, 31)
    contribution = np.array([entropy(np.array([s, 1 - s])) for s in share])
    checks = (
        equal("H of (1/2, 1/4, 1/8, 1/8) and the mean length of its code", entropy(dyadic), _per_letter(dyadic, 1)),
        at_least("mean code length - H, least of all sources", least(gaps), 0, within=1e-9),
        at_most("mean code length - H, greatest of all sources", greatest(gaps), 1),
        at_most("H - log2 k, greatest of all sources of k letters", greatest(excess), 0, within=1e-9),
        equal("H of the uniform law on 12 letters and log2 12", entropy(np.full(12, 1 / 12)), math.log2(12)),
        at_most("what coding blocks of 10 letters costs beyond H, per letter", blocks[9] - entropy(letters), 0.1),
        at_most("H of a coin whose rare side has chance 2^-30", contribution[-1], 1e-7),
        at_most("step of that H as the chance halves, greatest", float(np.diff(contribution).max()), 0),
    )
    grid = np.linspace(1e-4, 1, 200)
    series = {
        "p": grid,
        "information": -np.log2(grid),
        "contribution": -grid * np.log2(grid),
        "coin": [entropy(np.array([x, 1 - x])) for x in grid],
        "block": list(range(1, 11)),
        "per letter": blocks,
        "entropy": entropy(letters),
    }
    return Result(checks, series)


def _per_letter(letters: np.ndarray, block: int) -> float:
    """Mean bits per letter of a Huffman code of all blocks of so many letters."""
    p = letters
    for _ in range(block - 1):
        p = np.outer(p, letters).ravel()
    return float(p @ code_lengths(p)) / block


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Information and its share of the mean; the entropy of a coin; codes of longer blocks."""
    first, second, third = panels(figure, 3)
    first.plot(series["p"], series["information"], color=SOFT, label="information, -log₂ p")
    first.plot(series["p"], series["contribution"], color=DATA, label="its share of H, -p log₂ p")
    first.set(xlabel="chance p of an outcome", ylabel="bits", ylim=(0, 6), title="Rare events say much, and seldom")
    first.legend()
    second.plot(series["p"], series["coin"], color=DATA)
    second.set(xlabel="chance of heads", ylabel="H, bits", title="A fair coin is worth most")
    third.axhline(series["entropy"], color=DATA, label="H")
    third.plot(series["block"], series["per letter"], "o-", color=MADE, ms=4, label="Huffman code")
    third.set(xlabel="letters per block", ylabel="bits per letter", title="Codes come down to H")
    third.legend()


CLAIM = Claim(
    slug="entropy",
    title="Entropy is the shortest mean code length",
    statement=r"""
An outcome of chance $p$ carries $-\log_2 p$ bits of information: the rarer, the more. The mean over what a source sends
is its entropy $H$. It is what remains of any message after the best compression: no code whose messages can be read
without marks between the words needs fewer bits on average, the best needs less than one bit more, and coding blocks of
letters together brings the excess as near to zero as one likes.

Among sources with $k$ letters the uniform one has the most entropy, $\log_2 k$. Rare events carry much information but
come seldom, so that their share $-p \log_2 p$ of the mean vanishes with $p$.
""",
    formulas=(r"H(p) = -\sum_x p(x) \log_2 p(x), \qquad H(p) \le L(p) < H(p) + 1, \qquad H(p) \le \log_2 k",),
    reference="Shannon 1948, A Mathematical Theory of Communication, theorem 9; Cover & Thomas 2006, theorem 5.4.1",
    experiment=experiment,
    variant=bits,
    controls=(
        Control(
            "unweighted",
            "Entropy grows without bound as an outcome becomes rarer (the weight p before the logarithm left out).",
            without_weights,
            r"H(p) = -\sum_x \log_2 p(x)",
            misprint=True,
        ),
        Control("nats", "The same sum with natural logarithms counts bits.", in_nats, r"H(p) = -\sum_x p(x) \ln p(x)"),
    ),
    draw=draw,
    size=(9.6, 2.9),
)
