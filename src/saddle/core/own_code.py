"""A function from a Python file of the user's own."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from saddle.core.errors import InputError


def function_from(path: Path, function: str, *, what: str) -> tuple[Callable[..., Any], bytes]:
    """A function of a Python file, which is run for it, and the file's content.

    Args:
        path: the file.
        function: its name there.
        what: what the function is, such as "the recipe", for messages.

    Raises:
        InputError: when the file is missing or fails, or has no such function.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path} to take {what} {function} from.")
    source = path.read_bytes()
    module = ModuleType(f"saddle_own_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up by name
    try:
        # Run by hand, since an import would leave compiled files beside the user's.
        exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise InputError(f"{path} cannot be run: {type(error).__name__}: {error}.") from error
    found: Any = getattr(module, function, None)
    if not callable(found):
        raise InputError(f"{path} has no function {function!r}.")
    return found, source
