"""Warm start: a run that begins with the networks of a trained model instead of random ones."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import torch
from safetensors.torch import load, save

from saddle.core.errors import InputError
from saddle.families.run_table import Table, read_table
from saddle.training.checkpoint import read_checkpoint
from saddle.training.folder import RunFolder
from saddle.training.state import State, Tensors

KEPT_AS = "start.safetensors"


@dataclass(frozen=True)
class WarmStart:
    """Trained networks to begin with; the optimizers begin anew.

    Attributes:
        tensors: parameters and buffers of each member, by name; what was averaged comes as its average.
        source: what messages and `run.toml` call where they come from.
        round: rounds they were trained for.
        data: the fingerprint of the data they were trained on.
        splits: the seed of each member's split of these data into what it learned from and what was held out.
    """

    tensors: tuple[Tensors, ...]
    source: str
    round: int
    data: str
    splits: tuple[int, ...]

    def content(self) -> bytes:
        """The tensors as one safetensors file, the same bytes for the same tensors."""
        flat = {f"{index}/{name}": value for index, one in enumerate(self.tensors) for name, value in one.items()}
        return save({name: flat[name].detach().cpu().contiguous().clone() for name in sorted(flat)})

    def note(self) -> Table:
        """What `run.toml` says of it."""
        content = sha256(self.content()).hexdigest()
        about = {"source": self.source, "round": self.round, "data": self.data, "splits": list(self.splits)}
        return {**about, "file": KEPT_AS, "sha256": content}

    def put_into(self, state: State) -> None:
        """Give a state that has not begun these networks; averages begin there too.

        A population begins from as many members, each from its own, or all from a single model.

        Raises:
            InputError: when a parameter is missing or has another shape, or the members differ in number.
        """
        count = len(state.seeds)
        if len(self.tensors) not in (1, count):
            raise InputError(
                f"{self.source} has {len(self.tensors)} members and cannot be the start of {count}; take one member "
                "each, or start from a single model."
            )
        sources = self.tensors * count if len(self.tensors) == 1 else self.tensors
        for member, source in enumerate(sources):
            self._require_fit(state.member(member, averaged=False), state.params, source)
            for held in (state.params, state.buffers, state.averages):
                _copy(source, held, member if state.stacked else None)

    def _require_fit(self, wanted: Tensors, params: Tensors, found: Tensors) -> None:
        for name in wanted:
            shape = tuple(wanted[name].shape)
            if name not in found:
                if name in params:
                    raise InputError(f"{self.source} cannot be the start of this model: it has no {name}.")
            elif tuple(found[name].shape) != shape:
                raise InputError(
                    f"{self.source} cannot be the start of this model: its {name} has shape "
                    f"{tuple(found[name].shape)}, and here it has {shape}."
                )


def split_seed(table: Table, member: int, seed: int) -> int:
    """The seed of a member's split: its own, or that of its start where this was trained on the same data.

    Else the networks would be measured against examples that they have learned from.
    """
    start = table.get("start")
    if start is None or start["data"] != table["data"]["fingerprint"]:
        return seed
    return start["splits"][member if len(start["splits"]) > 1 else 0]


def from_state(state: State, source: str, table: Table) -> WarmStart:
    """The networks of a model in memory, whose run has this table."""
    members = [state.member(index, averaged=True) for index in range(len(state.seeds))]
    copies = tuple({name: value.clone() for name, value in one.items()} for one in members)
    return WarmStart(copies, source, state.round, table["data"]["fingerprint"], _splits(table))


def warm_start(source: WarmStart | str | Path | None) -> WarmStart | None:
    """What a path stands for, which is the networks of the run there; others as they are.

    Raises:
        InputError: when the folder holds no run with a checkpoint, or it is neither a model nor a path.
    """
    if isinstance(source, str | Path):
        return from_folder(source)
    if source is not None and not isinstance(source, WarmStart):
        raise InputError(f"start must be a trained model or the folder of its run, and got {source!r}.")
    return source


def from_folder(path: str | Path) -> WarmStart:
    """The networks in a run's last checkpoint.

    Raises:
        InputError: when there is no run, or it has no checkpoint, or a damaged one.
    """
    folder = RunFolder.opened(path)
    rounds = folder.rounds()
    if not rounds:
        raise InputError(f"{path} has no checkpoint yet, so nothing can start from it.")
    saved = read_checkpoint(folder.checkpoints, rounds[-1])
    found = {
        name.partition("/")[2]: value
        for group in ("params", "buffers", "averages")  # the averages last: they replace what they are averages of
        for name, value in saved.tensors.items()
        if name.startswith(f"{group}/")
    }
    table = read_table(folder.settings)
    splits, fingerprint = _splits(table), table["data"]["fingerprint"]
    if len(splits) == 1:
        return WarmStart((found,), str(path), saved.round, fingerprint, splits)
    members = tuple({name: value[index] for name, value in found.items()} for index in range(len(splits)))
    return WarmStart(members, str(path), saved.round, fingerprint, splits)


def _splits(table: Table) -> tuple[int, ...]:
    first, count = int(table["model"].get("seed", 0)), int(table["model"].get("seeds", 1))
    return tuple(split_seed(table, member, first + member) for member in range(count))


def kept(folder: Path, note: Table) -> WarmStart:
    """What a run began with, from the run's own folder.

    Raises:
        InputError: when the file is missing or damaged.
    """
    path = folder / note["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}, which the run begins with, cannot be read: {error.strerror}.") from None
    if sha256(content).hexdigest() != note["sha256"]:
        raise InputError(f"{path} is damaged: its content no longer has the sha256 it was written with.")
    members: list[Tensors] = []
    for name, value in load(content).items():
        index, _, rest = name.partition("/")
        members += [{} for _ in range(int(index) + 1 - len(members))]
        members[int(index)][rest] = value
    return WarmStart(tuple(members), note["source"], note["round"], note["data"], tuple(note["splits"]))


def _copy(found: Tensors, held: Tensors, member: int | None) -> None:
    with torch.no_grad():
        for name, value in held.items():
            if name in found:
                (value if member is None else value[member]).copy_(found[name])
