"""The contract between a family of models and the engine that trains it.

A family writes down a `Problem`: networks, and players that learn them, each with a pure loss and an optimizer. The
engine knows nothing else, so one engine trains every family, alone or as a population.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.core.sampling import Networks, Sampler


class Batch(NamedTuple):
    """What a loss sees of the data.

    Attributes:
        x: examples in model units, shape (n, ...); (n, 0) for a player that does not look at them.
        y: class indices, shape (n,), or None for data without labels.
        round: the current round as a 0-d tensor, for annealing.
        logged: whether anybody will read the metrics; where nobody does, a loss may leave out what costs time.
    """

    x: Tensor
    y: Tensor | None
    round: Tensor
    logged: bool = True


class Loss(NamedTuple):
    """What a loss returns.

    Attributes:
        value: the 0-d tensor to minimize.
        metrics: 0-d tensors to log; never differentiated.
        carry: what is kept for the next round but not learned, such as Gibbs chains.
    """

    value: Tensor
    metrics: dict[str, Tensor]
    carry: dict[str, Tensor]


LossFunction = Callable[[Networks, Batch, Draws, dict[str, Tensor]], Loss]
FromData = Callable[[Networks, Tensor, Tensor | None], None]
Watched = Callable[[Networks, Tensor, Tensor | None], dict[str, float]]


def constant_rate(round: int) -> Mapping[str, float]:
    """The schedule that changes nothing."""
    return {}


def always(round: int) -> bool:
    """Whether a player that never rests moves in a round."""
    return True


def no_carry(stream: Stream) -> dict[str, Tensor]:
    """The carry of a problem that keeps nothing between rounds."""
    return {}


@dataclass(frozen=True)
class Player:
    """One learner: the networks it moves, the loss it minimizes, and how.

    A loss draws no noise, calls no `.backward()`, logs nothing, and never asks which device it is on. The engine
    differentiates it with respect to the parameters of `learns` only, so a loss needs no `detach`.

    Attributes:
        name: for logs and error messages.
        learns: keys of the networks this player's optimizer moves.
        loss: the pure loss.
        optimizer: builds a `torch.optim` optimizer over a list of tensors; its update must be elementwise.
        noise: the tensors drawn for each update.
        repeats: updates per round, each with fresh data and noise.
        project: applied in place to each (name, parameter) after an update, such as weight clipping.
        schedule: the optimizer's settings (`lr`, `momentum`, ...) at a round.
        active: whether the player moves in a round, which counts from 0; one that pretrains stops at some point.
        looks: whether the loss looks at examples; where not, none are read, and it is given some of no numbers.
        separates: whether the loss of a batch is the mean of those of its parts, each with its part of the noise, so
            that cores may share it out; its metrics may then be means of the parts'. Its networks judge each example by
            itself, without buffers, and it carries nothing.
    """

    name: str
    learns: tuple[str, ...]
    loss: LossFunction
    optimizer: Callable[[list[Tensor]], torch.optim.Optimizer]
    noise: Mapping[str, Noise]
    repeats: int = 1
    project: Callable[[str, Tensor], None] | None = None
    schedule: Callable[[int], Mapping[str, float]] = constant_rate
    active: Callable[[int], bool] = always
    looks: bool = True
    separates: bool = False


@dataclass(frozen=True)
class Problem:
    """Everything the engine needs to train one model.

    Attributes:
        networks: a factory, so that each member of a population has its own start.
        players: in the order in which they move within a round.
        sampler: how examples in model units are drawn.
        carry: the tensors kept between rounds, at their start.
        averaged: network -> decay of the moving average of its parameters.
        begin: sets, before round 1, what of the networks depends on the data, such as output biases; from some training
            examples (n, ...) and their class indices or None. Done twice it must do the same as once.
        settle: sets buffers that only sampling reads from training examples, such as a density of codes; called before
            samples are drawn, with the networks that samples come from, and of no effect on training. Buffers of
            averaged networks are not its to set.
        watch: further numbers to log with each measured distance, from one member's networks, some of its samples
            (n, ...) and their class indices or None.
    """

    networks: Callable[[], Networks]
    players: tuple[Player, ...]
    sampler: Sampler
    carry: Callable[[Stream], dict[str, Tensor]] = no_carry
    averaged: Mapping[str, float] = field(default_factory=dict)
    begin: FromData | None = None
    settle: FromData | None = None
    watch: Watched | None = None
