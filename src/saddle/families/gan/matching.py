"""The game of a generator that lowers a distance between batches, alone or against a critic that raises it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.families.gan.acts import Acts
from saddle.families.gan.latent import Latent, generated
from saddle.families.gan.packing import Shape
from saddle.networks.labels import one_hot
from saddle.objectives import Discrepancy
from saddle.regularizers import Regularizer
from saddle.training.optimizers import OptimizerSpec


@dataclass(frozen=True)
class Matching:
    """Everything that makes up one such game; `problem` writes it down for the engine.

    Attributes:
        objective: the distance.
        regularizers: what moves examples before they are compared, and what keeps the critic in bounds.
        generator: a factory of generators.
        critic: a factory of networks that map examples to features, or None to compare examples themselves.
        latent: the law of z.
        generator_optimizer: moves the generator.
        critic_optimizer: moves the critic.
        critic_updates: updates of the critic per round.
        batch: examples per update.
        average: decay of the generator's moving average; 0 keeps none.
        shape: of one example, in model units.
        classes: 0 for data without labels.
    """

    objective: Discrepancy
    regularizers: tuple[Regularizer, ...]
    generator: Callable[[], nn.Module]
    critic: Callable[[], nn.Module] | None
    latent: Latent
    generator_optimizer: OptimizerSpec
    critic_optimizer: OptimizerSpec
    critic_updates: int
    batch: int
    average: float
    shape: Shape
    classes: int

    def problem(self) -> Problem:
        """The game as the engine plays it: `critic_updates` critic updates, if any, then one of the generator."""
        generator = Player(
            "generator",
            ("generator",),
            self.generator_loss,
            self.generator_optimizer.build,
            self._noise,
            schedule=self.generator_optimizer.settings,
        )
        critic = Player(
            "critic",
            ("critic",),
            self.critic_loss,
            self.critic_optimizer.build,
            self._noise,
            repeats=self.critic_updates,
            project=self.acts.project if self.acts.projections else None,
            schedule=self.critic_optimizer.settings,
        )
        return Problem(
            networks=self._networks,
            players=(generator,) if self.critic is None else (critic, generator),
            sampler=Direct(lambda count: {"latent": self.latent.noise(count)}, self._generate),
            averaged={"generator": self.average} if self.average else {},
        )

    @cached_property
    def acts(self) -> Acts:
        """The regularizers by when they act."""
        return Acts(self.regularizers, packing=1)

    def critic_loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """Minus the distance between features of real and of generated examples."""
        return Loss(-self._distance(networks, batch, noise, still=True), {}, {})

    def generator_loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """The distance between real and generated examples, or between their features."""
        distance = self._distance(networks, batch, noise)
        return Loss(distance, {"distance": distance.detach()}, {})

    def _distance(self, networks: Networks, batch: Batch, noise: Draws, *, still: bool = False) -> Tensor:
        made = self._generate(networks, noise, batch.y)
        real = self.acts.seen(batch.x, "real", batch.round, noise)
        fake = self.acts.seen(made.detach() if still else made, "fake", batch.round, noise)
        if self.critic is None:
            return self.objective.distance(*joint(real, fake, batch.y, self.classes))
        given = () if batch.y is None else (batch.y,)
        return self.objective.distance(networks["critic"](real, *given), networks["critic"](fake, *given))

    def _networks(self) -> Networks:
        networks = {"generator": self.generator()}
        if self.critic is not None:
            networks["critic"] = self.acts.normalized(self.critic())
        return nn.ModuleDict(networks)

    def _generate(self, networks: Networks, noise: Draws, y: Tensor | None) -> Tensor:
        return generated(networks["generator"], self.latent, noise, y)

    @cached_property
    def _noise(self) -> dict[str, Noise]:
        return {"latent": self.latent.noise(self.batch)} | self.acts.noise(self.batch, self.shape, critic=False)


def joint(real: Tensor, fake: Tensor, y: Tensor | None, classes: int) -> tuple[Tensor, Tensor]:
    """Real and generated examples as vectors, with their label beside them where there is one.

    A law of pairs (x, y) is matched as a whole. The label is a one-hot vector of such a length that two labels are as
    far apart as two real examples of the batch are in root mean square.
    """
    real, fake = real.flatten(1), fake.flatten(1)
    if y is None:
        return real, fake
    label = real.var(0).sum().sqrt() * one_hot(y, classes, real.dtype)
    return torch.cat([real, label], 1), torch.cat([fake, label], 1)
