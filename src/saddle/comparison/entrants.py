"""Who takes part in a comparison: recipes made into models and checked, all of them before any is trained."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.families import Estimator
from saddle.families.class_shares import class_shares
from saddle.families.holdout import require_measurable
from saddle.recipes import Found, Recipe, configured, find_recipe

Recipes = str | Iterable[str | Recipe] | Mapping[str, str | Recipe]
SHARED = ("seed", "seeds", "holdout")
"""Settings that must be one for all: members of the same seed are compared on the same held-out data."""


@dataclass(frozen=True)
class Entrant:
    """One recipe of a comparison.

    Attributes:
        name: what the comparison calls it.
        found: the recipe.
        model: what it makes for the data, not fitted.
        folder: where its run is kept, or None.
    """

    name: str
    found: Found
    model: Estimator
    folder: Path | None


def find_entrants(recipes: Recipes, data: Dataset, changes: dict[str, Any], out: Path | None) -> tuple[Entrant, ...]:
    """The recipes as models for these data.

    Args:
        recipes: see `compare`.
        data: to learn.
        changes: of settings, for every recipe.
        out: the folder that their runs lie in, or None.

    Raises:
        InputError: when there are fewer than two, two are the same, one does not exist or does not suit the data, or
            they do not share what must be shared.
    """
    named = _named(recipes)
    if len(named) < 2:
        raise InputError(
            f"recipes must name at least two, such as default,wgan-gp; found {', '.join(named) or 'none'}."
        )
    shares = class_shares(data)
    entrants = []
    for name, found in named.items():
        try:
            model = configured(found, data.layout, changes)
            settings = model.checked()
            model.build(data.layout, shares)
        except InputError as error:
            raise InputError(f"The recipe {name} does not suit: {error}") from None
        require_measurable(data, settings.holdout)
        entrants.append(Entrant(name, found, model, None if out is None else out / safe(name)))
    _require_alike(entrants)
    return tuple(entrants)


def safe(name: str) -> str:
    """A name of letters, digits, hyphens, underscores and full stops, for a folder."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in Path(name).name)


def _named(recipes: Recipes) -> dict[str, Found]:
    """Recipes by the names that the comparison calls them."""
    if isinstance(recipes, Mapping):
        pairs = [(str(name), one) for name, one in recipes.items()]
    else:
        words = recipes.split(",") if isinstance(recipes, str) else recipes
        pairs = [_pair(word) for word in words if not (isinstance(word, str) and not word.strip())]
    places = [safe(name) for name, _ in pairs]
    for (name, _), place in zip(pairs, places, strict=True):
        if places.count(place) > 1:
            raise InputError(f"recipes must differ, in letters and digits too, and {name!r} is there twice.")
        if not place.strip("."):
            raise InputError(f"A recipe must have a name of letters or digits; found {name!r}.")
    return {name: _found(name, one) for name, one in pairs}


def _pair(recipe: str | Recipe) -> tuple[str, str | Recipe]:
    """A recipe with its name."""
    if isinstance(recipe, str):
        return recipe.strip(), recipe.strip()
    return getattr(recipe, "__name__", repr(recipe)), recipe


def _found(name: str, recipe: str | Recipe) -> Found:
    if isinstance(recipe, str):
        found = find_recipe(recipe)
        if found.repeats:
            raise InputError(f"{recipe} repeats a run of one seed; name the recipe that the run was trained by.")
        return found
    if not callable(recipe):
        raise InputError(f"A recipe is a name or a function of a layout; found {recipe!r} for {name}.")
    return Found(name, recipe)


def _require_alike(entrants: list[Entrant]) -> None:
    first = entrants[0]
    began = dict(first.model.checked())
    for one in entrants[1:]:
        settings = dict(one.model.checked())
        for key in SHARED:
            if settings[key] != began[key]:
                raise InputError(
                    f"Recipes are compared on the same {key}, which is {began[key]} in {first.name} and "
                    f"{settings[key]} in {one.name}; --set {key}={began[key]} makes them alike."
                )
