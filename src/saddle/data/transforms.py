"""The invertible maps between own units and model units.

Model units are what networks see: pictures in [-1, 1] with channels first, points centered and of unit size, table
columns as normal scores. There are three transforms, `PixelRange`, `Similarity` and `NormalScores`.
"""

from typing import Any, Protocol

import numpy as np
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data.normal_scores import NormalScores
from saddle.data.pixel_range import PixelRange
from saddle.data.similarity import Similarity


class Transform(Protocol):
    """An invertible map between own units and model units."""

    def encode(self, own: np.ndarray) -> Tensor:
        """Examples in own units, shape (n, ...), as a floating tensor in model units."""
        ...

    def decode(self, model: Tensor) -> np.ndarray:
        """Examples in model units as floats in own units, not yet rounded."""
        ...

    def to_record(self) -> dict[str, Any]:
        """The JSON form, whose `kind` names the transform."""
        ...


KINDS: dict[str, Any] = {"pixel range": PixelRange, "similarity": Similarity, "normal scores": NormalScores}


def transform_from_record(record: dict[str, Any]) -> Transform:
    """The transform that a `to_record` described.

    Raises:
        InputError: when the record names no transform of this release.
    """
    kind = record.get("kind")
    if kind not in KINDS:
        raise InputError(f"A transform record must be of kind {', '.join(KINDS)}; found {kind!r}.")
    return KINDS[kind].from_record(record)
