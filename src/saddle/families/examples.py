"""Examples that a fitted model is asked about: in its units, with its class indices."""

from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import Dataset, open_given
from saddle.data.pixel_range import PixelRange
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices


def in_model_units(fitted: Fitted, data: Dataset, count: int) -> Tensor:
    """The first examples of other data than the model's own, shape (count, ...), in the model's units.

    Raises:
        InputError: when they have another shape, or are pictures whose values are of another range.
    """
    layout = fitted.layout
    if data.model_shape != layout.model_shape:
        raise InputError(
            f"X has examples of shape {data.model_shape} in model units; the model is of {layout.model_shape}."
        )
    own = data.take(torch.arange(count)).reshape(-1, *layout.shape)  # one channel comes with or without its axis
    if isinstance(layout.transform, PixelRange) and (wanted := layout.transform.unlike(own)) is not None:
        raise InputError(
            f"X has pixels from {own.min():g} to {own.max():g}; the model was trained on pixels in {wanted}."
        )
    return layout.transform.encode(own).float()


def examples_for(fitted: Fitted, X: Any, y: Any = None) -> tuple[Tensor, Tensor | None]:
    """All examples of some data in a model's units, shape (n, ...), and its class indices (n,) or None.

    Args:
        fitted: the model.
        X: a `Dataset` or anything that `saddle.open` takes; a single example will do, shape (1, ...).
        y: labels in the user's own terms, one for all or one for each, where a conditional model needs them and `X`
            has none.

    Raises:
        InputError: when the examples have another shape or range than the model's, or labels are missing, unknown or
            not wanted.
    """
    data = open_given(X, least=1)
    layout, everything = fitted.layout, torch.arange(len(data))
    x = in_model_units(fitted, data, len(data))
    if fitted.shares is None:
        if y is not None:
            raise InputError("A model trained without labels is asked without them; leave y out.")
        return x, None
    indices = data.labels_of(everything)
    if y is None and indices is None:
        raise InputError("A model trained with labels is asked about labeled examples; X has no labels, so give y.")
    given = y if y is not None or indices is None else data.layout.labels(indices)
    return x, class_indices(given, len(data), layout, of="examples")
