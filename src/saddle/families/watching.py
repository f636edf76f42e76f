"""The distance to held-out data that a training reports along the way."""

import torch

from saddle.core.errors import NonFiniteError
from saddle.core.randomness import Stream
from saddle.core.sampling import Chain
from saddle.data import Dataset
from saddle.families.fitted import Fitted
from saddle.measures import energy_distance

WATCHED, WATCHED_CHAINS = 1000, 256


def distance_row(fitted: Fitted, member: int, held_out: Dataset) -> dict[str, float]:
    """A member's energy distance to up to 1,000 held-out examples, from samples with the same latents every time.

    There are 1,000 samples, or 256 of a family that samples by a chain, whose every sample costs a whole chain.

    Raises:
        NonFiniteError: when a sample is not finite.
    """
    count = WATCHED_CHAINS if isinstance(fitted.problem.sampler, Chain) else WATCHED
    x, _ = fitted.sample(count, seed=0, member=member)
    if not bool(torch.isfinite(x).all()):
        who = f" of member {member} (seed {fitted.seed(member)})" if fitted.state.stacked else ""
        raise NonFiniteError(f"The samples{who} are not all finite after round {fitted.state.round}.")
    order = Stream(fitted.seed(member), ("watched",)).numpy().permutation(len(held_out))[:WATCHED]
    reference = held_out.batch(torch.from_numpy(order))
    estimate = energy_distance(x.flatten(1), reference.flatten(1))
    return {"energy distance": estimate.value, "energy distance error": estimate.error or 0.0}
