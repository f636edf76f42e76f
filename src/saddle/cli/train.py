"""`saddle train`."""

import os
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show, tell
from saddle.cli.overrides import parse_overrides
from saddle.cli.progress import TrainingProgress
from saddle.cli.sources import content, open_source
from saddle.cli.stopping import how_to_go_on, how_to_report
from saddle.cli.summary import next_commands, summary
from saddle.core.errors import InputError

if TYPE_CHECKING:
    from saddle.families import Estimator

EXAMPLES = """
Examples:

  saddle train

  saddle train photos/ --size 64x64 --recipe dcgan --minutes 30

  saddle train wine.csv --target quality --seeds 3

  saddle train digits --set batch=128 --set generator_optimizer.rate=1e-4

  saddle train photos/ --start runs/other-photos-dcgan-001

  saddle train --resume runs/digits-default-001

  saddle train --recipe runs/digits-default-001/run.toml
"""


def train(
    data: options.Data = None,
    *,
    recipe: options.Recipe = None,
    rounds: options.Rounds = None,
    minutes: options.Minutes = None,
    seed: options.TrainingSeed = None,
    seeds: options.Seeds = None,
    target: options.Target = None,
    size: options.Size = None,
    labels: options.Labels = True,
    device: options.Device = None,
    set_: options.Settings = None,
    out: options.RunOut = None,
    start: options.Start = None,
    resume: options.Resume = None,
) -> None:
    """Train a model and write its report.

    With no argument at all it learns handwritten digits with the default recipe.
    """
    choices = {"rounds": rounds, "minutes": minutes, "seed": seed, "seeds": seeds, "device": device}
    source = {"target": target, "size": size, "labels": None if labels else False}
    if resume is None:
        changes = _changes(choices, set_ or [])
        # Networks fit where they came from: without another one, the recipe is that of the run started from.
        chosen = recipe or (str(start / "run.toml") if start else "default")
        model, folder = _train(data, chosen, source, changes, out, start)
    else:
        given = {"DATA": data, "recipe": recipe, **choices, **source, "set": set_, "out": out, "start": start}
        _refuse({name: value for name, value in given.items() if name not in ("rounds", "minutes")})
        model, folder = _resume(resume, rounds, minutes)
    for line in summary(model):
        tell(line)
    with Console(stderr=True).status("Writing the report"), how_to_report(folder):
        path = saddle.reports.write_report(model)
    show(f"Report: {path}")
    for line in next_commands(model, folder):
        show(line)


def _train(
    data: str | None,
    recipe: str,
    source: dict[str, Any],
    changes: dict[str, Any],
    out: Path | None,
    start: Path | None,
) -> "tuple[Estimator, Path]":
    found = saddle.recipes.find_recipe(recipe)
    if out is not None:
        _require_room(out)
    if data is None and found.reopen is not None:
        data, source = found.reopen["source"], {**source, **found.reopen}
    data = data or "digits"
    if (Path(data) / "run.toml").is_file():
        raise InputError(f"{data} is a run and not data; saddle train --resume {quote(data)} goes on with it.")
    examples = open_source(data, {key: value for key, value in source.items() if key != "source"})
    model = saddle.recipes.configured(found, examples.layout, changes)
    model.checked()
    folder = out or next_folder(examples.name, found.name)
    tell(f"Data: {examples.name}, {content(examples)}.")
    for problem in examples.problems:
        tell(f"Note: {problem}")
    tell(f"Recipe: {found.name}.")
    with how_to_go_on(folder), TrainingProgress(Console(), folder) as progress:
        model.fit(
            examples,
            folder=folder,
            observer=progress,
            recipe=found.note(),
            attachments=found.files(),
            start=start or found.start,
        )
    return model, folder


def _resume(folder: Path, rounds: int | None, minutes: float | None) -> "tuple[Estimator, Path]":
    like = saddle.recipes.like_run(folder)
    with how_to_go_on(folder), TrainingProgress(Console()) as progress:
        model = saddle.resume(folder, rounds=rounds, minutes=minutes, observer=progress, like=like)
    return model, folder


def _changes(choices: dict[str, Any], words: list[str]) -> dict[str, Any]:
    """The settings that options and `--set` change, as nested tables."""
    chosen = {key: value for key, value in choices.items() if value is not None}
    changes = parse_overrides(words)
    for key in chosen:
        if key in changes:
            raise InputError(f"--{key} and --set {key} say the same thing; leave one of them out.")
    if "minutes" in chosen or "rounds" in chosen:  # what is given as an option replaces the recipe's limits
        changes = {"rounds": None, "minutes": None} | changes
    return changes | chosen


def _require_room(out: Path) -> None:
    """Refuse a run folder that cannot be made, before any work is done for it."""
    if out.exists():
        raise InputError(f"{out} exists already, and nothing is overwritten; choose another folder with --out.")
    place = next(parent for parent in out.absolute().parents if parent.exists())
    if not place.is_dir():
        raise InputError(f"--out {out} cannot be made, since {place} is no folder.")
    if not os.access(place, os.W_OK):
        raise InputError(f"--out {out} cannot be made, since {place} may not be written to.")


def next_folder(data: str, recipe: str) -> Path:
    """The first free folder of that name under runs/."""
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in f"{data}-{recipe.split(':')[-1]}")
    for number in range(1, 10_000):
        path = Path("runs") / f"{safe}-{number:03d}"
        if not path.exists():
            return path
    raise InputError(f"runs/ holds 9,999 runs named {safe}; name a folder with --out.")


def _refuse(options: dict[str, Any]) -> None:
    """Refuse what a resumed run has in its folder already."""
    for name, value in options.items():
        if value is not None and value != []:
            shown = {"labels": "--no-labels", "DATA": "DATA"}.get(name, f"--{name}")
            raise InputError(f"--resume takes everything but --rounds and --minutes from the run; leave out {shown}.")
