"""The game between a critic and a generator, as a `Problem`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.families.gan.latent import Latent
from saddle.objectives import Discriminating, Objective
from saddle.regularizers import Penalty, Perturbation, Projection, Regularizer
from saddle.training.optimizers import OptimizerSpec

Shape = tuple[int, ...]


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

    def problem(self) -> Problem:
        """The game as the engine plays it: `critic_updates` critic updates, then one of the generator."""
        generator = Player(
            "generator",
            ("generator",),
            self._generator_loss(),
            self.generator_optimizer.build,
            self._noise(("fake",)),
            schedule=self.generator_optimizer.settings,
        )
        critic = Player(
            "critic",
            ("critic",),
            self.critic_loss,
            self.critic_optimizer.build,
            self._noise(("real", "fake")),
            repeats=self.critic_updates,
            project=self._projection(),
            schedule=self.critic_optimizer.settings,
        )
        return Problem(
            networks=lambda: nn.ModuleDict({"generator": self.generator(), "critic": self.critic()}),
            players=(critic, generator),
            sampler=Direct(lambda count: {"latent": self.latent.noise(count)}, self._generate),
            averaged={"generator": self.average} if self.average else {},
            watch=None if reads_real_scores(self.objective) else self.gradient_at_samples,
        )

    # Asking a runtime protocol costs as much as a small layer, so what never changes is asked once.
    @cached_property
    def _perturbations(self) -> dict[int, Perturbation]:
        return {index: one for index, one in enumerate(self.regularizers) if isinstance(one, Perturbation)}

    @cached_property
    def _penalties(self) -> dict[str, list[Penalty]]:
        found = [one for one in self.regularizers if isinstance(one, Penalty)]
        return {place: [one for one in found if one.at == place] for place in dict.fromkeys(one.at for one in found)}

    @cached_property
    def _probability(self) -> Callable[[Tensor], Tensor] | None:
        return self.objective.probability if isinstance(self.objective, Discriminating) else None

    def critic_loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """The objective's critic loss plus every penalty.

        Where a penalty sits on real or generated examples, its gradient and the score come from one forward pass.
        """
        real = self._perturbed(batch.x, "real", batch.round, noise)
        fake = self._perturbed(self._generate(networks, noise, batch.y).detach(), "fake", batch.round, noise)
        points = {"real": real, "fake": fake}
        if "mix" in noise:
            mix = noise["mix"].reshape(-1, *[1] * (real.dim() - 1))
            points["between"] = mix * real + (1 - mix) * fake
        scores, penalties = self._scored(networks["critic"], points, batch.y)
        value = self.objective.critic(scores["real"], scores["fake"])
        metrics = self._critic_metrics(scores["real"], scores["fake"]) if batch.logged else {}
        if penalties:
            penalty = torch.stack(penalties).sum()
            value, metrics = value + penalty, metrics | {"penalty": penalty}
        return Loss(value, metrics, {})

    def _generator_loss(self) -> Callable[..., Loss]:
        relativistic = reads_real_scores(self.objective)

        def loss(networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
            fake = self._perturbed(self._generate(networks, noise, batch.y), "fake", batch.round, noise)
            fake_scores = score(networks["critic"], fake, batch.y)
            if relativistic:
                real = self._perturbed(batch.x, "real", batch.round, noise)
                real_scores = score(networks["critic"], real, batch.y)
            else:
                real_scores = torch.zeros_like(fake_scores)
            return Loss(self.objective.generator(real_scores, fake_scores), {}, {})

        return loss

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
        z = self.latent.values(noise["latent"])
        return networks["generator"](z) if y is None else networks["generator"](z, y)

    def _perturbed(self, x: Tensor, which: str, round: Tensor, noise: Draws) -> Tensor:
        for index, perturbation in self._perturbations.items():
            x = perturbation.perturb(x, noise[f"{which} {index}"], round)
        return x

    def _scored(
        self, critic: nn.Module, points: dict[str, Tensor], y: Tensor | None
    ) -> tuple[dict[str, Tensor], list[Tensor]]:
        """Scores at each kind of point, and the penalties there."""
        scores: dict[str, Tensor] = {}
        penalties: list[Tensor] = []
        penalized = self._penalties
        for place in sorted(points, key=lambda place: place not in penalized):  # gradients before plain passes
            if place in penalized:
                raw, gradient = score_and_gradient(critic, points[place], y)
                scores[place] = raw.flatten()
                penalties += [one.penalty(scores[place], gradient) for one in penalized[place]]
            else:
                scores[place] = score(critic, points[place], y)
        return scores, penalties

    def _critic_metrics(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        # Ranking accuracy, the chance that a real example outscores a generated one, needs no threshold and so means
        # the same for every objective; one half is a critic that cannot tell.
        real, fake = real.detach(), fake.detach()
        accuracy = (real.unsqueeze(1) > fake.unsqueeze(0)).to(real.dtype).mean()
        if self._probability is not None:
            real, fake = self._probability(real), self._probability(fake)
            return {"D(x)": real.mean(), "D(G(z))": fake.mean(), "accuracy": accuracy}
        return {"critic(x)": real.mean(), "critic(G(z))": fake.mean(), "accuracy": accuracy}

    def _noise(self, seen: Sequence[str]) -> dict[str, Noise]:
        noise = {"latent": self.latent.noise(self.batch)}
        for index in self._perturbations:
            # The generator's loss too scores real examples when its objective is relativistic.
            noise |= {f"{which} {index}": Noise("normal", (self.batch, *self.shape)) for which in ("real", "fake")}
        if "real" in seen and "between" in self._penalties:
            noise["mix"] = Noise("uniform", (self.batch,))
        return noise

    def _projection(self) -> Callable[[str, Tensor], None] | None:
        projections = [one for one in self.regularizers if isinstance(one, Projection)]
        if not projections:
            return None

        def project(name: str, parameter: Tensor) -> None:
            for one in projections:
                one.project(name, parameter)

        return project


def score(critic: nn.Module, x: Tensor, y: Tensor | None) -> Tensor:
    """Scores (n,); critics of the user's own may give (n, 1)."""
    return (critic(x) if y is None else critic(x, y)).flatten()


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
