"""What a training measures of its samples along the way: the distance to held-out data, and what tells of faults."""

from collections.abc import Callable

import torch
from torch import Tensor

from saddle.core.errors import NonFiniteError
from saddle.core.randomness import Stream
from saddle.core.sampling import Chain
from saddle.data import Dataset
from saddle.families.fitted import BLOCK, Fitted
from saddle.families.variety import Variety
from saddle.measures import energy_distance

WATCHED, WATCHED_CHAINS = 1000, 256


class Watching:
    """Measures every member of a run, with what can be prepared prepared once.

    Args:
        fitted: the members, as they stand whenever they are measured.
        split: of a member: what it learns from, and what it is measured against.
    """

    def __init__(self, fitted: Fitted, split: Callable[[int], tuple[Dataset, Dataset]]) -> None:
        self._fitted = fitted
        self._held_out: list[Dataset] = []
        self._varieties: list[Variety] = []
        for member, seed in enumerate(fitted.state.seeds):
            train, held_out = split(member)
            self._held_out.append(held_out)
            self._varieties.append(Variety(train, seed))

    def rows(self) -> list[dict[str, float]]:
        """One row for each member."""
        pairs = enumerate(zip(self._held_out, self._varieties, strict=True))
        return [watched_row(self._fitted, member, held_out, variety) for member, (held_out, variety) in pairs]


def watched_row(fitted: Fitted, member: int, held_out: Dataset, variety: Variety) -> dict[str, float]:
    """A member's energy distance to up to 1,000 held-out examples, from samples with the same latents every time.

    There are 1,000 samples, or 256 of a family that samples by a chain, whose every sample costs a whole chain. Beside
    the distance stand the samples' coverage and spread (see `Variety`) and what the family's problem watches.

    Raises:
        NonFiniteError: when a sample is not finite.
    """
    count = WATCHED_CHAINS if isinstance(fitted.problem.sampler, Chain) else WATCHED
    x, y = fitted.sample(count, seed=0, member=member)
    if not bool(torch.isfinite(x).all()):
        who = f" of member {member} (seed {fitted.seed(member)})" if fitted.state.stacked else ""
        raise NonFiniteError(f"The samples{who} are not all finite after round {fitted.state.round}.")
    order = Stream(fitted.seed(member), ("watched",)).numpy().permutation(len(held_out))[:WATCHED]
    reference = held_out.batch(torch.from_numpy(order))
    estimate = energy_distance(x.flatten(1), reference.flatten(1))
    row = {"energy distance": estimate.value, "energy distance error": estimate.error or 0.0}
    return row | variety.row(x) | _of_problem(fitted, member, y)


def _of_problem(fitted: Fitted, member: int, y: Tensor | None) -> dict[str, float]:
    """What the problem watches, at samples of the networks as they learn, which need not be those of the averages."""
    if fitted.problem.watch is None:
        return {}
    networks = fitted.networks(member, averaged=False)
    labels = None if y is None else y[:BLOCK].to(next(networks.parameters()).device)
    with torch.no_grad():
        x = fitted.problem.sampler.draw(networks, Stream(0, ("watched",)), BLOCK, labels)
    return fitted.problem.watch(networks, x, labels)
