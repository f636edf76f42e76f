"""Optimizers as frozen values: which one, with what settings, on what schedule.

Each steps a list of tensors; its update is elementwise, so that stacked members of a population move as if alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.ranges import Count, Decay, NonNegative, Positive
from saddle.training.schedules import Constant, Schedule

NOT_ELEMENTWISE = ("LBFGS", "Muon", "Adafactor", "SparseAdam")


@runtime_checkable
class OptimizerSpec(Protocol):
    """Builds a `torch.optim` optimizer and says its settings at a round."""

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """An optimizer of these tensors."""
        ...

    def settings(self, round: int) -> Mapping[str, float]:
        """The entries of its parameter groups that this round sets."""
        ...


@dataclass(frozen=True)
class Adam:
    """Adam.

    Reference: Kingma & Ba 2015, arXiv 1412.6980.

    Attributes:
        rate: learning rate.
        beta1: decay of the mean of gradients.
        beta2: decay of the mean of their squares.
        epsilon: added to the denominator.
        schedule: multiplies the rate.
        weight_decay: the share of each weight, times the rate, that a step takes away; decoupled from the gradient
            (AdamW, Loshchilov & Hutter 2019, algorithm 2, arXiv 1711.05101).
    """

    rate: Positive = 2e-4
    beta1: Decay = 0.5
    beta2: Decay = 0.999
    epsilon: Positive = 1e-8
    schedule: Schedule = field(default_factory=Constant)
    weight_decay: NonNegative = 0.0

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """`torch.optim.Adam`, fused; with weight decay `torch.optim.AdamW`."""
        options: dict[str, Any] = {
            "lr": self.rate,
            "betas": (float(self.beta1), float(self.beta2)),
            "eps": self.epsilon,
            "fused": True,
        }
        if self.weight_decay:
            return torch.optim.AdamW(parameters, weight_decay=self.weight_decay, **options)
        return torch.optim.Adam(parameters, **options)

    def settings(self, round: int) -> Mapping[str, float]:
        """The learning rate."""
        return {"lr": self.rate * self.schedule.factor(round)}


@dataclass(frozen=True)
class RMSProp:
    """RMSProp, without centering.

    Attributes:
        rate: learning rate.
        decay: decay of the mean of squared gradients.
        epsilon: added to the denominator.
        momentum: decay of the update's velocity.
        schedule: multiplies the rate.
    """

    rate: Positive = 5e-5
    decay: Decay = 0.99
    epsilon: Positive = 1e-8
    momentum: Decay = 0.0
    schedule: Schedule = field(default_factory=Constant)

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """`torch.optim.RMSprop`."""
        return torch.optim.RMSprop(
            parameters, lr=self.rate, alpha=self.decay, eps=self.epsilon, momentum=self.momentum, foreach=True
        )

    def settings(self, round: int) -> Mapping[str, float]:
        """The learning rate."""
        return {"lr": self.rate * self.schedule.factor(round)}


@dataclass(frozen=True)
class SGD:
    """Stochastic gradient descent with momentum, which may itself change in a straight line.

    Attributes:
        rate: learning rate.
        momentum: decay of the velocity at round 0.
        final_momentum: the decay from round `momentum_until` on, or None to keep it constant.
        momentum_until: see `final_momentum`.
        schedule: multiplies the rate.
        weight_decay: this share of each weight is added to its gradient: half of it times the squares is a term
            of the loss.
    """

    rate: Positive = 0.1
    momentum: Decay = 0.5
    final_momentum: Decay | None = None
    momentum_until: Count = 1
    schedule: Schedule = field(default_factory=Constant)
    weight_decay: NonNegative = 0.0

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """`torch.optim.SGD`, fused."""
        return torch.optim.SGD(
            parameters, lr=self.rate, momentum=self.momentum, weight_decay=self.weight_decay, fused=True
        )

    def settings(self, round: int) -> Mapping[str, float]:
        """The learning rate and the momentum."""
        last = self.momentum if self.final_momentum is None else self.final_momentum
        share = min(round / max(self.momentum_until, 1), 1.0)
        momentum = self.momentum + (last - self.momentum) * share
        return {"lr": self.rate * self.schedule.factor(round), "momentum": momentum}


@dataclass(frozen=True)
class TorchOptimizer:
    """Any optimizer of `torch.optim`, by its name there.

    Attributes:
        name: the class, such as "NAdam".
        rate: learning rate.
        options: further keyword arguments of that class.
        schedule: multiplies the rate.
    """

    name: str
    rate: Positive = 1e-3
    options: Mapping[str, float | bool] = field(default_factory=dict)
    schedule: Schedule = field(default_factory=Constant)

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """The optimizer.

        Raises:
            InputError: when torch has no such optimizer, when its update is not elementwise, or when it does not take
                one of `options`.
        """
        names = [name for name, value in vars(torch.optim).items() if isinstance(value, type)]
        if self.name not in names or self.name == "Optimizer":
            raise InputError(f"torch.optim has no optimizer {self.name!r}; it has {', '.join(sorted(names))}.")
        if self.name in NOT_ELEMENTWISE:
            raise InputError(f"torch.optim.{self.name} does not step element by element, so saddle cannot use it.")
        kind = getattr(torch.optim, self.name)
        for option in self.options:
            if option not in signature(kind).parameters:
                raise InputError(f"torch.optim.{self.name} has no option {option!r}.")
        return kind(parameters, lr=self.rate, **self.options)

    def settings(self, round: int) -> Mapping[str, float]:
        """The learning rate."""
        return {"lr": self.rate * self.schedule.factor(round)}


OPTIMIZERS: dict[str, type] = {"adam": Adam, "rmsprop": RMSProp, "sgd": SGD, "torch": TorchOptimizer}
