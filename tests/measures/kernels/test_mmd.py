import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from saddle.core.errors import InputError
from saddle.measures import mmd


def clouds(n: int, m: int, d: int = 2) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) + 0.5


KERNELS = {
    "gaussian": lambda r, s: np.exp(-(r**2) / (2 * s**2)),
    "laplace": lambda r, s: np.exp(-r / s),
    "rational-quadratic": lambda r, s: 1 / (1 + r**2 / (2 * s**2)),
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_equals_the_formula(kernel) -> None:
    x, y = clouds(20, 15)
    k = KERNELS[kernel]
    xx, yy, xy = k(cdist(x, x), 0.8), k(cdist(y, y), 0.8), k(cdist(x, y), 0.8)
    plain = (xx.sum() - 20) / (20 * 19) + (yy.sum() - 15) / (15 * 14) - 2 * xy.mean()
    assert mmd(x, y, kernel=kernel, bandwidth=0.8).value == pytest.approx(plain, rel=1e-12)


def test_median_bandwidth_is_that_of_both_sets_together_and_named() -> None:
    x, y = clouds(31, 30)
    pooled = np.concatenate([x, y])
    distances = np.sort(cdist(pooled, pooled)[np.triu_indices(61, 1)])
    median = distances[(len(distances) - 1) // 2]
    found = mmd(x, y)
    assert found.value == pytest.approx(mmd(x, y, bandwidth=median).value, rel=1e-12)
    assert f"{median:.6g}" in found.method


def test_median_of_many_examples_is_close_and_always_the_same() -> None:
    x, y = clouds(1500, 1500)
    first, second = mmd(x, y), mmd(x, y)
    assert first == second
    assert float(first.method.split("bandwidth ")[1].split(";")[0]) == pytest.approx(1.75, rel=0.05)


def test_gaussian_kernel_between_normals_has_its_closed_form() -> None:
    generator = np.random.default_rng(1)

    def mean(shift: float, variance: float) -> float:
        return 1 / (1 + variance) * math.exp(-(shift**2) / (2 * (1 + variance)))

    truth = mean(0, 2) + mean(0, 2 * 4) - 2 * mean(1, 1 + 4)
    runs = []
    for _ in range(60):
        y = generator.standard_normal((150, 2)) * 2 + [1, 0]
        runs.append(mmd(generator.standard_normal((100, 2)), y, bandwidth=1.0))
    values = np.array([run.value for run in runs])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / math.sqrt(60))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel": "linear"}, "kernel must be one of gaussian, laplace, rational-quadratic; found 'linear'"),
        ({"bandwidth": 0.0}, "bandwidth must be a positive number"),
        ({"bandwidth": math.inf}, "bandwidth must be a positive number"),
        ({"bandwidth": "mean"}, "bandwidth must be a positive number or 'median'; found 'mean'"),
    ],
)
def test_bad_options_are_refused(options, message: str) -> None:
    with pytest.raises(InputError, match=message):
        mmd(*clouds(10, 10), **options)


def test_a_median_of_zero_is_refused() -> None:
    with pytest.raises(InputError, match="found a median of 0"):
        mmd(np.zeros((10, 1)), np.zeros((10, 1)))
