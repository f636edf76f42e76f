"""The settings of a generative stochastic network, checked."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from saddle.core.ranges import Count, NonNegative
from saddle.families.corruption import CORRUPTIONS, Corruption, read_corruption
from saddle.families.settings import TrainingSettings, read_optimizer, read_widths
from saddle.families.tables import Kinds
from saddle.networks.activations import Activation
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec


class GSNSettings(TrainingSettings):
    """Every setting of a GSN; see `saddle.GSN` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = {"corruption": CORRUPTIONS, "optimizer": OPTIMIZERS}

    hidden: tuple[int, ...]
    activation: Activation
    walkback: Count
    corruption: Any
    hidden_noise: NonNegative
    sample_steps: Count
    read: Literal["mean", "sample"] | None
    optimizer: Any

    @field_validator("hidden", mode="before")
    @classmethod
    def _hidden(cls, value: Any) -> tuple[int, ...]:
        return read_widths(value, "hidden")

    @field_validator("corruption", mode="before")
    @classmethod
    def _corruption(cls, value: Any) -> Corruption | None:
        return read_corruption(value)

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any) -> OptimizerSpec:
        return read_optimizer(value, OPTIMIZERS, "optimizer")
