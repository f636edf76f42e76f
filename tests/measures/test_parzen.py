import math

import numpy as np
import pytest
from scipy.stats import gaussian_kde
from sklearn.neighbors import KernelDensity

from saddle.core.errors import InputError
from saddle.measures import parzen, parzen_log_likelihood

GENERATOR = np.random.default_rng(0)
X, Y, HELD = (GENERATOR.random((n, 100)) for n in (90, 40, 30))


def scikit(sigma: float, points: np.ndarray) -> np.ndarray:
    # One leaf: with more, its bounds lose all digits in many dimensions.
    return KernelDensity(bandwidth=sigma, leaf_size=len(X)).fit(X).score_samples(points)


@pytest.mark.parametrize("sigma", [0.05, 0.3, 2.0])
def test_agrees_with_scikit_learn(sigma: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parzen, "SAMPLE_BLOCK", 32)
    monkeypatch.setattr(parzen, "TEST_BLOCK", 16)
    found = parzen_log_likelihood(X, Y, sigma=sigma).log_likelihood
    truth = scikit(sigma, Y)
    assert found.value == pytest.approx(truth.mean(), rel=1e-12)
    assert found.error == pytest.approx(truth.std() / math.sqrt(40), rel=1e-9)


def test_agrees_with_scipy_on_a_line() -> None:
    samples, test = GENERATOR.standard_normal(80), GENERATOR.standard_normal(30) * 9
    truth = gaussian_kde(samples, bw_method=0.2 / samples.std(ddof=1)).logpdf(test).mean()
    assert parzen_log_likelihood(samples, test, sigma=0.2).log_likelihood.value == pytest.approx(truth, rel=1e-9)


def test_the_width_is_the_best_of_ten_on_the_first_thousand() -> None:
    chosen = parzen_log_likelihood(X, Y, validation=HELD)
    means = {float(sigma): scikit(sigma, HELD).mean() for sigma in np.logspace(-1, 0, 10)}
    assert chosen.validation == pytest.approx(means)
    assert chosen.sigma == max(means, key=lambda sigma: means[sigma])
    assert chosen.log_likelihood.interval == parzen_log_likelihood(X, Y, sigma=chosen.sigma).log_likelihood.interval
    near, far = np.repeat(X[:1], 1000, axis=0), X[:1] + GENERATOR.standard_normal((500, 100))
    assert parzen_log_likelihood(X, Y, validation=np.concatenate([near, far])).sigma == 0.1


@pytest.mark.parametrize(("scale", "end"), [(0.01, "smallest"), (0.4, ""), (30.0, "largest")])
def test_a_width_at_the_end_of_the_grid_is_noted(scale: float, end: str) -> None:
    samples, held, test = scale * np.random.default_rng(1).standard_normal((3, 50, 1))
    note = parzen_log_likelihood(samples, test, validation=held).log_likelihood.note
    expected = f"sigma is the end of the grid, the {end} tried; a wider grid may score higher; kind to blur"
    assert note.startswith(expected if end else "kind to blur")
    given = parzen_log_likelihood(samples, test, sigma=1.0).log_likelihood.note
    assert given.startswith("kind to blur")


def test_far_from_the_origin_and_far_from_the_samples() -> None:
    near = parzen_log_likelihood(X, Y, sigma=0.2).log_likelihood.value
    assert parzen_log_likelihood(X + 1e4, Y + 1e4, sigma=0.2).log_likelihood.value == pytest.approx(near, rel=1e-9)
    assert parzen_log_likelihood(X, Y + 1e3, sigma=0.1).log_likelihood.value == pytest.approx(-5e9, rel=0.01)


def test_interval_covers_the_mean_over_all_test_examples() -> None:
    samples = GENERATOR.standard_normal(50)
    truth = parzen_log_likelihood(samples, GENERATOR.standard_normal(200_000), sigma=0.5).log_likelihood.value
    hits = 0
    for seed in range(200):
        test = np.random.default_rng(seed).standard_normal(120)
        interval = parzen_log_likelihood(samples, test, sigma=0.5).log_likelihood.interval
        assert interval is not None
        hits += interval[0] <= truth <= interval[1]
    assert 0.89 <= hits / 200 <= 0.99


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give either validation or sigma, one of them; found neither"),
        ({"validation": HELD, "sigma": 0.2}, "found both"),
        ({"sigma": 0.0}, "sigma must be positive and finite; found 0.0"),
        ({"sigma": math.nan}, "sigma must be positive and finite; found nan"),
        ({"validation": HELD[:, :5]}, "validation and samples must have equally many numbers"),
    ],
)
def test_bad_input(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parzen_log_likelihood(X, Y, **options)
