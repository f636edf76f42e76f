"""Who watches a training: told what is planned, what is measured and what is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from saddle.training.history import Row
from saddle.training.loop import Plan
from saddle.training.ways.planning import Cost


class Observer(Protocol):
    """The callbacks of a fit; training never waits for what they return."""

    def planned(self, cost: Cost, plan: Plan, start: int) -> None:
        """Called once, after the warm-up and before the first round."""
        ...

    def logged(self, rows: list[Row]) -> None:
        """Called with each new set of rows of the history, one per member."""
        ...

    def ticked(self, round: int, seconds: float) -> None:
        """Called after every round."""
        ...

    def saved(self, path: Path) -> None:
        """Called after each checkpoint."""
        ...


class Silent:
    """An observer that does nothing."""

    def planned(self, cost: Cost, plan: Plan, start: int) -> None:
        """Ignored."""

    def logged(self, rows: list[Row]) -> None:
        """Ignored."""

    def ticked(self, round: int, seconds: float) -> None:
        """Ignored."""

    def saved(self, path: Path) -> None:
        """Ignored."""


class WithCallback:
    """An observer that also calls a function of the round after every round."""

    def __init__(self, inner: Observer, callback: Callable[[int], None]) -> None:
        self._inner = inner
        self._callback = callback

    def planned(self, cost: Cost, plan: Plan, start: int) -> None:
        """Passed on."""
        self._inner.planned(cost, plan, start)

    def logged(self, rows: list[Row]) -> None:
        """Passed on."""
        self._inner.logged(rows)

    def ticked(self, round: int, seconds: float) -> None:
        """Passed on, then the function is called."""
        self._inner.ticked(round, seconds)
        self._callback(round)

    def saved(self, path: Path) -> None:
        """Passed on."""
        self._inner.saved(path)
