"""What one run of an experiment leaves: enough to judge it and to draw it again."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.claims.check import Check, number
from saddle.core.files import read_record, write_record

WHAT, VERSION = "claim", 1


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes:
        claim: the slug of the claim.
        control: the slug of the control, or None for the statement itself.
        budget: "quick" or "full".
        seeds: of the experiment.
        checks: the numbers that decide.
        series: what the picture is drawn from.
        seconds: how long it took.
        made: date and versions.
        code: fingerprint of the code that made it; empty where that is not known.
    """

    claim: str
    control: str | None
    budget: str
    seeds: tuple[int, ...]
    checks: tuple[Check, ...]
    series: dict[str, Any]
    seconds: float
    made: dict[str, str]
    code: str = ""

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "claim": self.claim,
            "control": self.control,
            "budget": self.budget,
            "seeds": list(self.seeds),
            "checks": [check.to_record() for check in self.checks],
            "series": plain(self.series),
            "seconds": self.seconds,
            "made": self.made,
            "code": self.code,
        }

    @staticmethod
    def from_record(record: dict[str, Any]) -> "Record":
        """The record that `to_record` described."""
        checks = tuple(Check.from_record(one) for one in record["checks"])
        seeds = tuple(record["seeds"])
        known = {key: record[key] for key in ("claim", "control", "budget", "series", "seconds", "made")}
        return Record(**{**known, "checks": checks, "seeds": seeds, "code": record.get("code", "")})


def write_records(path: Path, records: list[Record]) -> None:
    """A claim's own record, and those of its controls, in one file."""
    write_record(path, WHAT, VERSION, {"records": [one.to_record() for one in records]}, indent=None)


def read_records(path: Path) -> list[Record]:
    """The records of such a file.

    Raises:
        InputError: when the file is none of ours.
    """
    return [Record.from_record(one) for one in read_record(path, WHAT, VERSION)["records"]]


def plain(value: Any) -> Any:
    """Tensors and arrays as lists with six digits, which no picture can tell from more; dictionaries item by item."""
    if isinstance(value, Tensor):
        return plain(value.detach().cpu().numpy())
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return number(float(f"{value:.6g}")) if isinstance(value, float) else value


def made() -> dict[str, str]:
    """The day and what ran."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "saddle": version("saddle"),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
