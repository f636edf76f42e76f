"""`check_objective` demands that critic and generator are adversaries."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn.functional import softplus

from saddle.objectives import OBJECTIVES, LeastSquares, Objective
from saddle.testing import check_objective
from saddle.testing.adversaries import demand_adversaries


@dataclass(frozen=True)
class Hinge:
    """Which way each player looks: 1 as published, -1 the wrong way round."""

    critic_sign: float = 1.0
    generator_sign: float = 1.0

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return torch.relu(1 - self.critic_sign * real).mean() + torch.relu(1 + self.critic_sign * fake).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -self.generator_sign * fake.mean()


@dataclass(frozen=True)
class Relativistic:
    average: bool = False
    sign: float = 1.0

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        if not self.average:
            return softplus(fake - real).mean()
        return softplus(fake.mean() - real).mean() + softplus(fake - real.mean()).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.sign * self.critic(fake, real)


@dataclass(frozen=True)
class RelativisticHinge:
    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return torch.relu(1 - real + fake.mean()).mean() + torch.relu(1 + fake - real.mean()).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.critic(fake, real)


@dataclass(frozen=True)
class ChiSquare:
    """The zero-sum game of the f-GAN for Pearson's divergence: at the critic's optimum the generator has no slope."""

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return -real.mean() + (fake.square() / 4 + fake).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -(fake.square() / 4 + fake).mean()


@dataclass(frozen=True)
class SquaredGap:
    """A game in which either side may get the higher scores."""

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return -(real.mean() - fake.mean()).square() + 0.1 * (real.square() + fake.square()).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return (real.mean() - fake.mean()).square()


@dataclass(frozen=True)
class Scaled:
    """Losses in other units."""

    base: Objective
    by: float

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.by * self.base.critic(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.by * self.base.generator(real, fake)


@dataclass(frozen=True)
class Allied:
    """A critic of an objective, and a generator that wants the opposite of its own."""

    base: Objective

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.base.critic(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -self.base.generator(real, fake)


@dataclass(frozen=True)
class Swapped:
    """A generator of an objective, and a critic that takes real for fake."""

    base: Objective

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.base.critic(fake, real)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.base.generator(real, fake)


SCHEMES = [
    LeastSquares.pearson(),
    LeastSquares.binary(),
    LeastSquares(-1.0, 1.0, 1.0),
    LeastSquares(0.0, 0.9, 0.9),
    LeastSquares(0.0, 1.0, 0.5),
    LeastSquares(1.0, 0.0, 0.0),  # labels flipped: real examples get the lower scores
]
ADVERSARIES: list[Objective] = [
    *(kind() for kind in OBJECTIVES.values()),
    *SCHEMES,
    Hinge(),
    Hinge(-1.0, -1.0),
    Relativistic(),
    Relativistic(average=True),
    RelativisticHinge(),
    ChiSquare(),
    SquaredGap(),
    Scaled(LeastSquares(), 1e3),
    Scaled(Hinge(), 1e-3),
]
ALLIES: list[Objective] = [
    Hinge(critic_sign=-1.0),
    Hinge(generator_sign=-1.0),
    Relativistic(sign=-1.0),
    Relativistic(average=True, sign=-1.0),
    LeastSquares(0.0, 1.0, 0.0),
    *(Allied(kind()) for kind in OBJECTIVES.values()),
    *(Swapped(kind()) for kind in OBJECTIVES.values()),
]


@pytest.mark.parametrize("objective", ADVERSARIES, ids=repr)
def test_adversaries_pass(objective: Objective) -> None:
    demand_adversaries("It", objective)


@pytest.mark.parametrize("objective", ALLIES, ids=repr)
def test_players_that_want_the_same_are_caught(objective: Objective) -> None:
    with pytest.raises(AssertionError, match="generator does not move the fake score toward the real one") as caught:
        demand_adversaries("It", objective)
    assert str(caught.value).startswith("It has no adversaries") and "\n" not in str(caught.value)


def test_a_critic_that_does_not_tell_real_from_fake_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^It\.critic does not part real from fake scores"):
        demand_adversaries("It", LeastSquares(1.0, 1.0, 1.0))


def test_check_objective_asks_for_it() -> None:
    check_objective(Hinge())
    with pytest.raises(AssertionError, match="Hinge has no adversaries"):
        check_objective(Hinge(critic_sign=-1.0))
