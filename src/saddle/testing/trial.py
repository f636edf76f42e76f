"""A tiny training in memory, without warm-up, measurement or folder."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.families import GAN
from saddle.families.class_shares import class_shares
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted
from saddle.networks import MLP
from saddle.testing.demand import demand
from saddle.training.checkpoint import read_checkpoint, restore, save_checkpoint
from saddle.training.feed import Feed
from saddle.training.from_data import begin
from saddle.training.step import play_round

TOLERANCE = 1e-9
ROUNDS = 20


@dataclass
class Trial:
    """A model that is about to train, and its data.

    Attributes:
        fitted: the model.
        feed: batches for it.
    """

    fitted: Fitted
    feed: Feed

    @classmethod
    def of(cls, model: Estimator, data: Dataset) -> "Trial":
        """The trial of this model on these data, as `model.fit(data)` would begin it."""
        settings = model.checked()
        fitted = model.build(data.layout, class_shares(data))
        state = fitted.state
        rows = {seed: torch.from_numpy(data.split_indices(settings.holdout, seed=seed)[0]) for seed in state.seeds}
        first = next(iter(state.params.values()))
        labeled = fitted.shares is not None
        feed = Feed(data, rows, settings.batch, device=first.device, dtype=first.dtype, labeled=labeled)
        begin(fitted.problem, state, feed)
        return cls(fitted, feed)

    def play(self, rounds: int) -> "Trial":
        """Train for so many rounds more; torch's global generators are left as they were.

        Raises:
            AssertionError: when a loss or a parameter is not finite.
        """
        with torch.random.fork_rng():
            for _ in range(rounds):
                play_round(self.fitted.problem, self.fitted.state, self.feed, _demand_finite)
        finite = all(bool(torch.isfinite(value).all()) for value in self.fitted.state.params.values())
        demand(finite, f"After {self.fitted.state.round} rounds of training a parameter is not finite.")
        return self

    def resumed_in(self, fresh: "Trial") -> "Trial":
        """A fresh trial of the same model, brought to this one's state by way of a checkpoint on disk."""
        with TemporaryDirectory() as name:
            save_checkpoint(Path(name), self.fitted.state, seconds=0.0, configuration="")
            restore(fresh.fitted.state, read_checkpoint(Path(name), self.fitted.state.round))
        return fresh

    def parameters(self, member: int = 0) -> Tensor:
        """One member's parameters in one vector; what is averaged comes as it is, not as its average."""
        tensors = self.fitted.state.member(member, averaged=False)
        return torch.cat([tensors[name].flatten() for name in self.fitted.state.params])


def demand_training(what: str, settings: dict[str, Any], *, pictures: bool = False) -> None:
    """Demand that a GAN with these settings trains, resumes, and does in a population what it does alone.

    Raises:
        AssertionError: naming what broke.
    """
    data = open_data(_pictures() if pictures else _circle())
    tiny: dict[str, Any] = {"generator": MLP(8, 1), "critic": MLP(8, 1), "latent": 2, "batch": 8}
    tiny |= {"precision": "float64", "average": 0.0, "device": "cpu", **settings}
    if getattr(settings.get("objective"), "features", None) == 0:  # a distance between batches, with no critic
        del tiny["critic"]
    alone = Trial.of(GAN(**tiny, seed=1), data)
    before = alone.parameters()
    alone.play(ROUNDS)
    demand(not torch.equal(before, alone.parameters()), f"Training with {what} moves no parameter.")
    resumed = Trial.of(GAN(**tiny, seed=1), data).play(ROUNDS // 2).resumed_in(Trial.of(GAN(**tiny, seed=1), data))
    same = torch.equal(resumed.play(ROUNDS - ROUNDS // 2).parameters(), alone.parameters())
    demand(same, f"A run with {what} that is stopped and resumed ends elsewhere than one that never stopped.")
    together = Trial.of(GAN(**tiny, seed=0, seeds=2), data).play(ROUNDS)
    gap = distance(together.parameters(1), alone.parameters())
    demand(
        gap < TOLERANCE,
        f"A member of a population with {what} ends {gap:.1e} (relative) away from the same seed trained alone.",
    )


def _circle() -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _pictures() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (48, 4, 4), dtype=np.uint8)


def distance(x: Tensor, y: Tensor) -> float:
    """|x - y|/|y|."""
    return (torch.linalg.vector_norm(x - y) / torch.linalg.vector_norm(y)).item()


def _demand_finite(player: str, round: int, value: Tensor) -> None:
    demand(bool(torch.isfinite(value).all()), f"The {player}'s loss is not finite in round {round} of a tiny training.")
