"""Cases of `saddle.measures`: transport. Truths are closed forms of normal and exponential laws."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from case import Case, SampleCase
from scipy import stats
from scipy.integrate import quad
from scipy.special import gammaln
from transport_exact_cases import EXACT as EXACT_CASES

from saddle.measures import (
    Estimate,
    dual_potential,
    frechet_distance,
    sinkhorn_divergence,
    sliced_wasserstein,
    wasserstein,
)

Array = np.ndarray
Draw = Callable[[int], tuple[Array, Array]]
EXACT: list[Case] = EXACT_CASES
W, S, K, F = "wasserstein", "sliced_wasserstein", "sinkhorn_divergence", "frechet_distance"


def drawn(n: int, m: int, d: int, *, shift: float = 0.0, scale: float = 1.0) -> Draw:
    """Draws N(0, I) and N(shift along the first axis, scale² I) by a seed."""

    def draw(seed: int) -> tuple[Array, Array]:
        generator = np.random.default_rng([21, seed])
        x, y = generator.standard_normal((n, d)), generator.standard_normal((m, d)) * scale
        y[:, 0] += shift
        return x, y

    return draw


def exponentials(n: int, m: int, d: int, ratio: float) -> Draw:
    """Draws exponential coordinates of mean 1, and of mean `ratio`."""

    def draw(seed: int) -> tuple[Array, Array]:
        generator = np.random.default_rng([22, seed])
        return generator.exponential(1.0, (n, d)), generator.exponential(ratio, (m, d))

    return draw


CORRELATED = (np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([[1.0, -0.5], [-0.5, 2.0]]))


def correlated(seed: int) -> tuple[Array, Array]:
    """Draws 300 and 200 of two normal laws with crossing correlations."""
    generator = np.random.default_rng([23, seed])
    first, second = (np.linalg.cholesky(covariance) for covariance in CORRELATED)
    return generator.standard_normal((300, 2)) @ first.T, generator.standard_normal((200, 2)) @ second.T


def frechet_of_correlated() -> float:
    """The closed form, by eigenvalues of the product."""
    a, b = CORRELATED
    return float(np.trace(a + b) - 2 * np.sqrt(np.linalg.eigvals(a @ b).real).sum())


def lift(n: int, m: int, shift: float, scale: float) -> float:
    """The bias of W_1 between samples of N(0, 1) and N(shift, scale²): the folded normal gap's mean, less its place."""

    def added(t: float) -> float:
        f, g = stats.norm.cdf(t), stats.norm.cdf((t - shift) / scale)
        spread = math.sqrt(f * (1 - f) / n + g * (1 - g) / m)
        if spread < 1e-300:
            return 0.0
        gap = abs(f - g)
        folded = spread * math.sqrt(2 / math.pi) * math.exp(-((gap / spread) ** 2) / 2)
        return float(folded - gap * math.erfc(gap / spread / math.sqrt(2)))

    return quad(added, -9 * max(1, scale), 9 * max(1, scale) + shift, limit=400)[0]


def sliced_lift(n: int, m: int, d: int, shift: float, scale: float) -> float:
    """The same, over directions: a shift of `shift` shows as its cosine, whose density is (1 - t²)^((d-3)/2)."""
    knots = np.polynomial.legendre.leggauss(12)
    angles, weights = (knots[0] + 1) * math.pi / 4, knots[1] * np.sin((knots[0] + 1) * math.pi / 4) ** (d - 2)
    lifts = [lift(n, m, shift * math.cos(angle), scale) for angle in angles]
    return float(np.dot(weights, lifts) / weights.sum())


def mean_cosine(d: int) -> float:
    """The mean of |cos| between a random direction and an axis."""
    return math.exp(gammaln(d / 2) - gammaln((d + 1) / 2)) / math.sqrt(math.pi)


def crossing(shift: float, scale: float) -> float:
    """W_1 of N(0, 1) and N(shift, scale²): E|(scale - 1) Z + shift|."""
    return float(quad(lambda z: abs((scale - 1) * z + shift) * stats.norm.pdf(z), -12, 12, limit=400)[0])


def entropic(epsilon: float, shift: float, scale: float, d: int = 1) -> float:
    """The Sinkhorn divergence of N(0, I) and N(shift along an axis, scale² I), Janati et al., 2020, theorem 1."""

    def cost(s: float, t: float) -> float:
        half = epsilon / 2
        root = math.sqrt(4 * s * s * t * t + half * half)
        return s * s + t * t - root + half * math.log(root + half)

    return shift**2 + d * (cost(1, scale) - (cost(1, 1) + cost(scale, scale)) / 2)


def sliced_case(of: str, draw: Draw, truth: Any, bias: float = 0.0, p: float = 1) -> SampleCase:
    """A sliced case: fresh directions with every draw, half as many as usual for speed."""
    known = truth if callable(truth) else lambda: truth
    return SampleCase(
        S, of, lambda seed: sliced_wasserstein(*draw(seed), p=p, directions=64, seed=seed), known, "closed form", bias
    )


def corrected(x: Array, y: Array) -> Estimate:
    """The corrected value."""
    return frechet_distance(x, y).corrected


def potential(x: Array, y: Array) -> Estimate:
    """The potential's value."""
    return dual_potential(x, y).value


def entropic_estimate(epsilon: float) -> Callable[[Array, Array], Estimate]:
    """At a fixed epsilon."""
    return lambda x, y: sinkhorn_divergence(x, y, epsilon=epsilon)


def two(x: Array, y: Array) -> Estimate:
    """W_2."""
    return wasserstein(x, y, 2)


