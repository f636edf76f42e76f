"""Cases of `saddle.measures`: kernels. Truths come from closed forms of normal and exponential laws."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from case import Case, SampleCase
from kernels_exact_cases import EXACT as EXACT_CASES
from scipy import stats
from scipy.integrate import quad
from scipy.special import erfcx

from saddle.measures import Estimate, energy_distance, kernel_distance, mmd

Array = np.ndarray
EXACT: list[Case] = EXACT_CASES


def drawn(n: int, m: int, d: int, *, shift: float = 0.0, scale: float = 1.0) -> Callable[[int], tuple[Array, Array]]:
    """Draws N(0, I) and N(shift along the first axis, scale² I) by a seed."""

    def draw(seed: int) -> tuple[Array, Array]:
        generator = np.random.default_rng([11, seed])
        x, y = generator.standard_normal((n, d)), generator.standard_normal((m, d)) * scale
        y[:, 0] += shift
        return x, y

    return draw


def measured(measure: Callable[[Array, Array], Estimate], draw: Callable[[int], tuple[Array, Array]]) -> Any:
    """A sampled case's `estimate`."""
    return lambda seed: measure(*draw(seed))


def mean_gap(mean: float, deviation: float) -> float:
    """E|Z| of Z ~ N(mean, deviation²)."""
    z = mean / deviation
    return deviation * math.sqrt(2 / math.pi) * math.exp(-z * z / 2) + mean * math.erf(z / math.sqrt(2))


def energy_of_normals(shift: float, scale: float) -> float:
    """The energy distance of N(0, 1) and N(shift, scale²)."""
    return 2 * mean_gap(shift, math.hypot(1, scale)) - (1 + scale) * 2 / math.sqrt(math.pi)


def of_kernel(mean: Callable[[float, float], float], shift: float, scale: float) -> float:
    """The squared discrepancy, from E k(Z) as a function of the mean and deviation of the difference Z."""
    return mean(0, math.sqrt(2)) + mean(0, scale * math.sqrt(2)) - 2 * mean(shift, math.hypot(1, scale))


def gaussian_mean(bandwidth: float, d: int) -> Callable[[float, float], float]:
    """E exp(-‖Z‖²/2s²) of a normal Z in d dimensions."""

    def mean(shift: float, deviation: float) -> float:
        spread = bandwidth**2 + deviation**2
        return (bandwidth**2 / spread) ** (d / 2) * math.exp(-(shift**2) / (2 * spread))

    return mean


def laplace_mean(bandwidth: float) -> Callable[[float, float], float]:
    """E exp(-|Z|/s) of a normal Z."""

    def half(shift: float, deviation: float) -> float:
        place = (deviation / bandwidth - shift / deviation) / math.sqrt(2)
        return math.exp(-(shift**2) / (2 * deviation**2)) * float(erfcx(place)) / 2

    return lambda shift, deviation: half(shift, deviation) + half(-shift, deviation)


def quadratic_mean(bandwidth: float) -> Callable[[float, float], float]:
    """E 1/(1 + Z²/2s²) of a normal Z, by quadrature."""

    def mean(shift: float, deviation: float) -> float:
        density = stats.norm(shift, deviation).pdf
        return quad(lambda z: density(z) / (1 + z * z / (2 * bandwidth**2)), -30, 30, epsabs=1e-12, limit=200)[0]

    return mean


def cubic_mean(d: int, means: tuple[float, float], scales: tuple[float, float]) -> float:
    """E (<X, Y>/d + 1)³ of normal X and Y with means along one axis, from the moments of <X, Y>."""
    (a, b), (s, t) = means, (scales[0] ** 2, scales[1] ** 2)
    first = a * b
    second = (a * b) ** 2 + s * b * b + t * (a * a + d * s)
    third = (a * b) ** 3 + 3 * a * b * s * b * b + 3 * t * (a * b * (a * a + d * s) + 2 * s * a * b)
    return third / d**3 + 3 * second / d**2 + 3 * first / d + 1


def cubic_of_normals(d: int, shift: float, scale: float) -> float:
    """The kernel distance of N(0, I) and N(shift along an axis, scale² I) with the default kernel."""
    across = cubic_mean(d, (0, shift), (1, scale))
    return cubic_mean(d, (0, 0), (1, 1)) + cubic_mean(d, (shift, shift), (scale, scale)) - 2 * across


def skewed(seed: int) -> tuple[Array, Array]:
    """Exponential laws of means 1 and 1.5, 150 and 250 of them."""
    generator = np.random.default_rng([12, seed])
    return generator.exponential(1.0, (150, 1)), generator.exponential(1.5, (250, 1))


