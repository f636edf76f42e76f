import math

import numpy as np
import pytest
import torch
from scipy import stats

from saddle.core.errors import InputError
from saddle.measures import energy_distance, pairwise


def normals(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def plain(x: np.ndarray, y: np.ndarray) -> float:
    """The U-statistic as the formula reads, one pair at a time."""
    n, m = len(x), len(y)
    across = sum(np.linalg.norm(a - b) for a in x for b in y) / (n * m)
    within_x = sum(np.linalg.norm(x[i] - x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    within_y = sum(np.linalg.norm(y[i] - y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return float(2 * across - within_x - within_y)


@pytest.mark.parametrize("dimension", [1, 3, 300])
def test_equals_a_plain_double_loop(dimension: int) -> None:
    x, y = normals(0, 17, dimension), normals(1, 23, dimension) + 0.5
    assert energy_distance(x, y).value == pytest.approx(plain(x.numpy(), y.numpy()), rel=1e-10)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normals(4, 50, 3), normals(5, 41, 3)
    whole = energy_distance(x, y)
    monkeypatch.setattr(pairwise, "BLOCK", 8)
    parts = energy_distance(x, y)
    assert (parts.value, parts.error) == pytest.approx((whole.value, whole.error), rel=1e-12)


def test_agrees_with_scipy_up_to_the_diagonal_it_counts() -> None:
    x, y = normals(6, 40, 1), normals(7, 30, 1) + 1
    n, m = 40, 30
    within_x, within_y = torch.cdist(x, x).sum() / n**2, torch.cdist(y, y).sum() / m**2
    ours = energy_distance(x, y).value + float(within_x / (n - 1) + within_y / (m - 1))
    assert ours == pytest.approx(stats.energy_distance(x[:, 0], y[:, 0]) ** 2, rel=1e-10)


def expected_gap(mean: float, deviation: float) -> float:
    """E|Z| of Z ~ N(mean, deviation²)."""
    z = mean / deviation
    return deviation * math.sqrt(2 / math.pi) * math.exp(-z * z / 2) + mean * math.erf(z / math.sqrt(2))


def test_covers_the_closed_form_of_two_normals() -> None:
    shift, scale = 0.7, 1.5
    truth = 2 * expected_gap(shift, math.hypot(1, scale)) - (1 + scale) * 2 / math.sqrt(math.pi)
    estimates = [energy_distance(normals(i, 200, 1), normals(100 + i, 250, 1) * scale + shift) for i in range(100)]
    values = np.array([one.value for one in estimates])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std(ddof=1) / math.sqrt(100))
    covered = [one.interval[0] <= truth <= one.interval[1] for one in estimates if one.interval is not None]
    assert 0.88 < np.mean(covered) <= 0.99
    assert np.mean([one.error for one in estimates if one.error]) == pytest.approx(values.std(ddof=1), rel=0.25)


def test_is_unbiased_and_unclipped_for_equal_laws() -> None:
    values = np.array([energy_distance(normals(i, 60, 2), normals(500 + i, 60, 2)).value for i in range(200)])
    assert abs(values.mean()) < 4 * values.std(ddof=1) / math.sqrt(200)
    assert (values < 0).mean() > 0.3


def test_far_from_the_origin_keeps_its_digits() -> None:
    x, y = normals(8, 30, 300), normals(9, 30, 300)
    assert energy_distance(x + 1e6, y + 1e6).value == pytest.approx(energy_distance(x, y).value, rel=1e-5)


def test_few_examples_have_a_value_and_no_error() -> None:
    assert energy_distance(normals(0, 3, 1), normals(1, 9, 1)).interval is None
    estimate = energy_distance(np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]]))
    assert estimate.value == pytest.approx(-1.0)
    assert estimate.error is None


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((1, 2)), "x must hold at least 2"),
        (np.zeros(()), "one example per row"),
        (np.full((5, 2), np.nan), "5 of 5 examples"),
        (np.zeros((5, 3)), "equally many numbers"),
        (np.array([["a", "b"]] * 3), "real numbers"),
        ([[1.0, 2.0], [3.0]], "examples of one shape"),
        (np.zeros((5, 0)), "at least one number per example"),
        (np.full((5, 2), 1e200), "numbers up to 1e"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(x: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        energy_distance(x, np.zeros((5, 2)))


def test_features_are_measured_instead() -> None:
    x, y = normals(10, 20, 4), normals(11, 30, 4)
    found = energy_distance(x, y, features=lambda points: points[:, :2])
    assert found.value == energy_distance(x[:, :2], y[:, :2]).value
