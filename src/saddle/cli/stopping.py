"""What a command adds when it is cut short: what was kept, and how to go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from saddle.core.errors import NonFiniteError


class Interrupted(Exception):  # noqa: N818 - no error, and a KeyboardInterrupt would lose its message on its way up
    """The user stopped a command; the message says what is kept."""


@contextmanager
def how_to_go_on(folder: Path) -> Iterator[None]:
    """Adds to an interruption, a full disk or a number that is not finite what is kept and how to go on.

    Raises:
        Interrupted: in place of a KeyboardInterrupt.
        OSError, NonFiniteError: as met, with a longer message.
    """
    resume = f"saddle train --resume {quote(str(folder))}"
    try:
        yield
    except KeyboardInterrupt:
        if not folder.exists():
            raise Interrupted("Interrupted before the training began; nothing was written.") from None
        raise Interrupted(f"Interrupted; the run is kept. Go on with: {resume}") from None
    except NonFiniteError as error:
        kept = (
            f"The last good checkpoint is kept in {folder}; saddle diagnose {quote(str(folder))} says what to change."
        )
        raise NonFiniteError(f"{error} {kept}") from None
    except OSError as error:
        if not folder.exists():
            raise
        kept = f"{error.strerror}; the run is kept up to its last checkpoint, go on with: {resume}"
        raise OSError(error.errno, kept, error.filename or str(folder)) from error


@contextmanager
def how_to_report(folder: Path) -> Iterator[None]:
    """Adds to an interruption of the report how to write it later.

    Raises:
        Interrupted: in place of a KeyboardInterrupt.
    """
    try:
        yield
    except KeyboardInterrupt:
        later = f"saddle report {quote(str(folder))}"
        raise Interrupted(f"Interrupted; the model is trained and kept. Write its report with: {later}") from None
