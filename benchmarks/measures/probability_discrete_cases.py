"""Cases of `saddle.measures`: probabilities, against 50 digits of mpmath, closed forms, scipy and dit."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import mpmath
import numpy as np
from case import DISCRETE, Case

from saddle import measures

DIGITS = 700
"""Enough for a share of 1e-300 beside one, and 50 digits of the noise on it."""

Exact = list[Any]
"""Numbers of mpmath, which has no types."""


def laws() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of probabilities, each harder than the last."""
    g = np.random.default_rng(0)
    p, q = g.dirichlet(np.ones(30)), g.dirichlet(np.ones(30))
    # One outcome is nearly certain, the others go down to 1e-300.
    tiny, other = (np.append(10.0 ** -np.sort(g.uniform(1, 300, 19)), 1.0) for _ in range(2))
    tiny[18], tiny, other = 1e-300, tiny / tiny.sum(), other / other.sum()
    return {
        "30 outcomes": (p, q),
        "q = p (1 + 1e-8 noise)": (p, p * (1 + 1e-8 * g.standard_normal(30))),
        "down to 1e-300": (tiny, other),
        "down to 1e-300, 1e-8 noise": (tiny, tiny * (1 + 1e-8 * g.standard_normal(20))),
    }


LAWS = laws()


def normalized(p: np.ndarray) -> Exact:
    """The given numbers, exactly, divided by their exact sum."""
    numbers = [mpmath.mpf(float(x)) for x in p.ravel()]
    total = mpmath.fsum(numbers)
    return [x / total for x in numbers]


def sum_of(term: Callable[[Any, Any], Any], p: np.ndarray, q: np.ndarray) -> Any:
    """Σ term(p, q) in exact arithmetic."""
    with mpmath.workdps(DIGITS):
        pairs = zip(normalized(p), normalized(q), strict=True)
        return mpmath.fsum(term(a, b) for a, b in pairs)


TERMS: dict[str, Callable[[Any, Any], Any]] = {
    "kl": lambda p, q: p * mpmath.log(p / q),
    "reverse-kl": lambda p, q: q * mpmath.log(q / p),
    "pearson": lambda p, q: (p - q) ** 2 / q,
    "neyman": lambda p, q: (p - q) ** 2 / p,
    "jeffreys": lambda p, q: (p - q) * mpmath.log(p / q),
    "squared-hellinger": lambda p, q: (mpmath.sqrt(p) - mpmath.sqrt(q)) ** 2,
    "jensen-shannon": lambda p, q: (p * mpmath.log(2 * p / (p + q)) + q * mpmath.log(2 * q / (p + q))) / 2,
    "jensen-shannon-nowozin": lambda p, q: p * mpmath.log(2 * p / (p + q)) + q * mpmath.log(2 * q / (p + q)),
    "total-variation": lambda p, q: abs(p - q) / 2,
    "gan": lambda p, q: p * mpmath.log(p / (p + q)) + q * mpmath.log(q / (p + q)),
}


def renyi(p: np.ndarray, q: np.ndarray, order: float) -> Any:
    """log Σ p^α q^(1-α) / (α - 1)."""
    if order == 1:
        return sum_of(TERMS["kl"], p, q)
    with mpmath.workdps(DIGITS):
        alpha = mpmath.mpf(order)
        return mpmath.log(sum_of(lambda a, b: a**alpha * b ** (1 - alpha), p, q)) / (alpha - 1)


def mutual(joint: np.ndarray) -> Any:
    """Σ p(x, y) log(p(x, y) / (p(x) p(y)))."""
    with mpmath.workdps(DIGITS):
        cells = np.array(normalized(joint)).reshape(joint.shape)
        rows, columns = cells.sum(1), cells.sum(0)
        places = [(i, j) for i in range(joint.shape[0]) for j in range(joint.shape[1]) if cells[i, j] > 0]
        return mpmath.fsum(cells[i, j] * mpmath.log(cells[i, j] / (rows[i] * columns[j])) for i, j in places)


def plain(function: Callable[..., Any], *arguments: Any, **settings: Any) -> float:
    """A measure as a plain number."""
    return float(function(*arguments, **settings))


