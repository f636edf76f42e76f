"""The settings of a GAN, checked: what its constructor stores, `run.toml` holds and `--set` overrides."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, ClassVar

from pydantic import field_validator

from saddle.core.errors import InputError
from saddle.core.ranges import Count, CountOrZero, NonNegative, Positive
from saddle.data import Layout
from saddle.families.gan.latent import LATENTS, Latent, Normal
from saddle.families.settings import TrainingSettings, read_optimizer
from saddle.families.tables import Kinds, decode
from saddle.networks import ARCHITECTURES
from saddle.objectives import DISCREPANCIES, OBJECTIVES, Discrepancy, Objective
from saddle.regularizers import ACTS, R1, R2, REGULARIZERS, Augmentation, Regularizer, ZeroCenteredPenalty
from saddle.training.optimizers import OPTIMIZERS, OptimizerSpec

KINDS: dict[str, Kinds] = {
    "objective": OBJECTIVES | DISCREPANCIES,
    "regularizers": REGULARIZERS,
    "generator": ARCHITECTURES,
    "critic": ARCHITECTURES,
    "latent": LATENTS,
    "generator_optimizer": OPTIMIZERS,
    "critic_optimizer": OPTIMIZERS,
}


def demand_suited(one: Regularizer, layout: Layout) -> None:
    """Refuse a regularizer that would do nothing, or fail, with data of this form.

    Raises:
        InputError: naming it.
    """
    name = type(one).__name__
    if getattr(one, "pictures_only", False) and layout.kind != "images":
        raise InputError(f"{name} is for pictures, and {layout.name} is of kind {layout.kind}.")
    if isinstance(one, Augmentation) and prod(layout.model_shape) < one.numbers:
        raise InputError(f"{name} needs pictures of at least {one.numbers} numbers, and got {layout.model_shape}.")
    if isinstance(one, Augmentation) and not one.changes:
        raise InputError(f"{name} needs at least one of its changes, and got none.")
    if isinstance(one, R1 | R2 | ZeroCenteredPenalty):
        if one.final and not one.until:
            raise InputError(f"{name} reaches final {one.final} only where until says by which round, and got until 0.")
        if one.until and not one.gamma:
            raise InputError(f"{name} with until needs gamma above 0, from which its weight falls or rises to final.")


class GANSettings(TrainingSettings):
    """Every setting of a GAN; see `saddle.GAN` for what each means."""

    kinds: ClassVar[Mapping[str, Kinds]] = KINDS
    mixes: ClassVar[bool] = True

    objective: Any
    regularizers: tuple[Any, ...]
    generator: Any
    critic: Any
    latent: Any
    critic_updates: Count
    packing: Count
    unrolled: CountOrZero
    unrolled_rate: Positive
    auxiliary: NonNegative
    generator_optimizer: Any
    critic_optimizer: Any

    def demand_fit(self, layout: Layout, classes: int) -> None:
        """Refuse what these settings cannot do with data of this form.

        Raises:
            InputError: naming the setting.
        """
        if self.batch % self.packing:
            raise InputError(f"packing must divide batch, and got {self.packing} and {self.batch}.")
        if self.packing > 1 and classes:
            raise InputError(
                f"packing {self.packing} goes with data without labels only; labels=False (--no-labels) ignores them."
            )
        if self.auxiliary and not classes:
            raise InputError(
                f"auxiliary {self.auxiliary:g} needs data with labels, and {layout.name} has none, or they are ignored."
            )
        if self.auxiliary and self.unrolled:
            raise InputError(
                f"auxiliary and unrolled do not go together, and got {self.auxiliary:g} and {self.unrolled}."
            )
        for one in self.regularizers:
            demand_suited(one, layout)

    @field_validator("objective", mode="before")
    @classmethod
    def _objective(cls, value: Any) -> Objective | Discrepancy:
        value = decode(value, KINDS["objective"], "objective")
        if not isinstance(value, Objective | Discrepancy):
            raise InputError(
                "objective needs methods critic(real, fake) and generator(real, fake), or an attribute features and a "
                f"method distance(real, fake), and got {value!r}."
            )
        return value

    @field_validator("regularizers", mode="before")
    @classmethod
    def _regularizers(cls, value: Any) -> tuple[Regularizer, ...]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            value = [value]
        for one in value:
            _demand_one_name(one)
        read = [decode(one, KINDS["regularizers"], "regularizer") for one in value]
        for one in read:
            if not isinstance(one, Regularizer):
                raise InputError(f"A regularizer needs a method {', '.join(ACTS[:-1])} or {ACTS[-1]}, and got {one!r}.")
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
        return read_optimizer(value, KINDS[info.field_name], info.field_name)


def _demand_one_name(regularizer: Any) -> None:
    """Refuse several names in one text, with the list that was meant."""
    if isinstance(regularizer, str) and "," in regularizer:
        meant = ",".join(f'"{name.strip(" []")}"' for name in regularizer.split(","))
        raise InputError(
            f"There is no regularizer {regularizer!r}; several are a list, regularizers=[{meant}], which on a command "
            "line stands in single quotes."
        )
