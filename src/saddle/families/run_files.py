"""What a run writes into its folder."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from saddle.core.errors import InputError
from saddle.core.files import write_bytes, write_directory, write_record
from saddle.families.fitted import Fitted
from saddle.families.run_table import Table, configuration_hash, write_table
from saddle.families.sample_record import sample_bytes
from saddle.training.checkpoint import checkpoint_name, save_checkpoint
from saddle.training.folder import RunFolder

KEPT_SAMPLES = 64


def require_free(path: Path) -> None:
    """Refuse to write where something is.

    Raises:
        InputError: when the path exists.
    """
    if path.exists():
        raise InputError(f"{path} exists already, and nothing is overwritten; choose another folder.")


def create_run_folder(folder: RunFolder, fitted: Fitted, table: Table, attachments: Mapping[str, bytes]) -> None:
    """Make a run's folder appear whole, so that a folder that is there can be resumed.

    Args:
        folder: where.
        fitted: the model, for the layout of its data.
        table: the content of `run.toml`; it gains the hash of the layout.
        attachments: further files to keep, by name.

    Raises:
        InputError: when something of that name exists.
    """
    require_free(folder.path)

    def fill(path: Path) -> None:
        new = RunFolder(path)
        for name, content in attachments.items():
            write_bytes(path / name, content)
        write_record(new.layout, "layout", 1, {**fitted.layout.record(), "shares": fitted.shares})
        table["data"]["layout_sha256"] = sha256(new.layout.read_bytes()).hexdigest()
        new.samples.mkdir()
        new.checkpoints.mkdir()
        write_table(new.settings, table)

    write_directory(folder.path, fill)


def keep_state(folder: RunFolder, fitted: Fitted, table: Table, seconds: float) -> Path:
    """Write some samples and a checkpoint of the state as it stands; what is there already is kept."""
    samples = folder.samples / f"{checkpoint_name(fitted.state.round)}.npz"
    if not samples.exists():
        samples.parent.mkdir(exist_ok=True)  # a run copied without its samples goes on all the same
        write_bytes(samples, sample_bytes(fitted, KEPT_SAMPLES))
    return save_checkpoint(folder.checkpoints, fitted.state, seconds=seconds, configuration=configuration_hash(table))
