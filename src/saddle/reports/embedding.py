"""Putting files into the page itself, so that it opens with no network."""

import json
import math
from base64 import b64encode
from importlib.resources import files
from typing import Any

from markupsafe import Markup


def data_uri(png: bytes) -> str:
    """A PNG file as an address that holds it."""
    return "data:image/png;base64," + b64encode(png).decode()


def asset(name: str) -> str:
    """The text of a file that comes with this package."""
    return files("saddle.reports").joinpath("assets", name).read_text(encoding="utf-8")


def script_json(value: Any) -> Markup:
    """A value as JSON that no content can end the script element of; numbers that are not finite become null."""
    text = json.dumps(_finite(value), separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def short(number: float | None) -> float | None:
    """A number with six digits, which no screen can tell from more, or None where it is not finite."""
    if number is None or not math.isfinite(number):
        return None
    return float(f"{number:.6g}")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
