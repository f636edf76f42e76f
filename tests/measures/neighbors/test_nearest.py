import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from saddle.core.errors import InputError
from saddle.measures import density_coverage, js_from_samples, kl_from_samples, nearest, pairwise, precision_recall


@pytest.mark.parametrize("dimension", [2, 400])
def test_agrees_with_scikit_learn(dimension: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairwise, "BLOCK", 32)
    generator = np.random.default_rng(0)
    x, reference = generator.standard_normal((70, dimension)), generator.standard_normal((90, dimension))
    distances, indices = NearestNeighbors(n_neighbors=4, algorithm="brute").fit(reference).kneighbors(x)
    found = nearest(x, reference, 4)
    np.testing.assert_allclose(found.distances.numpy(), distances, rtol=1e-9)
    np.testing.assert_array_equal(found.indices.numpy(), indices)


def test_finds_copies_among_pictures() -> None:
    pictures = torch.rand(50, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    found = nearest(pictures[[7, 3]], pictures)
    assert found.indices[:, 0].tolist() == [7, 3]
    assert found.distances.max() == 0


def test_blocks_far_and_near_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # Sorted by distance from the query, so that every block is nearer than the last.
    reference = np.linspace(9, 1, 100)[:, None]
    monkeypatch.setattr("saddle.measures.neighbors.nearest.BLOCK", 8)
    monkeypatch.setattr(pairwise, "BLOCK", 8)
    found = nearest(np.zeros((3, 1)), reference, 3)
    np.testing.assert_allclose(found.distances[0], np.sort(reference[:, 0])[:3])
    assert found.indices[0].tolist() == [99, 98, 97]


def test_copies_in_many_dimensions_are_at_distance_zero() -> None:
    # By matrix product alone they would come out near 1e-5.
    pictures = np.random.default_rng(0).random((40, 784)) + 100
    found = nearest(pictures[[5, 9]], pictures, 2)
    assert found.indices[:, 0].tolist() == [5, 9]
    assert found.distances[:, 0].tolist() == [0, 0]
    assert (found.distances[:, 1] > 1).all()


def test_too_many_neighbors_are_refused() -> None:
    with pytest.raises(InputError, match="k must be between 1 and the 3"):
        nearest(np.zeros((2, 2)), np.zeros((3, 2)), 4)
    with pytest.raises(InputError, match="k must be at least 1; found 0"):
        nearest(np.zeros((2, 2)), np.zeros((3, 2)), 0)


@pytest.mark.parametrize(
    "measure", [nearest, precision_recall, density_coverage, kl_from_samples, js_from_samples], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("k", [1.5, 2.0, True, "2"])
def test_k_is_a_whole_number(measure: Callable[..., object], k: object) -> None:
    x, y = np.random.default_rng(0).random((2, 20, 2))
    with pytest.raises(InputError, match=re.escape(f"k must be a whole number; found {k!r}.")):
        measure(x, y, k)
    measure(x, y, np.int64(2))
