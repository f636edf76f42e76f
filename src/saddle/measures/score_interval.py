"""Intervals of statistics that are squared distances: their spread depends on the distance itself."""

from dataclasses import dataclass

from saddle.measures.estimate import Z


@dataclass(frozen=True)
class SquareSpread:
    """The variance S + c D of an unbiased estimate of a squared distance D.

    The second-order part S is all there is where D = 0; the first-order part is proportional to D (Hoeffding, 1948).

    Attributes:
        value: the estimate, possibly negative.
        second: S.
        slope: c.
    """

    value: float
    second: float
    slope: float

    @property
    def error(self) -> float:
        """√(S + c value), but not below √(S/2)."""
        return max(self.second + self.slope * self.value, self.second / 2) ** 0.5

    @property
    def interval(self) -> tuple[float, float]:
        """Every D that the value does not refute: |value - D| <= 1.96 √(S + c max(D, 0)).

        Wilson's interval of a share is made alike. A value that is too low by chance then does not come with an
        interval that is too short by the same chance.
        """
        spread = Z * self.second**0.5
        middle = self.value + Z * Z * self.slope / 2
        root = max(middle * middle - self.value * self.value + spread * spread, 0.0) ** 0.5
        low = middle - root if self.value > spread else self.value - spread
        high = middle + root if self.value > -spread else self.value + spread
        return low, high


def square_spread(value: float, *, bias: float, jackknife: float, second: float) -> SquareSpread:
    """Find the slope of the variance.

    Near D = 0 the ratio of the jackknife to the biased statistic is stable, since both are quadratic forms in the same
    noise; far from it the ratio without the noise is right. In between they are mixed.

    Args:
        value: the unbiased estimate.
        bias: by how much the biased estimate, which is never negative, exceeds it.
        jackknife: an estimate of the first-order variance that sampling noise lifts by 2 S on average, as it does the
            delete-one jackknife.
        second: S.
    """
    near = 1 / (1 + max(value, 0.0) ** 2 / (Z * Z * second)) if second > 0 else 0.0
    above, below = jackknife - 2 * second * (1 - near), value + bias * near
    return SquareSpread(value, second, above / below if above > 0 and below > 0 else 0.0)
