import math

import numpy as np
import pytest
import torch
from scipy import stats

from saddle.core.errors import InputError
from saddle.measures import sliced_wasserstein
from saddle.measures.transport.sliced_wasserstein import transport_costs


@pytest.mark.parametrize("sizes", [(30, 30), (30, 45), (7, 30), (13, 11)])
def test_each_direction_agrees_with_scipy(sizes: tuple[int, int]) -> None:
    generator = np.random.default_rng(0)
    u, v = generator.standard_normal(sizes[0]), generator.standard_normal(sizes[1]) * 2
    ours = transport_costs(torch.from_numpy(u)[None], torch.from_numpy(v)[None], 1)
    assert float(ours) == pytest.approx(stats.wasserstein_distance(u, v), rel=1e-10)


@pytest.mark.parametrize("p", [1, 2])
def test_a_shift_has_its_closed_form(p: int) -> None:
    x = np.random.default_rng(1).standard_normal((50, 2))
    found = sliced_wasserstein(x, x + np.array([3.0, 0.0]), p=p, directions=4000)
    # A projection moves by 3 |cos|, whose mean is 2/π and mean square one half.
    truth = 3 * 2 / math.pi if p == 1 else 3 / math.sqrt(2)
    assert found.error is not None
    assert found.value == pytest.approx(truth, abs=0.03)
    assert abs(found.value - truth) < 4 * found.error


def test_one_dimension_has_no_error_of_slicing() -> None:
    x, y = np.random.default_rng(2).standard_normal((2, 500, 1))
    few, many = sliced_wasserstein(x, y, directions=2), sliced_wasserstein(x, y, directions=64)
    assert few.value == pytest.approx(many.value)
    assert few.error == pytest.approx(many.error)


def test_stated_error_is_the_spread() -> None:
    generator = np.random.default_rng(3)
    runs = [
        sliced_wasserstein(
            generator.standard_normal((200, 2)), generator.standard_normal((150, 2)) * 2, directions=64, seed=seed
        )
        for seed in range(80)
    ]
    spread = np.std([run.value for run in runs])
    assert 0.7 < np.mean([run.error for run in runs if run.error]) / spread < 1.5


def test_same_seed_same_value() -> None:
    x, y = np.random.default_rng(4).standard_normal((2, 20, 3))
    assert sliced_wasserstein(x, y, seed=1) == sliced_wasserstein(x, y, seed=1)
    assert sliced_wasserstein(x, y, seed=1).value != sliced_wasserstein(x, y, seed=2).value


def test_bad_order_is_refused() -> None:
    with pytest.raises(InputError, match="p must be at least 1"):
        sliced_wasserstein(np.zeros((20, 2)), np.zeros((20, 2)), p=0.5)
