"""What a training came to, in a few lines."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import saddle
from saddle.cli.durations import duration

if TYPE_CHECKING:
    from saddle.diagnosis import Diagnosis
    from saddle.families import Estimator

DISTANCE = "energy distance"


def summary(model: "Estimator") -> list[str]:
    """How long the training took, how far each member's samples are from held-out data, and what is wrong with it."""
    result = model.trained.table["result"]
    limit = ", the limit in time" if result["ending"] == "out of time" else ""
    lines = [f"Trained {result['rounds']:,} rounds in {duration(result['seconds'])}{limit}."]
    for member in range(model.trained.settings.seeds):
        rows = [row for row in model.history if row["member"] == member and DISTANCE in row]
        if rows:
            who = f" of member {member}" if model.trained.settings.seeds > 1 else ""
            first, last = (f"{row[DISTANCE]:.4f} ± {row[f'{DISTANCE} error']:.4f}" for row in (rows[0], rows[-1]))
            lines.append(f"Energy distance{who} to held-out data: {last}; before training {first}.")
            lines.append(one_line(saddle.diagnose(model, member=member), who))
    return lines


def one_line(found: "Diagnosis", who: str) -> str:
    """A verdict on a run, or on one of its members, in a line."""
    return f"Diagnosis{who}: {found.verdict}, {found.about}."


def next_commands(model: "Estimator", folder: Path) -> list[str]:
    """What to type next."""
    suffix = "csv" if model.trained.fitted.layout.kind == "table" else "png"
    place = quote(str(folder))
    return [
        f"Samples: saddle sample {place} -n 64 --out samples.{suffix}",
        f"Numbers: saddle evaluate {place}",
        f"Reasons and remedies: saddle diagnose {place}",
    ]
