"""The settings of a GAN, checked: what its constructor stores, `run.toml` holds and `--set` overrides."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from saddle.core.errors import InputError
from saddle.core.ranges import Count, Decay
from saddle.families.latent import Latent, Normal
from saddle.families.names import KINDS
from saddle.families.tables import decode, encode, nearest, one_sentence
from saddle.objectives import Objective
from saddle.regularizers import Penalty, Perturbation, Projection, Regularizer
from saddle.training.optimizers import OptimizerSpec


class Settings(BaseModel):
    """Every setting of a GAN; see `saddle.GAN` for what each means."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    objective: Any
    regularizers: tuple[Any, ...]
    generator: Any
    critic: Any
    latent: Any
    critic_updates: Count
    batch: Count
    generator_optimizer: Any
    critic_optimizer: Any
    average: Decay
    rounds: Count | None
    minutes: float | None = Field(gt=0, allow_inf_nan=False)
    holdout: float = Field(gt=0, lt=1)
    seed: int
    seeds: Count
    device: str
    precision: Literal["float32", "float64"]
    threads: Count | None

    @field_validator("objective", mode="before")
    @classmethod
    def _objective(cls, value: Any) -> Objective:
        value = decode(value, KINDS["objective"], "objective")
        if not isinstance(value, Objective):
            raise InputError(
                f"objective needs methods critic(real, fake) and generator(real, fake), and got {value!r}."
            )
        return value

    @field_validator("regularizers", mode="before")
    @classmethod
    def _regularizers(cls, value: Any) -> tuple[Regularizer, ...]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            value = [value]
        read = [decode(one, KINDS["regularizers"], "regularizer") for one in value]
        for one in read:
            if not isinstance(one, Penalty | Perturbation | Projection):
                raise InputError(f"A regularizer needs a method penalty, perturb or project, and got {one!r}.")
        return tuple(read)

    @field_validator("generator", "critic", mode="before")
    @classmethod
    def _network(cls, value: Any, info: Any) -> Any:
        return None if value is None else decode(value, KINDS[info.field_name], info.field_name)

    @field_validator("latent", mode="before")
    @classmethod
    def _latent(cls, value: Any) -> Latent:
        if isinstance(value, int) and not isinstance(value, bool):
            value = Normal(value)
        value = decode(value, KINDS["latent"], "latent")
        if not isinstance(value, Latent):
            raise InputError(
                f"latent must be saddle.Normal, saddle.Uniform or a number of dimensions, and got {value!r}."
            )
        return value

    @field_validator("generator_optimizer", "critic_optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any, info: Any) -> OptimizerSpec:
        value = decode(value, KINDS[info.field_name], info.field_name)
        if not isinstance(value, OptimizerSpec):
            raise InputError(
                f"{info.field_name} needs methods build(parameters) and settings(round), and got {value!r}."
            )
        return value

    @field_validator("device")
    @classmethod
    def _device(cls, value: str) -> str:
        if value != "auto":
            find_device(value)
        return value


def find_device(name: str) -> torch.device:
    """The device of this name; "auto" is a GPU where there is one.

    Raises:
        InputError: when it does not exist here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except Exception as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        if reason.startswith("Expected one of"):
            reason = "torch knows cpu, cuda, cuda:1 and the like"
        raise InputError(f"device {name!r} cannot be used here: {reason}.") from None
    return device


def checked(values: Mapping[str, Any]) -> Settings:
    """Settings from the values a constructor stored.

    Raises:
        InputError: naming the setting, the rule and what was found.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        caught = first.get("ctx", {}).get("error")
        if isinstance(caught, InputError):
            raise InputError(str(caught)) from None
        if first["type"] == "extra_forbidden":
            name = str(first["loc"][0])
            raise InputError(f"A GAN has no setting {name!r}{nearest(name, list(Settings.model_fields))}") from None
        raise InputError(one_sentence(error, "")) from None


def as_table(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as `run.toml` holds them; what is None is left out."""
    table: dict[str, Any] = {}
    for name in Settings.model_fields:
        value = values[name]
        if value is None:
            continue
        if name == "regularizers":
            table[name] = [encode(one, KINDS[name]) for one in value]
        else:
            table[name] = encode(value, KINDS[name]) if name in KINDS else value
    return table


def override(table: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A table with changes merged in, nested tables key by key; a table whose `kind` changes is replaced whole."""
    merged = dict(table)
    for key, change in changes.items():
        held = merged.get(key)
        if (
            isinstance(change, Mapping)
            and isinstance(held, Mapping)
            and change.get("kind", held.get("kind")) == held.get("kind")
        ):
            merged[key] = override(held, change)
        elif isinstance(change, str) and isinstance(held, Mapping) and held.get("kind") == change:
            continue
        else:
            merged[key] = dict(change) if isinstance(change, Mapping) else change
    return merged


def from_table(table: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a model's table; what the table cannot hold is taken from `own`.

    Raises:
        InputError: when something of the user's own is not there.
    """
    values: dict[str, Any] = {}
    for name, entry in table.items():
        parts = entry if isinstance(entry, list) else [entry]
        custom = [part["is"] for part in parts if isinstance(part, Mapping) and part.get("kind") == "custom"]
        if custom and name not in own:
            raise InputError(f"The run has {name} of your own, {custom[0]}; give a GAN that has it as `like`.")
        values[name] = own[name] if custom else entry
    return values
