"""What `saddle.open` may be told beside the source, and where each option has a meaning."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from saddle.core.errors import InputError

MEANING = {
    "size": "folders of pictures",
    "target": "tables",
    "split": "folders of idx files",
    "n": "synthetic sets",
    "seed": "synthetic sets",
    "theta": "two-lines",
}
LARGEST_THETA = 1e6


@dataclass(frozen=True)
class Options:
    """The options of one opening; a default means that it was not given."""

    size: str | tuple[int, int] | None = None
    target: str | None = None
    split: str = "train"
    labels: bool = True
    n: int | None = None
    seed: int = 0
    theta: float | None = None
    progress: Callable[[int, int], None] | None = None

    def checked(self) -> "Options":
        """These options with plain numbers.

        Raises:
            InputError: when `labels` is no yes or no, `n` or `seed` no whole number, or `theta` no moderate one.
        """
        if not isinstance(self.labels, (bool, np.bool_)):
            found = type(self.labels).__name__
            raise InputError(f"labels must be True or False; found a {found} (labels of your own are y).")
        theta = self.theta
        if theta is not None and not (isinstance(theta, Real) and abs(theta) <= LARGEST_THETA):
            raise InputError(f"theta must be a number between -1e6 and 1e6; found {theta!r}.")
        return replace(
            self,
            n=None if self.n is None else _whole(self.n, "n"),
            seed=_whole(self.seed, "seed"),
            theta=None if theta is None else float(theta),
        )

    def given(self) -> dict[str, Any]:
        """The options that say something else than the default, without `progress`."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "progress"}
        defaults = {one.name: one.default for one in fields(self)}
        return {name: value for name, value in values.items() if value != defaults[name]}

    def allow(self, source: str, *meaningful: str) -> None:
        """Refuse what has no meaning for a source.

        Raises:
            InputError: when an option outside `meaningful` was given.
        """
        for name, value in self.given().items():
            if name != "labels" and name not in meaningful:
                raise InputError(f"{name} has a meaning for {MEANING[name]} only; found {name}={value!r} for {source}.")


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(f"{name} must be a whole number; found {value!r}.")
    return int(value)
