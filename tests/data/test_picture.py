"""Single pictures of every mode."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saddle.data.picture import PictureError, quiet, read_header, read_picture, suffixes

rng = np.random.default_rng(0)
RAMP = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (48, 1))  # 48 high, 64 wide, dark on the left


def opened(path: Path, *, grey: bool = True, size: tuple[int, int] = (48, 64)) -> np.ndarray:
    with quiet():
        return read_picture(path, size, grey=grey)


def saved(image: Image.Image, path: Path, **options) -> Path:
    image.save(path, **options)
    return path


def grey_modes(folder: Path) -> dict[str, Path]:
    ramp = Image.fromarray(RAMP)
    wide = RAMP.astype(np.uint16) * 257
    return {
        "L png": saved(ramp, folder / "l.png"),
        "L pgm": saved(ramp, folder / "l.pgm"),
        "16-bit png": saved(Image.fromarray(wide), folder / "sixteen.png"),
        "16-bit tiff": saved(Image.fromarray(wide), folder / "sixteen.tif"),
        "16-bit pgm": saved(Image.fromarray(wide.astype(np.int32)), folder / "sixteen.pgm"),
        "32-bit tiff": saved(Image.fromarray(wide.astype(np.int32)), folder / "wide.tif"),
        "float tiff, shares": saved(Image.fromarray(RAMP.astype(np.float32) / 255), folder / "share.tif"),
        "float tiff, bytes": saved(Image.fromarray(RAMP.astype(np.float32)), folder / "bytes.tif"),
        "float tiff, stretched": saved(Image.fromarray(RAMP.astype(np.float32) * 7 - 300), folder / "stretch.tif"),
        "LA opaque": saved(Image.merge("LA", (ramp, Image.new("L", ramp.size, 255))), folder / "la.png"),
    }


def test_grey_modes_agree_on_one_ramp(tmp_path: Path) -> None:
    for name, path in grey_modes(tmp_path).items():
        assert read_header(path) == (48, 64, True), name
        assert np.abs(opened(path).astype(int) - RAMP).max() <= 1, name


def test_color_modes_agree_on_one_picture(tmp_path: Path) -> None:
    color = np.stack([RAMP, RAMP[:, ::-1], np.full_like(RAMP, 60)], axis=2)
    image = Image.fromarray(color)
    paths = {
        "RGB png": (saved(image, tmp_path / "rgb.png"), 0),
        "RGB bmp": (saved(image, tmp_path / "rgb.bmp"), 0),
        "RGBA opaque": (saved(image.convert("RGBA"), tmp_path / "rgba.png"), 0),
        "webp": (saved(image, tmp_path / "rgb.webp", lossless=True), 0),
        "jpeg": (saved(image, tmp_path / "rgb.jpg", quality=95), 12),
        "CMYK jpeg": (saved(image.convert("CMYK"), tmp_path / "cmyk.jpg", quality=95), 14),
        "CMYK tiff": (saved(image.convert("CMYK"), tmp_path / "cmyk.tif"), 2),
        "palette": (saved(image.quantize(256, method=Image.Quantize.MEDIANCUT), tmp_path / "p.png"), 16),
        "gif": (saved(image.quantize(256, method=Image.Quantize.MEDIANCUT), tmp_path / "p.gif"), 16),
    }
    for name, (path, tolerance) in paths.items():
        assert read_header(path) == (48, 64, False), name
        found = opened(path, grey=False)
        assert found.shape == (48, 64, 3) and found.dtype == np.uint8
        assert np.abs(found.astype(int) - color).max() <= tolerance, name


def test_black_and_white(tmp_path: Path) -> None:
    path = saved(Image.fromarray(RAMP > 127), tmp_path / "bits.png")
    assert (opened(path) == np.where(RAMP > 127, 255, 0)).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P", "RGB key", "L key"])
def test_transparency_shows_white(mode: str, tmp_path: Path) -> None:
    half = np.zeros((48, 64, 4), dtype=np.uint8)
    half[:, 32:, 3] = 255  # black, transparent on the left
    image = Image.fromarray(half)
    path = tmp_path / "t.png"
    if mode == "P":
        flat = Image.fromarray((half[:, :, 3] > 0).astype(np.uint8), "L").convert("P")
        flat.putpalette([9, 9, 9, 0, 0, 0])
        flat.save(path, transparency=0)
    elif mode == "PA":
        path = tmp_path / "t.tif"
        flat = Image.new("P", image.size)
        flat.putalpha(image.getchannel("A"))
        assert flat.mode == "PA"
        flat.save(path)
    elif mode == "RGB key":
        keyed = Image.fromarray(np.where(half[:, :, 3:] > 0, 0, 7).astype(np.uint8).repeat(3, axis=2))
        keyed.save(path, transparency=(7, 7, 7))
    elif mode == "L key":
        Image.fromarray(np.where(half[:, :, 3] > 0, 0, 7).astype(np.uint8)).save(path, transparency=7)
    else:
        image.convert(mode).save(path)
    found = opened(path)
    assert (found[:, :32] == 255).all() and (found[:, 32:] == 0).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honored(orientation: int, tmp_path: Path) -> None:
    truth = np.zeros((40, 60), dtype=np.uint8)
    truth[:20, :30] = 200  # top left
    truth[20:, 30:] = 100  # bottom right
    # How a camera held that way stores the scene: the inverse of what the tag asks for.
    inverse = {
        1: truth,
        2: truth[:, ::-1],
        3: truth[::-1, ::-1],
        4: truth[::-1],
        5: truth.T,
        6: np.rot90(truth),
        7: truth[::-1, ::-1].T,
        8: np.rot90(truth, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(Image.fromarray(np.ascontiguousarray(inverse)), tmp_path / "o.jpg", exif=exif, quality=95)
    assert read_header(path)[:2] == (40, 60)
    assert np.abs(opened(path, size=(40, 60)).astype(int) - truth).mean() < 3


@pytest.mark.parametrize(("height", "width"), [(200, 100), (100, 200), (150, 150), (16, 16), (30, 500)])
def test_circles_stay_circles(height: int, width: int, tmp_path: Path) -> None:
    row, column = np.mgrid[:height, :width] + 0.5
    radius = min(height, width) / 3
    disk = (np.hypot(row - height / 2, column - width / 2) < radius) * np.uint8(255)
    found = opened(saved(Image.fromarray(disk), tmp_path / "disk.png"), size=(60, 60)) > 127
    rows, columns = found.any(1).sum(), found.any(0).sum()
    assert rows == pytest.approx(40, abs=6) and abs(int(rows) - int(columns)) <= 1
    assert found[30, 30] and abs(np.argwhere(found).mean(0) - 29.5).max() < 0.6


def test_large_jpegs_are_scaled_well(tmp_path: Path) -> None:
    row, column = np.mgrid[:960, :1280]
    smooth = (127 + 100 * np.sin(row / 160) * np.cos(column / 160)).astype(np.uint8)
    path = saved(Image.fromarray(smooth), tmp_path / "big.jpg", quality=95)
    truth = smooth.reshape(48, 20, 64, 20).mean((1, 3))
    assert np.abs(opened(path) - truth).max() < 3


def test_what_is_no_picture_is_refused_with_a_reason(tmp_path: Path) -> None:
    Image.fromarray(RAMP).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "drawing.eps").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n")
    Image.fromarray(np.array([[1.0, np.nan]], dtype=np.float32)).save(tmp_path / "nan.tif")
    for name in ("cut.png", "text.png", "empty.jpg", "drawing.eps", "nan.tif", "missing.png"):
        with pytest.raises(PictureError):
            opened(tmp_path / name)


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_a_picture_that_claims_too_many_pixels_is_refused(factor: float, tmp_path: Path, monkeypatch) -> None:
    path = saved(Image.fromarray(RAMP), tmp_path / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", int(RAMP.size / factor))
    with quiet(), pytest.raises(PictureError, match="the safe"):
        read_header(path)


def test_suffixes_are_those_of_pictures() -> None:
    known = suffixes()
    assert {".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".pgm", ".bmp"} <= known
    assert not {".pdf", ".eps", ".csv", ".txt", ".npy"} & known
