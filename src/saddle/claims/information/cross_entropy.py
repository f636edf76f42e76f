"""Claim 2: cross-entropy, the mean length of a code built for another law."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from saddle.claims.check import at_least, at_most, equal
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.information.codes import block_law, dyadic, shannon_lengths
from saddle.claims.information.entropy import bits as entropy_in_bits
from saddle.claims.information.entropy import code_lengths
from saddle.core.randomness import Stream
from saddle.measures import cross_entropy, total_variation
from saddle.measures import entropy as entropy_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CrossEntropy = Callable[[Tensor, Tensor], Tensor]
SENT, BELIEVED = np.array([0.9, 0.1]), np.array([0.6, 0.4])
BLOCKS = 10


def bits(p: Tensor, q: Tensor) -> Tensor:
    """H(p, q) = -Σ p log2 q."""
    return cross_entropy(p, q, base=2)


def exchanged(p: Tensor, q: Tensor) -> Tensor:
    """-Σ q log2 p: the code of p used on q."""
    return cross_entropy(q, p, base=2)


def weighed_by_q(p: Tensor, q: Tensor) -> Tensor:
    """-Σ q log2 q: the words weighed by how often q sends them."""
    return entropy_of(q, base=2)


def in_nats(p: Tensor, q: Tensor) -> Tensor:
    """-Σ p ln q, taken for bits."""
    return cross_entropy(p, q)


def numbers(formula: CrossEntropy, p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """A formula of tensors on arrays (..., n)."""
    return formula(torch.from_numpy(p), torch.from_numpy(q)).numpy()


def experiment(formula: CrossEntropy, trial: Trial) -> Result:
    """Cross-entropy against the lengths of codes for q whose words p chooses, and against a descent in q."""
    pairs = trial.pick(40, 400)
    exact, code, length, gap, floor, same = np.concatenate([_pairs(formula, seed, pairs) for seed in trial.seeds], 1)
    found = np.abs(_descended(formula, trial) - _targets(trial)).max()
    per_letter = {name: [_per_letter(law, n) for n in range(1, BLOCKS + 1)] for name, law in _CODES.items()}
    waste = per_letter["of q"][-1] - float(numbers(formula, SENT, BELIEVED))
    least = (gap - floor).min()
    checks = (
        equal("H(p, q) and the mean length of q's Huffman code on p, greatest difference, q dyadic", exact.max(), 0),
        at_least("mean length of q's Shannon code on p - H(p, q), least of all pairs", (length - code).min(), 0),
        at_most("mean length of q's Shannon code on p - H(p, q), greatest of all pairs", (length - code).max(), 1),
        at_least("the same for blocks of 10 letters, per letter, at least", waste, 0),
        at_most("the same for blocks of 10 letters, per letter, at most", waste, 1 / BLOCKS),
        equal("H(p, p) and the mean length of p's own Huffman code, greatest difference, p dyadic", same.max(), 0),
        at_least("H(p, q) - H(p) - (2/ln 2) TV(p, q)², least of all pairs", least, 0, within=1e-12),
        equal("the q that descent on H(p, q) finds and p, greatest difference", found, 0),
    )
    chance = np.linspace(0.02, 0.98, 97)
    coins = np.stack([chance, 1 - chance], 1)
    fixed = np.tile([0.3, 0.7], (len(chance), 1))
    series = {
        "code": code[:: len(code) // 150],
        "length": length[:: len(code) // 150],
        "q": chance,
        "curve": numbers(formula, fixed, coins),
        "floor": entropy_in_bits(fixed[0]),
        "blocks": list(range(1, BLOCKS + 1)),
        "per letter": per_letter,
        "limits": {"of q": float(numbers(formula, SENT, BELIEVED)), "of p": entropy_in_bits(SENT)},
    }
    return Result(checks, series)


_CODES = {"of q": BELIEVED, "of p": SENT}


def _per_letter(law: np.ndarray, block: int) -> float:
    """Mean bits per letter that p sends in blocks by the Shannon code of a law."""
    return float(block_law(SENT, block) @ shannon_lengths(block_law(law, block))) / block


def _pairs(formula: CrossEntropy, seed: int, pairs: int) -> np.ndarray:
    """Differences at dyadic q; H(p, q), Shannon lengths, H(p, q) - H(p), its floor; differences at q = p."""
    draw = Stream(seed, ("cross-entropy",)).numpy()
    letters = int(draw.integers(2, 24))
    p, other = (_laws(draw, letters, pairs) for _ in range(2))
    share = 10 ** draw.uniform(-3, 0, (pairs, 1))
    q = (1 - share) * p + share * other
    trees = np.stack([dyadic(draw, letters) for _ in range(pairs)])
    lengths = np.stack([code_lengths(one) for one in trees])
    code = numbers(formula, p, q)
    gap = code - np.array([entropy_in_bits(one) for one in p])
    floor = 2 / math.log(2) * total_variation(p, q) ** 2
    exact = np.abs(numbers(formula, p, trees) - (p * lengths).sum(1))
    same = np.abs(numbers(formula, trees, trees) - (trees * lengths).sum(1))
    return np.stack([exact, code, (p * shannon_lengths(q)).sum(1), gap, floor, same])


def _laws(draw: np.random.Generator, letters: int, count: int) -> np.ndarray:
    """Laws (count, letters), some nearly uniform, some nearly certain, none with a zero."""
    spread = draw.uniform(0.2, 3, (count, 1))
    laws = draw.gamma(np.broadcast_to(spread, (count, letters))) + 1e-6
    return laws / laws.sum(1, keepdims=True)


def _targets(trial: Trial) -> np.ndarray:
    """One law of six letters for each seed, none rarer than 1/15."""
    draws = [Stream(seed, ("descent",)).numpy().dirichlet(np.ones(6)) for seed in trial.seeds]
    return 0.4 / 6 + 0.6 * np.stack(draws)


def _descended(formula: CrossEntropy, trial: Trial) -> np.ndarray:
    """Where gradient descent on the formula ends, as a network with a softmax ends on the labels it is shown."""
    p = torch.from_numpy(_targets(trial))
    scores = torch.zeros_like(p, requires_grad=True)
    for _ in range(trial.pick(400, 1_000)):
        (slope,) = torch.autograd.grad(formula(p, scores.softmax(1)).sum(), scores)
        scores = (scores - 2 * slope).detach().requires_grad_()
    return scores.softmax(1).detach().numpy()


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Code lengths on cross-entropy; cross-entropy of coins; two codes on one source."""
    first, second, third = panels(figure, 3)
    top = max(series["code"]) * 1.05
    first.fill_between([0, top], [0, top], [1, top + 1], color=SOFT, alpha=0.2, lw=0, label="H(p, q) to H(p, q) + 1")
    first.plot(series["code"], series["length"], "o", color=MADE, ms=2.5, label="Shannon code of q on p")
    first.set(xlabel="H(p, q), bits", ylabel="bits per letter", xlim=(0, top), ylim=(0, top + 2))
    first.set_title("The code of q costs H(p, q)")
    first.legend(loc="upper left")
    second.plot(series["q"], series["curve"], color=MADE, label="H(p, q), p = 0.3")
    second.axhline(series["floor"], color=DATA, label="H(p)")
    second.axvline(0.3, ymax=0.7, color=SOFT, lw=0.8, ls=":")
    second.set(xlabel="chance q of heads", ylabel="bits", title="The least is H(p), at q = p")
    second.legend(loc="upper center")
    for name, color in (("of q", MADE), ("of p", DATA)):
        limit = "H(p, q)" if name == "of q" else "H(p)"
        third.axhline(series["limits"][name], color=color, lw=1, ls="--", label=limit)
        third.plot(series["blocks"], series["per letter"][name], "o-", color=color, ms=4, label=f"code {name}")
    third.set(
        xlabel="letters per block", ylabel="bits per letter", title="The wrong code stays dearer", ylim=(0.4, 1.7)
    )
    third.legend(loc="upper right", ncols=2, handlelength=1.4, columnspacing=1.2)


