"""Cases of `saddle.measures`: densities, by closed form, quadrature and Monte Carlo."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import mpmath
import numpy as np
import torch
from case import QUADRATURE, Case, SampleCase
from torch import distributions as td

from saddle import measures
from saddle.core.randomness import Stream
from saddle.data.gaussians import GaussianMixture, grid, ring
from saddle.measures import Estimate

LOG_ROOT = 0.5 * math.log(2 * math.pi * math.e)
"""The entropy of a standard normal number."""


@dataclass(frozen=True)
class Stretched:
    """Independent normals, or their exponentials, as a law that no closed form recognizes."""

    means: tuple[float, ...]
    stds: tuple[float, ...]
    exponential: bool = False

    def sample(self, n: int, source: Stream) -> np.ndarray:
        x = np.array(self.means) + np.array(self.stds) * source.numpy().standard_normal((n, len(self.means)))
        return np.exp(x) if self.exponential else x

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        logs = np.log(np.where(x > 0, x, 1.0)) if self.exponential else x
        stds = np.array(self.stds)
        terms = -0.5 * ((logs - self.means) / stds) ** 2 - np.log(stds * math.sqrt(2 * math.pi))
        if self.exponential:
            terms = np.where(x > 0, terms - logs, -math.inf)
        return terms.sum(1)

    def torch(self) -> td.MultivariateNormal:
        """The normal itself, for torch's own closed forms."""
        stds = torch.tensor(self.stds, dtype=torch.float64)
        return td.MultivariateNormal(torch.tensor(self.means, dtype=torch.float64), torch.diag(stds**2))


def value(function: Callable[..., Estimate], *arguments: Any) -> float:
    """The value of an estimate."""
    return function(*arguments).value


def normal_density(x: Any, mean: float, std: float) -> Any:
    """In mpmath."""
    return mpmath.npdf(x, mean, std)


@lru_cache
def by_mpmath(name: str, mean: float, std: float) -> float:
    """An f-divergence between N(0, 1) and N(mean, std²) by mpmath's quadrature."""
    terms: dict[str, Callable[[Any, Any], Any]] = {
        "js": lambda p, q: (p * mpmath.log(2 * p / (p + q)) + q * mpmath.log(2 * q / (p + q))) / 2,
        "tv": lambda p, q: abs(p - q) / 2,
        "kl": lambda p, q: p * mpmath.log(p / q),
        "cross": lambda p, q: -p * mpmath.log(q),
    }
    # In steps of both laws' standard deviations, as mpmath does not look for peaks itself.
    near = [mean + k * std for k in range(-12, 13, 2)]
    places = sorted({-40.0, *range(-12, 13, 2), *near, *crossings(mean, std), 40.0})
    with mpmath.workdps(30):
        found: Any = mpmath.quad(
            lambda x: terms[name](normal_density(x, 0, 1), normal_density(x, mean, std)),
            [x for x in places if abs(x) <= 40],
        )
    return float(found)


def crossings(mean: float, std: float) -> list[float]:
    """Where the two normal densities are equal."""
    a, b = mpmath.mpf(1) - 1 / mpmath.mpf(std) ** 2, 2 * mpmath.mpf(mean) / mpmath.mpf(std) ** 2
    c = -(mpmath.mpf(mean) ** 2) / mpmath.mpf(std) ** 2 - 2 * mpmath.log(std)
    return sorted(float(x) for x in (mpmath.polyroots([a, b, c]) if a else [-c / b]))


def one_dimension() -> Iterator[Case]:
    """Quadrature on the line."""
    m, p, q = measures, Stretched((0.0,), (1.0,)), Stretched((1.5,), (2.0,))
    a, b = td.Normal(0.0, 1.0), td.Normal(1.5, 2.0)
    paper = {
        "kl": math.log(2) + (1 + 2.25) / 8 - 0.5,
        "reverse-kl": -math.log(2) + (4 + 2.25) / 2 - 0.5,
        "squared-hellinger": 2 - 2 * math.sqrt(4 / 5) * math.exp(-2.25 / 20),
        "pearson": 4 / math.sqrt(7) * math.exp(2.25 / 7) - 1,
        "neyman": math.inf,
        "jeffreys": (1 + 2.25) / 8 + (4 + 2.25) / 2 - 1,
    }
    for name, truth in paper.items():
        of = f"{name}: N(0, 1) and N(1.5, 4)"
        numerical, exact = partial(value, m.f_divergence, p, q, name), partial(value, m.f_divergence, a, b, name)
        yield Case("f_divergence", f"{of}, quadrature", numerical, partial(float, truth), "closed form", QUADRATURE)
        yield Case("f_divergence", of, exact, partial(float, truth), "closed form", 1e-12)
    for public, name in (("js_divergence", "js"), ("total_variation", "tv"), ("kl_divergence", "kl")):
        for mean, std in ((1.5, 2.0), (1e-4, 1.0), (6.0, 0.01)):
            law = Stretched((mean,), (std,))
            found, truth = partial(value, getattr(m, public), p, law), partial(by_mpmath, name, mean, std)
            of = f"N(0, 1) and N({mean:g}, {std:g}²)"
            yield Case(public, of, found, truth, "mpmath.quad", QUADRATURE)
    yield Case("cross_entropy", "N(0, 1) and N(1.5, 4)", partial(value, m.cross_entropy, p, q),
               partial(by_mpmath, "cross", 1.5, 2.0), "mpmath.quad", QUADRATURE)  # fmt: skip
    for order, truth in ((0.5, 2.25 / 10 + math.log(5 / 4)), (2.0, 2.25 / 7 + math.log(4 / math.sqrt(7)))):
        for law, other, how in ((p, q, "quadrature"), (a, b, "closed form")):
            found = partial(value, m.renyi_divergence, law, other, order)
            of = f"order {order:g}: N(0, 1) and N(1.5, 4), {how}"
            yield Case("renyi_divergence", of, found, partial(float, truth), "closed form", QUADRATURE)


