"""Who watches a comparison: told which recipe is trained and measured, and which failed."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from saddle.families.observer import Observer
from saddle.families.observer import Silent as SilentObserver


class Watching(Protocol):
    """The callbacks of a comparison."""

    def begins(self) -> None:
        """Called once, when all that was asked for is accepted, before the first recipe."""
        ...

    def training(self, name: str) -> AbstractContextManager[Observer]:
        """Entered while a recipe is trained or trained on; gives who is told about that training."""
        ...

    def kept(self, name: str) -> None:
        """Called instead for a recipe whose training is finished already."""
        ...

    def failed(self, name: str, failure: str) -> None:
        """Called when a recipe's training failed."""
        ...

    def measuring(self, name: str) -> AbstractContextManager[object]:
        """Entered while a recipe's members are measured."""
        ...


class Silent:
    """Says nothing."""

    def begins(self) -> None:
        """Ignored."""

    def training(self, name: str) -> AbstractContextManager[Observer]:
        """Nobody is told."""
        return nullcontext(SilentObserver())

    def kept(self, name: str) -> None:
        """Ignored."""

    def failed(self, name: str, failure: str) -> None:
        """Ignored."""

    def measuring(self, name: str) -> AbstractContextManager[object]:
        """Ignored."""
        return nullcontext()
