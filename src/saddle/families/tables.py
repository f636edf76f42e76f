"""Values as tables and back: how an objective, an optimizer or an architecture is written in `run.toml`.

A value is a frozen dataclass; its table holds its fields and, as `kind`, its public name:

    >>> from saddle.objectives import OBJECTIVES, LeastSquares
    >>> encode(LeastSquares.pearson(), OBJECTIVES)
    {'kind': 'least-squares', 'a': -1.0, 'b': 1.0, 'c': 0.0}
    >>> decode({"kind": "least-squares", "a": -1}, OBJECTIVES, "objective")
    LeastSquares(a=-1.0, b=1.0, c=1.0)
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from saddle.core.errors import InputError
from saddle.training.schedules import SCHEDULES, Schedule

Kinds = Mapping[str, type]
LISTED = 30


def encode(value: object, kinds: Kinds) -> Any:
    """A value as a table; a kind of the user's own is named "custom" and described by its `repr`."""
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    name = next((name for name, kind in kinds.items() if type(value) is kind), None)
    if name is None or not is_dataclass(value):
        return {"kind": "custom", "is": describe(value)}
    table: dict[str, Any] = {"kind": name}
    for field in fields(value):
        held = getattr(value, field.name)
        if held is None:
            continue
        if isinstance(held, Schedule):
            held = encode(held, SCHEDULES)
        table[field.name] = dict(held) if isinstance(held, Mapping) else held
    return table


def describe(value: object) -> str:
    """A value of the user's own in words that stay the same from process to process."""
    text = repr(value)
    if " at 0x" not in text:
        return text
    if isinstance(value, type) or callable(value):
        return getattr(value, "__qualname__", type(value).__qualname__)
    held = {key: one for key, one in getattr(value, "__dict__", {}).items() if " at 0x" not in repr(one)}
    return f"{type(value).__qualname__}({', '.join(f'{key}={one!r}' for key, one in held.items())})"


def decode(value: Any, kinds: Kinds, what: str) -> Any:
    """A name, a table or a value, as a checked value.

    Raises:
        InputError: for an unknown kind or field, and for a field out of its range.
    """
    if isinstance(value, str):
        return check(_kind(value, kinds, what)(), what)
    if not isinstance(value, Mapping):
        return check(value, what)
    if "kind" not in value:
        raise InputError(f"The table {what} needs a kind, one of {', '.join(kinds)}.")
    kind = _kind(value["kind"], kinds, what)
    given = {key: entry for key, entry in value.items() if key != "kind"}
    names = [field.name for field in fields(kind)]
    for key in given:
        if key not in names:
            raise InputError(f"{what}.{key} does not exist in {value['kind']}{nearest(key, names)}")
    hints = get_type_hints(kind, include_extras=True)
    read = {key: _read(entry, hints[key], f"{what}.{key}") for key, entry in given.items()}
    missing = [field.name for field in fields(kind) if _required(field) and field.name not in given]
    if missing:
        raise InputError(f"{what} of kind {value['kind']} needs a value for {missing[0]}.")
    return kind(**read)


def check(value: Any, what: str) -> Any:
    """A value whose fields are all within their declared types and ranges; other objects pass as they are.

    Raises:
        InputError: naming the field, the rule and what was found.
    """
    if not is_dataclass(value) or isinstance(value, type):
        return value
    hints = get_type_hints(type(value), include_extras=True)
    for field in fields(value):
        _read(getattr(value, field.name), hints[field.name], f"{what}.{field.name}")
    return value


def nearest(name: str, names: list[str] | Kinds) -> str:
    """The end of a sentence about an unknown name: the nearest known word, or what there is; for numbers the latter."""
    words = [] if _is_number(name) else [one for one in names if not _is_number(one)]
    close = get_close_matches(str(name), words, n=1, cutoff=0.5)
    if not names:
        return ", which has no settings."
    shown = ", ".join(list(names)[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
    return f"; did you mean {close[0]}?" if close else f"; there is {shown}."


def _is_number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def _kind(name: Any, kinds: Kinds, what: str) -> type:
    if name not in kinds:
        raise InputError(f"There is no {what} {name!r}{nearest(name, kinds)}")
    return kinds[name]


def _required(field: Any) -> bool:
    from dataclasses import MISSING

    return field.default is MISSING and field.default_factory is MISSING


def _read(value: Any, hint: Any, what: str) -> Any:
    if hint is Schedule:
        return decode(value, SCHEDULES, what)
    require_no_truth(value, hint, what)
    try:
        return TypeAdapter(hint).validate_python(value)
    except ValidationError as error:
        raise InputError(one_sentence(error, what)) from None
    except Exception:  # a hint of the user's own that pydantic cannot read is the user's to check
        return value


def require_no_truth(value: Any, hint: Any, what: str) -> None:
    """Refuse True and False where numbers are wanted, for which Python takes them.

    Args:
        value: of any type.
        hint: the type of what is wanted, which may be annotated and one of several.
        what: what messages call it.

    Raises:
        InputError: naming what was found.
    """
    if isinstance(value, bool) and _numbers(hint):
        raise InputError(f"{what} must be a number, and got {value!r}.")


def _numbers(hint: Any) -> bool:
    """Whether numbers are of this type, and truth values are not meant."""
    parts = get_args(hint)
    if not parts:
        return hint in (int, float)
    if hasattr(hint, "__metadata__"):
        return _numbers(parts[0])
    return bool not in parts and any(_numbers(part) for part in parts)


def one_sentence(error: ValidationError, what: str) -> str:
    """The first complaint of a validation, as one sentence."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    name = ".".join(part for part in (what, place) if part)
    rule = first["msg"].removeprefix("Input ").removeprefix("Value error, ")
    return f"{name} {rule}, and got {first['input']!r}."
