"""Examples that a fitted model is asked about: in its units, with its class indices."""

from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import open as open_data
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices


def examples_for(fitted: Fitted, X: Any, y: Any = None) -> tuple[Tensor, Tensor | None]:
    """All examples of some data in a model's units, shape (n, ...), and its class indices (n,) or None.

    Args:
        fitted: the model.
        X: a `Dataset` or anything that `saddle.open` takes.
        y: labels in the user's own terms, where a conditional model needs them and `X` has none.

    Raises:
        InputError: when the examples have another shape than the model's, or labels are missing or unknown.
    """
    data = open_data(X, y=y) if y is not None else open_data(X)
    layout = fitted.layout
    if data.model_shape != layout.model_shape:
        raise InputError(
            f"X has examples of shape {data.model_shape} in model units; the model is of {layout.model_shape}."
        )
    everything = torch.arange(len(data))
    x = layout.transform.encode(data.take(everything)).float()
    if fitted.shares is None:
        return x, None
    indices = data.labels_of(everything)
    if indices is None:
        raise InputError("A model trained with labels is asked about labeled examples; X has no labels, so give y.")
    return x, class_indices(data.layout.labels(indices), len(data), layout)
