"""`run.toml`: everything needed to repeat a run, and the hash that says whether it was changed."""

import json
import math
import platform
import shlex
import sys
import tomllib
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tomlkit
import torch

from saddle.core.errors import InputError
from saddle.core.files import read_record, write_text
from saddle.data import Dataset
from saddle.training.folder import RunFolder

# It counts up where the same settings come to give other numbers: by 2 noise is drawn for many rounds at once, by 3 a
# critic may score real and generated examples in one pass.
FORMAT = 3
Table = dict[str, Any]


def new_table(*, family: str, recipe: Table, data: Table, model: Table) -> Table:
    """The table of a run that has not begun."""
    return {
        "format": FORMAT,
        "family": family,
        "made": {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "saddle": version("saddle"),
            "torch": version("torch"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "command": _command(),
        },
        "recipe": recipe,
        "data": data,
        "model": model,
    }


def _command() -> str:
    """What was typed; `python -m saddle` counts as `saddle`."""
    program, *arguments = sys.argv or [""]
    name = Path(program).parent.name if Path(program).name == "__main__.py" else Path(program).name
    return shlex.join([name, *arguments])


def configuration_hash(table: Table) -> str:
    """sha256 over what determines a run's numbers: data, model without its length, start, and what was resolved."""
    model = {key: value for key, value in table["model"].items() if key not in ("rounds", "minutes")}
    resolved = {key: value for key, value in table.get("resolved", {}).items() if key in ("threads", "device", "way")}
    data = {key: value for key, value in table["data"].items() if key not in ("name", "reopen")}  # they may move
    parts = {"data": data, "model": model, "resolved": resolved}
    if table["format"] > 1:  # the hashes of runs of the first do not have it
        parts["format"] = table["format"]
    if "start" in table:
        parts["start"] = table["start"]["sha256"]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_table(path: Path, table: Table) -> None:
    """Replace `run.toml`."""
    write_text(path, "# Everything needed to repeat this run.\n" + tomlkit.dumps(table))


def read_table(path: Path) -> Table:
    """Read `run.toml`.

    Raises:
        InputError: when it is not a run table of a format that this saddle knows.
    """
    try:
        table = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as TOML: {error}.") from None
    for key in ("format", "data", "model", "recipe"):
        if key not in table:
            raise InputError(f"{path} has no {key!r} and so is not the record of a run.")
    if table["format"] not in range(1, FORMAT + 1):
        raise InputError(f"{path} has format {table['format']}; this saddle reads formats 1 to {FORMAT}.")
    return table


def require_repeatable(table: Table, device: torch.device) -> None:
    """Refuse to train on where the run's next rounds would have other numbers than where it began.

    Raises:
        InputError: when the run has an earlier format, or trained on another kind of device.
    """
    then = "so it cannot go on as if never stopped; load it to sample, or start a new run from it."
    if table["format"] < FORMAT:
        raise InputError(
            f"This run was begun by saddle {table['made']['saddle']} in format {table['format']}, whose numbers "
            f"came out otherwise, {then}"
        )
    began = table.get("resolved", {}).get("device", str(device))
    if torch.device(began).type != device.type:
        raise InputError(f"This run was trained on {began}, and on {device} would have other numbers, {then}")


def require_family(table: Table, family: str, folder: RunFolder) -> None:
    """Refuse a run of another family.

    Raises:
        InputError: naming both.
    """
    found = table.get("family")
    if found != family:
        raise InputError(f"{folder.path} holds a model of the family {found}, not {family}; saddle.load opens any.")


def describe_data(data: Dataset, holdout: float) -> Table:
    """The `[data]` table of a run."""
    trained_on, held_out = data.split_indices(holdout)
    return {
        "name": data.name,
        **({"reopen": dict(data.reopen)} if data.reopen else {}),
        "fingerprint": data.fingerprint(),
        "examples": len(trained_on),
        "held_out": len(held_out),
    }


def read_layout(folder: RunFolder, table: Table) -> Table:
    """The record in a run's `layout.json`.

    Raises:
        InputError: when it is missing or not what the run wrote.
    """
    record = read_record(folder.layout, "layout", 1)
    if sha256(folder.layout.read_bytes()).hexdigest() != table["data"].get("layout_sha256"):
        raise InputError(f"{folder.layout} is damaged: its content no longer has the sha256 it was written with.")
    return record


def require_limits(rounds: int | None, minutes: float | None, *, done: int) -> None:
    """Refuse limits that a run with so many rounds done cannot have.

    Raises:
        InputError: when a limit is no positive number, or that many rounds are past already.
    """
    if rounds is not None and rounds < 1:
        raise InputError(f"rounds must be at least 1, and got {rounds}.")
    if rounds is not None and rounds < done:
        raise InputError(f"rounds counts from the beginning of the run, which has {done} already, and got {rounds}.")
    if minutes is not None and not 0 < minutes < math.inf:
        raise InputError(f"minutes must be a positive number, and got {minutes}.")
