"""What a comparison finds in its folder: runs that are finished, runs to go on with, or others that are in its way."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit

from saddle.comparison.entrants import Entrant
from saddle.comparison.result import NUMBERS, PAGE, RECORD, VERSION
from saddle.core.errors import InputError
from saddle.core.files import read_record
from saddle.data import Dataset
from saddle.evaluation.comparing.wording import listed
from saddle.families.run_table import Table, read_table
from saddle.training.folder import RunFolder

FINISHED = ("done", "out of time")
KEEP = "nothing is overwritten, so choose another folder with --out."


def require_place(place: Path, entrants: Sequence[Entrant], data: Dataset) -> None:
    """Refuse a folder whose page, numbers or runs would be lost to this comparison, before any work is done for it.

    A comparison that is there may be made again, and more recipes may join it.

    Args:
        place: the folder, which need not exist.
        entrants: of the comparison that is wanted.
        data: that it is of.

    Raises:
        InputError: when it is no folder, that of a run, or of a comparison with other recipes, settings or data.
    """
    if place.exists() and not place.is_dir():
        raise InputError(f"{place} is no folder; choose another with --out.")
    if (place / "run.toml").exists():
        raise InputError(f"{place} is the folder of a run; choose another with --out.")
    if (place / NUMBERS).exists():
        _require_same_comparison(place, entrants, data)
    elif (place / PAGE).exists():
        raise InputError(f"{place / PAGE} is not of a comparison and would be overwritten; choose another --out.")
    for entrant in entrants:
        require_same_run(entrant, data)


def _require_same_comparison(place: Path, entrants: Sequence[Entrant], data: Dataset) -> None:
    """Refuse the folder of a comparison that would be overwritten, also where its runs are no longer beside it."""
    record = read_record(place / NUMBERS, RECORD, VERSION)
    compared = {one["name"]: one["settings"] for one in record["recipes"]}
    wanted = {one.name: one for one in entrants}
    if compared.keys() - wanted.keys():
        raise InputError(
            f"{place} holds a comparison of {listed(list(compared))}, and wanted is one of {listed(list(wanted))}; "
            f"{KEEP}"
        )
    if record["data"]["fingerprint"] != data.fingerprint():
        raise _other(f"{place} holds a comparison", *_other_data(record["data"], data))
    for name, settings in compared.items():
        if (apart := _other_settings(settings, wanted[name])) is not None:
            raise _other(f"{place} holds a comparison of {name}", *apart)


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
        raise _other(f"{path} holds a run of {entrant.name}", *apart)


def _other(place: str, what: str, found: Any, wanted: Any) -> InputError:
    """The sentence for a folder that holds something with another setting."""
    return InputError(f"{place} with {what} {found}, and wanted is {wanted}; {KEEP}")


def _apart(entrant: Entrant, data: Dataset, table: Table) -> tuple[str, Any, Any] | None:
    """The first thing in which the kept run is not the one wanted: what, as it is, and as it should be."""
    if table.get("family") != entrant.model.family:
        return "the family", table.get("family"), entrant.model.family
    if table["data"].get("fingerprint") != data.fingerprint():
        return _other_data(table["data"], data)
    if (apart := _other_settings(table["model"], entrant)) is not None:
        return apart
    for name, content in entrant.found.files().items():
        kept = RunFolder.opened(str(entrant.folder)).path / name
        if not kept.is_file() or kept.read_bytes() != content:
            return "the recipe file", "as it was then", "the file as it is now"
    return None


def _other_data(kept: Table, data: Dataset) -> tuple[str, Any, Any]:
    """Data of another fingerprint, as a thing in which two differ."""
    return "the data", kept.get("name"), f"{data.name} of other content" if kept.get("name") == data.name else data.name


def _other_settings(kept: Table, entrant: Entrant) -> tuple[str, Any, Any] | None:
    """The first setting in which a kept table of a model is not the one wanted."""
    wanted = tomllib.loads(tomlkit.dumps(entrant.model.table()))  # as it would have been written and read
    for key in sorted(wanted.keys() | kept.keys()):
        if kept.get(key) != wanted.get(key):
            return key, kept.get(key, "not set"), wanted.get(key, "not set")
    return None
