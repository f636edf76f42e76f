"""What every family shares: an estimator that fits, samples, scores, saves and loads."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any, ClassVar, Self

from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.data import Dataset, Layout, open_given
from saddle.data import open as open_data
from saddle.families.class_shares import class_shares, shares_in
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices
from saddle.families.member import Member
from saddle.families.observer import Observer, Silent, WithCallback
from saddle.families.run import Run
from saddle.families.run_table import Table, describe_data, new_table, read_layout, read_table, require_family
from saddle.families.scoring import minus_energy_distance
from saddle.families.settings import TrainingSettings, as_table, checked, from_table, settings_here
from saddle.families.warm_start import WarmStart, warm_start
from saddle.training.folder import RunFolder
from saddle.training.history import Row
from saddle.training.lock import alone_in


class Estimator(ABC):
    """A model to fit: a family says how it is built from its settings, everything else is here.

    Attributes:
        family: the family's name in `run.toml`.
        called: what messages call a model of the family, such as "A GAN".
        settings_type: the family's settings.
        rounds: of each fit, or None.
        minutes: limit of each fit in time, or None.
        callback: called as `callback(round, model)` after every round, or None.
    """

    family: ClassVar[str]
    called: ClassVar[str]
    settings_type: ClassVar[type[TrainingSettings]]
    rounds: int | None
    minutes: float | None
    callback: Callable[[int, Any], None] | None = None
    _run: Run | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.settings().items())})"

    def settings(self) -> dict[str, Any]:
        """The constructor's arguments, by name, without the callback."""
        return {name: getattr(self, name) for name in signature(type(self)).parameters if name != "callback"}

    def checked(self) -> TrainingSettings:
        """The settings, checked; raises InputError with the setting, the rule and what was found."""
        return checked(self.settings_type, self.settings(), self.called)

    def table(self) -> Table:
        """The settings as `run.toml` holds them."""
        read = dict(self.checked())
        return as_table({name: read[name] for name in self.settings()}, self.settings_type.kinds)

    @classmethod
    def from_table(cls, table: Table, own: dict[str, Any]) -> Self:
        """An estimator with these settings; what a table cannot hold is taken from `own`."""
        known = [name for name in signature(cls).parameters if name != "callback"]
        return cls(**from_table(table, own, known, cls.called))

    @abstractmethod
    def build(self, layout: Layout, shares: tuple[float, ...] | None) -> Fitted:
        """An untrained model of data of this form, whose classes have these shares.

        Raises:
            InputError: when a setting does not fit the data.
        """

    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        folder: str | Path | None = None,
        observer: Observer | None = None,
        recipe: Table | None = None,
        attachments: dict[str, bytes] | None = None,
        start: "Estimator | WarmStart | str | Path | None" = None,
    ) -> Self:
        """Train, or train on: a second call continues for `rounds` or `minutes` more.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, one per example; they make the model conditional, as labels in `X` do.
            folder: where to keep the run; it must not exist. Without one nothing is written.
            observer: told about progress.
            recipe: what to note in `run.toml` as the recipe.
            attachments: files to keep in the run folder, by name.
            start: a trained model, or the folder of its run, whose networks training begins with; the optimizers begin
                anew. Its parameters must have the shapes of this model's; its objective and its data may differ.

        Raises:
            InputError: when a setting, the data, the folder or the start is not acceptable.
            NonFiniteError: when a number stops being finite.
            KeyboardInterrupt: on Ctrl-C, after the run was saved.
        """
        data = open_given(X, y)
        settings, observer = self.checked(), self._observed(observer)
        if self._run is None:
            found = warm_start(start.trained.as_start() if isinstance(start, Estimator) else start)
            run = self._new_run(data, folder, recipe or {"name": "python"}, found)
            run.begin(attachments or {})
            self._run = run
        else:
            if folder is not None:
                raise InputError("A model that is fitted already goes on where it is kept; leave folder out.")
            if start is not None:
                raise InputError("A model that is fitted already trains on from where it is; leave start out.")
            self._run.go_on(data, self.table(), settings)
        with alone_in(self._run.folder and self._run.folder.path):
            ending = self._run.advance(self._run.plan(), observer)
        if ending == "interrupted":
            raise KeyboardInterrupt
        return self

    @classmethod
    def load(cls, path: str | Path, *, round: int | None = None, like: "Estimator | None" = None) -> Self:
        """A trained model from its run folder, to sample from anywhere, or to train on where its device is.

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
        model = cls._from_folder(folder, like, anywhere=True)
        model.trained.restore(rounds[-1] if round is None else round)
        return model

    @classmethod
    def resume(
        cls,
        path: str | Path,
        data: Any = None,
        *,
        rounds: int | None = None,
        minutes: float | None = None,
        observer: Observer | None = None,
        like: "Estimator | None" = None,
    ) -> Self:
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
        model = cls._from_folder(folder, like)
        run = model.trained
        model.reopen_data(data)
        with alone_in(folder.path):
            folder.clean()
            if folder.rounds():
                run.restore(folder.rounds()[-1])
            run.prepare()
            if rounds is not None or minutes is not None:
                run.aim(rounds, minutes)
            ending = run.advance(run.plan(), model._observed(observer))
        if ending == "interrupted":
            raise KeyboardInterrupt
        return model

    def reopen_data(self, data: Any = None) -> None:
        """Give a loaded model the data it was trained on, to measure it or to train on; those in memory must be given.

        Raises:
            InputError: when they cannot be opened again, or are not what they were.
        """
        self.trained.attach(open_data(self.trained.reopened() if data is None else data))

    def save(self, path: str | Path) -> None:
        """Write the model as a run folder that `load` reads; raises InputError where something of that name exists."""
        self.trained.save(RunFolder(Path(path)))

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

    def sample_with_labels(
        self, n: int = 1, *, y: Any = None, seed: int | None = None, member: int = 0
    ) -> tuple[Any, list[Any] | None]:
        """`sample` together with the label of each sample in the user's own terms, or None without labels."""
        return self.trained.fitted.labeled(*self.sample_model(n, y=y, seed=seed, member=member))

    def sample_model(
        self, n: int, *, y: Any = None, seed: int | None = None, member: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """`sample` in model units, shape (n, ...), with the class indices (n,) or None."""
        return self.trained.fitted.sample(n, y=self._indices(y, n), seed=seed, member=member)

    def walk_model(
        self, n: int, *, y: Any = None, seed: int | None = None, member: int = 0, anchors: int = 4
    ) -> tuple[Tensor, Tensor | None]:
        """Samples along a path between latents, in model units, shape (n, ...), with class indices or None."""
        return self.trained.fitted.walk(n, anchors=anchors, y=self._indices(y, n), seed=seed, member=member)

    def member(self, index: int) -> Member:
        """One member of a population, for whoever measures it."""
        return Member(self.trained.fitted, index)

    def divided(self, data: Any = None, *, member: int = 0) -> tuple[Dataset, Dataset]:
        """What of the data a member learned from, and what was held out; refuses other data."""
        if data is not None or self.trained.dataset is None:
            self.reopen_data(data)
        return self.trained.data(member)

    def score(self, X: Any, y: Any = None, *, member: int = 0) -> float:
        """Minus the energy distance between X and as many samples (at most 10,000), at a fixed seed, in model units.

        Higher is better, 0 on average at equal laws. A conditional model is asked for the labels y, or those of X.
        """
        return minus_energy_distance(self.trained.fitted, open_given(X), y, member)

    @property
    def trained(self) -> Run:
        """The run behind a fitted model.

        Raises:
            InputError: when the model is not fitted.
        """
        if self._run is None:
            raise InputError("This model is not fitted; call fit first.")
        return self._run

    @property
    def history(self) -> list[Row]:
        """What was logged, one row per member and logged round."""
        return self.trained.history

    def networks(self, member: int = 0) -> nn.ModuleDict:
        """One member's trained networks, averaged where the model averages, in evaluation."""
        return self.trained.fitted.networks(member)

    def _indices(self, y: Any, n: int) -> Tensor | None:
        return None if y is None else class_indices(y, n, self.trained.fitted.layout)

    def _observed(self, observer: Observer | None) -> Observer:
        told, observer = self.callback, observer or Silent()
        return observer if told is None else WithCallback(observer, lambda round: told(round, self))

    def _new_run(self, data: Dataset, folder: str | Path | None, recipe: Table, start: WarmStart | None) -> Run:
        settings = self.checked()
        about = describe_data(data, settings.holdout)
        table = new_table(family=self.family, recipe=recipe, data=about, model=self.table())
        fitted = self.build(data.layout, class_shares(data))
        if start is not None:
            start.put_into(fitted.state)  # refuses before anything is written what does not fit
            table["start"] = start.note()
        return Run(settings, fitted, table, RunFolder(Path(folder)) if folder else None, data, start=start)

    @classmethod
    def _from_folder(cls, folder: RunFolder, like: "Estimator | None", *, anywhere: bool = False) -> Self:
        table = read_table(folder.settings)
        require_family(table, cls.family, folder)
        model = cls.from_table((settings_here if anywhere else dict)(table["model"]), like.settings() if like else {})
        record = read_layout(folder, table)
        fitted = model.build(Layout.from_record(record), shares_in(record))
        model._run = Run(model.checked(), fitted, table, folder, began=model.table())
        return model
