"""Whole numbers that a user gives, checked."""

from operator import index
from typing import Any

import numpy as np

from saddle.core.errors import InputError


def whole_number(name: str, value: Any, *, least: int | None = None) -> int:
    """The number as Python's own, from anything that is a whole number, such as NumPy's; truth values are none.

    >>> whole_number("runs", np.int64(3), least=2)
    3

    Args:
        name: of the argument, for the message.
        value: what was given.
        least: the smallest that is allowed, or None.

    Raises:
        InputError: naming the argument, the rule and what was found.
    """
    try:
        number = None if isinstance(value, bool | np.bool_) else index(value)
    except TypeError:
        number = None
    if number is None:
        raise InputError(f"{name} must be a whole number, and got {value!r}.")
    if least is not None and number < least:
        raise InputError(f"{name} must be at least {least}, and got {number}.")
    return number
