import numpy as np
import pytest
import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.measures import lipschitz_constant

POINTS = np.random.default_rng(0).standard_normal((60, 2))
SLOPE = torch.tensor([3.0, 4.0], dtype=torch.float64)


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("shift", [0.0, 1e3])
def test_linear_functions_are_exact(column: bool, shift: float) -> None:
    def linear(x: Tensor) -> Tensor:
        values = x @ SLOPE.to(x.dtype) + shift
        return values[:, None] if column else values

    assert lipschitz_constant(linear, POINTS).value == pytest.approx(5, rel=1e-12)
    assert lipschitz_constant(linear, torch.tensor(POINTS, dtype=torch.float32)).value == pytest.approx(5, rel=1e-6)


def test_curved_functions_are_steepest_where_they_are() -> None:
    farthest = np.linalg.norm(POINTS, axis=1).max()
    assert lipschitz_constant(lambda x: x.square().sum(1), POINTS).value == pytest.approx(2 * farthest)


def test_what_gradients_at_the_data_miss_lies_between() -> None:
    def step(x: Tensor) -> Tensor:
        return torch.tanh(100 * x[:, 0])

    sides = np.array([[-1.0], [1.0]])
    alone = lipschitz_constant(step, np.repeat(sides, 2, 0))
    assert 1 - 1e-9 <= alone.value <= 100
    many = lipschitz_constant(step, np.repeat(sides, 400, 0), seed=1)
    assert 10 < many.value <= 100


def test_jumps_show_in_the_slope() -> None:
    found = lipschitz_constant(lambda x: (x[:, 0] > 0).to(x) + 0 * x.sum(1), np.array([[-0.1], [0.1], [2.0]]))
    assert found.value == pytest.approx(5)
    assert "slope 5" in found.note


def test_is_a_lower_bound() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    weights = [layer.weight.detach() for layer in network if isinstance(layer, nn.Linear)]
    bound = float(torch.linalg.matrix_norm(weights[0], 2) * torch.linalg.matrix_norm(weights[1], 2))
    found = lipschitz_constant(network, POINTS, y=POINTS[:7] + 1)
    assert 0 < found.value <= bound
    assert (found.error, found.interval, found.n) == (None, None, (60, 7))
    assert "lower bound" in found.note


def test_more_examples_find_no_less() -> None:
    few = lipschitz_constant(lambda x: x.pow(3).sum(1), POINTS[:20]).value
    assert lipschitz_constant(lambda x: x.pow(3).sum(1), POINTS).value >= few


def test_pictures_keep_their_shape() -> None:
    pictures = np.random.default_rng(0).random((10, 1, 4, 4))
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 1))
    assert lipschitz_constant(network, pictures).value > 0


def test_copies_have_no_slope() -> None:
    assert lipschitz_constant(lambda x: 0 * x.sum(1), np.ones((5, 3))).value == 0


def test_bad_input() -> None:
    with pytest.raises(InputError, match=r"shape \(60,\) or \(60, 1\); found \(60, 2\)"):
        lipschitz_constant(lambda x: x, POINTS)
    with pytest.raises(InputError, match="x must hold at least 2 examples; found 1"):
        lipschitz_constant(lambda x: x.sum(1), POINTS[:1])
    with pytest.raises(InputError, match="equally many numbers"):
        lipschitz_constant(lambda x: x.sum(1), POINTS, y=np.zeros((3, 3)))


def test_functions_of_arrays_are_refused_and_faults_of_their_own_are_not_hidden() -> None:
    with pytest.raises(InputError, match=r"^function must compute with torch tensors throughout[^\n]*\.$"):
        lipschitz_constant(lambda v: np.abs(v).sum(1), POINTS)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        lipschitz_constant(lambda x: x @ torch.ones(POINTS.shape[1] + 1, 1, dtype=x.dtype), POINTS)
