"""The regularizers of a game, sorted by when they act."""

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.families.gan.packing import Shape, packed, packed_shape
from saddle.families.gan.together import score, scores, scores_and_gradients
from saddle.regularizers import (
    Invariance,
    Normalization,
    Penalty,
    Perturbation,
    Projection,
    Regularizer,
    Scheduled,
    Surrounding,
)


@dataclass(frozen=True)
class Acts:
    """What the regularizers of a game do.

    Attributes:
        regularizers: in the user's order, which numbers their noise.
        packing: examples that the critic judges as one.
    """

    regularizers: tuple[Regularizer, ...]
    packing: int

    # Asking a runtime protocol costs as much as a small layer, so what never changes is asked once.
    @cached_property
    def perturbations(self) -> dict[int, Perturbation]:
        """Those that act on what the critic sees, by their number."""
        return {index: one for index, one in enumerate(self.regularizers) if isinstance(one, Perturbation)}

    @cached_property
    def invariances(self) -> dict[int, Invariance]:
        """Those that compare scores of examples with those of the examples moved, by their number."""
        return {index: one for index, one in enumerate(self.regularizers) if isinstance(one, Invariance)}

    @cached_property
    def penalties(self) -> dict[str, list[Penalty]]:
        """Those that act through input gradients, by the points where: each that chooses its points has its own."""
        found: dict[str, list[Penalty]] = {}
        for index, one in enumerate(self.regularizers):
            if isinstance(one, Penalty):
                found.setdefault(f"around {index}" if one.at == "around" else one.at, []).append(one)
        return found

    @cached_property
    def schedules(self) -> list[Scheduled]:
        """Those penalties whose weight changes over the rounds."""
        return [one for one in self.regularizers if isinstance(one, Penalty) and isinstance(one, Scheduled)]

    @cached_property
    def projections(self) -> list[Projection]:
        """Those that act on weights after an update."""
        return [one for one in self.regularizers if isinstance(one, Projection)]

    @cached_property
    def normalizations(self) -> list[Normalization]:
        """Those that act on the critic's layers when it is built."""
        return [one for one in self.regularizers if isinstance(one, Normalization)]

    def normalized(self, critic: nn.Module) -> nn.Module:
        """A critic as the normalizations have it."""
        for one in self.normalizations:
            critic = one.normalize(critic)
        return critic

    def project(self, name: str, parameter: Tensor) -> None:
        """Move a parameter of the critic, in place, to where the projections have it."""
        for one in self.projections:
            one.project(name, parameter)

    def noise(self, batch: int, shape: Shape, *, critic: bool) -> dict[str, Noise]:
        """What the regularizers need drawn for an update.

        Args:
            batch: examples.
            shape: of one example.
            critic: whether for the critic's update; the generator's needs the perturbations alone, of real examples
                too, which it scores when its objective is relativistic.
        """
        each, packs = (batch, *shape), (batch // self.packing, *packed_shape(shape, self.packing))
        noise = {
            f"{which} {index}": Noise("normal", each) for index in self.perturbations for which in ("real", "fake")
        }
        if critic:
            noise |= {f"moved {index}": Noise("normal", each) for index in self.invariances}
            noise |= {place: Noise("normal", packs) for place in self.penalties if place.startswith("around")}
            if "between" in self.penalties:
                noise["mix"] = Noise("uniform", (packs[0],))
        return noise

    def seen(self, x: Tensor, which: str, round: Tensor, noise: Draws) -> Tensor:
        """What the critic sees of examples: perturbed and packed."""
        for index, one in self.perturbations.items():
            x = one.perturb(x, noise[f"{which} {index}"], round)
        return packed(x, self.packing)

    def scored(
        self,
        critic: nn.Module,
        real: Tensor,
        fake: Tensor,
        y: Tensor | None,
        round: Tensor,
        noise: Draws,
        *,
        together: bool = False,
    ) -> tuple[dict[str, Tensor], list[Tensor]]:
        """Scores at each kind of point, and the penalties there.

        Where a penalty sits on real or generated examples, its gradient and the score come from one forward pass. The
        points of a pass are one kind or, where `together`, all that want the same.
        """
        points = {"real": real, "fake": fake} | self._further_points(real, fake, noise)
        found: dict[str, Tensor] = {}
        terms: list[Tensor] = []
        for places in self._passes(list(points), together=together):
            sets = [points[place] for place in places]
            if places[0] not in self.penalties:
                found |= zip(places, scores(critic, sets, y), strict=True)
                continue
            here, gradients = scores_and_gradients(critic, sets, y)
            found |= zip(places, here, strict=True)
            for place, gradient in zip(places, gradients, strict=True):
                terms += [self._weighted(one, found[place], gradient, round) for one in self.penalties[place]]
        return found, terms + self._differences(critic, points, found, y, noise)

    def _passes(self, places: list[str], *, together: bool) -> list[list[str]]:
        """Which points share a pass; passes that give gradients come before plain ones."""
        sloped = [place for place in places if place in self.penalties]
        plain = [place for place in places if place not in self.penalties]
        if together:
            return [group for group in (sloped, plain) if group]
        return [[place] for place in (*sloped, *plain)]

    def _further_points(self, real: Tensor, fake: Tensor, noise: Draws) -> dict[str, Tensor]:
        points = {}
        if "mix" in noise:
            mix = noise["mix"].reshape(-1, *[1] * (real.dim() - 1))
            points["between"] = mix * real + (1 - mix) * fake
        for place, penalties in self.penalties.items():
            if place.startswith("around"):
                (one,) = penalties
                assert isinstance(one, Surrounding)
                points[place] = one.around(real, noise[place])
        return points

    def _weighted(self, one: Penalty, scores: Tensor, gradient: Tensor, round: Tensor) -> Tensor:
        """A penalty at its weight of this round."""
        value = one.penalty(scores, gradient)
        shares = [other.share(round) for other in self.schedules if other is one]
        return value * shares[0].to(value.dtype) if shares else value

    def _differences(
        self, critic: nn.Module, points: dict[str, Tensor], scores: dict[str, Tensor], y: Tensor | None, noise: Draws
    ) -> list[Tensor]:
        found = []
        for index, one in self.invariances.items():
            x, shifts = points[one.at], packed(noise[f"moved {index}"], self.packing)
            found.append(one.difference(scores[one.at], score(critic, one.moved(x, shifts), y)))
        return found


def total(terms: list[Tensor]) -> Tensor:
    """The sum of some 0-d tensors."""
    return sum(terms[1:], terms[0])
