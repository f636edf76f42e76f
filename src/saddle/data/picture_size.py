"""The one size that all pictures of a folder get."""

import re

import numpy as np

from saddle.core.errors import InputError

LONGEST = 128  # pixels on the longer side, unless the user asks for more
STEP = 4
LARGEST = 4096


def parse_size(size: str | tuple[int, int]) -> tuple[int, int]:
    """Height and width from "HxW" or (h, w).

    Raises:
        InputError: when the form is another or a side is not from 1 to 4096.
    """
    if isinstance(size, str):
        match = re.fullmatch(r"\s*(\d+)\s*[x×]\s*(\d+)\s*", size, re.IGNORECASE)
        sides: tuple = tuple(int(side) for side in match.groups()) if match else ()
    else:
        sides = tuple(size) if isinstance(size, tuple | list) else ()
    whole = all(isinstance(side, int | np.integer) and not isinstance(side, bool) for side in sides)
    if len(sides) != 2 or not whole or not all(1 <= side <= LARGEST for side in sides):
        raise InputError(f"size must be height x width, such as 64x48, each side from 1 to {LARGEST}; found {size!r}.")
    return int(sides[0]), int(sides[1])


def automatic_size(heights: np.ndarray, widths: np.ndarray) -> tuple[int, int]:
    """A size for pictures of given heights and widths, shape (n,).

    Pictures of one size keep it. Otherwise the size has the median aspect ratio and the median area, its sides rounded
    to multiples of 4. In both cases it is scaled down, if need be, until the longer side is 128.
    """
    one = heights.min() == heights.max() and widths.min() == widths.max()
    aspect = float(np.exp(np.median(np.log(heights / widths))))
    area = float(np.median(heights.astype(np.float64) * widths))
    height, width = np.sqrt(area * aspect), np.sqrt(area / aspect)
    shrink = min(1.0, LONGEST / max(height, width))
    step = 1 if one else STEP
    sides = (max(step, step * round(side * shrink / step)) for side in (height, width))
    rounded_height, rounded_width = sides
    return rounded_height, rounded_width
