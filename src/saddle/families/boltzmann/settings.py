"""The settings of a Boltzmann machine, checked."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import field_validator

from saddle.core.ranges import Count, CountOrZero, NonNegative
from saddle.families.binarization import Binarization
from saddle.families.boltzmann.sampling import Reading
from saddle.families.boltzmann.visible import VisibleName
from saddle.families.settings import TrainingSettings, read_optimizer, read_widths
from saddle.families.tables import Kinds
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec

KINDS: dict[str, Kinds] = {"optimizer": OPTIMIZERS}


class BoltzmannSettings(TrainingSettings):
    """Every setting of a Boltzmann machine; see `saddle.BoltzmannMachine` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = KINDS

    hidden: tuple[int, ...]
    visible: VisibleName | None
    binarize: Binarization
    chains: Count
    gibbs_steps: Count
    mean_field: Count
    pretrain: CountOrZero
    centered: bool
    weight_cost: NonNegative
    sample_steps: Count
    read: Reading | None
    optimizer: Any

    @field_validator("hidden", mode="before")
    @classmethod
    def _hidden(cls, value: Any) -> tuple[int, ...]:
        return read_widths(value, "hidden")

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any, info: Any) -> OptimizerSpec:
        return read_optimizer(value, KINDS[info.field_name], info.field_name)
