"""Pictures in their own units as eight-bit pixels for the eye."""

from typing import Any

import numpy as np

from saddle.core.errors import InputError


def pixel_range(pictures: Any) -> tuple[float, float]:
    """The values that black and white have in these pictures, by dtype or, for floats, by what occurs."""
    values = np.asarray(pictures)
    if values.dtype.kind == "b":
        return 0.0, 1.0
    if values.dtype.kind == "u":
        return 0.0, float(np.iinfo(values.dtype).max)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    for black, white in ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)):
        if black <= low and high <= white:
            return black, white
    return low, high if high > low else low + 1.0


def as_pixels(pictures: Any, values: tuple[float, float] | None = None) -> np.ndarray:
    """Pictures as uint8, shape (n, h, w) where grey and (n, h, w, 3) where colored; transparency goes over white.

    Args:
        pictures: shape (n, h, w), (n, h, w, c) or (n, c, h, w), c from 1 to 4.
        values: of black and white; taken from the pictures where None.

    Raises:
        InputError: when the shape is not that of pictures.
    """
    x = np.asarray(pictures)
    black, white = values if values is not None else pixel_range(x)
    if x.ndim == 4 and x.shape[-1] > 4 and x.shape[1] <= 4:
        x = np.moveaxis(x, 1, -1)
    if x.ndim not in (3, 4) or (x.ndim == 4 and not 1 <= x.shape[-1] <= 4):
        raise InputError(f"pictures must have shape (n, h, w) or (n, h, w, c) with c from 1 to 4; found {x.shape}.")
    if x.dtype != np.uint8 or (black, white) != (0.0, 255.0):
        scaled = (np.nan_to_num(x.astype(np.float64), nan=black) - black) * (255.0 / (white - black))
        x = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    if x.ndim == 3:
        return x
    if x.shape[-1] in (2, 4):
        alpha = x[..., -1:].astype(np.float64) / 255
        x = np.rint(x[..., :-1] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return x[..., 0] if x.shape[-1] == 1 else x


def shrunk(pixels: np.ndarray, longest: int) -> np.ndarray:
    """Pixels of shape (n, h, w[, 3]), averaged down where a side is longer than `longest`."""
    from PIL import Image

    height, width = pixels.shape[1:3]
    scale = longest / max(height, width)
    if scale >= 1 or len(pixels) == 0:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.stack([np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BOX)) for one in pixels])
