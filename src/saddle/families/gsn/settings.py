"""The settings of a generative stochastic network, checked."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from saddle.core.errors import InputError
from saddle.core.ranges import Count, NonNegative
from saddle.families.gsn.corruption import CORRUPTIONS, Corruption
from saddle.families.settings import TrainingSettings, read_optimizer
from saddle.families.tables import Kinds, decode
from saddle.networks.activations import Activation
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec


class GSNSettings(TrainingSettings):
    """Every setting of a GSN; see `saddle.GSN` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = {"corruption": CORRUPTIONS, "optimizer": OPTIMIZERS}

    hidden: tuple[Count, ...] = Field(min_length=1)
    activation: Activation
    walkback: Count
    corruption: Any
    hidden_noise: NonNegative
    sample_steps: Count
    read: Literal["mean", "sample"] | None
    optimizer: Any

    @field_validator("corruption", mode="before")
    @classmethod
    def _corruption(cls, value: Any) -> Corruption | None:
        if value is None:
            return None
        value = decode(value, CORRUPTIONS, "corruption")
        if not isinstance(value, Corruption):
            raise InputError(f"corruption needs noise and a method corrupt(v, noise), and got {value!r}.")
        return value

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any) -> OptimizerSpec:
        return read_optimizer(value, OPTIMIZERS, "optimizer")
