import numpy as np
import pytest
import skdim

from saddle.core.errors import InputError
from saddle.measures import intrinsic_dimension
from saddle.measures.neighbors.intrinsic_dimension import Method


def plane(seed: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).random((n, 2)) @ np.random.default_rng(0).standard_normal((2, 6))


def test_agrees_with_scikit_dimension() -> None:
    x = plane(1, 300)
    truth = skdim.id.TwoNN().fit(x).dimension_
    assert intrinsic_dimension(x).value == pytest.approx(truth, rel=1e-9)
    for k in (5, 20):
        truth = skdim.id.MLE().fit(x, n_neighbors=k).dimension_
        assert intrinsic_dimension(x, method="maximum-likelihood", k=k).value == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("method", ["twonn", "maximum-likelihood"])
def test_error_is_the_spread(method: Method) -> None:
    found = [intrinsic_dimension(plane(i, 200), method=method, k=10) for i in range(60)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.error for one in found if one.error]) == pytest.approx(spread, rel=0.3)
    assert np.mean([one.value for one in found]) == pytest.approx(2, abs=0.2)


def test_scale_and_rotation_change_nothing() -> None:
    x = plane(2, 100)
    turned = x @ np.linalg.qr(np.random.default_rng(3).standard_normal((6, 6)))[0]
    assert intrinsic_dimension(turned * 7).value == pytest.approx(intrinsic_dimension(x).value, rel=1e-9)


def test_bad_input() -> None:
    x = plane(0, 50)
    with pytest.raises(InputError, match="method must be one of twonn, maximum-likelihood; found 'pca'"):
        intrinsic_dimension(x, method="pca")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="k must be at least 3; found 2"):
        intrinsic_dimension(x, method="maximum-likelihood", k=2)
    with pytest.raises(InputError, match=r"k must be a whole number; found 3\.5"):
        intrinsic_dimension(x, method="maximum-likelihood", k=3.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"x must hold no copies.*found 3 of 53"):
        intrinsic_dimension(np.concatenate([x, x[:3]]))
    with pytest.raises(InputError, match="x must hold at least 21 examples; found 20"):
        intrinsic_dimension(x[:20], method="maximum-likelihood")
    assert intrinsic_dimension(x[:30]).error is None
