import numpy as np
import pytest
import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.measures import generator_dimension

POINTS = np.random.default_rng(0).standard_normal((30, 4))


def test_linear_maps_have_their_rank() -> None:
    generator = np.random.default_rng(1)
    for rank in (1, 2, 4):
        matrix = torch.from_numpy(generator.standard_normal((4, rank)) @ generator.standard_normal((rank, 9)))
        found = generator_dimension(lambda z, matrix=matrix: z @ matrix, POINTS)
        assert (found.value, found.error, found.interval) == (rank, 0, (rank, rank))
        narrow = generator_dimension(lambda z, matrix=matrix: (z @ matrix)[:, :2], POINTS)
        assert narrow.value == min(rank, 2)


def test_a_kink_halves_the_dimension_on_one_side() -> None:
    found = generator_dimension(lambda z: torch.relu(z[:, :1]).repeat(1, 3), POINTS)
    assert found.value == (POINTS[:, 0] > 0).mean()
    assert found.error == pytest.approx((POINTS[:, 0] > 0).std(ddof=1) / 30**0.5)
    assert "from 0 to 1" in found.note


def test_tolerance_asks_how_many_directions_matter() -> None:
    scales = torch.tensor([1.0, 0.1, 0.003, 1e-9], dtype=torch.float64)

    def stretched(z: Tensor) -> Tensor:
        return z * scales

    assert [generator_dimension(stretched, POINTS, tolerance=t).value for t in (None, 0.001, 0.01, 0.5)] == [4, 3, 2, 1]


def test_networks_that_make_pictures() -> None:
    network = nn.Sequential(nn.Linear(4, 18), nn.Tanh(), nn.Unflatten(1, (2, 3, 3)), nn.ConvTranspose2d(2, 1, 3)).eval()
    assert generator_dimension(network, POINTS).value == 4
    assert generator_dimension(network, torch.tensor(POINTS[:1], dtype=torch.float64)).error is None


def test_bad_input() -> None:
    with pytest.raises(InputError, match=r"tolerance must be in \[0, 1\); found 1"):
        generator_dimension(lambda z: z, POINTS, tolerance=1)
    with pytest.raises(InputError, match="finite Jacobian"):
        generator_dimension(lambda z: (z - z.detach()).sqrt(), POINTS)
    with pytest.raises(InputError, match="points must hold finite numbers"):
        generator_dimension(lambda z: z, POINTS * np.nan)
    with pytest.raises(InputError, match="function must return a torch tensor, one example per row; found ndarray"):
        generator_dimension(lambda z: z.numpy(), POINTS)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="function must compute with torch tensors throughout"):
        generator_dimension(lambda z: torch.from_numpy(z.numpy() * 2), POINTS)