def digits() -> Iterator[Case]:
    """Against mpmath."""
    source = "mpmath, 50 digits or more"
    for title, (p, q) in LAWS.items():
        for name, term in TERMS.items():
            found, truth = partial(plain, measures.f_divergence, p, q, name), partial(sum_of, term, p, q)
            yield Case("f_divergence", f"{name}: {title}", found, truth, source, DISCRETE)
        entropy = partial(sum_of, lambda a, b: -a * mpmath.log(a), p, q)
        cross = partial(sum_of, lambda a, b: -a * mpmath.log(b), p, q)
        yield Case("entropy", title, partial(plain, measures.entropy, p), entropy, source, DISCRETE)
        yield Case("cross_entropy", title, partial(plain, measures.cross_entropy, p, q), cross, source, DISCRETE)
        for public, member in (("kl", "kl"), ("js", "jensen-shannon")):
            function = getattr(measures, f"{public}_divergence")
            truth = partial(sum_of, TERMS[member], p, q)
            yield Case(f"{public}_divergence", title, partial(plain, function, p, q), truth, source, DISCRETE)
        truth = partial(sum_of, TERMS["total-variation"], p, q)
        yield Case("total_variation", title, partial(plain, measures.total_variation, p, q), truth, source, DISCRETE)
        for order in (1e-9, 0.3, 0.5, 1 - 1e-12, 1, 1 + 1e-12, 2, 20):
            found, truth = partial(plain, measures.renyi_divergence, p, q, order), partial(renyi, p, q, order)
            yield Case("renyi_divergence", f"order {order!r}: {title}", found, truth, source, DISCRETE)


def tables() -> Iterator[Case]:
    """Mutual information."""
    g = np.random.default_rng(1)
    independent = np.outer(g.dirichlet(np.ones(6)), g.dirichlet(np.ones(4)))
    steep = np.outer(10.0 ** -np.linspace(0, 150, 6), 10.0 ** -np.linspace(0, 150, 4))
    noise = 1 + 1e-8 * g.standard_normal((6, 4))
    joints = {
        "a table of 6 x 4": g.dirichlet(np.ones(24)).reshape(6, 4),
        "independent but for 1e-8 noise": independent * noise,
        "independent to rounding": independent,
        "down to 1e-300, 1e-8 noise": steep / steep.sum() * noise,
    }
    for title, joint in joints.items():
        found, truth = partial(plain, measures.mutual_information, joint), partial(mutual, joint)
        yield Case("mutual_information", title, found, truth, "mpmath, 50 digits or more", DISCRETE)


LEFT, RIGHT = np.array([0.25, 0.75, 0.0, 0.0]), np.array([0.0, 0.0, 0.1, 0.9])
HOLE, WHOLE = np.array([0.0, 0.5, 0.5]), np.array([0.25, 0.25, 0.5])
LOG2 = math.log(2)


def closed() -> Iterator[Case]:
    """What is known on paper: bounds reached exactly, zeros and infinities."""
    m = measures
    rows: list[tuple[str, str, Callable[..., Any], tuple[Any, ...], float]] = [
        ("js_divergence", "disjoint supports: log 2 to the bit", m.js_divergence, (LEFT, RIGHT), LOG2),
        ("total_variation", "disjoint supports: one to the bit", m.total_variation, (LEFT, RIGHT), 1.0),
        ("f_divergence", "squared-hellinger, disjoint: two to the bit", m.f_divergence, (LEFT, RIGHT, HELLINGER), 2.0),
        ("f_divergence", "gan, disjoint: zero to the bit", m.f_divergence, (LEFT, RIGHT, "gan"), 0.0),
    ]
    for measure, of, function, arguments, truth in rows:
        yield Case(measure, of, partial(plain, function, *arguments), partial(float, truth), "closed form", 0.0)
    rows = [
        ("f_divergence", "gan, equal laws: -log 4", m.f_divergence, (WHOLE, WHOLE, "gan"), -2 * LOG2),
        ("kl_divergence", "equal laws: zero", m.kl_divergence, (WHOLE, WHOLE), 0.0),
        ("kl_divergence", "p zero where q is not", m.kl_divergence, (HOLE, WHOLE), LOG2 / 2),
        ("kl_divergence", "q zero where p is not: infinite", m.kl_divergence, (WHOLE, HOLE), math.inf),
        ("renyi_divergence", "order 0: -log Q(p > 0)", m.renyi_divergence, (HOLE, WHOLE, 0), -math.log(0.75)),
        ("renyi_divergence", "order infinity: log max p/q", m.renyi_divergence, (HOLE, WHOLE, math.inf), LOG2),
        ("renyi_divergence", "disjoint supports: infinite", m.renyi_divergence, (LEFT, RIGHT, 0.5), math.inf),
        ("information", "of one in eight", m.information, (np.array(0.125),), 3 * LOG2),
        ("mutual_information", "of a variable with itself", m.mutual_information, (np.diag(WHOLE),), 1.5 * LOG2),
        ("entropy", "uniform on 1,000", m.entropy, (np.full(1000, 1e-3),), math.log(1000)),
    ]
    for measure, of, function, arguments, truth in rows:
        yield Case(measure, of, partial(plain, function, *arguments), partial(float, truth), "closed form", DISCRETE)


