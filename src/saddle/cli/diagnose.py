"""`saddle diagnose`."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show, tell
from saddle.cli.summary import one_line
from saddle.core.files import write_bytes

if TYPE_CHECKING:
    from saddle.families import Estimator

EXAMPLES = """
Examples:

  saddle diagnose runs/digits-default-001

  saddle diagnose runs/ring-default-001 --member 2 --out evidence.png

  saddle diagnose runs/ring-default-001 --json
"""

WhichMember = Annotated[
    int | None,
    typer.Option(
        metavar="I", help="Which model of a run with --seeds, counted from 0.", show_default="a line for each"
    ),
]
Picture = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a .png of the curves that the verdict rests on.")
]


def diagnose(
    run: options.Run, *, member: WhichMember = None, json: options.AsJson = False, out: Picture = None
) -> None:
    """Say what is wrong with a run, if anything: a verdict, what it rests on, and what to change."""
    if out is not None:
        _require_picture(out)
    model = saddle.load(run, like=saddle.recipes.like_run(run))
    members = model.trained.settings.seeds
    if members > 1 and member is None:
        if json or out is not None:
            raise saddle.InputError(f"--{'json' if json else 'out'} is about one of the {members} members; name it.")
        _show_all(model, members, run)
        return
    with Console(stderr=True).status("Looking"):
        found = saddle.diagnose(model, member=member or 0)
    show(found.to_json() if json else str(found))
    if out is not None:
        write_bytes(out, saddle.reports.png_bytes(saddle.reports.evidence_sheet(found)))
        show(f"Picture: {out}")


def _show_all(model: "Estimator", members: int, run: Path) -> None:
    for index in range(members):
        with Console(stderr=True).status("Looking"):
            found = saddle.diagnose(model, member=index)
        tell(one_line(found, f" of member {index}"))
    show(f"Why, and what to change: saddle diagnose {quote(str(run))} --member 0")


def _require_picture(out: Path) -> None:
    """Refuse what cannot be written, before anything is looked at."""
    if out.suffix.lower() != ".png":
        raise saddle.InputError(f"--out takes a .png file, and got {out.name!r}.")
    if out.exists():
        raise saddle.InputError(f"{out} exists already, and nothing is overwritten; choose another name.")
    if not out.parent.is_dir():
        raise saddle.InputError(f"There is no folder {out.parent} to write {out.name} into.")
