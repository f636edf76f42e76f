"""`--set key.path=value`: changes to a recipe's settings, as nested tables."""

import tomllib
from typing import Any

from saddle.core.errors import InputError


def parse_overrides(words: list[str]) -> dict[str, Any]:
    """Nested tables from words such as `generator.width=64`.

    A value is read as TOML (numbers, true, "text", [lists], {tables}); what is not TOML is text. In either order,
    `objective=mmd` and `objective.features=8` together stand for `{kind = "mmd", features = 8}`.

    Raises:
        InputError: when a word has no `=`, or two words contradict each other.
    """
    changes: dict[str, Any] = {}
    for word in words:
        path, equals, text = word.partition("=")
        keys = path.strip().split(".")
        if not equals or not all(keys):
            raise InputError(f"--set takes key.path=value, such as --set batch=128, and got {word!r}.")
        place: dict[str, Any] = changes
        for key in keys[:-1]:
            held: Any = place.setdefault(key, {})
            if isinstance(held, str):
                held = place[key] = {"kind": held}
            if not isinstance(held, dict):
                raise InputError(f"--set {word} contradicts an earlier --set of {key}.")
            place = held
        value, held = parse_value(text), place.get(keys[-1])
        if isinstance(held, dict) and not isinstance(value, dict):
            value = {**held, "kind": value}  # a name stands for the table with that kind
        place[keys[-1]] = value
    return changes


def parse_value(text: str) -> Any:
    """A TOML value, or the text itself where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()
