"""The code of a claim in one number: records that other code made are no longer those of the claim."""

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def fingerprint(experiment: Callable[..., Any], variants: Iterable[Any]) -> str:
    """SHA-256 of the files that decide what an experiment finds, and of saddle's version.

    These are the file that defines it, those that define functions in its variants, and all from which names in them
    come: of saddle's claims, or in the folder of the user's own file.

    Returns:
        Hexadecimal digits; empty where a function has no file, as in a console, so that nothing can be said of it.
    """
    found: dict[Path, bytes] = {}
    for function in [experiment, *(one for variant in variants for one in functions_of(variant))]:
        names = names_around(function)
        if not _gather(names, _path(names), found):
            return ""
    digest = sha256(version("saddle").encode())
    for path in sorted(found, key=lambda one: one.name):
        digest.update(path.name.encode() + b"\0" + found[path] + b"\0")
    return digest.hexdigest()


def functions_of(variant: Any) -> list[Callable[..., Any]]:
    """The functions that a variant is, or holds as a dataclass or by name."""
    parts = [variant]
    if isinstance(variant, Mapping):
        parts = list(variant.values())
    elif is_dataclass(variant) and not isinstance(variant, type):
        parts = [getattr(variant, one.name) for one in fields(variant)]
    return [one for one in parts if inspect.isfunction(one)]


def names_around(function: Callable[..., Any]) -> dict[str, Any]:
    """The names of the module in which a function, or the class of a callable object, is defined."""
    plain = inspect.unwrap(getattr(function, "func", function))
    found = getattr(plain, "__globals__", None)
    return found if found is not None else vars(sys.modules[type(plain).__module__])


def _path(names: Mapping[str, Any]) -> Path | None:
    file = names.get("__file__")
    return Path(file).resolve() if file else None


def _gather(names: Mapping[str, Any], home: Path | None, found: dict[Path, bytes]) -> bool:
    """Read the module with these names, and from there on all that belong to the same claim; False if it cannot be."""
    path = _path(names)
    if home is None or path is None or not path.is_file():
        return False
    if path in found or not _belongs(path, home):
        return True
    found[path] = path.read_bytes()
    for value in list(names.values()):
        name = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
        if isinstance(name, str) and name in sys.modules:
            _gather(vars(sys.modules[name]), home, found)
    return True


def _belongs(path: Path, home: Path) -> bool:
    return path.parent == home.parent or (HERE in path.parents and HERE in home.parents)
