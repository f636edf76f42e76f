"""The resolution with which a column of decimal numbers was recorded."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

MOST = 6
ULPS = 2  # fast text parsers miss the nearest float by as much
CLEAR = 100  # by this factor a decimal has to be coarser than the floats themselves to be no chance


def decimals_of(frame: "pandas.DataFrame", column: str | int | float) -> int | None:
    """The least number of decimals, 0 to 6, that holds every value of a column of finite floats.

    Returns:
        The number, or None for other types, for full precision and where floats are too coarse to tell.
    """
    from pandas.api import types

    kind: Any = frame[column].dtype
    if not types.is_float_dtype(kind):
        return None
    values = frame[column].to_numpy(dtype=np.float64)
    own = np.dtype(getattr(kind, "numpy_dtype", kind))  # pandas' nullable types wrap NumPy's
    tolerance = ULPS * float(np.finfo(own).eps) * np.abs(values)
    for decimals in range(MOST + 1):
        if CLEAR * tolerance.max() > 10.0**-decimals:
            return None
        if (np.abs(np.round(values, decimals) - values) <= tolerance).all():
            return decimals
    return None
