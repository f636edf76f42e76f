"""A number that comes from samples, with its error and what it was counted from."""

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A measured number, never without what is known about its error.

    >>> print(Estimate(0.01234, 0.00081, None, "an example", 1000))
    0.0123 ± 0.0008

    Attributes:
        value: the estimate; NaN where the quantity is undefined for these samples.
        error: the standard error, or None where none is known.
        interval: a 95 % confidence interval, or None where none is known; of what, where not of the law's own value,
            `note` says.
        method: how value and error were computed, in a few words.
        n: the counts behind the number: one, or one per set of samples.
        note: what a reader must know to judge it, such as its bias at finite n.
    """

    value: float
    error: float | None
    interval: tuple[float, float] | None
    method: str
    n: tuple[int, ...] | int
    note: str = ""

    def __str__(self) -> str:
        if not math.isfinite(self.value):
            return "undefined" if math.isnan(self.value) else str(self.value)
        if self.error is None or not math.isfinite(self.error):
            return f"{self.value:.4g}"
        if self.error == 0:
            return f"{self.value:.10g} ± 0"
        if self.error <= 1e-4 * abs(self.value):
            # Many digits are known: those up to the error's place are shown, without the zeros at their end.
            digits = math.floor(math.log10(abs(self.value))) - math.floor(math.log10(self.error)) + 1
            return f"{self.value:.{min(digits, 10)}g} ± {self.error:.0e}"
        return _with_error(self.value, self.error)

    def interval_text(self) -> str:
        """The interval with as many decimals as its width deserves, or a dash where there is none."""
        if self.interval is None or not all(map(math.isfinite, self.interval)):
            return "-"
        low, high = self.interval
        decimals = max(0, 1 - math.floor(math.log10(high - low))) if high > low else 4
        return f"[{low:.{decimals}f}, {high:.{decimals}f}]" if decimals < 8 else f"[{low:.3g}, {high:.3g}]"

    def count_text(self) -> str:
        """The counts behind the number, such as "1,000 / 180"."""
        return " / ".join(f"{one:,}" for one in (self.n if isinstance(self.n, tuple) else (self.n,)))

    def to_record(self) -> dict[str, Any]:
        """This estimate as JSON values; numbers that are not finite become null."""
        return {
            "value": _finite(self.value),
            "error": None if self.error is None else _finite(self.error),
            "interval": None if self.interval is None else [_finite(end) for end in self.interval],
            "method": self.method,
            "n": list(self.n) if isinstance(self.n, tuple) else self.n,
            "note": self.note,
        }

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Estimate":
        """The estimate that `to_record` described."""
        interval, n = record["interval"], record["n"]
        return Estimate(
            value=_or_nan(record["value"]),
            error=record["error"],
            interval=None if interval is None else (_or_nan(interval[0]), _or_nan(interval[1])),
            method=record["method"],
            n=tuple(n) if isinstance(n, list) else n,
            note=record["note"],
        )


Z = 1.959963984540054
"""The normal quantile that leaves 2.5 % on either side."""


def normal_interval(value: float, error: float) -> tuple[float, float]:
    """The 95 % interval of a normal estimator."""
    return value - Z * error, value + Z * error


def _with_error(value: float, error: float) -> str:
    """Value and error, both cut after the error's first digit, or its second where the first is a 1."""
    exponent = math.floor(math.log10(error))
    digits = 1 if error / 10.0**exponent >= 1.95 else 2
    decimals = digits - 1 - exponent
    if decimals > 6 or exponent > 5:
        leading = exponent if value == 0 else max(exponent, math.floor(math.log10(abs(value))))
        places = leading - exponent + digits - 1
        scale = 10.0**leading
        return f"({value / scale:.{places}f} ± {error / scale:.{places}f})e{leading:+03d}"
    places = max(decimals, 0)
    # Adding zero turns a rounded -0.0 into 0.0.
    return f"{round(value, places) + 0.0:.{places}f} ± {error:.{places}f}"


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
