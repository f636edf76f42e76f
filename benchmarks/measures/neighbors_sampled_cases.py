"""Cases of `saddle.measures` from samples: neighborhoods, on laws of which the answer is known or simulated."""

from collections.abc import Callable
from functools import lru_cache

import neighbors_plain as plain
import numpy as np
from case import SampleCase
from scipy.integrate import quad
from scipy.spatial import cKDTree

from saddle import measures

SIMULATIONS = 2000
Law = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]]


def normals(n: int, m: int, dimension: int, *, shift: float = 0.0, scale: float = 1.0) -> Law:
    """Samples of a shifted and scaled normal law, and data of the standard one."""

    def draw(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        x = scale * generator.standard_normal((n, dimension))
        x[:, 0] += shift
        return x, generator.standard_normal((m, dimension))

    return draw


def rings(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two draws of 300 from a thin ring."""
    angles = generator.uniform(0, 2 * np.pi, (2, 300))
    circles = np.stack([np.cos(angles), np.sin(angles)], -1)
    x, y = circles + 0.05 * generator.standard_normal(circles.shape)
    return x, y


LAWS: dict[str, Law] = {
    "300 and 300 of one normal, d = 2": normals(300, 300, 2),
    "300 and 300 normals half a unit apart, d = 2": normals(300, 300, 2, shift=0.5),
    "300 and 300 of one normal, d = 20": normals(300, 300, 20),
    "300 narrower normals and 300, d = 20": normals(300, 300, 20, scale=0.8),
    "300 and 300 of one ring": rings,
    "500 wider normals and 250, d = 2": normals(500, 250, 2, scale=1.5),
    "200 narrower normals and 500, d = 5": normals(200, 500, 5, scale=0.9),
}


@lru_cache
def expected_shares(law: str) -> dict[str, float]:
    """The mean of each number over many simulated repeats at this n."""
    generator = np.random.default_rng(12345)
    found = [plain.four_shares(*LAWS[law](generator)) for _ in range(SIMULATIONS)]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def share(name: str, law: str) -> SampleCase:
    """One of precision, recall, density and coverage; its interval is of the expected value at this n."""
    measure = "precision_recall" if name in ("precision", "recall") else "density_coverage"
    return SampleCase(
        measure,
        f"{name}: {law}",
        lambda seed: getattr(getattr(measures, measure)(*LAWS[law](np.random.default_rng(seed))), name),
        lambda: expected_shares(law)[name],
        f"{SIMULATIONS:,} repeats, plain",
    )


def expected(estimate: Callable[..., float], law: Law, repeats: int = 1000) -> Callable[[], float]:
    """The mean of a plain estimate over simulated repeats at this n."""

    def truth() -> float:
        generator = np.random.default_rng(54321)
        return float(np.mean([estimate(*law(generator)) for _ in range(repeats)]))

    return truth


def js_of_shifted(shift: float) -> float:
    """The divergence between two normals of one variance, along the line that joins them."""

    def integrand(t: float) -> float:
        return np.exp(-0.5 * t * t) / np.sqrt(2 * np.pi) * np.logaddexp(0, shift * t - 0.5 * shift * shift)

    return float(np.log(2) - quad(integrand, -12, 12, epsabs=1e-12)[0])


TRAIN = np.random.default_rng(99).standard_normal((150, 3))


def copying(scale: float, noise: float | None, n: int, m: int) -> Callable[[int], measures.Estimate]:
    """Samples of a scaled normal law, or of training examples with noise, against held-out data."""
    return lambda seed: measures.copying(*made(np.random.default_rng(seed), scale, noise, n, m)).closer


def made(
    generator: np.random.Generator, scale: float, noise: float | None, n: int, m: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Samples, training examples and held-out data."""
    fresh = scale * generator.standard_normal((n, 3))
    copies = TRAIN[generator.integers(len(TRAIN), size=n)] + (noise or 0) * generator.standard_normal((n, 3))
    return fresh if noise is None else copies, TRAIN, generator.standard_normal((m, 3))


def closer(scale: float, noise: float | None) -> float:
    """The chance that a sample lies closer to the training examples than a held-out one, from a million of each."""
    from scipy.stats import rankdata

    x, _, held_out = made(np.random.default_rng(7), scale, noise, 1_000_000, 1_000_000)
    tree, size = cKDTree(TRAIN), len(x)
    ranks = rankdata(np.concatenate([tree.query(one)[0] for one in (x, held_out)]))
    return 1 - float((ranks[:size].sum() - size * (size + 1) / 2) / size**2)


def plane(seed: int, n: int) -> np.ndarray:
    """Uniform points of a square, turned into five dimensions."""
    return np.random.default_rng(seed).random((n, 2)) @ np.random.default_rng(0).standard_normal((2, 5))


def expected_dimension(method: str, n: int) -> float:
    """The mean of the plain estimate over simulated repeats."""
    estimate = plain.two_neighbors if method == "twonn" else lambda x: plain.maximum_likelihood(x, 20)
    return float(np.mean([estimate(plane(10_000_000 + seed, n)) for seed in range(400)]))


EQUAL, APART, FAR = normals(400, 400, 2), normals(400, 400, 2, shift=1.0), normals(400, 400, 10, shift=1.0)
UNEQUAL, UNEQUAL_APART = normals(200, 500, 2), normals(200, 500, 2, shift=1.0)


def sampled(law: Law, measure: Callable[..., measures.Estimate]) -> Callable[[int], measures.Estimate]:
    """The measure of a draw."""
    return lambda seed: measure(*law(np.random.default_rng(seed)))


KL, JS = measures.kl_from_samples, measures.js_from_samples
BLUR = "neighborhoods blur; falls slowly with n"
AT_N = "plain estimate, simulated"
SAMPLED: list[SampleCase] = [
    *(share("precision", law) for law in LAWS),
    *(share("recall", law) for law in list(LAWS)[3:]),
    *(share("density", law) for law in list(LAWS)[:6]),
    *(share("coverage", law) for law in list(LAWS)[:2]),
    *(share("coverage", law) for law in list(LAWS)[4:]),
    SampleCase("copying", "120 and 100 of the law of the data", copying(1, None, 120, 100), lambda: 0.5, "symmetry"),
    SampleCase("copying", "100 narrower, 300", copying(0.6, None, 100, 300), lambda: closer(0.6, None), "simulated"),
    SampleCase("copying", "200 near copies, 100", copying(1, 0.1, 200, 100), lambda: closer(1, 0.1), "simulated"),
    SampleCase("kl_from_samples", "400 and 400 of one normal, d = 2", sampled(EQUAL, KL), lambda: 0.0, "definition"),
    SampleCase(
        "kl_from_samples",
        "400 and 400 normals a unit apart, d = 2",
        sampled(APART, KL),
        lambda: 0.5,
        "closed form",
        bias=-0.0752,
        interval=False,
        note=BLUR,
    ),
    SampleCase(
        "kl_from_samples",
        "400 and 400 normals a unit apart, d = 10",
        sampled(FAR, KL),
        lambda: 0.5,
        "closed form",
        bias=-0.171,
        interval=False,
        note=BLUR,
    ),
    SampleCase(
        "kl_from_samples",
        "the expected value: 400 and 400, d = 10",
        sampled(FAR, KL),
        expected(lambda x, y: plain.kl(x, y, 5), FAR),
        AT_N,
        interval=False,
        note="at the expected value the interval may be 1/10 too wide",
    ),
    SampleCase("js_from_samples", "400 and 400 of one normal, d = 2", sampled(EQUAL, JS), lambda: 0.0, "definition"),
    SampleCase(
        "js_from_samples",
        "200 and 500 of one normal, d = 2",
        sampled(UNEQUAL, JS),
        lambda: 0.0,
        "definition",
        interval=False,
        note="unbiased, though parts of 50 make the error 1/10 too small",
    ),
    SampleCase(
        "js_from_samples",
        "200 and 500 normals a unit apart, d = 2",
        sampled(UNEQUAL_APART, JS),
        lambda: js_of_shifted(1.0),
        "quadrature",
        bias=0.0081,
        interval=False,
        note=BLUR,
    ),
    SampleCase(
        "js_from_samples",
        "400 and 400 normals a unit apart, d = 10",
        sampled(FAR, JS),
        lambda: js_of_shifted(1.0),
        "quadrature",
        bias=-0.0095,
        interval=False,
        note=BLUR,
    ),
    SampleCase(
        "js_from_samples",
        "the expected value: 400 and 400, d = 2",
        sampled(APART, JS),
        expected(lambda x, y: plain.js(x, y, 5), APART),
        AT_N,
    ),
    *(
        SampleCase(
            "intrinsic_dimension",
            f"{method}: 500 of a plane in d = 5",
            lambda seed, method=method: measures.intrinsic_dimension(plane(seed, 500), method=method),
            lambda: 2.0,
            "by construction",
            bias=bias,
            interval=False,
            note="the plane has an edge",
        )
        for method, bias in (("twonn", -0.027), ("maximum-likelihood", -0.107))
    ),
    *(
        SampleCase(
            "intrinsic_dimension",
            f"the expected value: {method}, 500 of a plane",
            lambda seed, method=method: measures.intrinsic_dimension(plane(seed, 500), method=method),
            lambda method=method: expected_dimension(method, 500),
            AT_N,
        )
        for method in ("twonn", "maximum-likelihood")
    ),
]
