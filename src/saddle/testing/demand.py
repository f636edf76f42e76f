"""How a law says that it is broken: `AssertionError` with one sentence, whatever Python's optimization flags."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def demand(holds: bool, sentence: str) -> None:
    """Raise `AssertionError` with this sentence where a law does not hold."""
    if not holds:
        raise AssertionError(sentence)


def attempt(call: Callable[[], Value], sentence: str) -> Value:
    """What the call returns; where it fails, the sentence and the reason as an `AssertionError`."""
    try:
        return call()
    except Exception as error:
        text = str(error).strip()
        reason = text.splitlines()[0] if text else "no reason given"
        raise AssertionError(f"{sentence} ({type(error).__name__}: {reason})") from error
