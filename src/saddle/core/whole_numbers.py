"""Whole numbers that a caller gives: how many, which seed, which member."""

from numbers import Integral
from typing import Any

from saddle.core.errors import InputError


def whole(name: str, value: Any, *, least: int | None = None) -> int:
    """A whole number as a plain one.

    Args:
        name: what messages call it.
        value: a whole number of any type, but no truth value.
        least: the smallest that will do, or None for any.

    Raises:
        InputError: naming the argument, the rule and what was found.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(f"{name} must be a whole number, and got {value!r}.")
    if least is not None and value < least:
        raise InputError(f"{name} must be at least {least}, and got {value}.")
    return int(value)
