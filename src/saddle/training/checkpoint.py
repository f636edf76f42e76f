"""Saving and restoring a state: safetensors for tensors, JSON for the rest, a sha256 over both.

Layout of one checkpoint: `<round>/state.safetensors` and `<round>/state.json`. The directory appears whole or not at
all, and no pickle is ever read.
"""

import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

from saddle.core.errors import InputError, NonFiniteError
from saddle.core.files import read_record, write_bytes, write_directory, write_record
from saddle.training.state import State, Tensors

VERSION = 1
GROUPS = ("params", "buffers", "averages", "carry")


@dataclass(frozen=True)
class Saved:
    """A checkpoint as read from disk.

    Attributes:
        round: rounds completed.
        seconds: time spent training until then.
        configuration: hash of the configuration it belongs to.
        digest: sha256 over all parameters.
        tensors: by name, with the group in front ("params/...", "optimizers/...").
        optimizers: the optimizers' settings that are not tensors.
    """

    round: int
    seconds: float
    configuration: str
    digest: str
    tensors: Tensors
    optimizers: dict[str, Any]


def checkpoint_name(round: int) -> str:
    """The directory of a round's checkpoint."""
    return f"{round:08d}"


def rounds_saved(folder: Path) -> list[int]:
    """The rounds that have a checkpoint in this folder, in order."""
    if not folder.is_dir():
        return []
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit() and path.is_dir())


def save_checkpoint(folder: Path, state: State, *, seconds: float, configuration: str) -> Path:
    """Write the state as `folder/<round>`; a checkpoint of that round that is there already is kept.

    Raises:
        NonFiniteError: when a parameter is not finite; such a state is not written.
    """
    path = folder / checkpoint_name(state.round)
    if path.exists():
        return path
    _require_finite(state)
    tensors, optimizers = _pack(state)
    content = save(tensors)
    record = {
        "round": state.round,
        "seconds": seconds,
        "configuration": configuration,
        "digest": state.digest(),
        "optimizers": optimizers,
        "tensors sha256": sha256(content).hexdigest(),
    }
    record["sha256"] = _record_hash(record)

    def fill(directory: Path) -> None:
        write_bytes(directory / "state.safetensors", content)
        write_record(directory / "state.json", "checkpoint", VERSION, record)

    write_directory(path, fill)
    return path


def read_checkpoint(folder: Path, round: int) -> Saved:
    """Read and verify one checkpoint.

    Raises:
        InputError: when it is missing or when one of its bytes has changed.
    """
    path = folder / checkpoint_name(round)
    record = read_record(path / "state.json", "checkpoint", VERSION)
    try:
        content = (path / "state.safetensors").read_bytes()
    except OSError as error:
        raise InputError(f"The checkpoint {path} cannot be read: {error.strerror}.") from None
    expected = record.pop("sha256", None)
    body = {key: value for key, value in record.items() if key not in ("record", "version")}
    if sha256(content).hexdigest() != record.get("tensors sha256") or _record_hash(body) != expected:
        raise InputError(
            f"The checkpoint {path} is damaged: its content no longer has the sha256 it was written with; delete it to "
            "use the one before."
        )
    return Saved(
        record["round"],
        record["seconds"],
        record["configuration"],
        record["digest"],
        load(content),
        record["optimizers"],
    )


def restore(state: State, saved: Saved) -> None:
    """Put a checkpoint's values into a state of the same problem, in place.

    Raises:
        InputError: when the checkpoint has other tensors than the state.
    """
    for group in GROUPS:
        held: Tensors = getattr(state, group)
        found = {name.removeprefix(f"{group}/") for name in saved.tensors if name.startswith(f"{group}/")}
        if found != set(held):
            odd = sorted(found ^ set(held))[0]
            raise InputError(f"The checkpoint does not fit the model: the tensor {odd} is only in one of them.")
        for name, value in held.items():
            _fill(name, value, saved.tensors[f"{group}/{name}"])
    for name, optimizer in state.optimizers.items():
        _load_optimizer(optimizer, _optimizer_state(name, saved))
    state.round = saved.round


def remove_unfinished(folder: Path) -> None:
    """Delete what a killed process left half written."""
    if folder.is_dir():
        for path in folder.glob(".*.tmp"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _fill(name: str, held: Tensor, value: Tensor) -> None:
    if held.shape != value.shape:
        found, wanted = tuple(value.shape), tuple(held.shape)
        raise InputError(f"The checkpoint does not fit the model: {name} has shape {found} there and {wanted} here.")
    with torch.no_grad():
        held.copy_(value)


def _require_finite(state: State) -> None:
    for name, value in state.params.items():
        if not bool(torch.isfinite(value).all()):
            raise NonFiniteError(f"The parameter {name} is not finite after round {state.round}.")


def _pack(state: State) -> tuple[Tensors, dict[str, Any]]:
    """All tensors under unique names, and what of the optimizers is no tensor."""
    tensors = {
        f"{group}/{name}": value.detach().cpu().contiguous().clone()
        for group in GROUPS
        for name, value in getattr(state, group).items()
    }
    plain: dict[str, Any] = {}
    for name, optimizer in state.optimizers.items():
        packed = optimizer.state_dict()
        slots: dict[str, dict[str, Any]] = {}
        for index, slot in packed["state"].items():
            slots[str(index)] = {key: value for key, value in slot.items() if not isinstance(value, Tensor)}
            tensors |= {
                f"optimizers/{name}/{index}/{key}": value.detach().cpu().contiguous().clone()
                for key, value in slot.items()
                if isinstance(value, Tensor)
            }
        plain[name] = {"state": slots, "param_groups": packed["param_groups"]}
    return tensors, json.loads(json.dumps(plain))


def _optimizer_state(name: str, saved: Saved) -> dict[str, Any]:
    plain = saved.optimizers[name]
    state = {int(index): dict(slot) for index, slot in plain["state"].items()}
    for key, value in saved.tensors.items():
        if key.startswith(f"optimizers/{name}/"):
            _, _, index, slot = key.split("/", 3)
            state.setdefault(int(index), {})[slot] = value
    groups = [{key: tuple(v) if key == "betas" else v for key, v in group.items()} for group in plain["param_groups"]]
    return {"state": state, "param_groups": groups}


def _load_optimizer(optimizer: torch.optim.Optimizer, packed: dict[str, Any]) -> None:
    optimizer.load_state_dict(packed)
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for index, slot in packed["state"].items():
        held = optimizer.state[parameters[index]]
        for key, value in slot.items():
            if not isinstance(value, Tensor):
                continue
            # torch casts to the parameter's dtype what an optimizer keeps in another, such as NAdam's running product,
            # and keeps the strides of the file, where fused optimizers need those of the parameter.
            if value.shape == parameters[index].shape:
                held[key] = torch.empty_like(parameters[index].detach(), dtype=value.dtype).copy_(value)
            elif held[key].dtype != value.dtype:
                held[key] = value.to(held[key].device)


def _record_hash(record: dict[str, Any]) -> str:
    return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
