"""A run: a model in training with its data, its plan and, where it has one, its folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import torch
from torch import Tensor

from saddle.core.errors import InputError, NonFiniteError
from saddle.core.files import write_bytes, write_directory, write_record
from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.families.cadence import cost_of, resolve
from saddle.families.fitted import Fitted
from saddle.families.holdout import require_measurable
from saddle.families.observer import Observer, Silent
from saddle.families.run_table import Table, configuration_hash, write_table
from saddle.families.sample_record import sample_bytes
from saddle.families.settings import Settings
from saddle.measures import energy_distance
from saddle.training.checkpoint import checkpoint_name, read_checkpoint, restore, save_checkpoint
from saddle.training.feed import Feed
from saddle.training.folder import RunFolder
from saddle.training.history import Row, append_rows, read_rows
from saddle.training.loop import Ending, Plan, Watcher, run_rounds

WATCHED = 1000
KEPT_SAMPLES = 64


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
    """

    settings: Settings
    fitted: Fitted
    table: Table
    folder: RunFolder | None = None
    dataset: Dataset | None = None
    history: list[Row] = field(default_factory=list)
    seconds: float = 0.0

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
            self._require_free(self.folder.path)
        self.prepare()
        if self.folder is not None:
            self.create_folder(self.folder, attachments)

    def create_folder(self, folder: RunFolder, attachments: Mapping[str, bytes]) -> None:
        """Make the run's folder appear whole, so that a folder that is there can be resumed.

        Raises:
            InputError: when something of that name exists.
        """
        self._require_free(folder.path)

        def fill(path: Path) -> None:
            new = RunFolder(path)
            for name, content in attachments.items():
                write_bytes(path / name, content)
            write_record(new.layout, "layout", 1, {**self.fitted.layout.record(), "shares": self.fitted.shares})
            self.table["data"]["layout_sha256"] = sha256(new.layout.read_bytes()).hexdigest()
            new.samples.mkdir()
            new.checkpoints.mkdir()
            write_table(new.settings, self.table)

        write_directory(folder.path, fill)

    def attach(self, data: Dataset) -> None:
        """Give the run its data.

        Raises:
            InputError: when they are not the data the run began with.
        """
        if data.fingerprint() != self.table["data"]["fingerprint"]:
            name = self.table["data"]["name"]
            raise InputError(f"The data {data.name} are not those the run began with ({name}): their content differs.")
        self.dataset = data

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
        began = self.table["model"]
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
        return self.dataset.split(self.settings.holdout, seed=self.fitted.seed(member))

    def prepare(self) -> None:
        """Choose by timing what is still open."""
        if "resolved" not in self.table:
            self.table["resolved"] = resolve(self.settings, self.fitted.problem, self.fitted.state, self._feed())

    def aim(self, settings: Settings) -> None:
        """Give the run another end, and note it, so that whoever resumes it later aims at the same.

        Raises:
            InputError: when that many rounds are past already.
        """
        done = self.fitted.state.round
        if settings.rounds is not None and settings.rounds < done:
            raise InputError(
                f"rounds counts from the beginning of the run, which has {done} already, and got {settings.rounds}."
            )
        limits = {"rounds": settings.rounds, "minutes": settings.minutes}
        model = {key: value for key, value in self.table["model"].items() if key not in limits}
        self.settings = settings
        self.table["model"] = {key: value for key, value in limits.items() if value is not None} | model
        if self.folder is not None:
            write_table(self.folder.settings, self.table)

    def advance(self, plan: Plan, observer: Observer) -> Ending:
        """Train to the end of a plan; an interrupted run is saved and says so by what it returns.

        Raises:
            NonFiniteError: when a loss or a parameter is not finite; the last good checkpoint stays.
        """
        state = self.fitted.state
        cost = cost_of(self.table["resolved"], len(state.seeds))
        observer.planned(cost, plan, state.round)
        watcher = Watcher(
            log=lambda rows: self._log(rows, observer),
            save=lambda seconds: self._save(seconds, observer),
            watch=self._distances,
            tick=observer.ticked,
        )
        with _threads(cost.threads):
            if state.round == 0:
                self._log(self._first_rows(), observer)
                self._save(0.0, observer)
            ending = run_rounds(self.fitted.problem, state, self._feed(), plan, watcher, spent=self.seconds)
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

    @staticmethod
    def _require_free(path: Path) -> None:
        if path.exists():
            raise InputError(f"{path} exists already, and nothing is overwritten; choose another folder.")

    def _feed(self) -> Feed:
        assert self.dataset is not None
        state, share = self.fitted.state, self.settings.holdout
        rows = {seed: torch.from_numpy(self.dataset.split_indices(share, seed=seed)[0]) for seed in state.seeds}
        first = next(iter(state.params.values()))
        labeled = self.fitted.shares is not None
        return Feed(self.dataset, rows, self.settings.batch, device=first.device, dtype=first.dtype, labeled=labeled)

    def _first_rows(self) -> list[Row]:
        return [{"round": 0, "member": i, "seconds": 0.0} | row for i, row in enumerate(self._distances())]

    def _distances(self) -> list[dict[str, float]]:
        """Each member's energy distance to held-out data, from samples with the same latents every time."""
        rows: list[dict[str, float]] = []
        for member in range(len(self.fitted.state.seeds)):
            x, _ = self.fitted.sample(WATCHED, seed=0, member=member)
            if not bool(torch.isfinite(x).all()):
                who = f" of member {member} (seed {self.fitted.seed(member)})" if self.fitted.state.stacked else ""
                round = self.fitted.state.round
                raise NonFiniteError(f"The generator's samples{who} are not all finite after round {round}.")
            estimate = energy_distance(x.flatten(1), self._watched(member).flatten(1))
            rows.append({"energy distance": estimate.value, "energy distance error": estimate.error or 0.0})
        return rows

    def _watched(self, member: int) -> Tensor:
        """Up to 1,000 of a member's held-out examples, in model units."""
        _, held_out = self.data(member)
        order = Stream(self.fitted.seed(member), ("watched",)).numpy().permutation(len(held_out))[:WATCHED]
        return held_out.batch(torch.from_numpy(order))

    def _log(self, rows: list[Row], observer: Observer) -> None:
        self.history += rows
        if self.folder is not None:
            append_rows(self.folder.history, rows)
        observer.logged(rows)

    def _save(self, seconds: float, observer: Observer) -> None:
        self.seconds = seconds
        if self.folder is None:
            return
        name = f"{checkpoint_name(self.fitted.state.round)}.npz"
        if not (self.folder.samples / name).exists():
            write_bytes(self.folder.samples / name, sample_bytes(self.fitted, KEPT_SAMPLES))
        observer.saved(self._checkpoint(self.folder))

    def keep(self) -> None:
        """Write history, samples and the state as it stands into a new folder."""
        assert self.folder is not None
        append_rows(self.folder.history, self.history)
        self._save(self.seconds, Silent())

    def _checkpoint(self, folder: RunFolder) -> Path:
        return save_checkpoint(
            folder.checkpoints,
            self.fitted.state,
            seconds=self.seconds,
            configuration=configuration_hash(self.table),
        )

    def _conclude(self, ending: Ending) -> None:
        self.table["result"] = {
            "ending": ending,
            "rounds": self.fitted.state.round,
            "seconds": round(self.seconds, 1),
            "parameters_sha256": self.fitted.state.digest(),
        }
        if self.folder is not None:
            write_table(self.folder.settings, self.table)


def class_shares(data: Dataset) -> tuple[float, ...] | None:
    """The share of each class in the data, or None where they have no labels."""
    labels = data.labels_of(torch.arange(len(data)))
    if labels is None:
        return None
    counts = torch.bincount(labels, minlength=len(data.classes or ()))
    return tuple((counts / counts.sum()).tolist())


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
