"""The GAN estimator: `fit`, `sample`, `score`, `save`, `load`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.files import read_record
from saddle.data import Dataset, Layout
from saddle.data import open as open_data
from saddle.families.adversarial import Game
from saddle.families.architectures import critic_factory, generator_factory
from saddle.families.cadence import make_plan
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices
from saddle.families.latent import Latent, Normal
from saddle.families.observer import Observer, Silent, WithCallback
from saddle.families.run import Run, class_shares
from saddle.families.run_table import Table, describe_data, new_table, read_table
from saddle.families.settings import Settings, as_table, checked, find_device, from_table
from saddle.measures import energy_distance
from saddle.networks import Architecture
from saddle.objectives import Objective
from saddle.regularizers import Regularizer
from saddle.training.folder import RunFolder
from saddle.training.history import Row
from saddle.training.optimizers import Adam, OptimizerSpec
from saddle.training.state import start

Network = Architecture | nn.Module | Callable[[], nn.Module]
SCORED = 10_000


class GAN:
    """A generative adversarial network: a generator and a critic trained against each other (Algorithm 1).

    The constructor stores its arguments, `fit` checks them. Names such as "wasserstein" or tables such as
    `{"kind": "least-squares", "c": 0}` stand for the values of `saddle.objectives`, `saddle.regularizers`,
    `saddle.networks` and `saddle.training`.

    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, arXiv 1406.2661.

    Args:
        objective: what both players minimize; a value with methods `critic(real, fake)` and `generator(real, fake)`.
        regularizers: any number of values with a method `penalty`, `perturb` or `project`.
        generator: an architecture, a module or a function that returns one; None takes convolutions for pictures and
            a multilayer perceptron otherwise. Called as `generator(z)`, or `generator(z, y)` with labels.
        critic: likewise; called as `critic(x)` or `critic(x, y)`, with scores (n,) or (n, 1).
        latent: the law of the generator's input, or a number of normal dimensions.
        critic_updates: updates of the critic per round, the k of Algorithm 1.
        batch: examples per update.
        generator_optimizer: moves the generator.
        critic_optimizer: moves the critic.
        average: decay of the moving average of the generator that samples come from; 0 keeps none.
        rounds: rounds of each `fit`; None stands for 5,000, or for no limit where `minutes` is given.
        minutes: limit of each `fit` in time; the rounds reached are recorded, so that the run can be repeated.
        holdout: the share of the data that is held out and measured against.
        seed: of the start, the data's order, the noise and the split.
        seeds: how many members with seeds `seed`, `seed` + 1, ... are trained at once as a population.
        device: "auto", "cpu", "cuda" or any other that torch knows.
        precision: "float32" or "float64".
        threads: CPU threads, or None to choose by measurement.
        callback: called as `callback(round, gan)` after every round.

    Example:
        >>> gan = GAN(objective="wasserstein", regularizers=["gradient-penalty"], critic_updates=5, rounds=2)
        >>> gan.fit("ring").sample(3, seed=0).shape
        (3, 2)
    """

    def __init__(
        self,
        *,
        objective: str | Objective | dict[str, Any] = "non-saturating",
        regularizers: Sequence[str | Regularizer | dict[str, Any]] = (),
        generator: Network | str | dict[str, Any] | None = None,
        critic: Network | str | dict[str, Any] | None = None,
        latent: Latent | int | dict[str, Any] = Normal(64),  # noqa: B008 - a frozen value
        critic_updates: int = 1,
        batch: int = 64,
        generator_optimizer: OptimizerSpec | str | dict[str, Any] = Adam(),  # noqa: B008 - a frozen value
        critic_optimizer: OptimizerSpec | str | dict[str, Any] = Adam(),  # noqa: B008 - a frozen value
        average: float = 0.999,
        rounds: int | None = None,
        minutes: float | None = None,
        holdout: float = 0.1,
        seed: int = 0,
        seeds: int = 1,
        device: str = "auto",
        precision: Literal["float32", "float64"] = "float32",
        threads: int | None = None,
        callback: Callable[[int, "GAN"], None] | None = None,
    ) -> None:
        self.objective = objective
        self.regularizers = regularizers
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.critic_updates = critic_updates
        self.batch = batch
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer
        self.average = average
        self.rounds = rounds
        self.minutes = minutes
        self.holdout = holdout
        self.seed = seed
        self.seeds = seeds
        self.device = device
        self.precision = precision
        self.threads = threads
        self.callback = callback
        self._run: Run | None = None

    def __repr__(self) -> str:
        return f"GAN({', '.join(f'{name}={value!r}' for name, value in self.settings().items())})"

    def settings(self) -> dict[str, Any]:
        """The constructor's arguments, by name, without the callback."""
        return {name: getattr(self, name) for name in Settings.model_fields}

    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        folder: str | Path | None = None,
        observer: Observer | None = None,
        recipe: Table | None = None,
        attachments: dict[str, bytes] | None = None,
    ) -> Self:
        """Train, or train on: a second call continues for `rounds` or `minutes` more.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, one per example; they make the model conditional, as labels in `X` do.
            folder: where to keep the run; it must not exist. Without one nothing is written.
            observer: told about progress.
            recipe: what to note in `run.toml` as the recipe.
            attachments: files to keep in the run folder, by name.

        Raises:
            InputError: when a setting, the data or the folder is not acceptable.
            NonFiniteError: when a number stops being finite.
            KeyboardInterrupt: on Ctrl-C, after the run was saved.
        """
        data = open_data(X, y=y) if y is not None else open_data(X)
        settings = checked(self.settings())
        observer = self._observed(observer)
        if self._run is None:
            run = self._new_run(data, folder, recipe or {"name": "python"})
            run.begin(attachments or {})
            self._run = run
            done, spent = 0, 0.0
        else:
            if folder is not None:
                raise InputError("A model that is fitted already goes on where it is kept; leave folder out.")
            self._run.attach(data)
            self._run.prepare()
            done, spent = self._run.fitted.state.round, self._run.seconds
        plan = make_plan(self._run.table["resolved"], settings.rounds, settings.minutes, done=done, spent=spent)
        if self._run.advance(plan, observer) == "interrupted":
            raise KeyboardInterrupt
        return self

    @classmethod
    def load(cls, path: str | Path, *, round: int | None = None, like: "GAN | None" = None) -> "GAN":
        """A trained model from its run folder, to sample from or to train on.

        Args:
            path: the run folder, or a folder that `save` wrote.
            round: an earlier checkpoint; None takes the last.
            like: supplies what `run.toml` cannot hold, such as networks of the user's own.

        Raises:
            InputError: when the folder or the checkpoint is missing or damaged.
        """
        folder = RunFolder.opened(path)
        rounds = folder.rounds()
        if not rounds:
            raise InputError(f"{path} has no checkpoint yet.")
        if round is not None and round not in rounds:
            raise InputError(f"{path} has no checkpoint of round {round}; it has {', '.join(map(str, rounds))}.")
        gan = cls._from_folder(folder, like)
        gan.trained.restore(rounds[-1] if round is None else round)
        return gan

    @classmethod
    def resume(
        cls,
        path: str | Path,
        data: Any = None,
        *,
        rounds: int | None = None,
        minutes: float | None = None,
        observer: Observer | None = None,
        like: "GAN | None" = None,
    ) -> "GAN":
        """Go on with a run that was stopped, from its last checkpoint to its end, as if it had never stopped.

        Args:
            path: the run folder.
            data: the data, where they were given in memory and so cannot be opened again.
            rounds: a new end, counted from the beginning of the run and noted there; None keeps the planned one.
            minutes: likewise in time.
            observer: told about progress.
            like: supplies what `run.toml` cannot hold, such as an objective of the user's own.

        Raises:
            InputError: when the folder, its configuration or the data are not what they were.
            NonFiniteError: when a number stops being finite.
            KeyboardInterrupt: on Ctrl-C, after the run was saved.
        """
        folder = RunFolder.opened(path)
        gan = cls._from_folder(folder, like)
        run = gan.trained
        gan.reopen_data(data)
        folder.clean()
        if folder.rounds():
            run.restore(folder.rounds()[-1])
        run.prepare()
        if rounds is not None or minutes is not None:
            gan.rounds, gan.minutes = rounds, minutes
            run.aim(checked(gan.settings()))
        plan = make_plan(run.table["resolved"], gan.rounds, gan.minutes)
        if run.advance(plan, gan._observed(observer)) == "interrupted":
            raise KeyboardInterrupt
        return gan

    def reopen_data(self, data: Any = None) -> None:
        """Give a loaded model the data it was trained on, to measure it or to train on.

        Args:
            data: the data, where they were given in memory and so cannot be opened again.

        Raises:
            InputError: when they cannot be opened, or are not what they were.
        """
        run = self.trained
        if data is None:
            reopen = run.table["data"].get("reopen")
            if reopen is None:
                name = run.table["data"]["name"]
                raise InputError(f"The data of this run ({name}) were given in memory; give them again from Python.")
            data = open_data(**reopen)
        run.attach(open_data(data))

    def save(self, path: str | Path) -> None:
        """Write the model as a run folder that `load` reads.

        Raises:
            InputError: when the model is not fitted, or something of that name exists.
        """
        run = self.trained
        folder = RunFolder(Path(path))
        copy = replace(run, folder=folder)
        copy.create_folder(folder, {})
        copy.keep()

    def sample(self, n: int = 1, *, y: Any = None, seed: int | None = None, member: int = 0) -> Any:
        """Draw examples, in the data's own units and container.

        Args:
            n: how many.
            y: for a conditional model: one label for all or one for each, in the user's own terms; without it, labels
                come as often as in the data.
            seed: with a seed, sample i is always the same, whatever n; without, every call differs.
            member: which member of a population.

        Returns:
            What the data were: an array (n, ...), a tensor, or a data frame with the original columns.

        Raises:
            InputError: when the model is not fitted, or an argument is out of range.
        """
        return self.trained.fitted.own(*self.sample_model(n, y=y, seed=seed, member=member))

    def sample_model(
        self, n: int, *, y: Any = None, seed: int | None = None, member: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """`sample` in model units, shape (n, ...), with the class indices (n,) or None."""
        fitted = self.trained.fitted
        indices = None if y is None else class_indices(y, n, fitted.layout)
        return fitted.sample(n, y=indices, seed=seed, member=member)

    def walk_model(
        self, n: int, *, y: Any = None, seed: int | None = None, member: int = 0, anchors: int = 4
    ) -> tuple[Tensor, Tensor | None]:
        """Samples along a path between latents, in model units, shape (n, ...), with class indices or None."""
        fitted = self.trained.fitted
        indices = None if y is None else class_indices(y, n, fitted.layout)
        return fitted.walk(n, anchors=anchors, y=indices, seed=seed, member=member)

    def member(self, index: int) -> "Member":
        """One member of a population, for whoever measures it."""
        return Member(self, index)

    def score(self, X: Any, *, member: int = 0) -> float:
        """Minus the energy distance between X and as many samples (at most 10,000), at a fixed seed.

        In model units: standardized points and columns, pixels in [-1, 1]. Higher is better; a perfect model scores
        about zero, on either side, since the estimate is unbiased.
        """
        data = open_data(X)
        if data.model_shape != self.trained.fitted.layout.model_shape:
            wanted, found = self.trained.fitted.layout.model_shape, data.model_shape
            raise InputError(f"X has examples of shape {found} in model units; the model makes {wanted}.")
        count = min(len(data), SCORED)
        own = self.trained.fitted.layout.transform.encode(data.take(range(count))).float()
        x, _ = self.sample_model(count, seed=0, member=member)
        return -energy_distance(x.flatten(1), own.flatten(1)).value

    @property
    def trained(self) -> Run:
        """The run behind a fitted model.

        Raises:
            InputError: when the model is not fitted.
        """
        if self._run is None:
            raise InputError("This GAN is not fitted; call fit first.")
        return self._run

    @property
    def history(self) -> list[Row]:
        """What was logged, one row per member and logged round."""
        return self.trained.history

    def networks(self, member: int = 0) -> nn.ModuleDict:
        """The trained networks, "generator" (averaged) and "critic", in evaluation."""
        return self.trained.fitted.networks(member)

    def _observed(self, observer: Observer | None) -> Observer:
        observer = observer or Silent()
        callback = self.callback
        return observer if callback is None else WithCallback(observer, lambda round: callback(round, self))

    def _new_run(self, data: Dataset, folder: str | Path | None, recipe: Table) -> Run:
        settings = checked(self.settings())
        fitted = build(settings, data.layout, class_shares(data))
        table = new_table(recipe=recipe, data=describe_data(data, settings.holdout), model=as_table(dict(settings)))
        return Run(settings, fitted, table, RunFolder(Path(folder)) if folder else None, data)

    @classmethod
    def _from_folder(cls, folder: RunFolder, like: "GAN | None") -> "GAN":
        table = read_table(folder.settings)
        gan = cls(**from_table(table["model"], like.settings() if like else {}))
        record = read_record(folder.layout, "layout", 1)
        shares = record.get("shares")
        settings = checked(gan.settings())
        fitted = build(settings, Layout.from_record(record), None if shares is None else tuple(shares))
        gan._run = Run(settings, fitted, table, folder)
        return gan


@dataclass(frozen=True)
class Member:
    """One member of a fitted GAN.

    Attributes:
        gan: the model.
        index: the member.
    """

    gan: GAN
    index: int

    def sample_model(self, n: int, *, y: Any = None, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        """Samples in model units, shape (n, ...), and class indices (n,) or None."""
        return self.gan.sample_model(n, y=y, seed=seed, member=self.index)


def build(settings: Settings, layout: Layout, shares: tuple[float, ...] | None) -> Fitted:
    """An untrained model of data of this form.

    Raises:
        InputError: when a network does not fit the data.
    """
    shape, classes = layout.model_shape, len(shares or ())
    game = Game(
        settings.objective,
        settings.regularizers,
        generator_factory(settings.generator, settings.latent, shape, classes, members=settings.seeds),
        critic_factory(settings.critic, shape, classes, members=settings.seeds),
        settings.latent,
        settings.generator_optimizer,
        settings.critic_optimizer,
        settings.critic_updates,
        settings.batch,
        settings.average,
        shape,
    )
    problem = game.problem()
    seeds = range(settings.seed, settings.seed + settings.seeds)
    dtype: torch.dtype = getattr(torch, settings.precision)
    return Fitted(problem, start(problem, seeds, device=find_device(settings.device), dtype=dtype), layout, shares)
