"""What a run is diagnosed from: its curves, what broke it off, and how near its samples lie to training data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from saddle.diagnosis.curve import Curve
from saddle.training.history import last_of_each

NONE = Curve()

Trained = Literal["game", "generator", "model"]
"""A generator against a critic, a generator alone, or a model of a family that has neither."""

FAR = 0.03
"""Energy coefficient from which samples count as far from the data. Two normal laws on a line have .03 at about a third
of a deviation, .19 at one."""

FAR_OF_START = 0.1
"""The same as a share of the distance before training, for histories without the coefficient."""


@dataclass(frozen=True)
class Nearness:
    """Where samples lie beside training data and data that were held out.

    Attributes:
        to_unseen: share of samples whose nearest example was held out, over the share of held-out examples among all:
            one for a model that learned the law, near zero for copies.
        closer: chance that a sample is the closer one, see `saddle.measures.copying`.
        error: of that chance.
        held_out: how many held-out examples were compared.
    """

    to_unseen: float
    closer: float
    error: float
    held_out: int


@dataclass(frozen=True)
class Evidence:
    """Everything that the rules look at; what is not known is empty or None.

    Attributes:
        distance: energy distance to held-out data.
        error: of those distances.
        coefficient: the same to training data, on a scale from 0 to 1.
        coverage: share of the training data that samples reach.
        spread: mean distance between samples over that between training examples.
        accuracy: chance that the critic scores a real example above a made one.
        belief: mean D of the critic at samples, of objectives whose scores are logits.
        gradient: mean length of the gradient of a sample's loss to the generator by the sample.
        losses: of each player, by name.
        trouble: what a number that was not finite was told as, where one ended the run.
        nearness: of samples to training data.
    """

    distance: Curve = NONE
    error: Curve = NONE
    coefficient: Curve = NONE
    coverage: Curve = NONE
    spread: Curve = NONE
    accuracy: Curve = NONE
    belief: Curve = NONE
    gradient: Curve = NONE
    losses: dict[str, Curve] = field(default_factory=dict)
    trouble: str | None = None
    nearness: Nearness | None = None

    @property
    def trained(self) -> "Trained":
        """What was trained, which is what advice must be about."""
        if set(self.losses) == {"generator loss"}:
            return "generator"
        return "model" if self.losses and "critic loss" not in self.losses else "game"

    @property
    def apart(self) -> Curve:
        """The energy coefficient or, where it was not logged, the distance."""
        return self.coefficient or self.distance

    @property
    def far(self) -> bool:
        """Whether samples were far from the data at the end."""
        if self.coefficient:
            return self.coefficient.median() > FAR
        return bool(self.distance) and self.distance.median() > FAR_OF_START * abs(self.distance.first)


def in_history(
    history: Iterable[dict[str, Any]],
    *,
    member: int = 0,
    trouble: str | None = None,
    nearness: Nearness | None = None,
) -> Evidence:
    """The evidence in the rows of a history, of any members, about one of them."""
    rows = [row for row in last_of_each(history) if row.get("member", 0) == member]
    losses = dict.fromkeys(name for row in rows for name in row if name.endswith(" loss"))
    return Evidence(
        distance=Curve.of(rows, "energy distance"),
        error=Curve.of(rows, "energy distance error"),
        coefficient=Curve.of(rows, "energy coefficient"),
        coverage=Curve.of(rows, "coverage"),
        spread=Curve.of(rows, "spread"),
        accuracy=Curve.of(rows, "accuracy"),
        belief=Curve.of(rows, "D(G(z))"),
        gradient=Curve.of(rows, "gradient at samples"),
        losses={name: Curve.of(rows, name) for name in losses},
        trouble=trouble,
        nearness=nearness,
    )
