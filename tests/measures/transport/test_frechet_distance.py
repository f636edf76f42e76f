import math

import numpy as np
import pytest
import torch
from scipy import linalg
from torchmetrics.image.fid import _compute_fid

from saddle.core.errors import InputError
from saddle.measures import frechet_distance
from saddle.measures.transport.bures import GroupedMoments, Moments, squared_bures_distance


def clouds(n: int, m: int, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng([seed, n, m, d])
    mix = generator.standard_normal((d, d))
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) @ mix + 0.5


def test_raw_is_the_formula_of_scipy_and_torchmetrics() -> None:
    x, y = clouds(100, 80, 6)
    gap, a, b = x.mean(0) - y.mean(0), np.cov(x.T), np.cov(y.T)
    truth = gap @ gap + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real)
    raw = frechet_distance(x, y).raw.value
    assert raw == pytest.approx(truth, rel=1e-10)
    u, v = torch.from_numpy(x), torch.from_numpy(y)
    assert raw == pytest.approx(float(_compute_fid(u.mean(0), torch.cov(u.T), v.mean(0), torch.cov(v.T))), rel=1e-10)


def test_fewer_examples_than_dimensions_keep_their_digits() -> None:
    x, y = clouds(22, 25, 40)
    u, v = (x - x.mean(0)) / math.sqrt(21), (y - y.mean(0)) / math.sqrt(24)
    root = np.linalg.svd(u @ v.T, compute_uv=False).sum()
    truth = ((x.mean(0) - y.mean(0)) ** 2).sum() + (u**2).sum() + (v**2).sum() - 2 * root
    found = frechet_distance(x, y)
    assert found.raw.value == pytest.approx(truth, rel=1e-10)
    assert "not above the 40 dimensions" in found.corrected.note
    assert frechet_distance(x, x).raw.value == pytest.approx(0, abs=1e-11)


def test_a_shift_is_its_squared_length_in_both_values() -> None:
    x, _ = clouds(60, 60, 3)
    found = frechet_distance(x, x + np.array([3.0, 0.0, 4.0]))
    assert (found.raw.value, found.corrected.value) == pytest.approx((25, 25), rel=1e-12)


def test_corrected_is_the_group_jackknife() -> None:
    x, y = clouds(47, 33, 2)
    left = []
    for group in range(10):
        u, v = x[np.arange(47) % 10 != group], y[np.arange(33) % 10 != group]
        left.append(frechet_distance(u, v).raw.value)
    found = frechet_distance(x, y)
    assert found.corrected.value == pytest.approx(10 * found.raw.value - 9 * np.mean(left), rel=1e-10)


def test_equal_laws_are_unbiased_and_covered() -> None:
    generator = np.random.default_rng(1)
    found = [frechet_distance(*generator.standard_normal((2, 200, 16))) for _ in range(80)]
    raw, values = np.array([one.raw.value for one in found]), np.array([one.corrected.value for one in found])
    assert raw.mean() == pytest.approx(0.84, abs=0.05)
    assert abs(values.mean()) < 4 * values.std() / 80**0.5
    assert (values < 0).mean() > 0.3
    assert np.mean([one.corrected.error for one in found]) == pytest.approx(values.std(), rel=0.25)
    assert 0.88 <= np.mean([one.corrected.interval[0] <= 0 <= one.corrected.interval[1] for one in found]) <= 0.99


@pytest.mark.parametrize(("shift", "scale"), [(1.0, 1.0), (0.0, 1.5), (0.5, 2.0)])
def test_different_laws_are_covered(shift: float, scale: float) -> None:
    generator = np.random.default_rng(2)
    truth = shift**2 + 3 * (scale - 1) ** 2
    found = []
    for _ in range(80):
        y = generator.standard_normal((100, 3)) * scale + [shift, 0, 0]
        found.append(frechet_distance(generator.standard_normal((150, 3)), y).corrected)
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / 80**0.5)
    assert np.mean([one.error for one in found]) == pytest.approx(values.std(), rel=0.25)
    assert 0.87 <= np.mean([one.interval[0] <= truth <= one.interval[1] for one in found]) <= 0.995


def test_symmetric_and_indifferent_to_rotation() -> None:
    x, y = clouds(50, 60, 4)
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((4, 4)))[0]
    found = frechet_distance(x, y)
    assert frechet_distance(y, x).corrected.value == pytest.approx(found.corrected.value, rel=1e-9)
    assert frechet_distance(x @ turn, y @ turn).corrected.value == pytest.approx(found.corrected.value, rel=1e-9)


def test_moments_without_a_group_are_those_of_the_rest() -> None:
    x = torch.from_numpy(clouds(43, 43, 3)[0]) + 1e4
    rest = x[torch.arange(43) % 10 != 7]
    found = GroupedMoments(x, 10).without(7)
    torch.testing.assert_close(found.mean, rest.mean(0), rtol=1e-12, atol=0)
    torch.testing.assert_close(found.covariance, torch.cov(rest.T), rtol=1e-9, atol=1e-9)


def test_nearly_singular_covariances_lose_no_digits() -> None:
    covariance = torch.diag(torch.tensor([1.0, 1e-12], dtype=torch.float64))
    law = Moments(torch.zeros(2, dtype=torch.float64), covariance)
    assert squared_bures_distance(law, law) == pytest.approx(0, abs=1e-15)


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(InputError, match="x must hold at least 20 examples; found 19"):
        frechet_distance(np.zeros((19, 2)), np.zeros((30, 2)))


def test_constant_sets_are_at_zero() -> None:
    found = frechet_distance(np.zeros((20, 2)), np.zeros((20, 2)))
    assert found.corrected.value == 0 and found.corrected.interval == (0, 0)
