"""The settings that every family shares, and how a family's settings are checked, written down and overridden."""

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from saddle.core.errors import InputError
from saddle.core.ranges import Count, Decay
from saddle.families.tables import Kinds, decode, encode, nearest, one_sentence, require_no_truth
from saddle.training.optimizers import OptimizerSpec
from saddle.training.ways.planning import Compile

Precision = Literal["float32", "float64", "bfloat16"]


class TrainingSettings(BaseModel):
    """What every family has; see the family's class for what each setting means.

    Attributes:
        kinds: of each setting that is a value with a name: the values it may take.
        mixes: whether the family's losses call its networks as functions, which can then compute in bfloat16.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    kinds: ClassVar[Mapping[str, Kinds]] = {}
    mixes: ClassVar[bool] = False

    batch: Count
    average: Decay
    rounds: Count | None
    minutes: float | None = Field(gt=0, allow_inf_nan=False)
    holdout: float = Field(gt=0, lt=1)
    seed: int
    seeds: Count
    device: str
    precision: Precision
    threads: Count | None
    compile: Compile

    @property
    def dtype(self) -> torch.dtype:
        """Of parameters and data; bfloat16 is what networks compute in, and they learn in float32."""
        return torch.float64 if self.precision == "float64" else torch.float32

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth(cls, value: Any, info: Any) -> Any:
        require_no_truth(value, cls.model_fields[info.field_name].annotation, info.field_name)
        return value

    @field_validator("precision")
    @classmethod
    def _precision(cls, value: Precision) -> Precision:
        if value == "bfloat16" and not cls.mixes:
            raise InputError("precision = 'bfloat16' is for GANs and VAEs; here it is 'float32' or 'float64'.")
        return value

    @field_validator("device")
    @classmethod
    def _device(cls, value: str) -> str:
        if value != "auto":
            find_device(value)
        return value


def read_optimizer(value: Any, kinds: Kinds, name: str) -> OptimizerSpec:
    """The value of a setting that is an optimizer.

    Raises:
        InputError: when it is none.
    """
    value = decode(value, kinds, name)
    if not isinstance(value, OptimizerSpec):
        raise InputError(f"{name} needs methods build(parameters) and settings(round), and got {value!r}.")
    return value


def read_widths(value: Any, name: str) -> tuple[int, ...]:
    """The value of a setting that is the units of one layer, or of several.

    Raises:
        InputError: when it holds anything but whole numbers of at least 1, or nothing.
    """
    given = value.tolist() if isinstance(value, np.ndarray) else value
    several = tuple(given) if isinstance(given, tuple | list) else (given,)
    fit = [isinstance(one, Integral) and not isinstance(one, bool) and int(one) >= 1 for one in several]
    if not several or not all(fit):
        raise InputError(
            f"{name} must be the units of one layer or a list of those of each, whole numbers of at least 1, "
            f"and got {value!r}."
        )
    return tuple(int(one) for one in several)


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


def settings_here(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings of a run as its table holds them, with a device that is not here replaced by "auto"."""
    try:
        find_device(settings.get("device", "auto"))
    except InputError:
        return {**settings, "device": "auto"}
    return settings


Kind = TypeVar("Kind", bound=TrainingSettings)


def checked(kind: type[Kind], values: Mapping[str, Any], model: str) -> Kind:
    """Settings from the values a constructor stored.

    Args:
        kind: the family's settings.
        values: by name.
        model: what the family is called in messages.

    Raises:
        InputError: naming the setting, the rule and what was found.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        caught = first.get("ctx", {}).get("error")
        if isinstance(caught, InputError):
            raise InputError(str(caught)) from None
        if first["type"] == "extra_forbidden":
            name = str(first["loc"][0])
            raise InputError(f"{model} has no setting {name!r}{nearest(name, list(kind.model_fields))}") from None
        raise InputError(one_sentence(error, "")) from None


def as_table(values: Mapping[str, Any], kinds: Mapping[str, Kinds]) -> dict[str, Any]:
    """Settings as `run.toml` holds them; what is None is left out."""
    table: dict[str, Any] = {}
    for name, value in values.items():
        if value is None:
            continue
        if name in kinds and isinstance(value, tuple | list):
            table[name] = [encode(one, kinds[name]) for one in value]
        elif name in kinds:
            table[name] = encode(value, kinds[name])
        else:
            table[name] = list(value) if isinstance(value, tuple) else value
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


def from_table(table: Mapping[str, Any], own: Mapping[str, Any], known: Sequence[str], model: str) -> dict[str, Any]:
    """The values of a model's table.

    Args:
        table: as `as_table` wrote it.
        own: values for what the table cannot hold.
        known: the settings there are.
        model: what the family is called in messages.

    Raises:
        InputError: when there is no such setting, or something of the user's own is not there.
    """
    values: dict[str, Any] = {}
    for name, entry in table.items():
        if name not in known:
            raise InputError(f"{model} has no setting {name!r}{nearest(name, list(known))}")
        parts = entry if isinstance(entry, list) else [entry]
        custom = [part["is"] for part in parts if isinstance(part, Mapping) and part.get("kind") == "custom"]
        if custom and name not in own:
            raise InputError(f"The run has {name} of your own, {custom[0]}; give a model that has it as `like`.")
        values[name] = own[name] if custom else entry
    return values
