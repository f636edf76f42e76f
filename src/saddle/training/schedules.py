"""How a setting changes over the rounds: pure functions of the round, so that a resumed run needs only its number."""

from dataclasses import dataclass
from math import cos, pi
from typing import Annotated, Protocol, runtime_checkable

from annotated_types import Ge

from saddle.core.ranges import Count, Share


@runtime_checkable
class Schedule(Protocol):
    """A multiplier of the learning rate."""

    def factor(self, round: int) -> float:
        """The multiplier at this round, which counts from 0."""
        ...


@dataclass(frozen=True)
class Constant:
    """The learning rate as it is."""

    def factor(self, round: int) -> float:
        """1."""
        return 1.0


@dataclass(frozen=True)
class Linear:
    """From the full rate to a share of it, in a straight line.

    Attributes:
        until: the round at which the share is reached, and after which it is kept.
        share: the last multiplier.
    """

    until: Count
    share: Share = 0.0

    def factor(self, round: int) -> float:
        """1 at round 0, `share` from round `until` on."""
        return 1 + (self.share - 1) * min(round / max(self.until, 1), 1.0)


@dataclass(frozen=True)
class Cosine:
    """From the full rate to a share of it along half a cosine.

    Attributes:
        until: the round at which the share is reached, and after which it is kept.
        share: the last multiplier.
    """

    until: Count
    share: Share = 0.0

    def factor(self, round: int) -> float:
        """1 at round 0, `share` from round `until` on."""
        return self.share + (1 - self.share) * (1 + cos(pi * min(round / max(self.until, 1), 1.0))) / 2


@dataclass(frozen=True)
class Exponential:
    """Divided by a constant each round, down to a share of the full rate.

    Attributes:
        divisor: what each round divides by, such as the first GAN's 1.000004.
        share: the least multiplier.
    """

    divisor: Annotated[float, Ge(1)] = 1.000004
    share: Share = 0.0

    def factor(self, round: int) -> float:
        """divisor ** -round, at least `share`."""
        return max(self.divisor**-round, self.share)


@dataclass(frozen=True)
class Warmup:
    """From nothing to the full rate in a straight line, then constant.

    Attributes:
        rounds: rounds until the full rate.
    """

    rounds: Count

    def factor(self, round: int) -> float:
        """1/rounds at round 0, 1 from round `rounds` - 1 on."""
        return min((round + 1) / max(self.rounds, 1), 1.0)


SCHEDULES: dict[str, type] = {
    "constant": Constant,
    "linear": Linear,
    "cosine": Cosine,
    "exponential": Exponential,
    "warmup": Warmup,
}
