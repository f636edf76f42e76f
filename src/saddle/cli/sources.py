"""Opening data for a command, with progress while pictures are decoded."""

from typing import TYPE_CHECKING, Any

from rich.console import Console

import saddle

if TYPE_CHECKING:
    from saddle.data import Dataset


def open_source(console: Console, source: str, options: dict[str, Any]) -> "Dataset":
    """`saddle.open`, given only the options that were set, and what it noticed printed.

    Raises:
        InputError: when the data are not acceptable.
    """
    given = {key: value for key, value in options.items() if value is not None}
    with console.status(f"Opening {source}") as status:

        def progress(done: int, total: int) -> None:
            status.update(f"Decoding pictures of {source}: {done:,} of {total:,}")

        return saddle.open(source, **given, progress=progress)
