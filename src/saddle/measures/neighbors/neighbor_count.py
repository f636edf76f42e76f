"""The k of all that looks at k nearest neighbors."""

from numbers import Integral

from saddle.core.errors import InputError


def check_neighbor_count(k: int, *, least: int = 1) -> None:
    """Refuse a number of neighbors that is none.

    Raises:
        InputError: when `k` is not a whole number of at least `least`.
    """
    if not isinstance(k, Integral) or isinstance(k, bool):
        raise InputError(f"k must be a whole number; found {k!r}.")
    if k < least:
        raise InputError(f"k must be at least {least}; found {k}.")
