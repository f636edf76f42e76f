"""From a name on the command line to a recipe: one of saddle's, or `my_file.py:my_recipe`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from saddle.core.errors import InputError
from saddle.core.files import read_record
from saddle.core.own_code import function_from
from saddle.data import Layout
from saddle.families import Estimator
from saddle.families.gan.settings import GANSettings
from saddle.families.opening import family_of
from saddle.families.run_table import read_table
from saddle.families.settings import override
from saddle.families.warm_start import WarmStart
from saddle.families.warm_start import kept as kept_start
from saddle.recipes.autoencoders import autoencoder, contractive_autoencoder, denoising_autoencoder
from saddle.recipes.boltzmann import dbm, rbm
from saddle.recipes.default import default
from saddle.recipes.published import acgan, conditional_gan, dcgan, gan, gan_adam, lsgan, nsgan, wgan, wgan_gp
from saddle.recipes.stable import dragan, pacgan, r3gan, rasgan, sngan, ttur, unrolled, wgan_gp_paper
from saddle.recipes.stochastic import gsn, walkback_dae
from saddle.recipes.suiting import suited
from saddle.recipes.variational import iwae, vae
from saddle.training.folder import RunFolder

Recipe = Callable[[Layout], Estimator]
KEPT_AS = "recipe.py"
LIMITS = ("rounds", "minutes")
AS_PLAYED = {  # the setting that repeats a way
    "eager": "off",
    "compiled": "whole",
    "compiled in shares": "on",
    "graph": "graph",
    "compiled graph": "on",
}
FALLING = ("linear", "cosine")
PLANNED = ("until", "momentum_until", "warm_up", "rounds")

RECIPES: dict[str, Recipe] = {
    "default": default,
    "gan": gan,
    "gan-adam": gan_adam,
    "conditional-gan": conditional_gan,
    "acgan": acgan,
    "nsgan": nsgan,
    "lsgan": lsgan,
    "wgan": wgan,
    "wgan-gp": wgan_gp,
    "wgan-gp-paper": wgan_gp_paper,
    "dcgan": dcgan,
    "r3gan": r3gan,
    "sngan": sngan,
    "pacgan": pacgan,
    "unrolled": unrolled,
    "dragan": dragan,
    "rasgan": rasgan,
    "ttur": ttur,
    "autoencoder": autoencoder,
    "denoising-autoencoder": denoising_autoencoder,
    "contractive-autoencoder": contractive_autoencoder,
    "vae": vae,
    "iwae": iwae,
    "rbm": rbm,
    "dbm": dbm,
    "gsn": gsn,
    "walkback-dae": walkback_dae,
}


@dataclass(frozen=True)
class Found:
    """A recipe and where it came from.

    Attributes:
        name: as `run.toml` notes it.
        make: the recipe.
        source: the content of the user's file, or None for a recipe of saddle's.
        reopen: how to open the data of the run that is repeated, or None.
        start: what the run that is repeated began with, or None.
        repeats: whether it repeats a run.
    """

    name: str
    make: Recipe
    source: bytes | None = None
    reopen: dict[str, Any] | None = None
    start: WarmStart | None = None
    repeats: bool = False

    def note(self) -> dict[str, str]:
        """What `run.toml` says of the recipe."""
        if self.source is None:
            return {"name": self.name}
        return {"name": self.name, "file": KEPT_AS, "function": self.name.rpartition(":")[2]}

    def files(self) -> dict[str, bytes]:
        """The files that a run keeps of the recipe."""
        return {} if self.source is None else {KEPT_AS: self.source}

    def model(self, layout: Layout) -> Estimator:
        """The recipe's model for data of this form.

        Raises:
            InputError: when a recipe of the user's own fails or returns something else than a model.
        """
        try:
            made = self.make(layout)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"The recipe {self.name} fails with {type(error).__name__}: {error}.") from error
        if not isinstance(made, Estimator):
            raise InputError(f"The recipe {self.name} must return a model such as saddle.GAN, and returned {made!r}.")
        return made


def find_recipe(name: str) -> Found:
    """A recipe by name, by file and function as `my_file.py:my_recipe`, or by the `run.toml` of a run to repeat.

    Raises:
        InputError: for an unknown name (with the nearest one), and for a file or function that is not there.
    """
    if name in RECIPES:
        return Found(name, RECIPES[name])
    if name.endswith(".toml"):
        return from_run(Path(name))
    file, colon, function = name.rpartition(":")
    if colon and file.endswith(".py"):
        return from_file(Path(file), function)
    close = get_close_matches(name, RECIPES, n=1, cutoff=0.4)
    hint = (
        f"did you mean {close[0]}?"
        if close
        else f"there are {', '.join(RECIPES)}, my_file.py:my_recipe and the run.toml of a run."
    )
    raise InputError(f"There is no recipe {name!r}; {hint}")


def from_run(path: Path) -> Found:
    """A recipe that repeats a run: its settings, what it began with, the rounds it reached, and the threads it used.

    Raises:
        InputError: when the file is missing or is not the record of a run.
    """
    if path.name == "run.toml":
        RunFolder.opened(path.parent)
    table = read_table(path)
    recipe, family = table["recipe"], family_of(table, path)
    own = from_file(path.parent / recipe["file"], recipe["function"]) if "file" in recipe else None

    def make(layout: Layout) -> Estimator:
        model = dict(table["model"])
        if "result" in table:  # a limit in time becomes the rounds that were reached
            model = {key: value for key, value in model.items() if key not in LIMITS}
            model["rounds"] = table["result"]["rounds"]
        if "resolved" in table:
            resolved = table["resolved"]
            model |= {name: resolved[name] for name in ("threads", "device")}
            way = resolved.get("way", "eager")
            if way not in AS_PLAYED:
                raise InputError(f"{path} has the way {way!r}; there are {', '.join(AS_PLAYED)}.")
            model["compile"] = AS_PLAYED[way]
        return family.from_table(model, own.model(layout).settings() if own else {})

    start = kept_start(path.parent, table["start"]) if "start" in table else None
    found = own or Found(recipe["name"], make)
    return replace(found, make=make, reopen=table["data"].get("reopen"), start=start, repeats=True)


def from_file(path: Path, function: str) -> Found:
    """A recipe from a Python file of the user's own; the file is run.

    Raises:
        InputError: when the file is missing or fails, or has no such function.
    """
    make, source = function_from(path, function, what="the recipe")
    return Found(f"{path.name}:{function}", cast(Recipe, make), source)


def configured(found: Found, layout: Layout, changes: dict[str, Any]) -> Estimator:
    """A recipe's model with some of its settings changed.

    With other rounds, what a recipe plans by rounds (schedules, warm-ups) becomes as much longer or shorter; what is
    changed by name, and what repeats a run, stays as it is. With a limit in minutes rates and weights that would fall
    with the rounds stay constant. With an objective that compares batches, what the recipe has for a critic's scores is
    left out.

    Args:
        found: the recipe.
        layout: of the data.
        changes: nested tables, merged key by key over the recipe's.

    Raises:
        InputError: for a setting that does not exist or is out of range.
    """
    model = found.model(layout)
    if "regularizers" in changes and isinstance(changes["regularizers"], str):
        changes = {**changes, "regularizers": [changes["regularizers"]]}
    planned, wanted = model.table(), changes.get("rounds")
    if not found.repeats and changes.get("minutes") is not None:
        planned = unplanned(planned)
    if not found.repeats and isinstance(wanted, int) and wanted > 0 and model.rounds:
        planned = stretched(planned, wanted / model.rounds)
    table = override(planned, {key: value for key, value in changes.items() if value is not None})
    settings = model.checked()
    if isinstance(settings, GANSettings):
        table = suited(table, changes, settings)
    if "minutes" in changes:  # a limit given replaces the recipe's
        table = {key: value for key, value in table.items() if key not in LIMITS or changes.get(key) is not None}
    return type(model).from_table(table, model.settings())


def stretched(settings: dict[str, Any], factor: float) -> dict[str, Any]:
    """Settings whose schedules and warm-ups take so many times as many rounds, at least one where there are any."""

    def of(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: of(name, one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [of(key, one) for one in value]
        return max(1, round(value * factor)) if key in PLANNED and isinstance(value, int) and value else value

    return {key: value if key in LIMITS else of(key, value) for key, value in settings.items()}


def unplanned(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings whose rates and weights do not fall with the rounds, for a run whose rounds nobody knows.

    A rate that has fallen to nothing would let the rest of the time pass in vain.
    """

    def of(key: str, value: Any) -> Any:
        if key == "schedule" and isinstance(value, dict) and value.get("kind") in FALLING:
            return {"kind": "constant"}
        if isinstance(value, dict):
            falls = "final" in value and "until" in value
            still = {"final": 0.0, "until": 0} if falls else {}
            return {name: of(name, one) for name, one in value.items()} | still
        return [of(key, one) for one in value] if isinstance(value, list | tuple) else value

    return {key: of(key, value) for key, value in settings.items()}


def like_run(folder: Path) -> Estimator | None:
    """The model of the recipe file that a run keeps, or None for a run of one of saddle's recipes.

    The file is run: open only runs you trust.

    Raises:
        InputError: when the folder is no run, or the recipe file fails.
    """
    run = RunFolder.opened(folder)
    recipe = read_table(run.settings)["recipe"]
    if "file" not in recipe:
        return None
    record = read_record(run.layout, "layout", 1)
    return from_file(run.path / recipe["file"], recipe["function"]).model(Layout.from_record(record))
