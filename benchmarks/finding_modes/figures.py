"""Published figures of mixtures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What a paper reports of a recipe on one mixture.

    Attributes:
        source: the paper and its table.
        modes: found.
        quality: share of samples of high quality, in percent.
        divergence: reverse KL in nats, or None where there is none.
        errors: standard errors of the three, or None where there are none.
        rounds: that were trained, or None where the source does not say.
    """

    source: str
    modes: float
    quality: float
    divergence: float | None = None
    errors: tuple[float, float, float] | None = None
    rounds: int | None = None

    def values(self) -> tuple[float | None, float | None, float | None]:
        """Modes, high quality and reverse KL, as the table's columns have them."""
        return self.modes, self.quality, self.divergence

    def __str__(self) -> str:
        digits = (1, 1, 2)
        errors = self.errors or (None, None, None)
        cells = [_shown(*one) for one in zip(self.values(), errors, digits, strict=True)]
        rounds = f", {self.rounds:,} rounds" if self.rounds else ""
        return f"{'; '.join(cells)} ({self.source}{rounds})"


def _shown(value: float | None, error: float | None, digits: int) -> str:
    if value is None:
        return "-"
    return f"{value:.{digits}f}" + (f" ± {error:.{digits}f}" if error is not None else "")


_PACGAN, _VEEGAN = "Lin et al. 2018, table 1", "Srivastava et al. 2017, table 1"


def _lin(modes: float, quality: float, divergence: float, *errors: float) -> Figure:
    first, second, third = errors
    return Figure(_PACGAN, modes, quality, divergence, (first, second, third), 400_000)


PUBLISHED = {
    "plain": {
        "ring": _lin(6.3, 98.2, 0.45, 0.5, 0.2, 0.09),
        "grid": _lin(17.3, 94.8, 0.70, 0.8, 0.7, 0.07),
    },
    "packs of two": {
        "ring": _lin(7.9, 95.6, 0.07, 0.1, 2.0, 0.03),
        "grid": _lin(23.8, 91.3, 0.13, 0.7, 0.8, 0.04),
    },
    "plain, VEEGAN's": {"ring": Figure(_VEEGAN, 1.0, 99.3), "grid": Figure(_VEEGAN, 3.3, 0.5)},
    "unrolled": {"ring": Figure(_VEEGAN, 7.6, 35.6), "grid": Figure(_VEEGAN, 23.6, 16.0)},
}
