import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from saddle.core.errors import InputError
from saddle.measures import nearest, pairwise


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


def test_too_many_neighbors_are_refused() -> None:
    with pytest.raises(InputError, match="k must be between 1 and the 3"):
        nearest(np.zeros((2, 2)), np.zeros((3, 2)), 4)
