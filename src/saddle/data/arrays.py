"""Arrays and tensors in memory or on disk, as points or pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data.dataset import Dataset
from saddle.data.layout import Container, Layout
from saddle.data.pixel_range import PixelRange
from saddle.data.scan import Extent, extent
from saddle.data.similarity import Similarity

CHANNELS = (1, 2, 3, 4)
UNEVEN = 1e3  # columns whose spreads differ by more are worth a word, because points share one scale


@dataclass(frozen=True)
class Form:
    """How an array is held by its owner.

    Attributes:
        container: the kind of object.
        dtype: the name of its element type.
        channels_first: whether ambiguous pictures are (c, h, w), as torch's are.
    """

    container: Container
    dtype: str
    channels_first: bool = False


def from_tensor(tensor: Tensor, *, name: str, what: str = "source", least: int = 2) -> Dataset:
    """A dataset of a tensor's rows; see `from_array`. Four-dimensional tensors may be (n, c, h, w)."""
    if tensor.is_complex() or tensor.layout != torch.strided or tensor.is_quantized:
        raise InputError(f"{what} must be a dense tensor of real numbers; found {tensor.dtype}, {tensor.layout}.")
    values = tensor.detach().cpu()
    # NumPy has no bfloat16.
    array = (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    form = Form("torch", str(tensor.dtype).removeprefix("torch."), channels_first=True)
    return from_array(array, name=name, what=what, form=form, least=least)


def from_array(
    array: np.ndarray, *, name: str, what: str = "source", form: Form | None = None, least: int = 2
) -> Dataset:
    """A dataset of an array's rows, which are not copied.

    Args:
        array: points of shape (n, d), or pictures of shape (n, h, w) or (n, h, w, c) with c from 1 to 4; pictures of
            shape (n, c, h, w) are recognized where the last axis can be no channels.
        name: what the user calls the data.
        what: the name of the array in messages.
        form: how the owner holds it; by default as this very array.
        least: rows that are asked for; to learn from takes 2.

    Raises:
        InputError: when the array has another shape or type, fewer rows, or numbers that are not finite.
    """
    _check(array, what, least)
    form = form or Form("numpy", array.dtype.newbyteorder("=").name)
    if array.ndim == 2:
        return _points(array, name, what, form)
    return _images(array, name, what, form)


def _check(array: np.ndarray, what: str, least: int) -> None:
    if isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array):
        raise InputError(f"{what} must have a value everywhere; found {int(np.ma.count_masked(array))} masked.")
    if array.dtype.kind not in "biuf":
        raise InputError(f"{what} must hold real numbers; found type {array.dtype}.")
    if array.ndim == 1:
        raise InputError(
            f"{what} must have one row per example; found shape {array.shape}; "
            "for one number per example give it as reshape(-1, 1)."
        )
    if array.ndim not in (2, 3, 4):
        raise InputError(
            f"{what} must have shape (n, d) for points or (n, h, w) or (n, h, w, c) for pictures; found {array.shape}."
        )
    if 0 in array.shape or len(array) < least:
        raise InputError(
            f"{what} must hold {at_least(least, 'example')} of at least one number; found shape {array.shape}."
        )


def _points(array: np.ndarray, name: str, what: str, form: Form) -> Dataset:
    low, high = (bound.astype(np.float64) for bound in extent(array, what=what))
    peak = float(np.maximum(np.abs(low), np.abs(high)).max())
    layout = Layout(
        name=name,
        kind="points",
        shape=array.shape[1:],
        dtype=form.dtype,
        container=form.container,
        transform=Similarity.fitted(array, peak=peak),
    )
    return Dataset(layout, array, problems=_uneven(Extent(low, high)))


def _uneven(range: Extent) -> tuple[str, ...]:
    length = range.high - range.low
    constant = np.flatnonzero(length == 0)
    problems = []
    if len(constant):
        problems.append(
            f"Constant coordinates: {len(constant)} of {len(length)}, the first is number {constant[0]}; points share "
            "one scale, so samples vary there, unlike in constant columns of a data frame."
        )
    varied = length[length > 0]
    if len(varied) and varied.max() > UNEVEN * varied.min():
        problems.append(
            f"The coordinates' ranges differ by a factor of {varied.max() / varied.min():.0f}, and points share one "
            "scale; open them as a data frame to scale each column by itself."
        )
    return tuple(problems)


