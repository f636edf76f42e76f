"""From what a user gives as the labels of samples to class indices."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.whole_number import whole_number
from saddle.data import Layout
from saddle.families.tables import nearest


def class_indices(y: Any, count: int, layout: Layout) -> Tensor:
    """Class indices, shape (count,), of one label for all samples or of one for each.

    A label is the user's own, such as 7 or "cat"; its text is accepted too, as it comes from a command line.

    Raises:
        InputError: when the model has no labels, the number of labels is wrong, or one does not exist.
    """
    if layout.classes is None:
        raise InputError("This model was trained without labels, so it cannot sample a given label.")
    count = whole_number("n", count)
    given = _one_each(y, count)
    if len(given) != count:
        raise InputError(f"y needs one label for each of the {count} samples, and has {len(given)}.")
    by_value: dict[Any, int] = {label: index for index, label in enumerate(layout.classes)}
    by_text = {str(label): index for label, index in by_value.items()}
    for label in given:
        if label not in by_value and str(label) not in by_text:
            raise InputError(f"There is no label {label!r}{nearest(str(label), list(by_text))}")
    return torch.tensor([by_value[one] if one in by_value else by_text[str(one)] for one in given])


def _one_each(y: Any, count: int) -> list[Any]:
    """A single label repeated, or a sequence, array, tensor or series as a list of plain values."""
    if isinstance(y, str | int | float | bool):
        return [y] * count
    values = np.asarray(y).tolist()
    return values if isinstance(values, list) else [values] * count
