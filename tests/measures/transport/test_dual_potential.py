import numpy as np
import pytest
import torch

from saddle.core.errors import InputError
from saddle.measures import dual_potential, wasserstein


def clouds(n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng([n, m, d])
    return generator.standard_normal((n, d)), generator.standard_normal((m, d)) + 1


@pytest.mark.parametrize("sizes", [(40, 40), (25, 60)])
@pytest.mark.parametrize("d", [1, 2, 10])
def test_gap_of_its_means_is_the_distance(d: int, sizes: tuple[int, int]) -> None:
    x, y = clouds(*sizes, d)
    potential = dual_potential(x, y)
    assert potential.value == wasserstein(x, y)
    assert float(potential.on_x.mean() - potential.on_y.mean()) == pytest.approx(potential.value.value, rel=1e-12)


@pytest.mark.parametrize("d", [1, 2, 10])
def test_is_lipschitz_everywhere(d: int) -> None:
    x, y = clouds(30, 40, d)
    potential = dual_potential(x, y)
    z = np.concatenate([x, y, np.random.default_rng(0).standard_normal((100, d)) * 5])
    values = potential(z)
    far = torch.cdist(torch.from_numpy(z), torch.from_numpy(z), compute_mode="donot_use_mm_for_euclid_dist")
    assert float(((values[:, None] - values).abs() - far).max()) < 1e-12


def test_its_values_on_the_clouds_are_those_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = clouds(30, 40, 3)
    potential = dual_potential(x, y)
    assert potential(x).tolist() == pytest.approx(potential.on_x.tolist(), abs=1e-14)
    assert potential(torch.from_numpy(y)).tolist() == pytest.approx(potential.on_y.tolist(), abs=1e-14)
    monkeypatch.setattr("saddle.measures.transport.dual_potential.BLOCK", 7)
    assert potential(x).tolist() == pytest.approx(potential.on_x.tolist(), abs=1e-14)


@pytest.mark.parametrize("d", [1, 3])
def test_no_other_lipschitz_function_does_better(d: int) -> None:
    x, y = clouds(30, 30, d)
    best = dual_potential(x, y).value.value
    generator = np.random.default_rng(1)
    for _ in range(50):
        slope = generator.standard_normal(d)
        slope /= np.linalg.norm(slope)
        place = generator.standard_normal(d)
        for f in (
            lambda z, a=slope: z @ a,
            lambda z, c=place: -np.linalg.norm(z - c, axis=1),
            lambda z, a=slope, c=place: np.maximum(-(z @ a), -np.linalg.norm(z - c, axis=1)),
            lambda z, a=slope: np.sin(z @ a),
        ):
            assert f(x).mean() - f(y).mean() <= best + 1e-12


def test_a_shift_on_the_line_has_slope_minus_one() -> None:
    x = np.linspace(0, 1, 20)
    potential = dual_potential(x, x + 5)
    z = np.linspace(0, 6, 50)
    assert np.diff(potential(z).numpy()) == pytest.approx(-np.diff(z))


def test_features_are_applied_to_new_points() -> None:
    x, y = clouds(20, 20, 4)
    potential = dual_potential(x, y, features=lambda points: points[:, :2])
    assert potential.on_x.tolist() == dual_potential(x[:, :2], y[:, :2]).on_x.tolist()
    assert potential(x).tolist() == pytest.approx(potential.on_x.tolist(), abs=1e-14)


def test_points_of_another_dimension_are_refused() -> None:
    with pytest.raises(InputError, match="z must have 2 numbers per example, as x and y have; found 3"):
        dual_potential(*clouds(5, 5, 2))(np.zeros((4, 3)))
