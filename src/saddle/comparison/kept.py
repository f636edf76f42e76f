"""What a comparison finds in its folder: runs that are finished, runs to go on with, or others that are in its way."""

import tomllib
from typing import Any

import tomlkit

from saddle.comparison.entrants import Entrant
from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.families.run_table import Table, read_table
from saddle.training.folder import RunFolder

FINISHED = ("done", "out of time")


def is_finished(entrant: Entrant) -> bool:
    """Whether the entrant's folder holds its run, trained to the end."""
    if entrant.folder is None or not entrant.folder.exists():
        return False
    folder = RunFolder.opened(entrant.folder)
    return read_table(folder.settings).get("result", {}).get("ending") in FINISHED and bool(folder.rounds())


def require_same_run(entrant: Entrant, data: Dataset) -> None:
    """Refuse a folder that holds something else than this recipe's run on these data.

    Raises:
        InputError: naming the first thing that differs.
    """
    path = entrant.folder
    if path is None or not path.exists():
        return
    table = read_table(RunFolder.opened(path).settings)
    if (apart := _apart(entrant, data, table)) is not None:
        what, found, wanted = apart
        raise InputError(
            f"{path} holds a run of {entrant.name} with {what} {found}, and wanted is {wanted}; nothing is "
            "overwritten, so choose another folder with --out."
        )


def _apart(entrant: Entrant, data: Dataset, table: Table) -> tuple[str, Any, Any] | None:
    """The first thing in which the kept run is not the one wanted: what, as it is, and as it should be."""
    if table.get("family") != entrant.model.family:
        return "the family", table.get("family"), entrant.model.family
    if table["data"].get("fingerprint") != data.fingerprint():
        return "the data", table["data"].get("name"), f"{data.name} of other content"
    wanted = tomllib.loads(tomlkit.dumps(entrant.model.table()))  # as it would have been written and read
    for key in sorted(wanted.keys() | table["model"].keys()):
        if table["model"].get(key) != wanted.get(key):
            return key, table["model"].get(key, "not set"), wanted.get(key, "not set")
    for name, content in entrant.found.files().items():
        kept = RunFolder.opened(str(entrant.folder)).path / name
        if not kept.is_file() or kept.read_bytes() != content:
            return "the recipe file", "as it was then", "the file as it is now"
    return None
