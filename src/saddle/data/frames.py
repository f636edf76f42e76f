"""Data frames of numbers, as tables."""

from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.core.errors import InputError
from saddle.data.arrays import at_least
from saddle.data.dataset import Dataset
from saddle.data.decimals import decimals_of
from saddle.data.labels import encode_labels
from saddle.data.layout import Column, Layout
from saddle.data.normal_scores import NormalScores
from saddle.data.scan import LARGEST

if TYPE_CHECKING:
    import pandas

EXACT = 2**53  # whole numbers beyond this have no exact float


def from_frame(
    frame: "pandas.DataFrame", *, name: str, what: str, target: str | None = None, least: int = 2
) -> Dataset:
    """A dataset of the rows of a data frame.

    Args:
        frame: numeric or boolean columns; the target column may hold text.
        name: what the user calls the data.
        what: the frame or its file in messages.
        target: the label column, or None.
        least: rows that are asked for; to learn from takes 2.

    Raises:
        InputError: when there are too few rows, a column to model is not numeric, a cell is empty, or there is no
            column of the target's name.
    """
    _check_header(frame, what, target)
    features = [column for column in frame.columns if column != target]
    if len(frame) < least:
        raise InputError(f"{what} must hold {at_least(least, 'row')}; found {len(frame) or 'none'}.")
    _check_numeric(frame, features, what, target)
    values = np.stack([_numbers(frame, column, what) for column in features], axis=1)
    layout = Layout(
        name=name,
        kind="table",
        shape=(len(features),),
        dtype="float64",
        container="pandas",
        transform=NormalScores.fitted(values),
        columns=tuple(
            Column(column, str(frame[column].dtype), "target")
            if column == target
            else Column(column, str(frame[column].dtype), decimals=decimals_of(frame, column))
            for column in frame.columns
        ),
    )
    problems = _problems(values, features)
    if target is None:
        return Dataset(layout, values, problems=problems)
    y, classes, notes = encode_labels(frame[target], count=len(frame), what=f"column {target!r} of {what}")
    return Dataset(layout.with_classes(classes), values, y=y, problems=problems + notes)


def _check_header(frame: "pandas.DataFrame", what: str, target: str | None) -> None:
    names = list(frame.columns)
    for column in names:
        if not isinstance(column, str | int | float):
            raise InputError(f"{what} must have columns named by text or numbers; found {column!r}.")
    twice = sorted({str(column) for column in names if names.count(column) > 1})
    if twice:
        raise InputError(f"{what} must have columns of different names; found {', '.join(map(repr, twice))} repeated.")
    if target is not None and target not in names:
        raise InputError(f"target must be a column of {what}, one of {listed(names)}; found {target!r}.")
    if len(names) == (0 if target is None else 1):
        raise InputError(f"{what} must have at least one column to model; found {listed(names) or 'none'}.")


def _check_numeric(frame: "pandas.DataFrame", features: list, what: str, target: str | None) -> None:
    from pandas.api import types

    def numeric(column: str | int | float) -> bool:
        kind = frame[column].dtype
        return types.is_numeric_dtype(kind) and not types.is_complex_dtype(kind)

    other = [column for column in features if not numeric(column)]
    if not other:
        return
    rest = [column for column in features if column not in other]
    hint = " or name a label column as target" if target is None else ""
    raise InputError(
        f"{what} must have numeric columns only, so drop or encode the others{hint}; "
        f"found {listed(other)} not numeric, {_evidence(frame, other[0])}, and {listed(rest) or 'none'} numeric."
    )


def _evidence(frame: "pandas.DataFrame", column: str | int | float) -> str:
    """The first cell that is no number, or the type where every cell could be one."""
    for row, (cell, empty) in enumerate(zip(frame[column], frame[column].isna(), strict=True)):
        if not empty and not _is_number(cell):
            return f"first {cell!r} in data row {row + 1}"
    return f"of type {frame[column].dtype}"


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _numbers(frame: "pandas.DataFrame", column: str | int | float, what: str) -> np.ndarray:
    values = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise InputError(
            f"Column {column!r} of {what} must have a finite number in every row; "
            f"found {len(bad)} {'cell' if len(bad) == 1 else 'cells'} without, the first in data row {bad[0] + 1}."
        )
    if np.abs(values).max() > LARGEST:
        raise InputError(f"Column {column!r} of {what} must hold numbers up to 1e150 in size; found larger ones.")
    return values


def _problems(values: np.ndarray, features: list) -> tuple[str, ...]:
    constant = [features[index] for index in np.flatnonzero(np.ptp(values, axis=0) == 0)]
    large = [features[index] for index in np.flatnonzero(np.abs(values).max(0) > EXACT)]
    problems = []
    if constant:
        problems.append(f"Constant, and so reproduced as they are: {listed(constant)}.")
    if large:
        problems.append(f"Beyond 2^53, where whole numbers are rounded: {listed(large)}.")
    return tuple(problems)


def listed(names: list) -> str:
    """Names in quotes, the first ten of them."""
    shown = ", ".join(repr(name) for name in names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown
