"""Cases of `saddle.measures` from samples: windows, modes and classifiers, on laws of which the answer is known."""

from collections.abc import Callable

import neighbors_plain as plain
import numpy as np
from case import SampleCase
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import chi2, norm

from saddle import measures

LINE = np.random.default_rng(5).standard_normal(80)
CLOUD = np.random.default_rng(6).standard_normal((200, 10))


def on_a_line(seed: int) -> measures.Estimate:
    """The Parzen log-likelihood of 150 fresh examples under a window around 80."""
    test = 1.2 * np.random.default_rng(seed).standard_normal(150)
    return measures.parzen_log_likelihood(LINE, test, sigma=0.4).log_likelihood


def log_window(x: np.ndarray, samples: np.ndarray, sigma: float) -> np.ndarray:
    """Log density of a window, by all pairs."""
    squares = np.square(x[:, None] - samples[None]).sum(-1)
    constant = np.log(len(samples)) + samples.shape[1] * np.log(sigma * np.sqrt(2 * np.pi))
    return logsumexp(-squares / (2 * sigma**2), axis=1) - constant


def expected_on_a_line() -> float:
    """The mean log density under the law of the test examples, by quadrature."""

    def integrand(t: float) -> float:
        return float(norm.pdf(t, scale=1.2) * log_window(np.array([[t]]), LINE[:, None], 0.4)[0])

    return quad(integrand, -12, 12, limit=400, epsabs=1e-10)[0]


def in_ten_dimensions(seed: int) -> measures.Estimate:
    """The Parzen log-likelihood of 200 fresh examples under a window around 200."""
    test = np.random.default_rng(seed).standard_normal((200, 10))
    return measures.parzen_log_likelihood(CLOUD, test, sigma=0.7).log_likelihood


def expected_in_ten_dimensions() -> float:
    """The mean log density over 400,000 draws."""
    generator = np.random.default_rng(8)
    parts = [log_window(generator.standard_normal((4000, 10)), CLOUD, 0.7).mean() for _ in range(100)]
    return float(np.mean(parts))


Number = Callable[[np.ndarray, int], float]


def modes(number: str, of: str, shares: np.ndarray, n: int, truth: Number, *, bias: float = 0.0) -> SampleCase:
    """One of the three numbers, of a mixture on a line with these shares."""
    p = shares / shares.sum()
    means = np.arange(len(p))[:, None] * 1.0

    def estimate(seed: int) -> measures.Estimate:
        generator = np.random.default_rng(seed)
        samples = means[generator.choice(len(p), n, p=p)] + 0.01 * generator.standard_normal((n, 1))
        return getattr(measures.mode_coverage(samples, means, 0.01), number)

    source = "closed form"
    return SampleCase(
        "mode_coverage", f"{number.replace('_', ' ')}: {of}, n = {n:,}", estimate, lambda: truth(p, n), source, bias
    )


def expected_modes(p: np.ndarray, n: int) -> float:
    """Each mode is found unless all samples of high quality are of others."""
    return float((1 - (1 - p * chi2.cdf(9, 1)) ** n).sum())


def divergence(p: np.ndarray, n: int) -> float:
    """KL(p ‖ uniform)."""
    return float(np.log(len(p)) + (p[p > 0] * np.log(p[p > 0])).sum())


def high_quality(p: np.ndarray, n: int) -> float:
    """The chance of three standard deviations."""
    return float(chi2.cdf(9, 1))


def told_apart(shift: float, n: int) -> Callable[[int], measures.Estimate]:
    """The accuracy of neighbors' votes on two normals in the plane."""

    def estimate(seed: int) -> measures.Estimate:
        return measures.classifier_two_sample(*apart(shift, n, np.random.default_rng(seed))).accuracy

    return estimate


def apart(shift: float, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two normals in the plane."""
    return generator.standard_normal((n, 2)) + np.array([shift, 0]), generator.standard_normal((n, 2))


def expected_accuracy(shift: float, n: int) -> float:
    """The mean of a plain vote over simulated repeats."""
    generator = np.random.default_rng(9)
    return float(np.mean([plain.neighbors_accuracy(*apart(shift, n, generator), generator) for _ in range(2000)]))


EVEN8, EVEN25, NEARLY = np.ones(8), np.ones(25), np.repeat([1.0, 1.15], 4)
FALLING8, FALLING25, HALF = 0.7 ** np.arange(8), 0.75 ** np.arange(25), np.repeat([1.0, 0.0], [12, 13])
C2ST = "classifier_two_sample"
SAMPLED: list[SampleCase] = [
    SampleCase(
        "parzen_log_likelihood", "150 on a line, window .4 around 80", on_a_line, expected_on_a_line, "quadrature"
    ),
    SampleCase(
        "parzen_log_likelihood",
        "200 in d = 10, window .7 around 200",
        in_ten_dimensions,
        expected_in_ten_dimensions,
        "simulated",
    ),
    modes("modes", "25 modes, each 3/4 as likely as the last", FALLING25, 500, expected_modes),
    modes("modes", "1,000 even modes", np.ones(1000), 1000, expected_modes),
    modes("modes", "100 modes of shares k^-3/2", np.arange(1, 101) ** -1.5, 500, expected_modes),
    modes("high_quality", "8 even modes", EVEN8, 2500, high_quality),
    modes("high_quality", "8 even modes", EVEN8, 1000, high_quality),
    modes("reverse_kl", "8 even modes", EVEN8, 2500, divergence, bias=7 / 5000),
    modes("reverse_kl", "25 even modes", EVEN25, 500, divergence, bias=24 / 1000 + 0.0002),
    modes("reverse_kl", "8 nearly even modes", NEARLY, 1000, divergence, bias=7 / 2000),
    modes("reverse_kl", "8 modes, each 7/10 as likely as the last", FALLING8, 1000, divergence, bias=7 / 2000),
    modes("reverse_kl", "12 even modes of 25", HALF, 500, divergence, bias=11 / 1000),
    *(
        SampleCase(
            C2ST,
            f"{n} and {n} normals {shift} apart, d = 2",
            told_apart(shift, n),
            lambda shift=shift, n=n: expected_accuracy(shift, n),
            "plain votes, simulated",
        )
        for shift, n in ((0.5, 200), (1.5, 200), (1.0, 600))
    ),
    SampleCase(C2ST, "300 and 300 of one normal, d = 2", told_apart(0.0, 300), lambda: 0.5, "symmetry"),
]
