"""A recipe's settings where another objective is chosen for it."""

from typing import Any

from saddle.families.gan.settings import KINDS
from saddle.families.gan.suiting import unsuited
from saddle.families.tables import decode
from saddle.objectives import Discrepancy

Table = dict[str, Any]

OF_SCORES = ("packing", "unrolled", "unrolled_rate")
OF_CRITIC = ("critic", "critic_updates")


def suited(table: Table, changes: Table) -> Table:
    """A GAN's settings without what its recipe has for scores, where the changes choose a distance between batches.

    What the changes name stays, so that it is refused if it does not go with the distance.

    Args:
        table: the recipe's settings with the changes merged in.
        changes: nested tables.
    """
    if "objective" not in changes:
        return table
    objective = decode(table["objective"], KINDS["objective"], "objective")
    if not isinstance(objective, Discrepancy):
        return table
    left_out = (*OF_SCORES, *(() if objective.features else OF_CRITIC))
    kept = {key: value for key, value in table.items() if key not in left_out or key in changes}
    if "regularizers" not in changes:
        regularizers = [decode(one, KINDS["regularizers"], "regularizer") for one in table["regularizers"]]
        pairs = zip(table["regularizers"], regularizers, strict=True)
        kept["regularizers"] = [entry for entry, one in pairs if unsuited(one, objective) is None]
    return kept