def _images(array: np.ndarray, name: str, what: str, form: Form) -> Dataset:
    first = array.ndim == 4 and _has_channels_first(tuple(array.shape), what, form.channels_first)
    pictures = np.moveaxis(array, 1, -1) if first else array
    bounds = extent(array, what=what)
    low, high = float(bounds.low.min()), float(bounds.high.max())
    integer = array.dtype.kind in "iu"
    scale = PixelRange.observed(low, high, integer=integer, channels=pictures.ndim == 4)
    layout = Layout(
        name=name,
        kind="images",
        shape=pictures.shape[1:],
        dtype=form.dtype,
        container=form.container,
        transform=scale,
        channels_first=first,
    )
    return Dataset(layout, pictures, problems=_odd_range(low, high, scale))


def _has_channels_first(shape: tuple[int, ...], what: str, preferred: bool) -> bool:
    front, back = shape[1] in CHANNELS, shape[3] in CHANNELS
    if not front and not back:
        raise InputError(f"{what} must have pictures of 1 to 4 channels, (n, h, w, c); found shape {shape}.")
    return front if preferred else not back


def _odd_range(low: float, high: float, scale: PixelRange) -> tuple[str, ...]:
    if low == high:
        return (f"Every pixel is {low:g}.",)
    if (scale.low, scale.high) in ((0.0, 255.0), (0.0, 1.0), (-1.0, 1.0)):
        return ()
    return (f"Pixels run from {low:g} to {high:g}, so black is taken to be {low:g} and white {high:g}.",)


def from_rows(rows: list[Any] | tuple[Any, ...], *, name: str, what: str, least: int = 2) -> Dataset:
    """A dataset of a list or tuple with one row of numbers, array or tensor per example, copied.

    Raises:
        InputError: when there are too few rows, rows differ in length, or one holds something other than real numbers.
    """
    if len(rows) < least:
        raise InputError(f"{what} must hold {at_least(least, 'example')}; found {len(rows)}.")
    try:
        read = [row if isinstance(row, Tensor) else np.asarray(row) for row in rows]
    except ValueError:
        raise InputError(f"{what} must have items of one shape; found one with parts of different lengths.") from None
    return _stacked(read, name, what, least)


def from_items(items: Any, *, name: str, least: int = 2) -> Dataset:
    """A dataset of the items of a map-style `torch.utils.data.Dataset`, each x or (x, y), all read at once.

    Raises:
        InputError: when there is no length, no item, or items differ in shape or form.
    """
    try:
        count = len(items)
    except TypeError:
        raise InputError(f"{name} must be a map-style dataset with a length; found none.") from None
    if count < least:
        raise InputError(f"{name} must hold {at_least(least, 'example')}; found {count}.")
    read = [items[index] for index in range(count)]
    if not isinstance(read[0], tuple | list):
        return _stacked(read, name, name, least)
    if any(not isinstance(item, tuple | list) or len(item) != 2 for item in read):
        raise InputError(f"{name} must have items of the form x or (x, y); found {type(read[0]).__name__} of others.")
    examples = _stacked([item[0] for item in read], name, name, least)
    return examples.relabelled([item[1] for item in read], what=f"y of {name}")


def at_least(least: int, what: str) -> str:
    """A number of things in words, such as "at least 2 examples"."""
    return f"at least {least} {what}s" if least > 1 else f"at least one {what}"


def _stacked(examples: list[Any], name: str, what: str, least: int) -> Dataset:
    tensors = [example for example in examples if isinstance(example, Tensor)]
    arrays = [] if len(tensors) == len(examples) else [np.asarray(example) for example in examples]
    shapes = sorted({tuple(example.shape) for example in arrays or tensors})
    if len(shapes) > 1:
        raise InputError(f"{what} must have items of one shape; found {shapes[0]} and {shapes[1]}.")
    if arrays:
        return from_array(np.stack(arrays), name=name, what=what, least=least)
    return from_tensor(torch.stack(tensors), name=name, what=what, least=least)