CLAIM = Claim(
    slug="cross-entropy",
    title="Cross-entropy is the mean length of a code built for another law",
    statement=r"""
Build Shannon's code for what you believe, the law $q$: an outcome gets a word of $-\log_2 q(x)$ bits, rounded up.
Nature sends by another law, $p$. The mean length $L$ is then the cross-entropy $H(p, q)$: $p$ says how often a word is
sent, $q$ how long it is. Where the probabilities of $q$ are powers of one half, this is exact; otherwise words of whole
bits cost less than one bit more.

No belief does better than the truth: $H(p, q) \ge H(p)$, and they are equal only for $q = p$, since what is lost is at
least $2 / \ln(2)$ times the square of the total variation between the two (Pinsker). So whoever minimizes cross-entropy
over $q$ ends at $p$, and that is why classifiers are trained by it. The discriminator of a GAN is one of them: its loss
is the cross-entropy of its answers to the question "data or made?".
""",
    formulas=(
        r"H(p, q) = -\sum_x p(x) \log_2 q(x), \qquad H(p, q) \le L < H(p, q) + 1",
        r"H(p, q) - H(p) \ge \frac{2}{\ln 2} \, \mathrm{TV}(p, q)^2, \qquad H(p, q) = H(p) \; \iff \; q = p",
    ),
    reference="Cover & Thomas 2006, Elements of Information Theory, theorems 5.4.3 (wrong code) and 2.6.3; "
    "lemma 11.6.1 (Pinsker)",
    experiment=experiment,
    variant=bits,
    controls=(
        Control(
            "exchanged",
            "Cross-entropy is the mean of -log p under q: the two laws change places.",
            exchanged,
            r"H(p, q) = -\sum_x q(x) \log_2 p(x)",
        ),
        Control(
            "weighed-by-q",
            "The words of q's code are weighed by how often q would send them.",
            weighed_by_q,
            r"H(p, q) = -\sum_x q(x) \log_2 q(x)",
        ),
        Control(
            "nats", "The same sum with natural logarithms counts bits.", in_nats, r"H(p, q) = -\sum_x p(x) \ln q(x)"
        ),
    ),
    draw=draw,
    size=(9.6, 3.0),
)