def energy_of_exponentials(a: float, b: float) -> float:
    """The energy distance of exponential laws with means a and b: E|X-X'| = a, E|X-Y| = a + b - 2ab/(a+b)."""
    return 2 * (a + b - 2 * a * b / (a + b)) - a - b


def gaussian(bandwidth: float) -> Callable[[Array, Array], Estimate]:
    """`mmd` with a fixed bandwidth."""
    return lambda x, y: mmd(x, y, bandwidth=bandwidth)


def laplace(x: Array, y: Array) -> Estimate:
    """`mmd` with a Laplace kernel of bandwidth 1."""
    return mmd(x, y, kernel="laplace", bandwidth=1.0)


def rational(x: Array, y: Array) -> Estimate:
    """`mmd` with a rational-quadratic kernel of bandwidth 1."""
    return mmd(x, y, kernel="rational-quadratic", bandwidth=1.0)


ROWS: list[tuple[str, str, Any, Callable[[], float], str]] = [
    ("energy_distance", "equal N(0, 1), n 200, m 80", measured(energy_distance, drawn(200, 80, 1)), lambda: 0.0, ""),
    ("energy_distance", "equal N(0, I_10), n 150", measured(energy_distance, drawn(150, 150, 10)), lambda: 0.0, ""),
    (
        "energy_distance",
        "N(0, 1) and N(0.2, 1), n 200",
        measured(energy_distance, drawn(200, 200, 1, shift=0.2)),
        lambda: energy_of_normals(0.2, 1.0),
        "",
    ),
    (
        "energy_distance",
        "N(0, 1) and N(0.7, 1.5²), n 200, m 250",
        measured(energy_distance, drawn(200, 250, 1, shift=0.7, scale=1.5)),
        lambda: energy_of_normals(0.7, 1.5),
        "",
    ),
    (
        "energy_distance",
        "exponentials of means 1 and 1.5, n 150, m 250",
        measured(energy_distance, skewed),
        lambda: energy_of_exponentials(1.0, 1.5),
        "",
    ),
    ("mmd", "gaussian, equal N(0, I_3), n 200, m 100", measured(gaussian(1.0), drawn(200, 100, 3)), lambda: 0.0, ""),
    (
        "mmd",
        "gaussian, N(0, I_3) and N(0.5, 1.2² I_3), n 200, m 150",
        measured(gaussian(1.0), drawn(200, 150, 3, shift=0.5, scale=1.2)),
        lambda: of_kernel(gaussian_mean(1.0, 3), 0.5, 1.2),
        "",
    ),
    (
        "mmd",
        "gaussian, N(0, I_10) and N(0.3, I_10), n 200",
        measured(gaussian(3.0), drawn(200, 200, 10, shift=0.3)),
        lambda: of_kernel(gaussian_mean(3.0, 10), 0.3, 1.0),
        "",
    ),
    (
        "mmd",
        "laplace, N(0, 1) and N(0.5, 1), n 200, m 100",
        measured(laplace, drawn(200, 100, 1, shift=0.5)),
        lambda: of_kernel(laplace_mean(1.0), 0.5, 1.0),
        "",
    ),
    (
        "mmd",
        "rational-quadratic, N(0, 1) and N(0, 1.5²), n 200",
        measured(rational, drawn(200, 200, 1, scale=1.5)),
        lambda: of_kernel(quadratic_mean(1.0), 0.0, 1.5),
        "quadrature",
    ),
    (
        "kernel_distance",
        "equal N(0, I_8), n 200, m 100",
        measured(kernel_distance, drawn(200, 100, 8)),
        lambda: 0.0,
        "",
    ),
    (
        "kernel_distance",
        "N(0, I_16) and N(1, I_16), n 200",
        measured(kernel_distance, drawn(200, 200, 16, shift=1.0)),
        lambda: cubic_of_normals(16, 1.0, 1.0),
        "moments",
    ),
    (
        "kernel_distance",
        "N(0, I_8) and N(0.5, 1.2² I_8), n 300, m 200",
        measured(kernel_distance, drawn(300, 200, 8, shift=0.5, scale=1.2)),
        lambda: cubic_of_normals(8, 0.5, 1.2),
        "moments",
    ),
]

SAMPLED: list[SampleCase] = [
    SampleCase(measure, of, estimate, truth, source or "closed form") for measure, of, estimate, truth, source in ROWS
]
