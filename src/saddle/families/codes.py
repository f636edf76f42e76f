"""Codes of examples and what they stand for: what an autoencoder and a VAE are asked for alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.sampling import Networks
from saddle.families.examples import examples_for
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices

DECODES_WITH = "A model trained with labels decodes codes with labels; give y, one for all or one for each."
DECODES_WITHOUT = "A model trained without labels decodes without them; leave y out."

Map = Callable[[Networks, Tensor, Tensor | None], Tensor]


@dataclass(frozen=True)
class Coding:
    """One member of a fitted model as a map to codes and back.

    Attributes:
        fitted: the model.
        member: which of a population.
        units: numbers in a code.
        encoder: from networks, examples (n, ...) in model units and class indices (n,) or None to codes (n, units).
        decoder: from networks, codes (n, units) and class indices or None to examples (n, ...) in model units.
        block: examples that pass at once.
    """

    fitted: Fitted
    member: int
    units: int
    encoder: Map
    decoder: Map
    block: int = 1000

    def encode(self, X: Any, y: Any) -> np.ndarray:
        """Codes of examples, shape (n, units).

        Raises:
            InputError: when the examples or their labels do not fit the model.
        """
        return self._mapped(self.encoder, *examples_for(self.fitted, X, y)).cpu().numpy()

    def decode(self, codes: Any, y: Any) -> Any:
        """What codes (n, units) stand for, in the data's own units and container.

        Raises:
            InputError: when the codes are no finite numbers of this shape, or labels are missing or do not fit.
        """
        given = self._read(codes)
        if (y is None) != (self.fitted.shares is None):
            raise InputError(DECODES_WITH if y is None else DECODES_WITHOUT)
        labels = None if y is None else class_indices(y, len(given), self.fitted.layout, of="codes")
        return self._own(given, labels)

    def reconstruct(self, X: Any, y: Any) -> Any:
        """Examples encoded and decoded again, in the data's own units and container; raises as `encode` does."""
        x, labels = examples_for(self.fitted, X, y)
        return self._own(self._mapped(self.encoder, x, labels), labels)

    def _read(self, codes: Any) -> Tensor:
        try:
            given = codes.detach().cpu().numpy() if isinstance(codes, Tensor) else np.asarray(codes)
        except ValueError:
            raise InputError("codes must have rows of one length, and got parts of different lengths.") from None
        if given.dtype.kind not in "iuf":
            raise InputError(f"codes must be numbers of shape (n, {self.units}), and got {_shown(codes)}.")
        if given.ndim != 2 or given.shape[1] != self.units or not len(given):
            raise InputError(f"codes need the shape (n, {self.units}), and have {tuple(given.shape)}.")
        if not np.isfinite(given).all():
            raise InputError("codes must be finite numbers, and hold some that are not.")
        return torch.from_numpy(given.astype(np.float64))

    def _own(self, codes: Tensor, labels: Tensor | None) -> Any:
        x = self._mapped(self.decoder, codes, labels)
        return self.fitted.own(x.float().cpu(), labels)

    def _mapped(self, map: Map, given: Tensor, labels: Tensor | None) -> Tensor:
        networks = self.fitted.networks(self.member)
        first = next(networks.parameters())
        y = None if labels is None else labels.to(first.device)
        with torch.no_grad():
            parts = [
                map(networks, given[i : i + self.block].to(first), None if y is None else y[i : i + self.block])
                for i in range(0, len(given), self.block)
            ]
        return torch.cat(parts)


def _shown(value: Any) -> str:
    return text if len(text := repr(value)) <= 60 else type(value).__name__
