"""The maximum mean discrepancy against loops over pairs."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.objectives import MMD

BANDWIDTHS = (0.3, 1.0)
PROFILES = {"gaussian": lambda u: np.exp(-u), "rational-quadratic": lambda u: 1 / (1 + u)}


def batches(n: int = 5, m: int = 7, d: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Neither centered nor of unit scale."""
    draw = np.random.default_rng(0)
    return 4 + 3 * draw.standard_normal((n, d)), 2 + draw.standard_normal((m, d))


def spread(x: np.ndarray) -> float:
    """The root mean square distance between different rows."""
    return np.sqrt(np.mean([np.sum((a - b) ** 2) for i, a in enumerate(x) for j, b in enumerate(x) if i != j]))


def by_loops(x: np.ndarray, y: np.ndarray, kernel: str, unit: float) -> float:
    def k(a: np.ndarray, b: np.ndarray) -> float:
        return sum(PROFILES[kernel](np.sum((a - b) ** 2) / (2 * (s * unit) ** 2)) for s in BANDWIDTHS)

    def within(z: np.ndarray) -> float:
        return float(np.mean([k(z[i], z[j]) for i, j in product(range(len(z)), repeat=2) if i != j]))

    across = [k(a, b) for i, a in enumerate(x) for j, b in enumerate(y) if i != j or len(x) != len(y)]
    return within(x) + within(y) - 2 * float(np.mean(across))


def slopes(x: np.ndarray, y: np.ndarray, kernel: str, unit: float, *, of_first: bool) -> np.ndarray:
    """Central differences of the loops, with the unit held."""
    moved = x if of_first else y
    found, step = np.zeros_like(moved), 1e-5
    for at in np.ndindex(moved.shape):
        values = []
        for sign in (1, -1):
            shifted = moved.copy()
            shifted[at] += sign * step
            pair = (shifted, y) if of_first else (x, shifted)
            values.append(by_loops(*pair, kernel, unit))
        found[at] = (values[0] - values[1]) / (2 * step)
    return found


@pytest.mark.parametrize("kernel", PROFILES)
@pytest.mark.parametrize("m", [6, 7])
def test_it_is_the_unbiased_statistic(kernel: Any, m: int) -> None:
    """With pairs of an example and itself, a mean over n² pairs, or the spread of samples as unit it would differ."""
    x, y = batches(6, m)
    value = MMD(kernel, BANDWIDTHS).distance(torch.from_numpy(x), torch.from_numpy(y))
    assert value.item() == pytest.approx(by_loops(x, y, kernel, spread(x)), rel=1e-10)


@pytest.mark.parametrize("kernel", PROFILES)
def test_its_gradients_are_those_of_the_loops(kernel: Any) -> None:
    """By samples; and by data with the unit held, or a critic of features would shrink them to look far apart."""
    x, y = batches()
    leaves = [torch.from_numpy(one).requires_grad_() for one in (x, y)]
    by_data, by_samples = torch.autograd.grad(MMD(kernel, BANDWIDTHS).distance(*leaves), leaves)
    unit = spread(x)
    assert by_samples.numpy() == pytest.approx(slopes(x, y, kernel, unit, of_first=False), rel=1e-6, abs=1e-9)
    assert by_data.numpy() == pytest.approx(slopes(x, y, kernel, unit, of_first=True), rel=1e-6, abs=1e-9)


def test_labels_in_common_are_no_bias() -> None:
    """Batches of one law whose i-th examples share a class: a mean of zero; with pairs of one place it is below."""
    draw, objective = np.random.default_rng(0), MMD("gaussian", (0.3,))
    found = []
    for _ in range(400):
        centers = 5 * np.eye(4)[draw.integers(4, size=16)]
        x, y = (torch.from_numpy(centers + 0.1 * draw.standard_normal((16, 4))) for _ in range(2))
        found.append(objective.distance(x, y).item())
    assert abs(np.mean(found)) < 4 * np.std(found) / 20
    assert np.std(found) / 20 < 0.002


def test_one_kernel_is_the_measure() -> None:
    x, y = batches(40, 50)
    measured = saddle.measures.mmd(y, x, kernel="gaussian", bandwidth=float(0.7 * spread(x))).value
    value = MMD("gaussian", (0.7,)).distance(torch.from_numpy(x), torch.from_numpy(y))
    assert value.item() == pytest.approx(measured, rel=1e-9)


def test_batches_without_spread_have_finite_gradients() -> None:
    """Data all at one place leave no unit; samples all at one place have distances of zero."""
    for kernel in PROFILES:
        for x, y in ((torch.ones(4, 2), torch.randn(4, 2)), (torch.randn(4, 2), torch.ones(4, 2))):
            leaves = [x.requires_grad_(), y.requires_grad_()]
            value = MMD(kernel).distance(*leaves)  # type: ignore[arg-type]
            found = [value, *torch.autograd.grad(value, leaves)]
            assert all(bool(torch.isfinite(one).all()) for one in found)


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"bandwidths": []}, "bandwidths"),
        ({"bandwidths": [0.1, 0.0]}, "bandwidths"),
        ({"kernel": "laplace"}, "kernel"),
        ({"features": -1}, "features"),
        ({"width": 1.0}, "width"),
    ],
)
def test_bad_values_are_refused(table: dict[str, Any], named: str) -> None:
    with pytest.raises(saddle.InputError, match=named):
        saddle.GAN(objective={"kind": "mmd", **table}).checked()
