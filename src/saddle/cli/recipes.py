"""`saddle recipes`."""

from inspect import getdoc
from typing import TYPE_CHECKING, Any

import tomlkit

import saddle
from saddle.cli import options
from saddle.cli.console import show, tell
from saddle.cli.sources import content, open_source
from saddle.core.errors import InputError

if TYPE_CHECKING:
    from saddle.data import Dataset
    from saddle.families import Estimator
    from saddle.recipes import Found

EXAMPLES = """
Examples:

  saddle recipes

  saddle recipes wgan-gp-paper

  saddle recipes default photos/ --size 64x64

  saddle train digits --recipe wgan-gp

  saddle train ring --recipe my_file.py:my_recipe
"""


def recipes(
    name: options.RecipeName = None,
    data: options.RecipeData = None,
    *,
    target: options.Target = None,
    size: options.Size = None,
) -> None:
    """List the recipes, complete settings for a training, each with its paper; or show all of one, settings included.

    The settings are those that a run of it would have in the tables of its run.toml.
    """
    if name is None:
        _list()
        return
    found = saddle.recipes.find_recipe(name)
    if found.repeats:
        raise InputError(f"{name} is the record of a run, with its settings under [model]; NAME is a recipe.")
    source = {"target": target, "size": size}
    examples, model = _made(found, data, source)
    show(found.name, style="bold")
    for paragraph in (getdoc(found.make) or "").split("\n\n"):
        tell(_flowing(paragraph))
        show("")
    show(f"# For {examples.name}: {content(examples)}.")
    show(tomlkit.dumps({"family": model.family, "model": model.table()}).rstrip())


def _list() -> None:
    for name, make in saddle.recipes.RECIPES.items():
        about, _, rest = (getdoc(make) or "").partition("\n\n")
        reference = rest.partition("Reference: ")[2]
        show(name, style="bold")
        tell(f"    {_flowing(about)}")
        tell(f"    {_flowing(reference)}")
    tell("All of one, with its settings: saddle recipes NAME.")
    tell("Your own: --recipe my_file.py:my_recipe, a function of a layout that returns a saddle.GAN or the like.")


def _made(found: "Found", data: str | None, source: dict[str, Any]) -> "tuple[Dataset, Estimator]":
    """The data and the recipe's model for them; without data for the ring, or for digits if it refuses points."""
    if data is not None:
        examples = open_source(data, source)
        return examples, found.model(examples.layout)
    if any(value is not None for value in source.values()):
        raise InputError("--target and --size say how to open DATA; name the data after the recipe.")
    points = saddle.open("ring")
    try:
        return points, found.model(points.layout)
    except InputError:
        pictures = saddle.open("digits")
        return pictures, found.model(pictures.layout)


def _flowing(paragraph: str) -> str:
    """A paragraph of a docstring on one line; one with an indented line, such as a list, stays as it is."""
    lines = paragraph.splitlines()
    return paragraph if any(line.startswith(" ") for line in lines) else " ".join(lines)
