"""Whether a planted fault occurred, from fresh examples of the law and samples of its own.

Nothing here is what `saddle diagnose` looks at: the law's own modes (or groups of fresh examples) in the place of
coverage, covariances in the place of pairwise distances, sliced Wasserstein distances to fresh examples in the place
of energy distances to held-out ones, the critic's accuracy on fresh examples in the place of that on its batches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from diagnosing.data import Source
from saddle.diagnosis.trend import legs
from saddle.measures import classifier_two_sample, nearest, sliced_wasserstein

LOOKS = 20  # over the second half of a run
TAIL = 8
SAMPLES = 500
GROUPS = 10
SEED = 77  # of samples; the run itself measures those of seed 0


@dataclass(frozen=True)
class Look:
    """A model at one time.

    Attributes:
        gap: sliced Wasserstein distance from samples to the law, over that of the untrained model, or over half the
            law's deviation along a coordinate where the untrained model is nearer than that.
        lost: share of the law in modes that hold less than a fifth of the samples they should.
        width: root of the trace of the samples' covariance over the law's.
        accuracy: chance that the critic scores a fresh example above a sample; None without critic.
        belief: mean D at samples; None where scores are no logits.
        largest: largest coordinate among the samples over that of the law.
    """

    gap: float
    lost: float
    width: float
    accuracy: float | None
    belief: float | None
    largest: float


@dataclass
class Watch:
    """Looks at a model before and while it is trained; `callback` goes to its constructor.

    Attributes:
        source: what it is judged by.
        rounds: of the training.
        looks: over its second half.
    """

    source: Source
    rounds: int
    looks: list[Look] = field(default_factory=list)
    _start: float | None = None

    @cached_property
    def _centers(self) -> Tensor:
        return self.source.centers if self.source.centers is not None else groups(self.source.fresh)

    def callback(self, round: int, model: Any) -> None:
        """Look, where it is time."""
        if self._start is None:
            scale = self.source.fresh.var(0).mean().sqrt().item() / 2
            self._start = max(self._distance(self._samples(model)), scale)
        every = max(1, self.rounds // (2 * LOOKS))
        if round % every == 0 and round > self.rounds // 2:
            self.looks.append(self._look(model))

    def _samples(self, model: Any) -> Tensor:
        return model.sample_model(SAMPLES, seed=SEED)[0].flatten(1)

    def _distance(self, x: Tensor) -> float:
        return sliced_wasserstein(x, self.source.fresh, seed=1).value

    def _look(self, model: Any) -> Look:
        x, fresh = self._samples(model), self.source.fresh
        if not bool(torch.isfinite(x).all()):
            return Look(np.inf, 1.0, np.inf, None, None, np.inf)
        made, real = occupied(x, self._centers), occupied(fresh, self._centers)
        accuracy, belief = _critic(model, x, fresh)
        assert self._start is not None
        return Look(
            gap=self._distance(x) / self._start,
            lost=real[made < real / 5].sum().item(),
            width=(x.var(0).sum() / fresh.var(0).sum()).sqrt().item(),
            accuracy=accuracy,
            belief=belief,
            largest=(x.abs().max() / fresh.abs().max()).item(),
        )


def groups(fresh: Tensor) -> Tensor:
    """Centers of ten groups of examples, by k-means."""
    from sklearn.cluster import KMeans

    found = KMeans(GROUPS, n_init=3, random_state=0).fit(fresh.numpy())
    return torch.from_numpy(found.cluster_centers_).float()


def occupied(x: Tensor, centers: Tensor) -> Tensor:
    """The share of points nearest to each center."""
    return torch.bincount(torch.cdist(x, centers).argmin(1), minlength=len(centers)) / len(x)


def _critic(model: Any, x: Tensor, fresh: Tensor) -> tuple[float | None, float | None]:
    networks = model.networks()
    if "critic" not in networks:
        return None, None
    shape = (-1, *model.trained.fitted.layout.model_shape)
    with torch.no_grad():
        real, fake = networks["critic"](fresh.reshape(shape)).flatten(), networks["critic"](x.reshape(shape)).flatten()
    probability = getattr(model.trained.settings.objective, "probability", None)
    return (
        (real.unsqueeze(1) > fake).double().mean().item(),
        None if probability is None else probability(fake).mean().item(),
    )


@dataclass(frozen=True)
class Trained:
    """A run that ended, and all that its truth is judged by.

    Attributes:
        model: fitted.
        source: its data.
        looks: over its second half.
        trouble: the message of the number that was not finite, or None.
        longer: the last look at the same model trained much longer, where the fault is too short a training.
    """

    model: Any
    source: Source
    looks: Sequence[Look]
    trouble: str | None = None
    longer: Look | None = None

    @property
    def tail(self) -> Sequence[Look]:
        """The last looks."""
        return self.looks[-TAIL:]


def broke(run: Trained) -> bool:
    """A number was not finite, or samples or losses left every reasonable range."""
    losses = [abs(row["critic loss"]) for row in run.model.history if "critic loss" in row] if run.model.history else []
    return run.trouble is not None or any(x.largest > 1000 for x in run.tail) or any(x > 1e4 for x in losses[-20:])


def collapsed(run: Trained) -> bool:
    """Most of the law was lost, in samples far narrower than it, while the critic could tell at times."""
    tail = run.tail
    told = any(look.accuracy is None or look.accuracy > 0.65 for look in run.looks)
    return bool(_median(tail, "lost") >= 0.6 and _median(tail, "width") <= 0.5 and told and not strong_critic(run))


def strong_critic(run: Trained) -> bool:
    """The critic was always right and sure of it, and the samples stayed about where they had begun."""
    sure = all((look.accuracy or 0) >= 0.98 and (look.belief or 0) <= 0.02 for look in run.tail)
    return bool(sure and _median(run.tail, "gap") >= 0.6)


def weak_critic(run: Trained) -> bool:
    """The critic was never right, though a nearest-neighbor classifier tells samples easily, and nothing broke."""
    blind = all(look.accuracy is not None and look.accuracy <= 0.65 for look in run.tail)
    x = run.model.sample_model(len(run.source.fresh), seed=SEED)[0].flatten(1)
    return blind and not broke(run) and classifier_two_sample(x, run.source.fresh).accuracy.value >= 0.9


def oscillated(run: Trained) -> bool:
    """The distance to the law rose and fell by half again at least four times, in samples that were not narrow."""
    turns = legs([look.gap for look in run.looks], 1.5)
    return bool(turns >= 4 and _median(run.looks, "width") > 0.5 and _median(run.tail, "gap") > 0.2)


def memorized(run: Trained) -> bool:
    """Samples, no clump, are nearer to training examples than fresh ones are, seldom nearer to as many fresh ones."""
    train, _ = run.model.divided(run.source.data)
    known, fresh = train.batch(torch.arange(len(train))).flatten(1), run.source.fresh
    x = run.model.sample_model(len(fresh), seed=SEED)[0].flatten(1)
    near, usual, other = (
        nearest(points, of).distances.flatten() for points, of in ((x, known), (fresh, known), (x, fresh[: len(known)]))
    )
    copies = near.median() <= 0.75 * usual.median() and (near < other).double().mean() >= 0.8
    return bool(copies and _median(run.tail, "width") >= 0.3)


def too_short(run: Trained) -> bool:
    """The same training, gone on for longer, comes to half of a distance that is large, or less."""
    last = run.looks[-1].gap
    return run.longer is not None and last > 0.25 and run.longer.gap <= last / 2


def well(run: Trained) -> bool:
    """Samples are near the law, miss none of it, are as wide as it, no copies, and steady."""
    tail = run.tail
    near = _median(tail, "gap") <= 0.2 and _median(tail, "lost") <= 0.1 and 0.75 <= _median(tail, "width") <= 1.25
    return bool(near and not memorized(run))


OCCURRED: dict[str, Callable[[Trained], bool]] = {
    "numerical trouble": broke,
    "collapsed": collapsed,
    "critic too strong": strong_critic,
    "critic too weak": weak_critic,
    "oscillating": oscillated,
    "memorizing": memorized,
    "under-trained": too_short,
    "converged": well,
}
"""Of each verdict, whether it is true of a run."""


def _median(looks: Sequence[Look], name: str) -> float:
    return float(np.median([getattr(look, name) for look in looks]))
