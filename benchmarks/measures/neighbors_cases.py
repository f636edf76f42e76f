"""Cases of `saddle.measures`: neighborhoods, windows, modes, classifiers and slopes."""

import neighbors_plain as plain
import numpy as np
from case import Case, SampleCase
from neighbors_other_cases import EXACT as EXACT_OTHERS
from neighbors_other_sampled_cases import SAMPLED as SAMPLED_OTHERS
from neighbors_sampled_cases import SAMPLED as SAMPLED_NEIGHBORS

from saddle import measures

ROUNDING, CLOSE = 1e-12, 1e-9
generator = np.random.default_rng(0)
X, Y = generator.standard_normal((60, 3)) * 1.5, generator.standard_normal((45, 3))
WIDE_X, WIDE_Y = generator.random((400, 784)), generator.random((50, 784))
SURFACE = generator.random((400, 2)) @ generator.standard_normal((2, 6))


def _with_copies() -> tuple[np.ndarray, np.ndarray]:
    x = generator.integers(0, 4, 200) * 1.0
    return x, np.minimum(generator.integers(0, 4, 200) + 1, 3) * 1.0


def _js_of_copies(x: np.ndarray, y: np.ndarray) -> float:
    """With many copies every neighborhood is one value: what is left are shares, each with its digamma."""
    from scipy.special import digamma

    terms = [
        digamma((own == value).sum() - 1) - digamma((own == value).sum() - 1 + (other == value).sum())
        for own, other in ((x, y), (y, x))
        for value in own
    ]
    return float(digamma(400) - digamma(200) + np.mean(terms))


def _dimension(name: str, x: np.ndarray) -> float:
    import skdim

    if name == "twonn":
        return float(skdim.id.TwoNN().fit(x).dimension_)
    return float(skdim.id.MLE().fit(x, n_neighbors=20).dimension_)


def _area(x: np.ndarray, train: np.ndarray, held_out: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    gaps = [np.linalg.norm(one[:, None] - train[None], axis=-1).min(1) for one in (x, held_out)]
    return float(roc_auc_score([0] * len(x) + [1] * len(held_out), np.concatenate(gaps)))


def _share(name: str, k: int) -> Case:
    measure = "precision_recall" if name in ("precision", "recall") else "density_coverage"
    return Case(
        measure,
        f"{name}, 60 samples and 45 data in 3 dimensions, k = {k}",
        lambda: getattr(getattr(measures, measure)(X, Y, k), name).value,
        lambda: plain.shares_by_loops(X, Y, k)[name],
        "plain loops",
        ROUNDING,
    )


COPIES = _with_copies()
EXACT: list[Case] = [
    *(_share(name, k) for name, k in (("precision", 3), ("recall", 3), ("density", 5), ("coverage", 5), ("recall", 1))),
    Case(
        "expected_coverage",
        "n = 80, m = 60, k = 2",
        lambda: measures.expected_coverage(80, 60, 2),
        lambda: plain.expected_coverage(80, 60, 2),
        "closed form in fractions",
        ROUNDING,
    ),
    Case(
        "nearest",
        "sum of 4 neighbors' distances, 784 dimensions",
        lambda: float(measures.nearest(WIDE_Y, WIDE_X, 4).distances.sum()),
        lambda: float(np.sort(np.linalg.norm(WIDE_Y[:, None] - WIDE_X[None], axis=-1), 1)[:, :4].sum()),
        "all pairs",
        CLOSE,
    ),
    Case(
        "copying",
        "60 samples, 45 held out, 40 trained on",
        lambda: measures.copying(X, SURFACE[:40, :3], Y).closer.value,
        lambda: _area(X, SURFACE[:40, :3], Y),
        "scikit-learn's roc_auc_score",
        CLOSE,
    ),
    Case(
        "kl_from_samples",
        "60 and 45 examples in 3 dimensions, k = 4",
        lambda: measures.kl_from_samples(X, Y, 4).value,
        lambda: plain.kl(X, Y, 4),
        "scipy's k-d tree",
        CLOSE,
    ),
    Case(
        "js_from_samples",
        "45 examples each in 3 dimensions, k = 4",
        lambda: measures.js_from_samples(X[:45], Y, 4).value,
        lambda: plain.js(X[:45], Y, 4),
        "scipy's k-d tree",
        CLOSE,
    ),
    Case(
        "js_from_samples",
        "four values, each many times",
        lambda: measures.js_from_samples(*COPIES).value,
        lambda: _js_of_copies(*COPIES),
        "shares of values",
        CLOSE,
    ),
    Case(
        "intrinsic_dimension",
        "twonn of a plane in 6 dimensions",
        lambda: measures.intrinsic_dimension(SURFACE).value,
        lambda: _dimension("twonn", SURFACE),
        "scikit-dimension",
        CLOSE,
    ),
    Case(
        "intrinsic_dimension",
        "maximum likelihood of a plane in 6 dimensions",
        lambda: measures.intrinsic_dimension(SURFACE, method="maximum-likelihood").value,
        lambda: _dimension("mle", SURFACE),
        "scikit-dimension",
        CLOSE,
    ),
    *EXACT_OTHERS,
]
SAMPLED: list[SampleCase] = [*SAMPLED_NEIGHBORS, *SAMPLED_OTHERS]
