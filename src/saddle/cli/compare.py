"""`saddle compare`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import typer
from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show, tell
from saddle.cli.overrides import parse_overrides
from saddle.cli.progress import TrainingProgress
from saddle.cli.sources import content, open_source
from saddle.cli.stopping import Interrupted
from saddle.cli.train import next_folder
from saddle.core.errors import InputError

if TYPE_CHECKING:
    from saddle.families.observer import Observer

EXAMPLES = """
Examples:

  saddle compare ring --recipes default,nsgan,wgan-gp --seeds 8

  saddle compare photos/ --recipes default,my_file.py:my_recipe --seeds 5 --minutes 20 --out comparison/

  saddle compare digits --recipes default,vae --seeds 3 --rounds 500 --no-labels
"""


def compare(
    data: options.ComparedData = None,
    *,
    recipes: options.ComparedRecipes = None,
    seeds: options.ComparedSeeds = 8,
    rounds: options.ComparedRounds = None,
    minutes: options.ComparedMinutes = None,
    out: options.ComparisonOut = None,
    set_: options.Settings = None,
    device: options.Device = None,
    of: options.Of = None,
    features: options.Features = None,
    n: options.Samples = 1000,
    target: options.Target = None,
    size: options.Size = None,
    labels: options.Labels = True,
    json: options.AsJson = False,
) -> None:
    """Train recipes on several seeds each, and say which differences between them are larger than chance.

    Exits with 1 if the training of every recipe failed.
    """
    if data is None or recipes is None:
        raise InputError("compare needs DATA and --recipes, such as: saddle compare ring --recipes default,wgan-gp")
    examples = open_source(data, {"target": target, "size": size, "labels": None if labels else False})
    folder = out or next_folder(examples.name, "comparison")
    if not json:
        tell(f"Data: {examples.name}, {content(examples)}.")
    with _how_to_go_on(folder):
        result = saddle.compare(
            examples,
            recipes,
            seeds=seeds,
            rounds=rounds,
            minutes=minutes,
            settings=parse_overrides(set_ or []),
            device=device,
            out=folder,
            n=n,
            of=of,
            features=features,
            watching=_Telling(folder, quiet=json),
        )
    if json:
        show(result.to_json())
    else:
        show(str(result))
        show(f"Page: {folder / 'compare.html'}")
    if not result.contents.trained:
        raise typer.Exit(1)


class _Telling:
    """Says which recipe is trained, and shows how it goes; on standard error where standard output is a record."""

    def __init__(self, folder: Path, *, quiet: bool) -> None:
        self._folder = folder
        self._error = quiet

    def begins(self) -> None:
        if not self._error:
            show(f"Comparison: {self._folder}")

    @contextmanager
    def training(self, name: str) -> "Iterator[Observer]":
        show(f"Recipe: {name}.", error=self._error)
        with TrainingProgress(Console(stderr=self._error)) as progress:
            yield progress

    def kept(self, name: str) -> None:
        show(f"Recipe: {name}, trained already.", error=self._error)

    def failed(self, name: str, failure: str) -> None:
        show(f"{name} failed: {failure}", style="red", error=self._error)

    def measuring(self, name: str) -> AbstractContextManager[object]:
        return Console(stderr=True).status(f"Measuring {name}")


@contextmanager
def _how_to_go_on(folder: Path) -> Iterator[None]:
    """Adds to an interruption or a full disk what is kept and how to go on.

    Raises:
        Interrupted: in place of a KeyboardInterrupt.
        OSError: as met, with a longer message.
    """
    go_on = f"the same command with --out {quote(str(folder))} goes on from there"
    try:
        yield
    except KeyboardInterrupt:
        if not folder.exists():
            raise Interrupted("Interrupted before the training began; nothing was written.") from None
        raise Interrupted(f"Interrupted; what was trained is kept, and {go_on}.") from None
    except OSError as error:
        if not folder.exists():
            raise
        kept = f"{error.strerror}; what was trained up to the last checkpoint is kept, and {go_on}"
        raise OSError(error.errno, kept, error.filename or str(folder)) from error
