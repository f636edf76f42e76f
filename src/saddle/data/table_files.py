"""Tables in files: text with separated values, and Parquet."""

import csv
import gzip
import itertools
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from saddle.core.errors import InputError
from saddle.data.dataset import Dataset
from saddle.data.frames import from_frame, listed
from saddle.data.options import Options

if TYPE_CHECKING:
    import pandas

SEPARATORS = (",", ";", "\t", "|")
SNIFFED = 20  # lines looked at to find the separator


def open_csv(path: Path, options: Options) -> Dataset:
    """A table of separated values; the separator is found among comma, semicolon, tab and bar.

    The first line is the header. If it holds numbers where a header would hold names, the columns are named x0, x1, ...

    Raises:
        InputError: when the file is empty or damaged, rows differ in length, or the table is refused by `from_frame`.
    """
    options.allow(str(path), "target")
    try:
        lines = _first_lines(path)
        frame = _read(path, *_dialect(lines, path))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as text: {error}.") from None
    return from_frame(frame, name=path.name.split(".")[0], what=str(path), target=options.target)


def open_parquet(path: Path, options: Options) -> Dataset:
    """A table in a Parquet file.

    Raises:
        InputError: when the file is damaged or the table is refused by `from_frame`.
    """
    import pandas

    options.allow(str(path), "target")
    try:
        frame = pandas.read_parquet(path)
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0].rstrip('.')}.") from None
    return from_frame(frame, name=path.stem, what=str(path), target=options.target)


def _first_lines(path: Path) -> list[str]:
    opener = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        lines = [line for line in itertools.islice(file, SNIFFED) if line.strip()]
    if not lines:
        raise InputError(f"{path} must hold a table; found an empty file.")
    return lines


def _dialect(lines: list[str], path: Path) -> tuple[str, list[str] | None]:
    """The separator, and the column names if the file itself has none."""

    def cells(separator: str) -> list[list[str]]:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator, skipinitialspace=True)]

    # The separator cuts every line into equally many cells; among those, the one that cuts most.
    separator = max(SEPARATORS, key=lambda one: (len({len(row) for row in cells(one)}) == 1, len(cells(one)[0])))
    if all(len(row) == 1 for row in cells(separator)):
        separator = max(SEPARATORS, key=lambda one: len(cells(one)[0]))
    rows = cells(separator)
    first = [_is_number(cell) for cell in rows[0]]
    second = [_is_number(cell) for cell in rows[1]] if len(rows) > 1 else []
    name_above_number = any(not above and below for above, below in zip(first, second, strict=False))
    if not any(first) or (name_above_number and not all(first)):
        _refuse_repeats(rows[0], path)
        return separator, None
    return separator, [f"x{index}" for index in range(len(first))]


def _refuse_repeats(header: list[str], path: Path) -> None:
    # Pandas would rename the second of two equal names, and samples would come back under another header.
    twice = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
    if twice:
        raise InputError(f"{path} must have columns of different names; found {listed(twice)} repeated.")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _read(path: Path, separator: str, names: list[str] | None) -> "pandas.DataFrame":
    import pandas

    with warnings.catch_warnings():
        # A row longer than the header would otherwise lose its last cells with a warning only.
        warnings.simplefilter("error", pandas.errors.ParserWarning)
        try:
            frame = pandas.read_csv(
                path,
                sep=separator,
                header=None if names else 0,
                index_col=False,
                skipinitialspace=True,
                low_memory=False,
                encoding="utf-8-sig",
            )
        except (pandas.errors.ParserError, pandas.errors.ParserWarning) as error:
            reason = " ".join(str(error).replace("Error tokenizing data. C error: ", "").split()).rstrip(".")
            raise InputError(f"{path} must have as many cells in every row as in the first: {reason}.") from None
        except pandas.errors.EmptyDataError:
            raise InputError(f"{path} must hold a table; found no columns.") from None
    if names:
        frame.columns = names
    elif any(str(name).startswith("Unnamed: ") for name in frame.columns):
        raise InputError(f"{path} must have a name for every column; found the header {listed(list(frame.columns))}.")
    return frame
