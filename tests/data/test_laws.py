"""The built-in laws against quadrature, closed forms and their own samples."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import dblquad

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data.gaussians import Normal, grid, ring
from saddle.data.swiss_roll import FIRST, LAST, SwissRoll
from saddle.data.thin import UnitSphere, VerticalLine

PLANAR = {
    # law, half side of a square that holds it, points per side of the integration grid
    "ring": (ring(), 1.1, 1100),
    "grid": (grid(), 4.5, 900),
    "gaussian": (Normal(2), 9.0, 200),
    "swiss-roll": (SwissRoll(), 2.2, 150),
}
ALL = {**{name: law for name, (law, _, _) in PLANAR.items()}, "circle": UnitSphere(2), "sphere": UnitSphere(3)}


def lattice(half: float, side: int) -> tuple[np.ndarray, float]:
    """Midpoints of the cells of a square, and the area of a cell."""
    axis = (np.arange(side) + 0.5) / side * 2 * half - half
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2), (2 * half / side) ** 2


@pytest.mark.parametrize("name", PLANAR)
def test_density_integrates_to_one(name: str) -> None:
    law, half, side = PLANAR[name]
    points, area = lattice(half, side)
    near = points if name in ("gaussian", "swiss-roll") else points[_near(points, law.means, 10 * law.std)]
    assert np.exp(law.log_prob(near)).sum() * area == pytest.approx(1.0, abs=1e-6)


def _near(points: np.ndarray, means: np.ndarray, radius: float) -> np.ndarray:
    return (np.abs(points[:, None, :] - means).max(-1) < radius).any(1)


@pytest.mark.parametrize("name", ["gaussian", "swiss-roll", "grid"])
def test_density_agrees_with_a_histogram_of_samples(name: str) -> None:
    law, half, _ = PLANAR[name]
    n, cells, half = 200_000, 30, min(half, 4.2)
    edges = np.linspace(-half, half, cells + 1)
    drawn = law.sample(n, Stream(1))
    counts, _, _ = np.histogram2d(drawn[:, 0], drawn[:, 1], bins=[edges, edges])
    # The expected counts by Gauss-Legendre quadrature with 7 x 7 nodes in each cell.
    nodes, weights = np.polynomial.legendre.leggauss(7)
    axis = (edges[:-1, None] + half / cells * (nodes + 1)).reshape(-1)
    weight = np.tile(weights * half / cells, cells)
    points = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    density = np.exp(law.log_prob(points)).reshape(len(axis), -1) * np.outer(weight, weight)
    expected = n * density.reshape(cells, 7, cells, 7).sum((1, 3))
    busy = expected > 20
    chi_square = ((counts - expected)[busy] ** 2 / expected[busy]).sum()
    assert busy.sum() > 20
    assert stats.chi2.sf(chi_square, busy.sum()) > 1e-4


def test_swiss_roll_density_agrees_with_adaptive_quadrature() -> None:
    from scipy.integrate import quad

    law = SwissRoll()
    points = np.concatenate([law.sample(5, Stream(0)), [[0.0, 0.0], [0.0, -0.63], [1.9, 0.0], [3.0, 3.0]]])

    def density(point: np.ndarray) -> float:
        def at(t: float) -> float:
            square = np.square(point * law.scale - [t * math.cos(t), t * math.sin(t)]).sum() / law.noise**2
            return math.exp(-0.5 * square) / (2 * math.pi * law.noise**2) / (LAST - FIRST) * law.scale**2

        return sum(quad(at, a, a + math.pi / 8, epsabs=0, epsrel=1e-11)[0] for a in np.arange(FIRST, LAST, math.pi / 8))

    truth = np.asarray([density(point) for point in points])
    assert np.exp(law.log_prob(points)) == pytest.approx(truth, rel=1e-8, abs=1e-200)


def test_swiss_roll_follows_the_definition_of_the_paper() -> None:
    drawn = SwissRoll().sample(100_000, Stream(0)) * 7.5
    radius = np.linalg.norm(drawn, axis=1)
    # E|x|² = E t² + 2 · .25², with t uniform on [1.5π, 4.5π].
    second = (LAST**3 - FIRST**3) / 3 / (LAST - FIRST) + 2 * 0.25**2
    assert np.mean(radius**2) == pytest.approx(second, rel=0.01)
    assert (1.5 * math.pi, 4.5 * math.pi) == (FIRST, LAST)


def test_ring_has_eight_different_modes_on_the_unit_circle() -> None:
    law = ring()
    assert len(np.unique(law.means.round(9), axis=0)) == 8
    assert np.linalg.norm(law.means, axis=1) == pytest.approx(np.ones(8))
    gaps = np.linalg.norm(law.means - np.roll(law.means, 1, axis=0), axis=1)
    assert gaps == pytest.approx(np.full(8, 2 * math.sin(math.pi / 8)))
    assert law.std == 0.01


def test_grid_has_spacing_two() -> None:
    law = grid()
    assert sorted(set(law.means[:, 0])) == [-4, -2, 0, 2, 4]
    assert len(np.unique(law.means, axis=0)) == 25
    assert law.std == 0.05


@pytest.mark.parametrize("law", [ring(), grid()], ids=["ring", "grid"])
def test_samples_visit_every_mode_equally_with_the_right_width(law) -> None:
    drawn = law.sample(50_000, Stream(3))
    offsets = drawn[:, None, :] - law.means
    nearest = np.square(offsets).sum(-1).argmin(1)
    counts = np.bincount(nearest, minlength=len(law.means))
    assert stats.chisquare(counts).pvalue > 1e-4
    spread = offsets[np.arange(len(drawn)), nearest].std(0)
    assert spread == pytest.approx(np.full(2, law.std), rel=0.02)


def test_normal_density_agrees_with_scipy() -> None:
    points = np.random.default_rng(0).normal(size=(20, 2))
    assert Normal(2).log_prob(points) == pytest.approx(stats.multivariate_normal(np.zeros(2)).logpdf(points))
    total, _ = dblquad(lambda b, a: math.exp(Normal(2).log_prob(np.array([[a, b]]))[0]), -7, 7, -7, 7, epsabs=1e-6)
    assert total == pytest.approx(1.0, abs=1e-5)


def test_far_points_have_finite_densities() -> None:
    far = np.array([[100.0, -50.0]])
    for law in (ring(), grid(), SwissRoll(), Normal(2)):
        assert np.isfinite(law.log_prob(far)).all()


@pytest.mark.parametrize("space", [2, 3])
def test_sphere_is_uniform_on_its_support(space: int) -> None:
    law = UnitSphere(space)
    drawn = law.sample(20_000, Stream(5))
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(np.ones(len(drawn)), abs=1e-12)
    assert law.dimension == space - 1
    if space == 2:
        uniform = np.arctan2(drawn[:, 1], drawn[:, 0]) / (2 * math.pi) + 0.5
        size = 2 * math.pi
    else:
        uniform = (drawn[:, 2] + 1) / 2  # Archimedes: each coordinate of the sphere is uniform
        size = 4 * math.pi
    assert stats.kstest(uniform, "uniform").pvalue > 1e-4
    assert np.exp(law.log_prob_on_support(drawn[:5])) * size == pytest.approx(np.ones(5))
    assert np.isneginf(law.log_prob_on_support(1.01 * drawn[:5])).all()


@pytest.mark.parametrize("theta", [0.0, -0.5])
def test_vertical_line(theta: float) -> None:
    law = VerticalLine(theta)
    drawn = law.sample(10_000, Stream(0))
    assert (drawn[:, 0] == theta).all()
    assert stats.kstest(drawn[:, 1], "uniform").pvalue > 1e-4
    assert law.log_prob_on_support(drawn[:3]) == pytest.approx(np.zeros(3))
    assert np.isneginf(law.log_prob_on_support(np.array([[theta, 1.5], [theta + 0.1, 0.5], [theta, -0.5]]))).all()
    assert law.dimension == 1


@pytest.mark.parametrize("law", [UnitSphere(2), UnitSphere(3), VerticalLine()])
def test_thin_laws_refuse_a_density_in_space(law) -> None:
    with pytest.raises(InputError, match="no density in the space around it"):
        law.log_prob(np.zeros((1, 2)))


@pytest.mark.parametrize("law", [*ALL.values(), VerticalLine()])
def test_point_i_does_not_depend_on_n(law) -> None:
    few, many = law.sample(10, Stream(2)), law.sample(1000, Stream(2))
    assert (few == many[:10]).all()
    assert not (law.sample(10, Stream(3)) == few).all()
    assert law.sample(7, np.random.default_rng(0)).shape == (7, few.shape[1])
