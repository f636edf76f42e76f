"""A run: a model in training with its data, its plan and, where it has one, its folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from saddle.core.errors import InputError, NonFiniteError
from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.families.cadence import cost_of, further, make_plan, require_ahead, resolve
from saddle.families.fitted import Fitted
from saddle.families.holdout import require_measurable
from saddle.families.observer import Observer
from saddle.families.run_files import create_run_folder, keep_state, require_free
from saddle.families.run_table import Table, configuration_hash, require_repeatable, write_table
from saddle.families.settings import TrainingSettings
from saddle.families.warm_start import WarmStart, from_state, kept, split_seed
from saddle.families.watching import Watching
from saddle.training.checkpoint import read_checkpoint, restore
from saddle.training.feed import Feed
from saddle.training.folder import RunFolder
from saddle.training.from_data import begin, settle
from saddle.training.history import Row, append_rows, read_rows
from saddle.training.loop import Ending, Plan, Watcher, run_rounds
from saddle.training.ways.functions import Functions
from saddle.training.ways.planning import so_many_threads


@dataclass
class Run:
    """One training.

    Attributes:
        settings: of the model.
        fitted: the model as it stands.
        table: the content of `run.toml`.
        folder: where it is kept, or None.
        dataset: all data, split for each member by its own seed; None until they are attached.
        history: the rows logged so far.
        seconds: spent in training so far.
        start: the trained networks it begins with, or None; those of a run that was loaded are in its folder.
        began: the settings in `table` with those that an earlier saddle did not know, or None where it has all.
    """

    settings: TrainingSettings
    fitted: Fitted
    table: Table
    folder: RunFolder | None = None
    dataset: Dataset | None = None
    history: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    start: WarmStart | None = None
    began: Table | None = None
    _settled: int = -1
    _watching: Watching | None = None
    _functions: Functions = field(default_factory=dict)

    def begin(self, attachments: Mapping[str, bytes]) -> None:
        """Choose by timing what is still open, then write the run's folder, before anything is trained.

        Args:
            attachments: further files to keep in the folder, by name.

        Raises:
            InputError: when something of the folder's name exists, or too few examples are held out to measure against.
        """
        assert self.dataset is not None
        require_measurable(self.dataset, self.settings.holdout)
        if self.folder is not None:
            require_free(self.folder.path)
        self.prepare()
        if self.folder is not None:
            create_run_folder(self.folder, self.fitted, self.table, {**attachments, **self._start_file()})

    def attach(self, data: Dataset) -> None:
        """Give the run its data.

        Raises:
            InputError: when they are not the data the run began with.
        """
        if not self.knows(data):
            began = f"those the run began with ({self.table['data']['name']}): their content differs"
            raise InputError(f"The data {data.name} are not {began}; other data need a new model.")
        self.dataset = data

    def knows(self, data: Dataset) -> bool:
        """Whether these are the data the run began with."""
        return data.fingerprint() == self.table["data"]["fingerprint"]

    def reopened(self) -> Dataset:
        """The run's data, opened again where `run.toml` says they are.

        Raises:
            InputError: when it does not say, or they are not there.
        """
        found = self.table["data"]
        if "reopen" not in found:
            raise InputError(
                f"The data of this run ({found['name']}) were given in memory; give them again from Python."
            )
        try:
            return open_data(**found["reopen"])
        except InputError as error:
            where = "[data.reopen] in run.toml says where the data of the run are"
            raise InputError(f"{str(error).rstrip('.')}; {where}.") from None

    def require_same_model(self, model: Table) -> None:
        """Refuse settings other than those the run began with; its length may differ.

        Raises:
            InputError: naming the first setting that differs.
        """
        began = self.table["model"] if self.began is None else self.began
        for name in sorted((began.keys() | model.keys()) - {"rounds", "minutes"}):
            if began.get(name) != model.get(name):
                raise InputError(
                    f"A fitted model trains on with the settings it began with, and {name} is now {model.get(name)!r} "
                    f"instead of {began.get(name)!r}; make a new model to train with other settings."
                )

    def data(self, member: int = 0) -> tuple[Dataset, Dataset]:
        """What a member learns from, and what it is measured against: the split of its own seed.

        Raises:
            InputError: when the model was loaded without data, or there is no such member.
        """
        if self.dataset is None:
            raise InputError("This model was loaded without its data; give them to fit or reopen_data first.")
        return self.dataset.split(self.settings.holdout, seed=self._split(member))

    def prepare(self) -> None:
        """Choose by timing what is still open.

        Raises:
            InputError: when the run was begun by an earlier saddle, or on another device, with other numbers.
        """
        require_repeatable(self.table, self.fitted.state.device)
        if "resolved" not in self.table:
            found = resolve(self.settings, self.fitted.problem, self.fitted.state, self._feed())
            self.table["resolved"], self._functions = found

    def go_on(self, data: Dataset, model: Table, settings: TrainingSettings) -> None:
        """Make ready to train on for as long again.

        Args:
            data: those the run began with.
            model: the settings as `run.toml` holds them, which may differ in the run's length alone.
            settings: with that length.

        Raises:
            InputError: when data or settings are others.
        """
        self.require_same_model(model)
        self.attach(data)
        self.prepare()
        self.aim(*further(settings, self.fitted.state.round, self.seconds))

    def aim(self, rounds: int | None, minutes: float | None) -> None:
        """Give the run another end, and note it, so that whoever resumes it later aims at the same.

        Args:
            rounds: counted from the beginning of the run, or None.
            minutes: likewise.

        Raises:
            InputError: when a limit is no positive number, that many rounds are past, or rates are zero before them.
        """
        require_ahead(self.fitted.problem, rounds, minutes, done=self.fitted.state.round)
        limits = {"rounds": rounds, "minutes": minutes}
        model = {key: value for key, value in self.table["model"].items() if key not in limits}
        self.table["model"] = {key: value for key, value in limits.items() if value is not None} | model
        if self.folder is not None:
            write_table(self.folder.settings, self.table)

    def plan(self) -> Plan:
        """Where the run ends, and when it logs and saves."""
        model = self.table["model"]
        return make_plan(self.table["resolved"], model.get("rounds"), model.get("minutes"))

    def advance(self, plan: Plan, observer: Observer) -> Ending:
        """Train to the end of a plan; an interrupted run is saved and says so by what it returns.

        Raises:
            NonFiniteError: when a loss or a parameter is not finite; the last good checkpoint stays.
        """
        problem, state = self.fitted.problem, self.fitted.state
        cost = cost_of(self.table, state, self._functions)
        observer.planned(cost, plan, state.round)
        watcher = Watcher(
            log=lambda rows: self._log(rows, observer),
            save=lambda seconds: self._save(seconds, observer),
            watch=self._watch,
            tick=observer.ticked,
        )
        with so_many_threads(cost.threads):
            if state.round == 0:
                begin(problem, state, self._feed())
                if found := self._found_start():
                    found.put_into(state)
                self._log(self._first_rows(), observer)
                self._save(0.0, observer)
            try:
                ending = run_rounds(problem, state, self._feed(), plan, watcher, cost, spent=self.seconds)
            except NonFiniteError as error:
                self._conclude("not finite", trouble=str(error))
                raise
        self._conclude(ending)
        return ending

    def restore(self, round: int) -> None:
        """Go to a checkpoint of this run's folder.

        Raises:
            InputError: when it is missing, damaged, or was written under another configuration.
        """
        assert self.folder is not None
        saved = read_checkpoint(self.folder.checkpoints, round)
        if saved.configuration != configuration_hash(self.table):
            raise InputError(
                f"{self.folder.settings} was changed after the run began, and its checkpoints belong to the old "
                "settings; start a new run with the new ones."
            )
        restore(self.fitted.state, saved)
        self.seconds = saved.seconds
        self.history = [row for row in read_rows(self.folder.history) if row["round"] <= round]

    def as_start(self) -> WarmStart:
        """Its networks as they stand, for another run to begin with."""
        return from_state(self.fitted.state, str(self.folder.path) if self.folder else "a model", self.table)

    def _found_start(self) -> WarmStart | None:
        if self.start is None and "start" in self.table and self.folder is not None:
            return kept(self.folder.path, self.table["start"])
        return self.start

    def _start_file(self) -> dict[str, bytes]:
        start = self._found_start()
        return {} if start is None else {self.table["start"]["file"]: start.content()}

    def _split(self, member: int) -> int:
        return split_seed(self.table, member, self.fitted.seed(member))

    def _feed(self) -> Feed:
        assert self.dataset is not None
        state, share = self.fitted.state, self.settings.holdout
        splits = {seed: self._split(member) for member, seed in enumerate(state.seeds)}
        rows = {s: torch.from_numpy(self.dataset.split_indices(share, seed=of)[0]) for s, of in splits.items()}
        first = next(iter(state.params.values()))
        labeled = self.fitted.shares is not None
        return Feed(self.dataset, rows, self.settings.batch, device=first.device, dtype=first.dtype, labeled=labeled)

    def _first_rows(self) -> list[Row]:
        return [{"round": 0, "member": i, "seconds": 0.0} | row for i, row in enumerate(self._watch())]

    def _watch(self) -> list[dict[str, float]]:
        self._settle()
        if self._watching is None:
            self._watching = Watching(self.fitted, self.data)
        return self._watching.rows()

    def _log(self, rows: list[Row], observer: Observer) -> None:
        self.history += rows
        if self.folder is not None:
            append_rows(self.folder.history, rows)
        observer.logged(rows)

    def _save(self, seconds: float, observer: Observer) -> None:
        self.seconds = seconds
        self._settle()
        if self.folder is not None:
            observer.saved(keep_state(self.folder, self.fitted, self.table, seconds))

    def _settle(self) -> None:
        """Bring what only sampling reads up to date, once a round."""
        if self._settled != self.fitted.state.round:
            settle(self.fitted.problem, self.fitted.state, self._feed())
            self._settled = self.fitted.state.round

    def save(self, folder: RunFolder) -> None:
        """Write the run as it stands into a new folder.

        Raises:
            InputError: when something of its name exists.
        """
        create_run_folder(folder, self.fitted, self.table, self._start_file())
        append_rows(folder.history, self.history)
        keep_state(folder, self.fitted, self.table, self.seconds)

    def _conclude(self, ending: str, **more: str) -> None:
        self.table["result"] = {
            "ending": ending,
            **more,
            "rounds": self.fitted.state.round,
            "seconds": round(self.seconds, 1),
            "parameters_sha256": self.fitted.state.digest(),
        }
        if self.folder is not None:
            write_table(self.folder.settings, self.table)
