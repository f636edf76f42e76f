"""Pictures and points there and back."""

import json

import numpy as np
import pytest
import torch

from saddle.core.errors import InputError
from saddle.data.pixel_range import PixelRange
from saddle.data.similarity import Similarity
from saddle.data.transforms import transform_from_record

rng = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(5, 7, 6), (5, 7, 6, 3), (5, 7, 6, 1)])
def test_bytes_return_exactly_through_float32(shape: tuple[int, ...]) -> None:
    pictures = rng.integers(0, 256, shape, dtype=np.uint8)
    scale = PixelRange(0.0, 255.0, channels=len(shape) == 4)
    model = scale.encode(pictures)
    assert model.dtype == torch.float32 and model.is_contiguous()
    assert model.shape == (5, shape[3] if len(shape) == 4 else 1, 7, 6)
    assert (np.rint(scale.decode(model)) == pictures).all()
    for value, end in ((0, -1.0), (255, 1.0)):
        assert (scale.encode(np.full(shape, value, dtype=np.uint8)) == end).all()


def test_channels_move_to_the_front() -> None:
    pictures = rng.random((2, 3, 4, 3))
    model = PixelRange(0.0, 1.0, channels=True).encode(pictures)
    assert model[1, 2, 0, 3].item() == pytest.approx(2 * pictures[1, 0, 3, 2] - 1)


def test_decoded_pixels_stay_within_the_range() -> None:
    scale = PixelRange(-2.0, 3.0, channels=False)
    wild = scale.decode(torch.tensor([[[[-9.0, 0.0, 9.0]]]]))
    assert wild.reshape(-1).tolist() == [-2.0, 0.5, 3.0]


@pytest.mark.parametrize(
    ("low", "high", "integer", "meant"),
    [
        (0, 255, True, (0, 255)),
        (3, 200, True, (0, 255)),
        (0, 16, True, (0, 16)),
        (0, 1, True, (0, 1)),
        (-128, 127, True, (-128, 127)),
        (0.1, 0.9, False, (0, 1)),
        (-0.9, 1.0, False, (-1, 1)),
        (0.0, 251.0, False, (0, 255)),
        (-3.0, 3.5, False, (-3, 3.5)),
        (0.0, 0.01, False, (0, 0.01)),
        (7.0, 7.0, False, (7, 8)),
    ],
)
def test_the_meant_range(low: float, high: float, integer: bool, meant: tuple[float, float]) -> None:
    scale = PixelRange.observed(low, high, integer=integer, channels=False)
    assert (scale.low, scale.high) == meant


@pytest.mark.parametrize("factor", [1.0, 1e-8, 1e100])
def test_points_are_centered_with_their_geometry_kept(factor: float) -> None:
    points = (rng.normal(size=(1000, 2)) * [3.0, 0.5] + [10.0, -4.0]) * factor
    similarity = Similarity.fitted(points, peak=np.abs(points).max())
    model = similarity.encode(points).numpy()
    assert model.mean(0) == pytest.approx(np.zeros(2), abs=1e-9)
    assert np.square(model).mean() == pytest.approx(1.0)
    ratio = np.linalg.norm(points[1:] - points[:-1], axis=1) / np.linalg.norm(model[1:] - model[:-1], axis=1)
    assert ratio == pytest.approx(np.full(999, similarity.scale))
    assert similarity.decode(torch.from_numpy(model)) == pytest.approx(points, rel=1e-9)


def test_constant_points_survive() -> None:
    points = np.full((10, 2), 0.1)
    similarity = Similarity.fitted(points, peak=0.1)
    assert similarity.scale == 1.0
    assert similarity.decode(similarity.encode(points)) == pytest.approx(points)


@pytest.mark.parametrize("transform", [PixelRange(0.0, 1.0, True), Similarity((0.1, 1 / 3), 1e-7)])
def test_records_return(transform) -> None:
    assert transform_from_record(json.loads(json.dumps(transform.to_record()))) == transform


def test_unknown_record_is_refused() -> None:
    with pytest.raises(InputError, match="must be of kind pixel range, similarity, normal scores; found 'wavelet'"):
        transform_from_record({"kind": "wavelet"})
