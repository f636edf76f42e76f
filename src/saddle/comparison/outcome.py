"""What became of one recipe: its members' numbers, its curve and some samples, or why it failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from saddle.comparison.entrants import Entrant
from saddle.evaluation import Evaluation, evaluate
from saddle.evaluation.choice import Own
from saddle.evaluation.comparing import Measured, Scores
from saddle.evaluation.features import Features
from saddle.families import Estimator
from saddle.reports.comparison_contents import RecipeContents
from saddle.reports.of_run import SEED, SHOWN, cost_text, settings_text
from saddle.training.folder import RunFolder
from saddle.training.history import Row, read_rows

MAIN = "energy_distance"
DISTANCE = "energy distance"
KEPT = ("round", "member", "seconds", DISTANCE, f"{DISTANCE} error")
Wanted = str | Own | Sequence[str | Own] | None


@dataclass(frozen=True)
class Outcome:
    """What became of one recipe.

    Attributes:
        shown: what the page shows of it.
        settings: of the model, as `run.toml` holds them.
        evaluations: one per member; none where it failed.
        result: how the training ended, as `run.toml` holds it.
        command: that its run began with; empty where it is not kept.
    """

    shown: RecipeContents
    settings: dict[str, Any]
    evaluations: tuple[Evaluation, ...] = ()
    result: dict[str, Any] = field(default_factory=dict)
    command: str = ""

    @property
    def name(self) -> str:
        """What the comparison calls the recipe."""
        return self.shown.name

    def to_record(self) -> dict[str, Any]:
        """This outcome as JSON values, without the numbers that were measured."""
        return {
            "name": self.name,
            "failure": self.shown.failure,
            "settings": self.settings,
            "result": self.result,
            "history": [{key: row.get(key) for key in KEPT} for row in self.shown.history if DISTANCE in row],
            "notes": list(dict.fromkeys(note for one in self.evaluations for note in one.notes)),
        }


def measured_outcome(
    entrant: Entrant, model: Estimator, *, n: int, of: Wanted, features: str | Features | None
) -> Outcome:
    """Every member of a trained population measured, member s with samples of seed s.

    Args:
        entrant: the recipe.
        model: its population, with the data at hand.
        n: samples of each member.
        of: see `evaluate`; the energy distance is always among them.
        features: see `evaluate`.
    """
    run = model.trained
    evaluations = tuple(
        # With one seed for all, members would be measured with the same latents, and the mean over them would share
        # the error that comes of these few.
        evaluate(model, n=n, seed=seed, member=member, of=with_main(of), features=features, classes=False)
        for member, seed in enumerate(run.fitted.state.seeds)
    )
    x, y = model.sample_model(SHOWN[run.fitted.layout.kind], seed=SEED)
    layout = run.fitted.layout
    shown = RecipeContents(
        name=entrant.name,
        history=tuple(run.history),
        samples=layout.own(x, y),
        sample_labels=None if y is None else tuple(layout.labels(y)),
        settings=settings_text(run.table),
        cost=cost_text(run),
    )
    command = run.table["made"]["command"] if run.folder else ""
    return Outcome(shown, run.table["model"], evaluations, run.table.get("result", {}), command)


def failed_outcome(entrant: Entrant, failure: str) -> Outcome:
    """A recipe whose training failed, with the history until then."""
    table = entrant.model.table()
    shown = RecipeContents(entrant.name, failure, _history(entrant), settings=settings_text({"model": table}))
    return Outcome(shown, table)


def _history(entrant: Entrant) -> tuple[Row, ...]:
    if entrant.folder is not None and entrant.folder.exists():
        return tuple(read_rows(RunFolder(entrant.folder).history))
    return tuple(entrant.model.history)


def with_main(of: Wanted) -> Wanted:
    """The measures that are asked for, the energy distance before them."""
    if of is None:
        return None
    words = of.split(",") if isinstance(of, str) else [of] if callable(of) else list(of)
    names = [word.strip().lower().replace("-", "_").replace(" ", "_") for word in words if isinstance(word, str)]
    return words if MAIN in names or "all" in names else [MAIN, *words]


def measured(outcomes: Sequence[Outcome]) -> tuple[Measured, ...]:
    """Every measure, with the scores of all recipes that have it at each of their members."""
    found: dict[str, Measured] = {}
    for outcome in outcomes:
        for first in outcome.evaluations[0].rows if outcome.evaluations else ():
            scores = _scores(outcome.evaluations, first.name)
            if scores is None:
                continue
            others = found[first.name].scores if first.name in found else {}
            found[first.name] = Measured(first.name, first.better, first.against, {**others, outcome.name: scores})
    return tuple(found.values())


def _scores(evaluations: Sequence[Evaluation], name: str) -> Scores | None:
    rows = [row for one in evaluations for row in one.rows if row.name == name]
    if len(rows) != len(evaluations):
        return None
    references = tuple(float("nan") if row.reference is None else row.reference.value for row in rows)
    return Scores(tuple(row.value.value for row in rows), references)


def data_shown(model: Estimator) -> tuple[Any, tuple[Any, ...] | None]:
    """Held-out examples of the first member in their own units, and their labels."""
    _, held_out = model.divided()
    chosen = torch.arange(min(len(held_out), SHOWN[held_out.kind]))
    y = held_out.labels_of(chosen)
    return held_out.own(held_out.batch(chosen), y), None if y is None else tuple(held_out.layout.labels(y))
