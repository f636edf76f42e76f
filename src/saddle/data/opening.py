"""One function that opens every source of data.

Files are `.npy`, `.npz`, `.csv` (or other separated values, gzipped or not) and `.parquet`; folders hold pictures of
any format or MNIST's idx files.
"""

import difflib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils import data as torch_data

from saddle.core.errors import InputError
from saddle.data.arrays import from_array, from_items, from_rows, from_tensor
from saddle.data.builtin import builtin_names, from_law, open_builtin
from saddle.data.dataset import Dataset
from saddle.data.frames import from_frame
from saddle.data.law import Law
from saddle.data.options import Options
from saddle.data.paths import open_path


def open(
    source: Any,
    *,
    y: Any = None,
    name: str | None = None,
    size: str | tuple[int, int] | None = None,
    target: str | None = None,
    split: str = "train",
    labels: bool = True,
    n: int | None = None,
    seed: int = 0,
    theta: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """Open data of any kind as a `Dataset`.

    Its transform to model units is fitted on all examples, before any `split`, so what is held out contributes to it.

    Args:
        source: the name of a built-in set (see `builtin_names`), a file, a folder, an array or tensor of points (n, d)
            or pictures (n, h, w) or (n, h, w, c), a list of lists of numbers, a data frame of numbers, a map-style
            `torch.utils.data.Dataset` with items x or (x, y), a law with `sample(n, stream)`, or a `Dataset`, which is
            returned as it is.
        y: one label per example, in place of those the source may hold.
        name: what to call the data in reports; by default the name of the source.
        size: height and width of a folder's pictures, "HxW" or (h, w); by default chosen from the pictures.
        target: the label column of a table.
        split: "train" or "test", for a folder of idx files.
        labels: False forgets the labels of the source, with a table's target column.
        n: the number of examples to draw from a synthetic set, 100,000 by default.
        seed: which examples to draw from a synthetic set.
        theta: the other line of `two-lines`.
        progress: called with (done, total) while a folder of pictures is read for the first time.

    Raises:
        InputError: when the source or its content is not usable, or an option has no meaning for it.
    """
    options = Options(size, target, split, labels, n, seed, theta, progress).checked()
    return _finished(_dispatch(source, options), options, y, name)


def open_given(X: Any, y: Any = None, *, least: int = 2) -> Dataset:
    """What a model is given as X, and perhaps y: opened as by `open`, and called X in messages.

    Args:
        X: anything that `open` takes, and a single example too where `least` is 1.
        y: one label per example, in place of those that X may hold.
        least: examples that are asked for.

    Raises:
        InputError: when X or y is not usable.
    """
    options = Options()
    return _finished(_dispatch(X, options, "X", least), options, y, None)


def _finished(dataset: Dataset, options: Options, y: Any, name: str | None) -> Dataset:
    if y is not None and (options.target is not None or not options.labels):
        raise InputError("Labels must come from one place; found y together with target or labels=False.")
    if not options.labels:
        dataset = dataset.without_labels()
    if y is not None:
        dataset = dataset.relabelled(y)
    if name is None:
        return dataset
    again = {**dataset.reopen, "name": name} if dataset.reopen else {}
    return replace(dataset, layout=replace(dataset.layout, name=name), reopen=again)


def _dispatch(source: Any, options: Options, what: str = "source", least: int = 2) -> Dataset:
    import pandas

    if isinstance(source, str | os.PathLike):
        return _by_name(source, options, what)
    if isinstance(source, Dataset):
        options.allow(source.name)
        return source
    if isinstance(source, np.ndarray):
        options.allow("an array")
        return from_array(source, name="array", what=what, least=least)
    if isinstance(source, Tensor):
        options.allow("a tensor")
        return from_tensor(source, name="tensor", what=what, least=least)
    if isinstance(source, pandas.DataFrame):
        options.allow("a data frame", "target")
        return from_frame(source, name="frame", what=what, target=options.target, least=least)
    if isinstance(source, torch_data.Dataset):
        options.allow("a torch dataset")
        return from_items(source, name=type(source).__name__, least=least)
    if isinstance(source, list | tuple):
        name = type(source).__name__
        options.allow(f"a {name}")
        return from_rows(source, name=name, what=name if what == "source" else what, least=least)
    if isinstance(source, Law):
        options.allow(type(source).__name__, "n", "seed")
        return from_law(source, name=type(source).__name__, options=options)
    raise InputError(
        f"{what} must be a name, a path, an array, a tensor, a list of rows, a data frame, a torch dataset or a law; "
        f"found {type(source).__name__}."
    )


def _by_name(source: str | os.PathLike[str], options: Options, what: str) -> Dataset:
    """A built-in set or a path; a path wins only where the string can be no built-in name."""
    names = builtin_names()
    path = Path(source).expanduser()
    if isinstance(source, str) and source in names:
        dataset = open_builtin(source, options)
        reopen = {"source": source, **options.given()}
        shadow = (f"A path named {source} exists as well; write ./{source} to open it.",) if path.exists() else ()
        return replace(dataset, reopen=reopen, problems=dataset.problems + shadow)
    if not path.exists():
        near = difflib.get_close_matches(str(source), names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}" if near else f"the built-in sets are {', '.join(names)}"
        raise InputError(f"{what} must be a built-in set or an existing path; found {str(source)!r}; {hint}.")
    dataset = open_path(path, options)
    reopen = {"source": str(path.resolve()), **options.given()}
    return replace(dataset, reopen={**reopen, **dataset.reopen})
