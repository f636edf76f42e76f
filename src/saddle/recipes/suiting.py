"""A recipe's settings where another objective is chosen for it."""

from collections.abc import Sequence
from typing import Any

from saddle.families.gan.settings import KINDS
from saddle.families.gan.suiting import unsuited
from saddle.families.tables import decode
from saddle.objectives import Discrepancy
from saddle.regularizers import Regularizer

Table = dict[str, Any]

OF_SCORES = ("packing", "unrolled", "unrolled_rate")
OF_CRITIC = ("critic", "critic_updates")


def suited(table: Table, changes: Table, regularizers: Sequence[Regularizer]) -> Table:
    """A GAN's settings without what its recipe has for scores, where the changes choose a distance between batches.

    What the changes name stays, so that it is refused if it does not go with the distance.

    Args:
        table: the recipe's settings with the changes merged in.
        changes: nested tables.
        regularizers: the recipe's.
    """
    if "objective" not in changes:
        return table
    objective = decode(table["objective"], KINDS["objective"], "objective")
    if not isinstance(objective, Discrepancy):
        return table
    left_out = (*OF_SCORES, *(() if objective.features else OF_CRITIC))
    kept = {key: value for key, value in table.items() if key not in left_out or key in changes}
    if "regularizers" not in changes:
        pairs = zip(table["regularizers"], regularizers, strict=True)
        kept["regularizers"] = [entry for entry, one in pairs if unsuited(one, objective) is None]
    return kept
