"""`saddle recipes`."""

from inspect import getdoc

import saddle
from saddle.cli.console import show, tell

EXAMPLES = """
Examples:

  saddle train digits --recipe wgan-gp

  saddle train ring --recipe my_file.py:my_recipe
"""


def recipes() -> None:
    """List the recipes, complete settings for a training, each with its paper."""
    for name, make in saddle.recipes.RECIPES.items():
        about, _, rest = (getdoc(make) or "").partition("\n\n")
        reference = rest.partition("Reference: ")[2]
        show(name, style="bold")
        tell(f"    {' '.join(about.split())}")
        tell(f"    {' '.join(reference.split())}")
    tell("Your own: --recipe my_file.py:my_recipe, a function of a layout that returns a saddle.GAN or the like.")