def torch_laws() -> Iterator[Case]:
    """Other laws on the line, as torch has them, by quadrature: the JSD is known to none of its closed forms."""
    m = measures
    spread = td.Laplace(torch.tensor(0.0, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64))
    inside, across = td.Uniform(0.0, 1.0), td.Uniform(0.5, 1.5)
    wide = td.Uniform(0.0, 2.0)
    half = 0.5 * math.log(4 / 3) + 0.25 * math.log(2 / 3) + 0.25 * math.log(2)
    moved = td.Laplace(torch.tensor(1.0, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64))
    root = td.Beta(torch.tensor(0.5, dtype=torch.float64), torch.tensor(0.5, dtype=torch.float64))
    cauchy = (td.Cauchy(torch.tensor(0.0).double(), torch.tensor(1.0).double()),
              td.Cauchy(torch.tensor(2.0).double(), torch.tensor(1.0).double()))  # fmt: skip
    rows: list[tuple[str, str, Callable[[], float], float]] = [
        ("js_divergence", "U(0, 1) and U(0, 2)", lambda: value(m.js_divergence, inside, wide), half),
        ("js_divergence", "U(0, 1) and U(2, 3): log 2",
         lambda: value(m.js_divergence, inside, td.Uniform(2.0, 3.0)), math.log(2)),
        ("total_variation", "U(0, 1) and U(½, 1½)", lambda: value(m.total_variation, inside, across), 0.5),
        ("kl_divergence", "U(0, 2) and U(0, 1): infinite", lambda: value(m.kl_divergence, wide, inside), math.inf),
        ("total_variation", "Laplace, moved by one scale",
         lambda: value(m.total_variation, spread, moved), 1 - math.exp(-0.5)),
        ("total_variation", "Cauchy, moved by two scales",
         lambda: value(m.total_variation, *cauchy), 2 / math.pi * math.atan(1)),
        ("kl_divergence", "Cauchy, moved by two scales", lambda: value(m.kl_divergence, *cauchy), math.log(2)),
        ("entropy", "the arcsine law", lambda: value(m.entropy, root), math.log(math.pi / 4)),
    ]  # fmt: skip
    for measure, of, found, truth in rows:
        yield Case(measure, of, found, partial(float, truth), "closed form", QUADRATURE)


def two_dimensions() -> Iterator[Case]:
    """Quadrature on the plane, narrow peaks included."""
    m, plane = measures, Stretched((0.0, 0.0), (1.0, 1.0))
    near, far = Stretched((1.0, 0.0), (1.0, 1.0)), Stretched((1.0, -1.0), (2.0, 0.5))
    missing = GaussianMixture(ring().means[:7], 0.01)
    seven = 0.5 * (7 / 8 * math.log(14 / 15) + math.log(2) / 8) + 0.5 * math.log(16 / 15)
    torch_kl = float(td.kl_divergence(plane.torch(), far.torch()))
    rows: list[tuple[str, str, Callable[[], float], Callable[[], float]]] = [
        ("entropy", "the ring of 8, standard deviation .01", lambda: value(m.entropy, ring()),
         lambda: math.log(8) + 2 * (LOG_ROOT + math.log(0.01))),
        ("entropy", "the grid of 25, standard deviation .05", lambda: value(m.entropy, grid()),
         lambda: math.log(25) + 2 * (LOG_ROOT + math.log(0.05))),
        ("js_divergence", "the ring and seven modes of it", lambda: value(m.js_divergence, ring(), missing),
         lambda: seven),
        ("kl_divergence", "seven modes of the ring and all eight", lambda: value(m.kl_divergence, missing, ring()),
         lambda: math.log(8 / 7)),
        ("kl_divergence", "two normals on the plane", lambda: value(m.kl_divergence, plane, far), lambda: torch_kl),
        ("js_divergence", "normals on the plane, one apart", lambda: value(m.js_divergence, plane, near),
         lambda: by_mpmath("js", 1.0, 1.0)),
        ("total_variation", "normals on the plane, one apart", lambda: value(m.total_variation, plane, near),
         lambda: math.erf(0.5 / math.sqrt(2))),
        ("f_divergence", "squared-hellinger: normals on the plane, one apart",
         lambda: value(m.f_divergence, plane, near, "squared-hellinger"), lambda: 2 - 2 * math.exp(-1 / 8)),
    ]  # fmt: skip
    for measure, of, found, truth in rows:
        yield Case(measure, of, found, truth, "closed form or mpmath.quad", QUADRATURE)


