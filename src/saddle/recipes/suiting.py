"""A recipe's settings where another objective is chosen for it."""

from typing import Any

from saddle.families.gan.settings import KINDS, GANSettings
from saddle.families.gan.suiting import unsuited
from saddle.families.tables import decode
from saddle.networks import Coder
from saddle.objectives import Discrepancy

Table = dict[str, Any]

OF_SCORES = ("packing", "unrolled", "unrolled_rate", "auxiliary")


def suited(table: Table, changes: Table, recipe: GANSettings) -> Table:
    """A GAN's settings without what its recipe has for scores, where the changes choose a distance between batches.

    What the changes name stays, so that it is refused if it does not go with the distance.

    Args:
        table: the recipe's settings with the changes merged in.
        changes: nested tables.
        recipe: the recipe's settings themselves.
    """
    if "objective" not in changes:
        return table
    objective = decode(table["objective"], KINDS["objective"], "objective")
    if not isinstance(objective, Discrepancy):
        return table
    left_out = {*OF_SCORES}
    if not objective.features:
        left_out |= {"critic", "critic_updates"}
    elif not isinstance(recipe.critic, Coder):  # which makes scores and no features
        left_out |= {"critic"}
    kept = {key: value for key, value in table.items() if key not in left_out or key in changes}
    if "regularizers" not in changes:
        pairs = zip(table["regularizers"], recipe.regularizers, strict=True)
        kept["regularizers"] = [entry for entry, one in pairs if unsuited(one, objective) is None]
    return kept
