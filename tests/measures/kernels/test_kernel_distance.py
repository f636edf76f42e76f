import numpy as np
import pytest
import torch
from torchmetrics.image.kid import poly_mmd

from saddle.core.errors import InputError
from saddle.measures import kernel_distance


def clouds(n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) * 1.2 + 0.3


@pytest.mark.parametrize("options", [{}, {"degree": 2, "gamma": 0.3, "coef0": 2.0}])
def test_agrees_with_torchmetrics(options) -> None:
    x, y = clouds(40, 40, 6)
    theirs = float(
        poly_mmd(
            torch.from_numpy(x),
            torch.from_numpy(y),
            degree=options.get("degree", 3),
            gamma=options.get("gamma"),
            coef=options.get("coef0", 1.0),
        )
    )
    assert kernel_distance(x, y, **options).value == pytest.approx(theirs, rel=1e-11)


def test_degree_one_is_the_gap_of_means() -> None:
    x, y = clouds(30, 50, 4)
    gap = x.mean(0) - y.mean(0)
    truth = gap @ gap - np.trace(np.cov(x.T)) / 30 - np.trace(np.cov(y.T)) / 50
    assert kernel_distance(x, y, degree=1, gamma=1.0, coef0=0.0).value == pytest.approx(truth, rel=1e-11)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"degree": 0}, "degree must be a whole number of at least 1; found 0"),
        ({"degree": 2.5}, "degree must be a whole number"),
        ({"gamma": -1.0}, "gamma must be positive; found -1.0"),
        ({"coef0": -1.0}, "coef0 must not be negative; found -1.0"),
    ],
)
def test_bad_options_are_refused(options, message: str) -> None:
    with pytest.raises(InputError, match=message):
        kernel_distance(*clouds(10, 10, 2), **options)
