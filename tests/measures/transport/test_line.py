import numpy as np
import pytest
import torch
from scipy import stats

from saddle.measures.transport.line import transport_costs, transport_potentials

SIZES = [(30, 30), (30, 45), (7, 30), (13, 11), (1, 5), (1, 1)]


def rows(n: int, m: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = np.random.default_rng([n, m])
    return torch.from_numpy(generator.standard_normal((3, n))), torch.from_numpy(generator.standard_normal((3, m)) * 2)


@pytest.mark.parametrize("sizes", SIZES)
def test_each_line_agrees_with_scipy(sizes: tuple[int, int]) -> None:
    u, v = rows(*sizes)
    theirs = [stats.wasserstein_distance(a, b) for a, b in zip(u.numpy(), v.numpy(), strict=True)]
    assert transport_costs(u, v, 1).tolist() == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("p", [1, 1.5, 2])
@pytest.mark.parametrize("sizes", SIZES)
def test_potentials_are_feasible_and_reach_the_cost(sizes: tuple[int, int], p: float) -> None:
    u, v = rows(*sizes)
    f, g = transport_potentials(u, v, p)
    slack = (u[:, :, None] - v[:, None]).abs() ** p - f[:, :, None] - g[:, None]
    assert float(slack.min()) > -1e-12
    assert (f.mean(1) + g.mean(1)).tolist() == pytest.approx(transport_costs(u, v, p).tolist(), rel=1e-12)


def test_the_given_order_is_kept() -> None:
    u, v = rows(9, 14)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(0))
    f, _ = transport_potentials(u, v, 2)
    shuffled, _ = transport_potentials(u[:, order], v, 2)
    assert shuffled.tolist() == f[:, order].tolist()


def test_steps_do_not_overflow_between_large_sets() -> None:
    n, m = 70_000, 50_001
    u, v = torch.linspace(0, 1, n, dtype=torch.float64)[None], torch.linspace(1, 2, m, dtype=torch.float64)[None]
    assert float(transport_costs(u, v, 1)) == pytest.approx(1.0, rel=1e-9)
