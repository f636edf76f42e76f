import numpy as np
import pytest

from saddle.measures import standardization


def test_train_gets_mean_zero_and_unit_mean_square_norm() -> None:
    x = np.random.default_rng(0).standard_normal((100, 2, 3)) * 5 + 7
    z = standardization(x).apply(x)
    np.testing.assert_allclose(z.mean(0), 0, atol=1e-12)
    assert float(z.square().sum(1).mean()) == pytest.approx(1)


def test_equal_examples_survive() -> None:
    assert standardization(np.ones((4, 2))).apply(np.ones((4, 2))).abs().max() == 0
