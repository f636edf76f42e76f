"""`saddle train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import saddle
from saddle.cli.overrides import parse_overrides
from saddle.cli.progress import TrainingProgress, duration
from saddle.cli.sources import open_source
from saddle.core.errors import InputError, NonFiniteError

if TYPE_CHECKING:
    from saddle.families import GAN


def train(
    data: Annotated[
        str | None,
        typer.Argument(help="A file, a folder or a built-in set (`saddle data` lists them).", show_default="digits"),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(help="A recipe (`saddle recipes` lists them) or my_file.py:my_recipe.", show_default="default"),
    ] = None,
    rounds: Annotated[int | None, typer.Option(help="Rounds to train.", show_default="the recipe's")] = None,
    minutes: Annotated[float | None, typer.Option(help="Train this long instead.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of everything random.", show_default="0")] = None,
    seeds: Annotated[
        int | None, typer.Option(help="Train so many members at once, seeds SEED, SEED+1, ...", show_default="1")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The label column of a table.")] = None,
    size: Annotated[
        str | None, typer.Option(help="Size of the pictures of a folder, as HxW.", show_default="automatic")
    ] = None,
    labels: Annotated[
        bool, typer.Option(help="Labels in the data make the model conditional; --no-labels ignores them.")
    ] = True,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, ...", show_default="auto")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Override a setting, such as generator.width=64; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The run folder; it must not exist.", show_default="runs/DATA-RECIPE-NNN")
    ] = None,
    resume: Annotated[Path | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped.")] = None,
) -> None:
    """Train a model and write its report.

    With no argument at all: the default recipe on handwritten digits, in about a minute.
    """
    console = Console()
    choices = {"seed": seed, "seeds": seeds, "device": device}
    source = {"target": target, "size": size, "labels": None if labels else False}
    if resume is not None:
        others = {"DATA": data, "--recipe": recipe, "--set": set_, "--out": out, **choices, **source}
        _require_none(others)
        gan, folder = _resume(console, resume, rounds, minutes)
    else:
        changes = {key: value for key, value in choices.items() if value is not None} | parse_overrides(set_ or [])
        if rounds is not None or minutes is not None:
            changes |= {"rounds": rounds, "minutes": minutes}
        gan, folder = _train(console, data or "digits", recipe or "default", source, changes, out)
    _say_result(console, gan)
    with console.status("Writing the report"):
        path = saddle.reports.write_report(gan)
    console.print(f"Report: {path}", highlight=False, soft_wrap=True)
    console.print(f"Samples: saddle sample {folder} -n 64 --out samples.png", highlight=False, soft_wrap=True)


def _train(
    console: Console, data: str, recipe: str, source: dict[str, Any], changes: dict[str, Any], out: Path | None
) -> "tuple[GAN, Path]":
    found = saddle.recipes.find_recipe(recipe)
    if out is not None and out.exists():
        raise InputError(f"{out} exists already, and nothing is overwritten; choose another folder with --out.")
    examples = open_source(console, data, source)
    gan = saddle.recipes.configured(found, examples.layout, changes)
    folder = out or _next_folder(examples.name, found.name)
    labeled = f", {len(examples.classes)} labels" if examples.classes else ""
    shape = " x ".join(map(str, examples.shape))
    console.print(f"Data: {examples.name}, {len(examples):,} {examples.kind} of {shape}{labeled}.", highlight=False)
    for problem in examples.problems:
        console.print(f"Note: {problem}", highlight=False, soft_wrap=True)
    console.print(f"Recipe: {found.name}. Run: {folder}", highlight=False, soft_wrap=True)
    with TrainingProgress(console) as progress, _told_how_to_resume(folder):
        gan.fit(examples, folder=folder, observer=progress, recipe=found.note(), attachments=found.files())
    return gan, folder


def _resume(console: Console, folder: Path, rounds: int | None, minutes: float | None) -> "tuple[GAN, Path]":
    like = saddle.recipes.like_run(folder)
    with TrainingProgress(console) as progress, _told_how_to_resume(folder):
        gan = saddle.GAN.resume(folder, rounds=rounds, minutes=minutes, observer=progress, like=like)
    return gan, folder


class _told_how_to_resume:  # noqa: N801 - a context manager, read as a phrase
    """Adds to an interruption, or to a number that is not finite, what was kept and how to go on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(
                f"Interrupted; everything is kept. Go on with: saddle train --resume {self._folder}"
            ) from None
        if isinstance(error, NonFiniteError):
            raise NonFiniteError(f"{error} The last good checkpoint is kept in {self._folder}.") from None


def _say_result(console: Console, gan: "GAN") -> None:
    result = gan.trained.table["result"]
    ending = "Trained" if result["ending"] == "done" else "Stopped by the time limit after"
    console.print(f"{ending} {result['rounds']:,} rounds in {duration(result['seconds'])}.", highlight=False)


def _next_folder(data: str, recipe: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in f"{data}-{recipe.split(':')[-1]}")
    for number in range(1, 10_000):
        path = Path("runs") / f"{safe}-{number:03d}"
        if not path.exists():
            return path
    raise InputError(f"runs/ holds 9,999 runs named {safe}; name a folder with --out.")


def _require_none(options: dict[str, Any]) -> None:
    for name, value in options.items():
        if value is not None and value != []:
            shown = name if name.startswith("-") or name.isupper() else f"--{name}"
            raise InputError(f"--resume takes everything else from the run folder; leave out {shown}.")
