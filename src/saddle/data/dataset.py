"""Examples with their labels, form and, where it is known, exact law."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data.labels import encode_labels
from saddle.data.law import Law
from saddle.data.layout import Column, Kind, Label, Layout
from saddle.data.scan import extent, raw_blocks
from saddle.data.transforms import Transform

if TYPE_CHECKING:
    import pandas

Indices = Tensor | np.ndarray | Sequence[int]

# Up to this size examples in memory are kept in model units as well, so that a batch is one lookup. Pictures are cheap
# to convert and many; rows of tables are the opposite. What lies on disk stays there.
KEPT_BYTES = {"images": 2**26, "points": 2**29, "table": 2**29}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Data as saddle sees them; `saddle.open` makes them.

    Attributes:
        layout: the form of the data, which is all that sampling needs of them.
        storage: every row in own units, possibly on disk; examples are the rows named by `rows`.
        y: class index of each example, int64, shape (n,), or None.
        rows: the rows of `storage` that belong to this set, or None for all, in order.
        density: the exact law of synthetic data, or None.
        problems: what the user should know about the data, one sentence each.
        reopen: the arguments with which `saddle.open` opens the same data again; empty for data in memory.
        about: the definition of a built-in set, or empty.
        identity: what identifies `storage` where that is known without reading it.
    """

    layout: Layout
    storage: np.ndarray
    y: np.ndarray | None = None
    rows: np.ndarray | None = None
    density: Law | None = None
    problems: tuple[str, ...] = ()
    reopen: dict[str, Any] = field(default_factory=dict)
    about: str = ""
    identity: str | None = None

    def __len__(self) -> int:
        return len(self.storage) if self.rows is None else len(self.rows)

    @property
    def name(self) -> str:
        """What the user calls the data."""
        return self.layout.name

    @property
    def kind(self) -> Kind:
        """ "points", "images" or "table"."""
        return self.layout.kind

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example in own units."""
        return self.layout.shape

    @property
    def model_shape(self) -> tuple[int, ...]:
        """The shape of one example in model units: (c, h, w) or (d,)."""
        return self.layout.model_shape

    @property
    def transform(self) -> Transform:
        """The invertible map between own units and model units."""
        return self.layout.transform

    @property
    def classes(self) -> tuple[Label, ...] | None:
        """The user's own label of each class index, or None."""
        return self.layout.classes

    @property
    def columns(self) -> tuple[Column, ...] | None:
        """The columns of a table in their original order, the target included, or None."""
        return self.layout.columns

    @property
    def x(self) -> np.ndarray:
        """The examples in own units; of a split this is a copy, of whole data the storage itself."""
        return self.storage if self.rows is None else self.take(np.arange(len(self)))

    def take(self, indices: Indices) -> np.ndarray:
        """Examples in own units, shape (n, *shape)."""
        chosen = np.asarray(indices)
        return np.asarray(self.storage[chosen if self.rows is None else self.rows[chosen]])

    def batch(self, indices: Indices) -> Tensor:
        """Examples in model units, float32, shape (n, *model_shape)."""
        if self._kept is not None:
            return self._kept[torch.as_tensor(indices)]
        return self.transform.encode(self.take(indices)).float()

    def labels_of(self, indices: Indices) -> Tensor | None:
        """Class indices of examples, int64, shape (n,), or None for data without labels."""
        return None if self.y is None else torch.from_numpy(self.y[np.asarray(indices)])

    def split(self, holdout: float = 0.1, *, seed: int = 0) -> tuple["Dataset", "Dataset"]:
        """The data in two parts, each of at least one example, without a copy.

        Both parts keep the transform to model units that was fitted on the whole, so held-out examples have
        contributed to its center, scale or range, though not to what is learned.

        Args:
            holdout: the share of the second part, in (0, 1).
            seed: which examples go where.

        Returns:
            What to train on, and what to measure against.

        Raises:
            InputError: when `holdout` is outside (0, 1) or there is only one example.
        """
        kept, held = self.split_indices(holdout, seed=seed)
        return self.part(kept), self.part(held)

    def split_indices(self, holdout: float = 0.1, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """The indices, ascending, of the two parts of `split`."""
        if not 0 < holdout < 1:
            raise InputError(f"holdout must lie between 0 and 1, both excluded; found {holdout}.")
        if len(self) < 2:
            raise InputError(f"{self.name} must have at least 2 examples to be split; found {len(self)}.")
        order = Stream(seed).child("data", "split").numpy().permutation(len(self))
        held = min(max(round(holdout * len(self)), 1), len(self) - 1)
        return np.sort(order[held:]), np.sort(order[:held])

    def part(self, indices: np.ndarray) -> "Dataset":
        """Some of the examples, as a view."""
        rows = indices if self.rows is None else self.rows[indices]
        return replace(self, rows=rows, y=None if self.y is None else self.y[indices])

    def relabelled(self, y: Any, *, what: str = "y") -> "Dataset":
        """The same examples with other labels, one per example; a table's target column is forgotten.

        Args:
            y: labels, as for `encode_labels`.
            what: their name in messages.

        Raises:
            InputError: when the labels are refused.
        """
        indices, classes, notes = encode_labels(y, count=len(self), what=what)
        layout = self.layout.without_labels().with_classes(classes)
        return replace(self, layout=layout, y=indices, problems=self.problems + notes, reopen={})

    def without_labels(self) -> "Dataset":
        """The same examples with their labels forgotten."""
        return replace(self, layout=self.layout.without_labels(), y=None)

    def own(self, model: Tensor, y: Tensor | None = None) -> "np.ndarray | Tensor | pandas.DataFrame":
        """Samples in the user's own units and container; see `Layout.own`."""
        return self.layout.own(model, y)

    def record(self) -> dict[str, Any]:
        """The JSON form of the layout, from which `Layout.from_record` restores it."""
        return self.layout.record()

    def fingerprint(self) -> str:
        """A sha256 of the content: equal for equal examples, labels and columns, in any process."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256()
        form = {key: value for key, value in self.record().items() if key not in ("name", "transform", "container")}
        digest.update(json.dumps([form, list(self.storage.shape)], sort_keys=True).encode())
        if self.identity is None:
            for _, block in raw_blocks(self.storage):
                digest.update(np.ascontiguousarray(block).data)
        else:
            digest.update(self.identity.encode())
        for index in (self.rows, self.y):
            digest.update(b"none" if index is None else np.ascontiguousarray(index, dtype=np.int64).data)
        return digest.hexdigest()

    @cached_property
    def _kept(self) -> Tensor | None:
        size = 4 * len(self) * int(np.prod(self.model_shape))
        if isinstance(self.storage, np.memmap) or size > KEPT_BYTES[self.kind]:
            return None
        return self.transform.encode(self.take(np.arange(len(self)))).float()

    def describe(self) -> dict[str, Any]:
        """What saddle sees in the data, as JSON-able values; `saddle data SOURCE` prints it."""
        low, high = extent(self.x, what=self.name)
        described: dict[str, Any] = {
            "name": self.name,
            "kind": self.kind,
            "count": len(self),
            "shape": list(self.shape),
            "model_shape": list(self.model_shape),
            "dtype": self.layout.dtype,
            "range": [low.min().item(), high.max().item()],
            "labels": None,
            "problems": list(self.problems),
            "source": self.reopen.get("source"),
        }
        if self.about:
            described["about"] = self.about
        if self.y is not None and self.classes is not None:
            counts = np.bincount(self.y, minlength=len(self.classes)).tolist()
            pairs = zip(self.classes, counts, strict=True)
            described["labels"] = [{"label": label, "count": count} for label, count in pairs]
        if self.columns is not None:
            described["columns"] = _columns(self.columns, low, high)
        return described


def _columns(columns: tuple[Column, ...], low: np.ndarray, high: np.ndarray) -> list[dict[str, Any]]:
    features = iter(zip(low.tolist(), high.tolist(), strict=True))
    described = []
    for column in columns:
        entry: dict[str, Any] = {"name": column.name, "dtype": column.dtype, "role": column.role}
        if column.role == "feature":
            entry["range"] = list(next(features))
        described.append(entry)
    return described
