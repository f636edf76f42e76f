"""Numbers over seeds as the page shows them."""

from collections.abc import Sequence
from typing import Any

from saddle.evaluation.comparing.over_seeds import over_seeds


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean over seeds, and half the width of its 95 % interval by Student's t; NaN for fewer than three seeds."""
    found = over_seeds(values)
    low, high = found.interval or (float("nan"), float("nan"))
    return found.mean, (high - low) / 2


def with_interval(values: Sequence[float | None], digits: int, scale: float = 1.0) -> str:
    """A mean over seeds with its interval, alone where all are alike; with the count of those that have no value."""
    there = [scale * value for value in values if value is not None]
    if not there:
        return "-"
    mean, half = interval(there)
    shown = f"{mean:.{digits}f}" + (f" ± {half:.{digits}f}" if half > 0 else "")
    return shown if len(there) == len(values) else f"{shown} (undefined for {len(values) - len(there)})"


def seconds_a_seed(record: dict[str, Any]) -> str:
    """How long a record's seeds took to train, each, and on what if it was no processor."""
    seconds = record["cost"]["seconds"] / record["seeds"]
    on = " (GPU)" if record["cost"].get("device", "cpu").startswith("cuda") else ""
    return f"{seconds:.0f}{on}" if seconds >= 10 else f"{seconds:.1f}{on}"