def case(
    measure: str, of: str, function: Callable[[Array, Array], Estimate], draw: Draw, truth: Any, bias: float = 0.0
) -> SampleCase:
    """A case with a closed form and a judged interval."""
    known = truth if callable(truth) else lambda: truth
    return SampleCase(measure, of, lambda seed: function(*draw(seed)), known, "closed form", bias)


def high(
    measure: str, of: str, function: Callable[[Array, Array], Estimate], draw: Draw, truth: float, bias: float
) -> SampleCase:
    """A case in more than one dimension, whose bias was simulated with scipy's assignment."""
    note = f"bias {bias:+.3g} in more than one dimension, from 6,000 assignments by scipy"
    return SampleCase(measure, of, lambda s: function(*draw(s)), lambda: truth, "closed form", bias, False, note)


def miss(
    measure: str,
    of: str,
    function: Callable[[Array, Array], Estimate],
    draw: Draw,
    truth: float,
    bias: float,
    why: str,
) -> SampleCase:
    """A case whose interval is known to cover too rarely, printed so that this can be seen."""
    note = f"known to miss: {why}"
    return SampleCase(measure, of, lambda seed: function(*draw(seed)), lambda: truth, "closed form", bias, False, note)


SAMPLED: list[SampleCase] = [
    case(W, "N(0, 1) and N(1, 1), n 200", wasserstein, drawn(200, 200, 1, shift=1.0), 1.0, lift(200, 200, 1.0, 1.0)),
    case(
        W, "N(0, 1) and N(0, 2²), n 300, m 150", wasserstein, drawn(300, 150, 1, scale=2.0),
        lambda: crossing(0.0, 2.0), lift(300, 150, 0.0, 2.0),
    ),
    case(W, "exponentials of means 1 and 2, n 200, m 150", wasserstein, exponentials(200, 150, 1, 2.0), 1.0),
    case(W, "equal N(0, 1), n 200, m 100", wasserstein, drawn(200, 100, 1), 0.0, lift(200, 100, 0.0, 1.0)),
    miss(
        W, "N(0, 1) and N(0.26, 1), n 150, m 100", wasserstein, drawn(150, 100, 1, shift=0.26), 0.26,
        lift(150, 100, 0.26, 1.0), "two standard errors from equal laws, the worst place",
    ),
    case(W, "N(0, 1) and N(2, 1), p = 2, n 300, m 200", two, drawn(300, 200, 1, shift=2.0), 2.0),
    high(W, "N(0, I_2) and N(2, I_2), n 100", wasserstein, drawn(100, 100, 2, shift=2.0), 2.0, 0.0185),
    high(W, "N(0, I_5) and N(3, I_5), p = 2, n 100", two, drawn(100, 100, 5, shift=3.0), 3.0, 0.3066),
    high(W, "equal N(0, I_5), n 100", wasserstein, drawn(100, 100, 5), 0.0, 1.3026),
    case(
        "dual_potential", "N(0, 1) and N(1, 1.5²), n 200, m 300", potential, drawn(200, 300, 1, shift=1.0, scale=1.5),
        lambda: crossing(1.0, 1.5), lift(200, 300, 1.0, 1.5),
    ),
    sliced_case("equal N(0, I_3), n 150, m 100", drawn(150, 100, 3), 0.0, sliced_lift(150, 100, 3, 0.0, 1.0)),
    sliced_case(
        "N(0, I_3) and N(2, I_3), n 300, m 200", drawn(300, 200, 3, shift=2.0), 2 * mean_cosine(3),
        sliced_lift(300, 200, 3, 2.0, 1.0),
    ),
    sliced_case(
        "N(0, I_10) and N(0, 1.5² I_10), n 200, m 150", drawn(200, 150, 10, scale=1.5),
        lambda: crossing(0.0, 1.5), sliced_lift(200, 150, 10, 0.0, 1.5),
    ),
    sliced_case("N(0, I_2) and N(3, I_2), p = 2, n 300", drawn(300, 300, 2, shift=3.0), 3 / math.sqrt(2), p=2),
    case(K, "N(0, 1) and N(1, 1), epsilon 0.5, n 200", entropic_estimate(0.5), drawn(200, 200, 1, shift=1.0),
         lambda: entropic(0.5, 1.0, 1.0), 0.0135),
    case(K, "N(0, 1) and N(0, 1.5²), epsilon 0.5, n 200, m 100", entropic_estimate(0.5), drawn(200, 100, 1, scale=1.5),
         lambda: entropic(0.5, 0.0, 1.5), 0.0555),
    case(K, "equal N(0, 1), epsilon 0.5, n 150", entropic_estimate(0.5), drawn(150, 150, 1), 0.0, 0.0328),
    case(K, "N(0, I_2) and N(1, 1.5² I_2), epsilon 2, n 200, m 150", entropic_estimate(2.0),
         drawn(200, 150, 2, shift=1.0, scale=1.5), lambda: entropic(2.0, 1.0, 1.5, 2), 0.0950),
    case(F, "equal N(0, I_64), n 1000", corrected, drawn(1000, 1000, 64), 0.0),
    case(F, "equal N(0, I_8), n 300, m 150", corrected, drawn(300, 150, 8), 0.0),
    case(F, "N(0, I_8) and N(0.5, I_8), n 300, m 200", corrected, drawn(300, 200, 8, shift=0.5), 0.25),
    case(F, "N(0, I_4) and N(0, 1.5² I_4), n 200", corrected, drawn(200, 200, 4, scale=1.5), 1.0),
    case(F, "crossing correlations, n 300, m 200", corrected, correlated, frechet_of_correlated),
    case(F, "exponentials of means 1 and 1.5 in 4 dimensions, n 400", corrected, exponentials(400, 400, 4, 1.5), 2.0),
]  # fmt: skip
