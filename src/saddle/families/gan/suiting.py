"""What goes with an objective that compares batches and scores no single examples."""

from saddle.core.errors import InputError
from saddle.families.gan.settings import GANSettings
from saddle.objectives import Discrepancy
from saddle.regularizers import Invariance, Normalization, Penalty, Projection, Regularizer

FEWEST = 2
"""Examples in a batch, below which nothing is known of how they lie to each other."""


def demand_suited_to_batches(settings: GANSettings, objective: Discrepancy) -> None:
    """Refuse settings that would do nothing, or make no sense, with a distance between batches.

    Raises:
        InputError: naming the setting.
    """
    named = f"objective {type(objective).__name__}"
    if settings.packing > 1:
        raise InputError(f"packing must be 1 with {named}, which judges whole batches, and got {settings.packing}.")
    if settings.unrolled:
        raise InputError(f"unrolled must be 0 with {named}, which has no critic's scores, and got {settings.unrolled}.")
    if settings.auxiliary:
        raise InputError(
            f"auxiliary must be 0 with {named}, which has no critic's scores, and got {settings.auxiliary:g}."
        )
    if settings.batch < FEWEST:
        raise InputError(f"batch must be at least {FEWEST} with {named}, and got {settings.batch}.")
    for one in settings.regularizers:
        if (reason := unsuited(one, objective)) is not None:
            raise InputError(f"{type(one).__name__} {reason}, so it does not go with {named}.")
    if objective.features:
        return
    if settings.critic is not None:
        raise InputError(f"critic must be left out with {named} of features 0, which trains none.")
    if settings.critic_updates > 1:
        raise InputError(
            f"critic_updates must be 1 with {named} of features 0, which trains no critic, and got "
            f"{settings.critic_updates}."
        )


def unsuited(one: Regularizer, objective: Discrepancy) -> str | None:
    """Why a regularizer does not go with a distance between batches, or None where it does."""
    if isinstance(one, Penalty | Invariance):
        return "acts through the scores of single examples"
    if isinstance(one, Projection | Normalization) and not objective.features:
        return "acts on a critic, and with features 0 there is none"
    return None
