"""The settings of an autoencoder, checked."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from saddle.core.ranges import Count, NonNegative, Positive
from saddle.families.autoencoder.layer import CodeActivation
from saddle.families.autoencoder.learning import SamplerName
from saddle.families.corruption import CORRUPTIONS, Corruption, read_corruption
from saddle.families.settings import TrainingSettings, read_optimizer, read_widths
from saddle.families.tables import Kinds, decode
from saddle.networks import ARCHITECTURES
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec

Weights = Literal["tied", "untied"]
KINDS: dict[str, Kinds] = {
    "encoder": ARCHITECTURES,
    "decoder": ARCHITECTURES,
    "corruption": CORRUPTIONS,
    "optimizer": OPTIMIZERS,
}


class AutoencoderSettings(TrainingSettings):
    """Every setting of an autoencoder; see `saddle.Autoencoder` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = KINDS

    layers: tuple[int, ...]
    encoder: Any
    decoder: Any
    activation: CodeActivation | None
    weights: Weights
    corruption: Any
    contraction: NonNegative
    sampler: SamplerName | None
    components: Count
    sample_steps: Count
    chain_deviation: Positive
    optimizer: Any

    @field_validator("layers", mode="before")
    @classmethod
    def _layers(cls, value: Any) -> tuple[int, ...]:
        return read_widths(value, "layers")

    @field_validator("encoder", "decoder", mode="before")
    @classmethod
    def _network(cls, value: Any, info: Any) -> Any:
        return None if value is None else decode(value, KINDS[info.field_name], info.field_name)

    @field_validator("corruption", mode="before")
    @classmethod
    def _corruption(cls, value: Any) -> Corruption | None:
        return read_corruption(value)

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any) -> OptimizerSpec:
        return read_optimizer(value, KINDS["optimizer"], "optimizer")