HELLINGER = "squared-hellinger"


def libraries() -> Iterator[Case]:
    """Against other people's code, where the plain sums keep their digits."""
    p, q = LAWS["30 outcomes"]
    m, joint = measures, np.random.default_rng(2).multinomial(1000, np.ones(12) / 12).reshape(3, 4) / 1000
    rows: list[tuple[str, Callable[[], float], Callable[[], Any], str]] = [
        ("entropy", lambda: plain(m.entropy, p, base=2), lambda: _dit_entropy(p), "dit"),
        ("kl_divergence", lambda: plain(m.kl_divergence, p, q, base=2), lambda: _dit_kl(p, q), "dit"),
        ("js_divergence", lambda: plain(m.js_divergence, p, q, base=2), lambda: _dit_js(p, q), "dit"),
        ("cross_entropy", lambda: plain(m.cross_entropy, p, q, base=2), lambda: _dit_cross(p, q), "dit"),
        ("mutual_information", lambda: plain(m.mutual_information, joint, base=2), lambda: _dit_mi(joint), "dit"),
        ("entropy", lambda: plain(m.entropy, p), lambda: _scipy_entropy(p), "scipy.stats.entropy"),
        ("kl_divergence", lambda: plain(m.kl_divergence, p, q), lambda: _scipy_entropy(p, q), "scipy.stats.entropy"),
        ("kl_divergence", lambda: plain(m.kl_divergence, HOLE, WHOLE), _rel_entr, "scipy.special.rel_entr"),
        ("js_divergence", lambda: plain(m.js_divergence, p, q), lambda: _scipy_js(p, q), "scipy jensenshannon squared"),
        ("mutual_information", lambda: plain(m.mutual_information, joint), lambda: _sklearn_mi(joint), "scikit-learn"),
    ]
    for measure, found, truth, source in rows:
        yield Case(
            measure, "as other libraries have it", found, truth, source, 1e-11 if "information" in measure else 1e-12
        )


def _dit_entropy(p: np.ndarray) -> float:
    from dit.shannon import entropy

    return float(entropy(_dit_named(p)))


def _dit_named(p: np.ndarray) -> Any:
    import dit

    return dit.Distribution([chr(65 + i) for i in range(len(p))], list(p / p.sum()))


def _dit_kl(p: np.ndarray, q: np.ndarray) -> float:
    from dit.divergences import kullback_leibler_divergence

    return float(kullback_leibler_divergence(_dit_named(p), _dit_named(q)))


def _dit_cross(p: np.ndarray, q: np.ndarray) -> float:
    from dit.divergences import cross_entropy

    return float(cross_entropy(_dit_named(p), _dit_named(q)))


def _dit_js(p: np.ndarray, q: np.ndarray) -> float:
    from dit.divergences import jensen_shannon_divergence

    return float(jensen_shannon_divergence([_dit_named(p), _dit_named(q)]))


def _dit_mi(joint: np.ndarray) -> float:
    import dit
    from dit.shannon import mutual_information

    outcomes = [f"{i}{j}" for i in range(joint.shape[0]) for j in range(joint.shape[1])]
    return float(mutual_information(dit.Distribution(outcomes, list(joint.ravel())), [0], [1]))


def _scipy_entropy(p: np.ndarray, q: np.ndarray | None = None) -> float:
    from scipy.stats import entropy

    return float(entropy(p, q))


def _rel_entr() -> float:
    from scipy.special import rel_entr

    return float(rel_entr(HOLE, WHOLE).sum())


def _scipy_js(p: np.ndarray, q: np.ndarray) -> float:
    from scipy.spatial.distance import jensenshannon

    return float(jensenshannon(p, q)) ** 2


def _sklearn_mi(joint: np.ndarray) -> float:
    from sklearn.metrics import mutual_info_score

    return float(mutual_info_score(None, None, contingency=np.rint(joint * 1000).astype(np.int64)))


DISCRETE_CASES: list[Case] = [*digits(), *tables(), *closed(), *libraries()]
