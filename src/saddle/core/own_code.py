"""A function or a value from a Python file of the user's own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from saddle.core.errors import InputError, NonFiniteError


def function_from(path: Path, function: str, *, what: str) -> tuple[Callable[..., Any], bytes]:
    """A function of a Python file, which is run for it, and the file's content.

    Args:
        path: the file.
        function: its name there.
        what: what the function is, such as "the recipe", for messages.

    Raises:
        InputError: when the file is missing or fails, or has no such function.
    """
    module, source = _run(path, function, what)
    found: Any = getattr(module, function, None)
    if not callable(found):
        raise InputError(f"{path} has no function {function!r}.")
    return found, source


def value_from(path: Path, name: str, *, what: str) -> Any:
    """What a name stands for in a Python file, which is run for it.

    Raises:
        InputError: when the file is missing or fails, or has no such name.
    """
    module, _ = _run(path, name, what)
    if not hasattr(module, name):
        raise InputError(f"{path} has no {name!r}.")
    return getattr(module, name)


@contextmanager
def blamed(what: str) -> Iterator[None]:
    """Within this context an exception is the fault of the user's own code, and told in one sentence.

    Args:
        what: whose fault, such as "The claim my_file.py:my_claim".

    Raises:
        InputError: in place of any exception but those that name their cause already.
    """
    try:
        yield
    except (InputError, NonFiniteError):
        raise
    except Exception as error:
        raise InputError(f"{what} fails with {type(error).__name__}: {error}.") from error


def _run(path: Path, name: str, what: str) -> tuple[ModuleType, bytes]:
    if not path.is_file():
        raise InputError(f"There is no file {path} to take {what} {name} from.")
    source = path.read_bytes()
    module = ModuleType(f"saddle_own_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up by name
    try:
        # Run by hand, since an import would leave compiled files beside the user's.
        exec(compile(source, str(path), "exec"), module.__dict__)
    except InputError as error:
        raise InputError(f"{path} cannot be run: {error}") from error
    except (Exception, SystemExit) as error:
        raise InputError(f"{path} cannot be run: {type(error).__name__}: {error}.") from error
    return module, source
