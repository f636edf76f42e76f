"""Whether two sources of data can be compared, and one of them in the model units of the other."""

from dataclasses import replace

import numpy as np

from saddle.core.errors import InputError
from saddle.data import Dataset

KINDS = {"images": "pictures", "points": "points", "table": "a table"}
UNKNOWN = -1


def in_units_of(data: Dataset, made: Dataset) -> Dataset:
    """The examples of `made` with the model units and the classes of `data`.

    Pictures keep their own range of pixels, so that bytes and numbers from 0 to 1 agree. Labels are kept where every
    one of them is a label of `data` too.

    Raises:
        InputError: when kind, shape or columns differ.
    """
    require_alike(data, made)
    transform = made.transform if data.kind == "images" else data.transform
    y = _translated(data, made)
    classes = None if y is None else data.classes
    return replace(made, layout=replace(made.layout, transform=transform, classes=classes), y=y)


def require_alike(data: Dataset, made: Dataset) -> None:
    """Refuse two sources that cannot be compared.

    Raises:
        InputError: when kind, shape or columns differ.
    """
    pair = f"{data.name} and {made.name} cannot be compared"
    if data.kind != made.kind:
        raise InputError(f"{pair}: {_form(data)} and {_form(made)}.")
    if data.model_shape != made.model_shape:
        folders = any(isinstance(one.storage, np.memmap) for one in (data, made))
        remedy = "; --size HxW brings folders of pictures to one size" if folders else ""
        raise InputError(f"{pair}: {_form(data)} and {_form(made)}{remedy}.")
    names = [[str(c.name) for c in one.columns or () if c.role == "feature"] for one in (data, made)]
    if names[0] != names[1]:
        mine, other = next(both for both in zip(*names, strict=True) if both[0] != both[1])
        raise InputError(f"{pair}: their columns must be the same in the same order; found {mine!r} and {other!r}.")


def require_different(data: Dataset, made: Dataset) -> None:
    """Refuse to compare examples with themselves.

    Raises:
        InputError: when both hold the same examples in the same order.
    """
    if len(data) == len(made) and all(
        np.array_equal(data.take(part), made.take(part)) for part in np.array_split(np.arange(len(data)), 64)
    ):
        raise InputError(f"A and B must hold different examples; {data.name} and {made.name} hold the same.")


def _translated(data: Dataset, made: Dataset) -> np.ndarray | None:
    """The class indices of `made` in the order of the classes of `data`, or None where these do not know them all."""
    if data.classes is None or made.classes is None or made.y is None:
        return None
    place = {label: index for index, label in enumerate(data.classes)}
    table = np.array([place.get(label, UNKNOWN) for label in made.classes])
    return None if UNKNOWN in table else table[made.y]


def _form(data: Dataset) -> str:
    if data.kind == "images":
        channels, height, width = data.model_shape
        return f"pictures of {height} x {width} pixels" + ("" if channels == 1 else f" in {channels} channels")
    if data.kind == "table":
        return f"a table of {data.model_shape[0]} columns"
    return f"points in {data.model_shape[0]} dimension{'s' if data.model_shape[0] > 1 else ''}"
