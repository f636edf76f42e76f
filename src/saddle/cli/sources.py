"""Opening data for a command, and saying in a few words what they are."""

from typing import TYPE_CHECKING, Any

from rich.console import Console

import saddle

if TYPE_CHECKING:
    from saddle.data import Dataset

COLORS = {1: "grey", 2: "grey with transparency", 3: "color", 4: "color with transparency"}


def open_source(source: str, options: dict[str, Any]) -> "Dataset":
    """`saddle.open`, given only the options that were set, with progress while pictures are decoded.

    Raises:
        InputError: when the data are not acceptable.
    """
    given = {key: value for key, value in options.items() if value is not None}
    with Console(stderr=True).status(f"Opening {source}") as status:

        def progress(done: int, total: int) -> None:
            status.update(f"Reading the pictures of {source}: {done:,} of {total:,}")

        return saddle.open(source, **given, progress=progress)


def content(data: "Dataset") -> str:
    """What data hold, such as "1,797 pictures of 8 x 8 pixels, grey, 10 labels"."""
    count = f"{len(data):,}"
    if data.kind == "images":
        channels, height, width = data.model_shape
        words = f"{count} pictures of {height} x {width} pixels, {COLORS.get(channels, f'{channels} channels')}"
    elif data.kind == "table":
        words = f"{count} rows of {data.model_shape[0]} columns"
    else:
        dimensions = data.model_shape[0]
        words = f"{count} points in {dimensions} dimension{'s' if dimensions > 1 else ''}"
    return f"{words}, {len(data.classes)} labels" if data.classes else words
