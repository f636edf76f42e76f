"""The comparison of recipes, from their names to the result."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from saddle.comparison.entrants import Entrant, Recipes, find_entrants
from saddle.comparison.kept import require_place
from saddle.comparison.outcome import Outcome, Wanted, data_shown, failed_outcome, measured, measured_outcome
from saddle.comparison.result import NUMBERS, PAGE, Comparison
from saddle.comparison.training import trained
from saddle.comparison.watching import Silent, Watching
from saddle.core.errors import InputError, NonFiniteError
from saddle.core.whole_numbers import whole
from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.evaluation.choice import chosen
from saddle.evaluation.comparing import differences, statements, unranked
from saddle.evaluation.comparing.wording import listed
from saddle.evaluation.features import Features
from saddle.families.run_table import describe_data
from saddle.reports.comparison_contents import ComparisonContents


def compare(
    data: Any,
    recipes: Recipes,
    *,
    seeds: int = 8,
    rounds: int | None = None,
    minutes: float | None = None,
    settings: Mapping[str, Any] | None = None,
    device: str | None = None,
    out: str | Path | None = None,
    n: int = 1000,
    of: Wanted = None,
    features: str | Features | None = None,
    watching: Watching | None = None,
) -> Comparison:
    """Train recipes on the same data and seeds, measure them alike, and say which differences are larger than chance.

    Each recipe is trained as one population. Member s of every recipe has the same held-out data, which differences
    are taken over; `saddle.evaluation.comparing` says how they are tested.

    Args:
        data: anything that `saddle.open` takes.
        recipes: at least two: names, `my_file.py:my_recipe` or functions of a layout; or by names of one's own.
        seeds: of each recipe, at least 1; from one or two, nothing is said about chance.
        rounds: for every recipe; without, each trains as long as it says itself.
        minutes: of training for every recipe, all its seeds together.
        settings: changed in every recipe, as nested tables, like `--set`.
        device: where to compute.
        out: a folder for the runs, the page and the record; finished runs that are there are not trained again, and
            interrupted ones go on. One of another comparison is refused. Without a folder nothing is written.
        n: samples of each member that are measured.
        of: names of measures; by default those that suit the data. The energy distance is always among them.
        features: in what to compare pictures; see `saddle.evaluate`.
        watching: told about progress.

    Raises:
        InputError: when data, a recipe, a setting or the folder is not acceptable; then nothing was trained.
        KeyboardInterrupt: on Ctrl-C, after the run in training was saved.
    """
    opened, place = open_data(data), None if out is None else Path(out)
    changes = _changes(whole("seeds", seeds, least=1), rounds, minutes, settings, device)
    if whole("n", n) < 10:
        raise InputError(f"n must be at least 10; found {n}.")
    chosen(of, opened, features=features is not None and features != "pixels")  # refuses before anything is trained
    entrants = find_entrants(recipes, opened, changes, place)
    if place is not None:
        require_place(place, entrants, opened)
    watching = watching or Silent()
    watching.begins()
    outcomes, shown = [], (None, None)
    for entrant in entrants:
        outcome, data_of = _outcome(entrant, opened, watching, n=n, of=of, features=features)
        outcomes.append(outcome)
        shown = data_of or shown
    result = _result(opened, entrants, outcomes, shown)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
        result.save(place / NUMBERS)
        result.report(place / PAGE)
    return result


def _outcome(
    entrant: Entrant, data: Dataset, watching: Watching, *, n: int, of: Wanted, features: str | Features | None
) -> tuple[Outcome, tuple[Any, Any] | None]:
    """What became of a recipe, and held-out data to show beside it; the model is let go of."""
    try:
        model = trained(entrant, data, watching)
    except NonFiniteError as error:
        watching.failed(entrant.name, str(error))
        return failed_outcome(entrant, str(error)), None
    with watching.measuring(entrant.name):
        return measured_outcome(entrant, model, n=n, of=of, features=features), data_shown(model)


def _result(
    data: Dataset, entrants: Sequence[Entrant], outcomes: Sequence[Outcome], shown: tuple[Any, Any]
) -> Comparison:
    found = measured(outcomes)
    settings = entrants[0].model.checked()
    apart = differences(found)
    columns = data.layout.columns
    contents = ComparisonContents(
        title=f"{listed([one.name for one in entrants])} on {data.name}",
        kind=data.kind,
        data=shown[0],
        seeds=settings.seeds,
        recipes=tuple(one.shown for one in outcomes),
        measured=found,
        differences=apart,
        statements=statements(apart, settings.seeds),
        data_labels=shown[1],
        columns=None if columns is None else tuple(str(column.name) for column in columns),
        repeat=tuple(dict.fromkeys(one.command for one in outcomes if one.command)),
        notes=(*unranked(found), *_notes(outcomes)),
    )
    return Comparison(tuple(outcomes), contents, describe_data(data, settings.holdout))


def _notes(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """What evaluations say of themselves, each once."""
    return tuple(dict.fromkeys(note for one in outcomes for each in one.evaluations for note in each.notes))


def _changes(
    seeds: int,
    rounds: int | None,
    minutes: float | None,
    settings: Mapping[str, Any] | None,
    device: str | None,
) -> dict[str, Any]:
    """The settings that are changed in every recipe."""
    changes = dict(settings or {})
    given = {"seeds": seeds, "rounds": rounds, "minutes": minutes, "device": device}
    given = {key: value for key, value in given.items() if value is not None}
    for key in given:
        if key in changes:
            raise InputError(f"{key} is set twice, as {given[key]} and in the settings; leave one of them out.")
    if "rounds" in given or "minutes" in given:  # these replace the limits of the recipes
        changes = {"rounds": None, "minutes": None} | changes
    return changes | given
