"""What a synthetic source knows of itself."""

from typing import Protocol, runtime_checkable

import numpy as np

from saddle.core.randomness import Stream


@runtime_checkable
class Law(Protocol):
    """A distribution that can be sampled exactly; `saddle.open` accepts any.

    The built-in laws also have `log_prob`, and those on a curve or surface `dimension` and `log_prob_on_support`.
    """

    def sample(self, n: int, source: Stream | np.random.Generator, /) -> np.ndarray:
        """Draw n points, shape (n, d).

        Args:
            n: how many.
            source: the randomness. `saddle.open` gives a stream, whose `numpy()` and `torch()` are seeded generators.
        """
        ...


def generators(source: Stream | np.random.Generator, *names: str) -> list[np.random.Generator]:
    """One generator per name: children of a stream, so that point i does not depend on n, or the generator itself."""
    if isinstance(source, Stream):
        return [source.child(name).numpy() for name in names]
    return [source for _ in names]
