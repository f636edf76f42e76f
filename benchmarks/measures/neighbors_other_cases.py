"""Cases of `saddle.measures`: windows, modes, classifiers and slopes."""

import math
from fractions import Fraction

import numpy as np
import torch
from case import Case

from saddle import measures
from saddle.measures.parzen import parzen_log_densities

ROUNDING, CLOSE = 1e-12, 1e-9
generator = np.random.default_rng(0)
X, Y = generator.standard_normal((60, 3)) * 0.8, generator.standard_normal((45, 3))
WIDE_X, WIDE_Y = generator.random((400, 784)), generator.random((50, 784))
LINE = generator.standard_normal(500)
RING = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], 1)
COUNTS = np.array([40, 30, 12, 9, 5, 3, 1, 0])
WEIGHTS = torch.tensor([3.0, 4.0], dtype=torch.float64)


def _scikit_density(x: np.ndarray, y: np.ndarray, sigma: float) -> float:
    from sklearn.neighbors import KernelDensity

    # With smaller leaves its bounds lose all digits in many dimensions, and the answer is off by hundreds of nats.
    return float(KernelDensity(bandwidth=sigma, leaf_size=len(x)).fit(x).score_samples(y).mean())


def _scipy_density(x: np.ndarray, y: np.ndarray, sigma: float) -> float:
    from scipy.stats import gaussian_kde

    return float(gaussian_kde(x, bw_method=sigma / x.std(ddof=1)).logpdf(y).mean())


class _Sign:
    """A classifier that learns nothing: class 1 where the first number is positive."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> None:
        """Do nothing."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Class 1 where the first number is positive."""
        return (x[:, 0] > 0).astype(int)


def _binomial_tail(found: float, count: int) -> Fraction:
    right = round(found * count)
    return Fraction(sum(math.comb(count, i) for i in range(right, count + 1)), 2**count)


def _mode_samples() -> np.ndarray:
    return np.concatenate([np.repeat(RING, COUNTS, axis=0), np.zeros((7, 2))])


def _reverse_kl() -> float:
    from scipy.stats import entropy

    return float(entropy(COUNTS / COUNTS.sum(), np.full(8, 1 / 8)))


def _tested() -> measures.ClassifierTwoSample:
    return measures.classifier_two_sample(np.abs(X), -np.abs(Y), classifier=_Sign())


P, T = "parzen_log_likelihood", "classifier_two_sample"
EXACT: list[Case] = [
    Case(
        P,
        "400 samples, 784 dimensions, sigma .2",
        lambda: measures.parzen_log_likelihood(WIDE_X, WIDE_Y, sigma=0.2).log_likelihood.value,
        lambda: _scikit_density(WIDE_X, WIDE_Y, 0.2),
        "scikit-learn, one leaf",
        CLOSE,
    ),
    Case(
        P,
        "500 samples on a line, sigma .3",
        lambda: measures.parzen_log_likelihood(LINE, LINE[:99] + 5, sigma=0.3).log_likelihood.value,
        lambda: _scipy_density(LINE, LINE[:99] + 5, 0.3),
        "scipy's gaussian_kde",
        CLOSE,
    ),
    Case(
        P,
        "the best sigma of the grid",
        lambda: measures.parzen_log_likelihood(WIDE_X, WIDE_Y, validation=WIDE_Y).sigma,
        lambda: max(np.logspace(-1, 0, 10), key=lambda sigma: _scikit_density(WIDE_X, WIDE_Y, sigma)),
        "scikit-learn, one leaf",
        ROUNDING,
    ),
    Case(
        P,
        "far from the origin",
        lambda: float(parzen_log_densities(torch.tensor(WIDE_X) + 1e4, torch.tensor(WIDE_Y) + 1e4, (0.2,)).mean()),
        lambda: _scikit_density(WIDE_X, WIDE_Y, 0.2),
        "scikit-learn, at the origin",
        CLOSE,
    ),
    Case(
        "mode_coverage",
        "reverse KL of 100 samples in 7 of 8 modes",
        lambda: measures.mode_coverage(_mode_samples(), RING, 0.01).reverse_kl.value,
        _reverse_kl,
        "scipy's entropy",
        ROUNDING,
    ),
    Case(
        "mode_coverage",
        "share of high quality",
        lambda: measures.mode_coverage(_mode_samples(), RING, 0.01).high_quality.value,
        lambda: Fraction(100, 107),
        "by hand",
        ROUNDING,
    ),
    Case(
        "mode_coverage",
        "a perfect sampler's share, in 5 dimensions",
        lambda: measures.perfect_mode_coverage(100, 8, 5).high_quality.value,
        lambda: math.erf(3 / math.sqrt(2)) - math.sqrt(2 / math.pi) * (3 + 9) * math.exp(-4.5),
        "closed form",
        CLOSE,
    ),
    Case(
        T,
        "accuracy of a fixed rule that is always wrong",
        lambda: _tested().accuracy.value,
        lambda: 0.0,
        "by hand",
        ROUNDING,
    ),
    Case(
        T,
        "p-value of 60 and 45 examples in 3 dimensions",
        lambda: measures.classifier_two_sample(X, Y).p_value,
        lambda: _binomial_tail(measures.classifier_two_sample(X, Y).accuracy.value, 46),
        "binomial tail in fractions",
        ROUNDING,
    ),
    Case(
        "lipschitz_constant",
        "x ↦ 3 x₁ + 4 x₂",
        lambda: measures.lipschitz_constant(lambda x: x @ WEIGHTS, X[:, :2]).value,
        lambda: 5.0,
        "closed form",
        ROUNDING,
    ),
    Case(
        "lipschitz_constant",
        "x ↦ ‖x‖²: steepest at the farthest example",
        lambda: measures.lipschitz_constant(lambda x: x.square().sum(1), X).value,
        lambda: 2 * np.linalg.norm(X, axis=1).max(),
        "closed form",
        ROUNDING,
    ),
    Case(
        "generator_dimension",
        "a plane, bent into 6 dimensions from 4",
        lambda: measures.generator_dimension(lambda z: torch.sin(z[:, :2].repeat(1, 3)), X[:, [0, 1, 2, 0]]).value,
        lambda: 2.0,
        "by construction",
        ROUNDING,
    ),
]
