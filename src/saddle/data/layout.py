"""What has to be known about data to bring samples back to own units when the data are not at hand."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError, NonFiniteError
from saddle.data.transforms import Transform, transform_from_record

if TYPE_CHECKING:
    import pandas

Kind = Literal["points", "images", "table"]
Container = Literal["numpy", "torch", "pandas"]
Label = int | float | str | bool


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its header.
        dtype: its pandas type.
        role: "feature" for what is modeled, "target" for the label column.
        decimals: how many decimals its numbers are recorded with, to which samples are rounded; None for whole-number
            types and full precision.
    """

    name: str | int | float
    dtype: str
    role: Literal["feature", "target"] = "feature"
    decimals: int | None = None

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        always = {"name": self.name, "dtype": self.dtype, "role": self.role}
        return always if self.decimals is None else {**always, "decimals": self.decimals}


@dataclass(frozen=True)
class Layout:
    """The form of data: everything about them except the examples.

    Attributes:
        name: what the user calls the data.
        kind: "points", "images" or "table".
        shape: one example in own units: (d,), (h, w) or (h, w, c); of a table the features only.
        dtype: NumPy's name of the type of own units ("bfloat16" for such tensors).
        container: what samples come back in.
        transform: between own units and model units.
        channels_first: whether the user's pictures are (c, h, w); `shape` is (h, w, c) in any case.
        classes: the user's own label of each class index, sorted, or None for data without labels.
        columns: the columns of a table in their original order, the target included.
    """

    name: str
    kind: Kind
    shape: tuple[int, ...]
    dtype: str
    container: Container
    transform: Transform
    channels_first: bool = False
    classes: tuple[Label, ...] | None = None
    columns: tuple[Column, ...] | None = None

    @property
    def model_shape(self) -> tuple[int, ...]:
        """The shape of one example in model units: (c, h, w) for images, (d,) otherwise."""
        if self.kind != "images":
            return self.shape
        height, width, channels = self.shape if len(self.shape) == 3 else (*self.shape, 1)
        return (channels, height, width)

    def own(self, model: Tensor, y: Tensor | None = None) -> "np.ndarray | Tensor | pandas.DataFrame":
        """Samples in the user's own units and container.

        Whole-number types are rounded and kept within their range, pictures and table columns within the range of the
        data; table columns recorded with few decimals are rounded to as many. A table gets its original header; the
        target column is filled from `y`, and left out without it.

        Args:
            model: samples in model units, shape (n, *model_shape).
            y: class indices, shape (n,).

        Raises:
            InputError: when the samples have another shape.
            NonFiniteError: when a sample holds a number that is not finite.
        """
        if tuple(model.shape[1:]) != self.model_shape:
            raise InputError(
                f"Samples of {self.name} must have shape (n, {', '.join(map(str, self.model_shape))}); "
                f"found {tuple(model.shape)}."
            )
        if not bool(torch.isfinite(model).all()):
            raise NonFiniteError(f"The samples of {self.name} hold numbers that are not finite.")
        values = self.transform.decode(model)
        if self.kind == "table":
            return self._frame(values, y)
        if self.channels_first:
            values = np.moveaxis(values, -1, 1)
        if self.container == "torch":
            return _as_tensor(values, self.dtype)
        return _as_type(values, np.dtype(self.dtype))

    def labels(self, y: Tensor) -> list[Label]:
        """The user's own labels of class indices.

        Raises:
            InputError: when the data have no labels.
        """
        if self.classes is None:
            raise InputError(f"{self.name} has no labels.")
        return [self.classes[index] for index in y.tolist()]

    def with_classes(self, classes: tuple[Label, ...]) -> "Layout":
        """The same form with other classes."""
        return replace(self, classes=classes)

    def without_labels(self) -> "Layout":
        """The same form with labels and target column forgotten."""
        kept = None if self.columns is None else tuple(one for one in self.columns if one.role == "feature")
        return replace(self, classes=None, columns=kept)

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "name": self.name,
            "kind": self.kind,
            "shape": list(self.shape),
            "dtype": self.dtype,
            "container": self.container,
            "transform": self.transform.to_record(),
            "channels_first": self.channels_first,
            "classes": None if self.classes is None else list(self.classes),
            "columns": None if self.columns is None else [one.record() for one in self.columns],
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Layout":
        """The layout that `record` described.

        Raises:
            InputError: when a part is missing or of the wrong form.
        """
        try:
            columns, classes = record["columns"], record["classes"]
            return cls(
                name=record["name"],
                kind=record["kind"],
                shape=tuple(record["shape"]),
                dtype=record["dtype"],
                container=record["container"],
                transform=transform_from_record(record["transform"]),
                channels_first=record["channels_first"],
                classes=None if classes is None else tuple(classes),
                columns=None if columns is None else tuple(Column(**column) for column in columns),
            )
        except (KeyError, TypeError) as error:
            raise InputError(f"The data layout record is damaged: {type(error).__name__} {error}.") from None

    def _frame(self, values: np.ndarray, y: Tensor | None) -> "pandas.DataFrame":
        import pandas

        features = iter(values.T)
        frame: dict[str | int | float, pandas.Series] = {}
        for column in self.columns or ():
            if column.role == "feature":
                frame[column.name] = _as_series(next(features), column)
            elif y is not None:
                frame[column.name] = pandas.Series(self.labels(y)).astype(pandas.api.types.pandas_dtype(column.dtype))
        return pandas.DataFrame(frame)


def _as_type(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    if dtype.kind == "b":
        return values > 0.5
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        # The largest 64-bit integers have no float of their own, so the top float below them is the bound.
        top = np.nextafter(2.0**63, 0) if limits.max > 2**53 and dtype.kind == "i" else float(limits.max)
        top = np.nextafter(2.0**64, 0) if dtype == np.uint64 else top
        return np.clip(np.rint(values), float(limits.min), top).astype(dtype)
    return values.astype(dtype)


def _as_tensor(values: np.ndarray, dtype: str) -> Tensor:
    target: torch.dtype = getattr(torch, dtype)
    if target.is_floating_point:
        return torch.from_numpy(np.ascontiguousarray(values)).to(target)
    return torch.from_numpy(np.ascontiguousarray(_as_type(values, np.dtype(dtype))))


def _as_series(values: np.ndarray, column: Column) -> "pandas.Series":
    import pandas

    own = pandas.api.types.pandas_dtype(column.dtype)
    if pandas.api.types.is_bool_dtype(own):
        return pandas.Series(values > 0.5).astype(own)
    if pandas.api.types.is_integer_dtype(own):
        return pandas.Series(np.rint(values).astype(np.int64)).astype(own)
    if column.decimals is not None:
        # Adding zero turns the negative zero that rounding leaves into zero.
        values = np.round(values, column.decimals) + 0.0
    return pandas.Series(values).astype(own)
