from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from saddle.core.errors import InputError
from saddle.reports import marginals_sheet, picture_sheet, png_bytes, scatter_sheet
from saddle.reports.pixels import as_pixels, pixel_range, shrunk


def test_a_sheet_holds_each_picture_where_it_belongs() -> None:
    pictures = np.arange(6, dtype=np.uint8)[:, None, None] * np.ones((6, 4, 5), np.uint8)
    sheet = np.asarray(picture_sheet(pictures, columns=3, scale=1))
    assert sheet.shape == (2 * 4 + 1, 3 * 5 + 2)
    assert sheet[0, 0] == 0
    assert sheet[0, 6] == 1
    assert sheet[5, 12] == 5
    assert (sheet[4] == 255).all()


def test_a_sheet_is_enlarged_without_blurring() -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (4, 8, 8)).astype(np.uint8)
    sheet = picture_sheet(pictures)
    assert sheet.size == (17 * 8, 17 * 8)
    assert len(np.unique(np.asarray(sheet)[:8, :8])) == 1


@pytest.mark.parametrize("background", [None, 0])
@pytest.mark.parametrize("channels", [1, 3])
def test_color_and_transparency(background: int | None, channels: int) -> None:
    sheet = picture_sheet(np.zeros((2, 4, 4, channels), np.uint8), background=background)
    assert sheet.mode == {(1, None): "LA", (3, None): "RGBA", (1, 0): "L", (3, 0): "RGB"}[channels, background]


@pytest.mark.parametrize(
    ("pictures", "values"),
    [
        (np.array([0, 255], np.uint8), (0, 255)),
        (np.array([0, 65535], np.uint16), (0, 65535)),
        (np.array([0.0, 0.3]), (0, 1)),
        (np.array([-0.2, 0.3]), (-1, 1)),
        (np.array([0.0, 200.0]), (0, 255)),
        (np.array([-5.0, 7.0]), (-5, 7)),
        (np.array([False, True]), (0, 1)),
        (np.array([300.0, 300.0]), (300, 301)),
    ],
)
def test_black_and_white_are_found(pictures: np.ndarray, values: tuple[float, float]) -> None:
    assert pixel_range(pictures) == values


def test_pixels_from_every_form() -> None:
    grey = np.array([[[-1.0, 0.0], [1.0, 2.0]]])
    np.testing.assert_array_equal(as_pixels(grey, (-1.0, 1.0)), [[[0, 128], [255, 255]]])
    channels_first = np.zeros((2, 3, 8, 6), np.uint8)
    assert as_pixels(channels_first).shape == (2, 8, 6, 3)
    clear = np.zeros((1, 5, 5, 4), np.uint8)
    assert (as_pixels(clear) == 255).all()
    assert as_pixels(np.zeros((1, 5, 5, 2), np.uint8)).shape == (1, 5, 5)
    with pytest.raises(InputError, match="found \\(3, 3\\)"):
        as_pixels(np.zeros((3, 3)))


def test_shrinking_keeps_form_and_mean() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (2, 100, 50, 3)).astype(np.uint8)
    small = shrunk(pixels, 20)
    assert small.shape == (2, 20, 10, 3)
    assert small.mean() == pytest.approx(pixels.mean(), abs=1)
    assert shrunk(pixels, 100) is pixels


def test_no_pictures_are_refused() -> None:
    with pytest.raises(InputError, match="found none"):
        picture_sheet(np.zeros((0, 4, 4), np.uint8))


def test_points_and_tables_become_pictures() -> None:
    x = np.random.default_rng(0).standard_normal((50, 5))
    for sheet in (
        scatter_sheet(x[:, :2], x[:, :2] + 1, names=("a", "b")),
        scatter_sheet(x[:, :1]),
        marginals_sheet(x, x + 1, names=tuple("abcde")),
    ):
        again = Image.open(BytesIO(png_bytes(sheet)))
        assert again.size == sheet.size
        assert len(np.unique(np.asarray(again.convert("L")))) > 10
