"""Examples that a fitted model is asked about: in its units, with its class indices."""

from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import open_given
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices


def examples_for(fitted: Fitted, X: Any, y: Any = None) -> tuple[Tensor, Tensor | None]:
    """All examples of some data in a model's units, shape (n, ...), and its class indices (n,) or None.

    Args:
        fitted: the model.
        X: a `Dataset` or anything that `saddle.open` takes; a single example will do, shape (1, ...).
        y: labels in the user's own terms, one for all or one for each, where a conditional model needs them and `X`
            has none.

    Raises:
        InputError: when the examples have another shape than the model's, or labels are missing, unknown or not wanted.
    """
    data = open_given(X, least=1)
    layout = fitted.layout
    if data.model_shape != layout.model_shape:
        raise InputError(
            f"X has examples of shape {data.model_shape} in model units; the model is of {layout.model_shape}."
        )
    everything = torch.arange(len(data))
    own = data.take(everything).reshape(-1, *layout.shape)  # pictures of one channel come with or without its axis
    x = layout.transform.encode(own).float()
    if fitted.shares is None:
        if y is not None:
            raise InputError("A model trained without labels is asked without them; leave y out.")
        return x, None
    indices = data.labels_of(everything)
    if y is None and indices is None:
        raise InputError("A model trained with labels is asked about labeled examples; X has no labels, so give y.")
    given = y if y is not None or indices is None else data.layout.labels(indices)
    return x, class_indices(given, len(data), layout, of="examples")
