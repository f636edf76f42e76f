"""The seeds of a row: trained as one population, or each by itself where that is faster."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import saddle
from finding_modes.target import Row
from saddle.core.errors import InputError
from saddle.families import Estimator
from saddle.recipes import Found, configured
from saddle.training.folder import RunFolder


@dataclass(frozen=True, eq=False)
class Seed:
    """One seed's model.

    Attributes:
        model: itself, or the population it belongs to.
        member: which one of that; None by itself.
    """

    model: Estimator
    member: int | None = None

    def sample(self, n: int) -> np.ndarray:
        """The first n of its samples, in own units."""
        which: dict[str, Any] = {} if self.member is None else {"member": self.member}
        return np.asarray(self.model.sample(n, seed=1, **which))


def folder_of(work: Path, data: str, row: str) -> Path:
    """Where a row's run is, or its seeds' runs are."""
    return work / f"{data}-{row}".replace(", ", "-").replace(" ", "")


def trained(
    folder: Path, row: Row, data: "saddle.Dataset", count: int, alone: bool, asked: dict[str, Any]
) -> list[Seed]:
    """The row's seeds, trained to their ends in run folders and resumed there.

    Raises:
        InputError: when the folder holds seeds trained the other way.
    """
    together = (folder / "run.toml").exists()
    if folder.exists() and alone == together:
        raise InputError(f"{folder} holds seeds trained {'together' if alone else 'alone'}; choose another --work.")
    if alone:
        return [Seed(finished(_alone(folder, seed), row, data, {**asked, "seed": seed})) for seed in range(count)]
    model = finished(folder, row, data, {**asked, "seeds": count})
    return [Seed(model, member if count > 1 else None) for member in range(count)]


PLACE = ("seed", "seeds", "device", "threads", "compile", "precision")  # where and how, not what


def outdated(record: dict[str, Any], row: Row, data: "saddle.Dataset", asked: dict[str, Any]) -> list[str]:
    """The settings of a record that are no longer the row's, by name; empty for one that failed."""
    held = record.get("settings")
    if held is None:
        return []
    now = configured(Found(row.label, row.make), data.layout, asked).table()
    names = (held.keys() | now.keys()) - set(PLACE)
    return sorted(name for name in names if held.get(name) != now.get(name))


def finished(folder: Path, row: Row, data: "saddle.Dataset", asked: dict[str, Any]) -> Estimator:
    """One run, trained to its end."""
    if not folder.exists():
        model = configured(Found(row.label, row.make), data.layout, asked)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return model.fit(data, folder=folder, recipe={"name": row.label})
    model = saddle.load(folder) if RunFolder(folder).rounds() else None
    if model is not None and model.trained.table.get("result", {}).get("ending") == "done":
        return model
    return saddle.resume(folder, data)


def kept(work: Path, record: dict[str, Any], seed: int) -> Seed | None:
    """One seed of a record, if its run is still there."""
    folder = folder_of(work, record["data"], record["row"])
    if (folder / "run.toml").exists():
        return Seed(saddle.load(folder), seed if record["seeds"] > 1 else None)
    alone = _alone(folder, seed)
    return Seed(saddle.load(alone)) if alone.exists() else None


def _alone(folder: Path, seed: int) -> Path:
    return folder / f"seed-{seed}"
