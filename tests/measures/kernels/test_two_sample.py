import math

import numpy as np
import pytest
import torch
from torch import Tensor

from saddle.measures import energy_distance, kernel_distance, mmd, pairwise
from saddle.measures.kernels.two_sample import two_sample_statistic


def normals(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def product(a: Tensor, b: Tensor) -> Tensor:
    return (a @ b.T + 1) ** 2


def plain(x: np.ndarray, y: np.ndarray) -> float:
    """The statistic as the formula reads, one pair at a time."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float((a @ b + 1) ** 2)

    n, m = len(x), len(y)
    within_x = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    within_y = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return within_x + within_y - 2 * sum(k(a, b) for a in x for b in y) / (n * m)


def test_value_counts_no_example_with_itself() -> None:
    x, y = normals(0, 9, 2), normals(1, 7, 2) + 1
    assert two_sample_statistic(x, y, product, "").value == pytest.approx(plain(x.numpy(), y.numpy()), rel=1e-12)


def test_error_far_from_equal_laws_is_the_jackknife() -> None:
    x, y = normals(2, 40, 2).numpy(), normals(3, 30, 2).numpy() + 3
    left_x = np.array([plain(np.delete(x, i, 0), y) for i in range(40)])
    left_y = np.array([plain(x, np.delete(y, j, 0)) for j in range(30)])
    variance = 39 / 40 * ((left_x - left_x.mean()) ** 2).sum() + 29 / 30 * ((left_y - left_y.mean()) ** 2).sum()
    error = two_sample_statistic(torch.from_numpy(x), torch.from_numpy(y), product, "").error
    assert error is not None
    assert error == pytest.approx(math.sqrt(variance), rel=0.02)
    assert error < math.sqrt(variance)


@pytest.mark.parametrize("sizes", [(60, 60), (120, 30)])
@pytest.mark.parametrize("measure", [energy_distance, mmd, kernel_distance])
def test_equal_laws_have_an_error_of_the_right_size(measure, sizes: tuple[int, int]) -> None:
    # Without the second-order part taken off once, the error would be √2 too large.
    runs = [measure(normals(i, sizes[0], 8), normals(1000 + i, sizes[1], 8)) for i in range(200)]
    values = np.array([run.value for run in runs])
    assert np.sqrt(np.mean([run.error**2 for run in runs])) == pytest.approx(values.std(), rel=0.2)
    assert 0.91 <= np.mean([run.interval[0] <= 0 <= run.interval[1] for run in runs]) <= 0.99
    assert abs(values.mean()) < 4 * values.std() / math.sqrt(200)


@pytest.mark.parametrize("measure", [energy_distance, mmd, kernel_distance])
def test_blocks_change_nothing(measure, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normals(4, 50, 3), normals(5, 41, 3)
    whole = measure(x, y)
    monkeypatch.setattr(pairwise, "BLOCK", 8)
    parts = measure(x, y)
    assert (parts.value, parts.error, *parts.interval) == pytest.approx(
        (whole.value, whole.error, *whole.interval), rel=1e-10
    )


@pytest.mark.parametrize("measure", [energy_distance, mmd, kernel_distance])
def test_neither_order_nor_side_matters_nor_rotation(measure) -> None:
    x, y = normals(6, 40, 3), normals(7, 30, 3) + 0.5
    turn = torch.linalg.qr(normals(8, 3, 3)).Q
    found = measure(x, y)
    for other in (measure(y, x), measure(x.flip(0), y), measure(x @ turn, y @ turn)):
        assert (other.value, other.error) == pytest.approx((found.value, found.error), rel=1e-9)


def test_error_stays_positive_where_the_jackknife_hides_it() -> None:
    for seed in range(50):
        found = energy_distance(normals(seed, 8, 1), normals(100 + seed, 8, 1))
        assert found.error is not None and found.error > 0
        assert found.interval is not None and found.interval[0] < found.value < found.interval[1]


def test_equal_constant_sets_have_no_spread() -> None:
    found = energy_distance(np.zeros((5, 2)), np.zeros((6, 2)))
    assert (found.value, found.error, found.interval) == (0.0, 0.0, (0.0, 0.0))
