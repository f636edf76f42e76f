"""The run folder: the only thing between training and whoever looks.

| file | holds |
|---|---|
| `run.toml` | everything needed to repeat the run |
| `layout.json` | how examples look, so that samples need no data |
| `history.jsonl` | what was logged |
| `checkpoints/<round>/` | states |
| `samples/<round>.npz` | some samples of each member, with the same latents every time |
| `report.html` | the report |
"""

from dataclasses import dataclass
from pathlib import Path

from saddle.core.errors import InputError
from saddle.training.checkpoint import remove_unfinished, rounds_saved

SHOWN = 8
"""Runs that a sentence names at most."""


@dataclass(frozen=True)
class RunFolder:
    """Paths of one run.

    Attributes:
        path: the folder.
    """

    path: Path

    @property
    def settings(self) -> Path:
        """`run.toml`."""
        return self.path / "run.toml"

    @property
    def layout(self) -> Path:
        """`layout.json`."""
        return self.path / "layout.json"

    @property
    def history(self) -> Path:
        """`history.jsonl`."""
        return self.path / "history.jsonl"

    @property
    def checkpoints(self) -> Path:
        """`checkpoints/`."""
        return self.path / "checkpoints"

    @property
    def samples(self) -> Path:
        """`samples/`."""
        return self.path / "samples"

    @property
    def report(self) -> Path:
        """`report.html`."""
        return self.path / "report.html"

    def rounds(self) -> list[int]:
        """Rounds that have a checkpoint."""
        return rounds_saved(self.checkpoints)

    def clean(self) -> None:
        """Delete what a killed process left half written."""
        for place in (self.path, self.checkpoints, self.samples):
            remove_unfinished(place)

    @classmethod
    def opened(cls, path: str | Path) -> "RunFolder":
        """An existing run.

        Raises:
            InputError: when there is none.
        """
        folder = cls(Path(path))
        if not folder.path.exists():
            raise InputError(f"There is no run folder {path}.")
        if not folder.settings.is_file():
            raise InputError(f"{path} is not a run folder: it has no run.toml{_runs_within(folder.path)}.")
        return folder


def _runs_within(path: Path) -> str:
    """The runs in a folder that is none itself, such as that of a comparison, as the end of a sentence."""
    runs = sorted(str(settings.parent) for settings in path.glob("*/run.toml"))
    if not runs:
        return ""
    if len(runs) == 1:
        return f"; the run in it is {runs[0]}"
    if len(runs) > SHOWN:
        return f"; the {len(runs)} runs in it are {', '.join(runs[:SHOWN])} and others"
    return f"; the runs in it are {', '.join(runs[:-1])} and {runs[-1]}"
