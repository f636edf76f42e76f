"""A recipe's model in one call: what `saddle train --recipe NAME` trains."""

from typing import Any

from saddle.data import Layout
from saddle.families import Estimator
from saddle.recipes.loading import LIMITS, configured, find_recipe


def recipe(name: str, layout: Layout, **changes: Any) -> Estimator:
    """A recipe's model for data of this form, with some of its settings changed as the command line changes them.

    With other `rounds`, what the recipe plans by rounds (schedules, warm-ups) becomes as much longer or shorter, which
    setting `rounds` of a finished model does not do. With `minutes`, rates and weights that would fall with the rounds
    stay constant. A limit that is given replaces both of the recipe's.

    Args:
        name: of a recipe of `saddle.recipes.RECIPES`; or my_file.py:my_recipe; or the `run.toml` of a run to repeat,
            whose plans stay as they are, and whose start, where it had one, `fit` has to be given again.
        layout: of the data, as `saddle.open(...).layout`.
        changes: settings by name; a table, such as `generator={"width": 64}`, changes only what it holds.

    Raises:
        InputError: for an unknown name (with the nearest one), a recipe that does not suit the data, and a setting that
            does not exist or is out of range.

    Example:
        >>> import saddle
        >>> gan = saddle.recipe("default", saddle.open("ring", n=100).layout, rounds=500)
        >>> gan.critic_optimizer.schedule
        Cosine(until=500, final=0.0)
    """
    limits = dict.fromkeys(LIMITS) if changes.keys() & {*LIMITS} else {}
    return configured(find_recipe(name), layout, {**limits, **changes})
