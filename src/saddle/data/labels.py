"""From the user's own labels to class indices."""

from typing import Any

import numpy as np
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data.layout import Label

CONTINUOUS = 20  # more different values than this, not all whole, are measurements and no classes


def encode_labels(y: Any, *, count: int, what: str) -> tuple[np.ndarray, tuple[Label, ...], tuple[str, ...]]:
    """Class indices, the user's own sorted labels, and what is worth noting about them.

    Args:
        y: one label per example: numbers, strings or booleans in an array, tensor, series or sequence.
        count: the number of examples.
        what: the name of the labels in messages.

    Returns:
        Indices into the classes, int64, shape (count,); the classes; sentences for the user.

    Raises:
        InputError: when there are not `count` labels, one is missing or of another type, or they are continuous.
    """
    values = _plain(y, what)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise InputError(
            f"{what} must hold one label per example; found shape {values.shape}; for one-hot rows give their argmax."
        )
    if len(values) != count:
        raise InputError(f"{what} must hold one label for each of the {count} examples; found {len(values)}.")
    indices, classes = _classes(values, what)
    counts = np.bincount(indices)
    notes = []
    if len(classes) == 1:
        notes.append(f"All labels are {classes[0]!r}.")
    elif counts.min() == 1:
        notes.append(f"{int((counts == 1).sum())} of {len(classes)} classes have a single example.")
    return indices, classes, tuple(notes)


def _plain(y: Any, what: str) -> np.ndarray:
    import pandas

    if isinstance(y, Tensor):
        return y.detach().cpu().numpy()
    if isinstance(y, np.ndarray):
        return y
    if isinstance(y, pandas.Series | pandas.Index):
        return y.to_numpy() if y.dtype.kind in "biuf" else np.asarray(y.tolist(), dtype=object)
    if isinstance(y, str | bytes):
        raise InputError(f"{what} must be a sequence of labels; found the text {y!r}.")
    try:
        items = list(y)
    except TypeError:
        raise InputError(f"{what} must be a sequence of labels; found {type(y).__name__}.") from None
    return np.fromiter((item.item() if isinstance(item, Tensor) else item for item in items), object, len(items))


def _classes(values: np.ndarray, what: str) -> tuple[np.ndarray, tuple[Label, ...]]:
    if values.dtype.kind == "O":
        return _object_classes(values, what)
    if values.dtype.kind not in "biufU":
        raise InputError(f"{what} must hold numbers, strings or booleans; found type {values.dtype}.")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise InputError(
            f"{what} must hold a label for every example; found {int((~np.isfinite(values)).sum())} empty."
        )
    levels, indices = np.unique(values, return_inverse=True)
    _refuse_continuous(levels, what)
    return indices.reshape(-1).astype(np.int64), tuple(levels.tolist())


def _object_classes(values: np.ndarray, what: str) -> tuple[np.ndarray, tuple[Label, ...]]:
    import pandas

    items = [item.item() if isinstance(item, np.generic) else item for item in values]
    for position, item in enumerate(items):
        if item is None or item is pandas.NA or (isinstance(item, float) and not np.isfinite(item)):
            raise InputError(f"{what} must hold a label for every example; found {item} at position {position}.")
        if not isinstance(item, int | float | str | bool):
            raise InputError(
                f"{what} must hold numbers, strings or booleans; found {type(item).__name__} at position {position}."
            )
    # Numbers sort among themselves and before strings.
    levels = sorted(set(items), key=lambda item: (isinstance(item, str), item))
    numbers = [level for level in levels if not isinstance(level, str)]
    _refuse_continuous(np.asarray(numbers, dtype=np.float64), what)
    place = {level: index for index, level in enumerate(levels)}
    return np.asarray([place[item] for item in items], dtype=np.int64), tuple(levels)


def _refuse_continuous(levels: np.ndarray, what: str) -> None:
    if levels.dtype.kind == "f" and len(levels) > CONTINUOUS and bool((levels != np.rint(levels)).any()):
        raise InputError(
            f"{what} must hold class labels; found {len(levels)} different numbers such as {levels[0]:.6g}, "
            f"{levels[1]:.6g}, which look like measurements."
        )
