"""The game between a critic and a generator, as a `Problem`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import torch
from torch import Tensor, nn

from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.families.gan.acts import Acts, total
from saddle.families.gan.auxiliary import ClassTerm
from saddle.families.gan.latent import Latent, generated
from saddle.families.gan.packing import Shape, packed_shape
from saddle.families.gan.together import generates_each_alone, score, scores, worth_joining
from saddle.families.gan.unrolling import unrolled
from saddle.objectives import Discriminating, Objective
from saddle.regularizers import Regularizer
from saddle.training.optimizers import OptimizerSpec


@dataclass(frozen=True)
class Game:
    """Everything that makes up one GAN; `problem` writes it down for the engine.

    Attributes:
        objective: both players' losses.
        regularizers: what keeps the critic in bounds.
        generator: a factory of generators.
        critic: a factory of critics.
        latent: the law of z.
        generator_optimizer: moves the generator.
        critic_optimizer: moves the critic.
        critic_updates: updates of the critic per round, the k of Algorithm 1.
        batch: examples per update.
        average: decay of the generator's moving average; 0 keeps none.
        shape: of one example, in model units.
        packing: examples that the critic judges as one.
        unrolled: steps of the critic that the generator looks ahead.
        unrolled_rate: the length of these steps.
        auxiliary: weight of the class term, for a critic that is `Classifying`; 0 for any other.
        labeled: whether both networks are given class indices.
    """

    objective: Objective
    regularizers: tuple[Regularizer, ...]
    generator: Callable[[], nn.Module]
    critic: Callable[[], nn.Module]
    latent: Latent
    generator_optimizer: OptimizerSpec
    critic_optimizer: OptimizerSpec
    critic_updates: int
    batch: int
    average: float
    shape: Shape
    packing: int = 1
    unrolled: int = 0
    unrolled_rate: float = 0.0
    auxiliary: float = 0.0
    labeled: bool = False

    def problem(self) -> Problem:
        """The game as the engine plays it: `critic_updates` critic updates, then one of the generator."""
        generator = Player(
            "generator",
            ("generator",),
            self._generator_loss(),
            self.generator_optimizer.build,
            self._noise(critic=False),
            schedule=self.generator_optimizer.settings,
            looks=self._relativistic or self.unrolled > 0,
            separates=self._separates,
        )
        critic = Player(
            "critic",
            ("critic",),
            partial(self.critic_loss, together=self._together),
            self.critic_optimizer.build,
            self._noise(critic=True),
            repeats=self.critic_updates,
            project=self.acts.project if self.acts.projections else None,
            schedule=self.critic_optimizer.settings,
            separates=self._separates,
        )
        return Problem(
            networks=lambda: nn.ModuleDict(
                {"generator": self.generator(), "critic": self.acts.normalized(self.critic())}
            ),
            players=(critic, generator),
            sampler=Direct(lambda count: {"latent": self.latent.noise(count)}, self._generate),
            averaged={"generator": self.average} if self.average else {},
            watch=self.gradient_at_samples if self._is_watched() else None,
        )

    @cached_property
    def acts(self) -> Acts:
        """The regularizers by when they act."""
        return Acts(self.regularizers, self.packing)

    @cached_property
    def _classes(self) -> ClassTerm:
        return ClassTerm(self.auxiliary)

    @cached_property
    def _relativistic(self) -> bool:
        return reads_real_scores(self.objective)

    @cached_property
    def _probability(self) -> Callable[[Tensor], Tensor] | None:
        return self.objective.probability if isinstance(self.objective, Discriminating) else None

    @cached_property
    def _together(self) -> bool:
        """Whether real and generated examples, or packs of them, are scored in one batch."""
        shape = packed_shape(self.shape, self.packing)
        return worth_joining(lambda: self.acts.normalized(self.critic()), shape, labeled=self.labeled)

    @cached_property
    def _separates(self) -> bool:
        """Whether both losses of a batch are means of those of its parts."""
        parts = (self.objective, *self.regularizers)
        plain = self.packing == 1 and not self.unrolled and not self.auxiliary
        return (
            plain
            and all(getattr(one, "separates", False) for one in parts)
            and self._together
            and generates_each_alone(self.generator, self.latent.dimension, labeled=self.labeled)
        )

    def critic_loss(
        self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor], *, together: bool = False
    ) -> Loss:
        """The objective's critic loss plus every penalty; `together` scores points in one batch that want the same."""
        real = self.acts.seen(batch.x, "real", batch.round, noise)
        fake = self.acts.seen(self._generate(networks, noise, batch.y).detach(), "fake", batch.round, noise)
        critic = networks["critic"]
        seen, penalties = self.acts.scored(critic, real, fake, batch.y, batch.round, noise, together=together)
        value = self.objective.critic(seen["real"], seen["fake"])
        metrics = self._critic_metrics(seen["real"], seen["fake"]) if batch.logged else {}
        if penalties:
            penalty = total(penalties)
            value, metrics = value + penalty, metrics | {"penalty": penalty}
        if self.auxiliary and batch.y is not None:
            of_real, right = self._classes.at(critic, real, batch.y)
            of_fake, right_of_fake = self._classes.at(critic, fake, batch.y)
            value = value + of_real + of_fake
            metrics = metrics | {"classes right (x)": right, "classes right (G(z))": right_of_fake}
        return Loss(value, metrics, {})

    def _generator_loss(self) -> Callable[..., Loss]:
        relativistic, together = self._relativistic, self._relativistic and self._together and not self.unrolled
        # Where the critic moves with the samples, so do its scores of data: a zero-sum generator descends all of V.
        whole = self.unrolled > 0 and is_zero_sum(self.objective)

        def loss(networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
            fake = self.acts.seen(self._generate(networks, noise, batch.y), "fake", batch.round, noise)
            judge = partial(score, networks["critic"])
            looked_at = relativistic or self.unrolled
            real = self.acts.seen(batch.x, "real", batch.round, noise) if looked_at else fake
            if self.unrolled:
                steps = {"steps": self.unrolled, "rate": self.unrolled_rate}
                judge = unrolled(networks["critic"], self.objective.critic, real, fake, batch.y, **steps)
            if together:
                fake_scores, real_scores = scores(networks["critic"], (fake, real), batch.y)
            else:
                fake_scores = judge(fake, batch.y)
                real_scores = judge(real, batch.y) if relativistic or whole else torch.zeros_like(fake_scores)
            if whole:
                return Loss(-self.objective.critic(real_scores, fake_scores), {}, {})
            value = self.objective.generator(real_scores, fake_scores)
            if self.auxiliary and batch.y is not None:
                value = value + self._classes.at(networks["critic"], fake, batch.y)[0]
            return Loss(value, {}, {})

        return loss

    def _is_watched(self) -> bool:
        """Whether a single sample has a gradient: not where only a pack has, or where it depends on data."""
        return self.packing == 1 and not self._relativistic

    def gradient_at_samples(self, networks: Networks, x: Tensor, y: Tensor | None) -> dict[str, float]:
        """The mean length of the gradient of a sample's loss to the generator by the sample: what it can learn from.

        By the chain rule it is the objective's gradient by the score, which vanishes where an objective saturates,
        times the critic's by the sample. An objective that reads real scores has none that depends on samples alone.
        """
        scores, gradient = score_and_gradient(networks["critic"], x, y)
        leaf = scores.detach().flatten().requires_grad_()
        (slope,) = torch.autograd.grad(self.objective.generator(torch.zeros_like(leaf), leaf), leaf)
        lengths = slope.abs() * len(leaf) * gradient.detach().flatten(1).norm(dim=1)
        return {"gradient at samples": lengths.double().mean().item()}

    def _generate(self, networks: Networks, noise: Draws, y: Tensor | None) -> Tensor:
        return generated(networks["generator"], self.latent, noise, y)

    def _critic_metrics(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        # Ranking accuracy, the chance that a real example outscores a generated one, needs no threshold and so means
        # the same for every objective; one half is a critic that cannot tell.
        real, fake = real.detach(), fake.detach()
        accuracy = (real.unsqueeze(1) > fake.unsqueeze(0)).to(real.dtype).mean()
        if self._probability is not None:
            real, fake = self._probability(real), self._probability(fake)
            return {"D(x)": real.mean(), "D(G(z))": fake.mean(), "accuracy": accuracy}
        return {"critic(x)": real.mean(), "critic(G(z))": fake.mean(), "accuracy": accuracy}

    def _noise(self, *, critic: bool) -> dict[str, Noise]:
        return {"latent": self.latent.noise(self.batch)} | self.acts.noise(self.batch, self.shape, critic=critic)


def reads_real_scores(objective: Objective) -> bool:
    """Whether the generator's loss depends on the scores of real examples, by value or by gradient."""
    generator = torch.Generator().manual_seed(0)
    for scale in (0.1, 1.0, 10.0):
        real, other, fake = scale * torch.randn(3, 8, generator=generator).requires_grad_()
        value = objective.generator(real, fake)
        if not torch.equal(value, objective.generator(other, fake)):
            return True
        if torch.autograd.grad(value, real, allow_unused=True)[0] is not None:
            return True
    return False


def is_zero_sum(objective: Objective) -> bool:
    """Whether the generator descends what the critic climbs, but for terms that the samples do not move."""
    generator = torch.Generator().manual_seed(0)
    for scale in (0.1, 1.0, 10.0):
        real, fake = scale * torch.randn(2, 8, generator=generator, dtype=torch.float64)
        fake.requires_grad_()
        both = objective.generator(real, fake) + objective.critic(real, fake)
        (slope,) = torch.autograd.grad(both, fake, allow_unused=True) if both.requires_grad else (None,)
        if slope is not None and float(slope.abs().max()) > 1e-9:
            return False
    return True
