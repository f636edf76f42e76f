"""One member of a population, for whoever measures it."""

from dataclasses import dataclass

from torch import Tensor

from saddle.families.fitted import Fitted


@dataclass(frozen=True)
class Member:
    """One member of a fitted model.

    Attributes:
        fitted: all members.
        index: which.
    """

    fitted: Fitted
    index: int

    def sample_model(self, n: int, *, y: Tensor | None = None, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        """Samples in model units, shape (n, ...), and class indices (n,) or None."""
        return self.fitted.sample(n, y=y, seed=seed, member=self.index)