DENSITY_CASES: list[Case] = [*one_dimension(), *torch_laws(), *two_dimensions()]

# Normals with one covariance differ along one line only, where mpmath knows the answer.
ORIGIN, AWAY, CLOSE = (Stretched((x, 0.0, 0.0, 0.0), (1.0,) * 4) for x in (0.0, 1.0, 0.01))
WIDE = Stretched((0.5, -0.5, 0.0, 0.0), (1.5, 0.7, 1.0, 2.0))
SKEWED = tuple(Stretched((x, 0.0, 0.0), (0.8, 1.0, 1.2), exponential=True) for x in (0.0, 0.6))
FAR = Stretched((4.0, 0.0, 0.0, 0.0), (1.0,) * 4)


def sampled(function: Callable[..., Estimate], *arguments: Any) -> Callable[[int], Estimate]:
    """A Monte Carlo estimate of a seed, with 2,000 draws."""
    return lambda seed: function(*arguments, draws=2000, seed=seed)


def monte_carlo() -> Iterator[SampleCase]:
    """Laws of three and four dimensions."""
    m = measures
    kl_wide = float(td.kl_divergence(ORIGIN.torch(), WIDE.torch()))
    skewed_entropy = 3 * LOG_ROOT + math.log(0.8 * 1.2)
    exact = "closed form"
    rows: list[tuple[str, str, Callable[[int], Estimate], Callable[[], float], str]] = [
        ("kl_divergence", "4-d normals one apart", sampled(m.kl_divergence, ORIGIN, AWAY), lambda: 0.5, exact),
        ("kl_divergence", "4-d normals of other widths", sampled(m.kl_divergence, ORIGIN, WIDE),
         lambda: kl_wide, exact),
        ("kl_divergence", "4-d normals .01 apart", sampled(m.kl_divergence, ORIGIN, CLOSE), lambda: 5e-5, exact),
        ("kl_divergence", "3-d log-normals", sampled(m.kl_divergence, *SKEWED), lambda: 0.5 * 0.75**2, exact),
        ("js_divergence", "4-d normals one apart", sampled(m.js_divergence, ORIGIN, AWAY),
         lambda: by_mpmath("js", 1.0, 1.0), "mpmath.quad along one line"),
        ("js_divergence", "4-d normals four apart", sampled(m.js_divergence, ORIGIN, FAR),
         lambda: by_mpmath("js", 4.0, 1.0), "mpmath.quad along one line"),
        ("total_variation", "4-d normals one apart", sampled(m.total_variation, ORIGIN, AWAY),
         lambda: math.erf(0.5 / math.sqrt(2)), exact),
        ("total_variation", "3-d log-normals", sampled(m.total_variation, *SKEWED),
         lambda: math.erf(0.75 / 2 / math.sqrt(2)), exact),
        ("entropy", "4-d normal", sampled(m.entropy, ORIGIN), lambda: 4 * LOG_ROOT, exact),
        ("entropy", "3-d log-normal", sampled(m.entropy, SKEWED[0]), lambda: skewed_entropy, exact),
        ("cross_entropy", "4-d normals of other widths", sampled(m.cross_entropy, ORIGIN, WIDE),
         lambda: kl_wide + 4 * LOG_ROOT, exact),
        ("f_divergence", "squared-hellinger: 4-d normals one apart",
         sampled(m.f_divergence, ORIGIN, AWAY, "squared-hellinger"), lambda: 2 - 2 * math.exp(-1 / 8), exact),
        ("f_divergence", "gan: 4-d normals one apart", sampled(m.f_divergence, ORIGIN, AWAY, "gan"),
         lambda: 2 * by_mpmath("js", 1.0, 1.0) - math.log(4), "mpmath.quad along one line"),
        ("f_divergence", "pearson: 4-d normals half apart",
         sampled(m.f_divergence, ORIGIN, Stretched((0.5, 0.0, 0.0, 0.0), (1.0,) * 4), "pearson"),
         lambda: math.expm1(0.25), exact),
        ("renyi_divergence", "order ½: 4-d normals one apart", sampled(m.renyi_divergence, ORIGIN, AWAY, 0.5),
         lambda: 0.25, exact),
    ]  # fmt: skip
    for measure, of, estimate, truth, source in rows:
        yield SampleCase(measure, f"{of}, 2,000 draws", estimate, truth, source)


DENSITY_SAMPLED: list[SampleCase] = list(monte_carlo())
