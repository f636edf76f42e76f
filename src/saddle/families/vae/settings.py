"""The settings of a VAE, checked."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from saddle.core.ranges import Count, CountOrZero, NonNegative
from saddle.families.binarization import Binarization
from saddle.families.observation import ObservationName
from saddle.families.settings import TrainingSettings, read_optimizer
from saddle.families.tables import Kinds, decode
from saddle.families.vae.bound import DivergenceName
from saddle.networks import ARCHITECTURES
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec

KINDS: dict[str, Kinds] = {"encoder": ARCHITECTURES, "decoder": ARCHITECTURES, "optimizer": OPTIMIZERS}


class VAESettings(TrainingSettings):
    """Every setting of a VAE; see `saddle.VAE` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = KINDS
    mixes: ClassVar[bool] = True

    latent: Count
    encoder: Any
    decoder: Any
    likelihood: ObservationName | None
    binarize: Binarization
    samples: Count
    divergence: DivergenceName
    beta: NonNegative
    warm_up: CountOrZero
    read: Literal["mean", "sample"] | None
    optimizer: Any

    @field_validator("encoder", "decoder", mode="before")
    @classmethod
    def _network(cls, value: Any, info: Any) -> Any:
        return None if value is None else decode(value, KINDS[info.field_name], info.field_name)

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer(cls, value: Any, info: Any) -> OptimizerSpec:
        return read_optimizer(value, KINDS["optimizer"], "optimizer")
