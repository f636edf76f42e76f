"""What a run's history says, in sentences that carry their numbers."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from saddle.evaluation.rows import Row
from saddle.measures import Estimate
from saddle.training.history import last_of_each

History = Sequence[dict[str, Any]]

DISTANCE = "energy distance"
TAIL = 0.1


class Point(NamedTuple):
    """A measured distance with its error at a round."""

    round: int
    value: float
    error: float


def diagnose(history: Iterable[dict[str, Any]], *, member: int = 0, rows: Sequence[Row] = ()) -> tuple[str, ...]:
    """Sentences on how the run went, by fixed rules, most important first.

    Args:
        history: rows of the run's history, of any members.
        member: the one to speak of.
        rows: measured numbers of the trained model, where there are any.

    Returns:
        No sentence without numbers, so none for an empty history.
    """
    own = tuple(row for row in last_of_each(history) if row.get("member", 0) == member)
    rules: tuple[Callable[[], str | None], ...] = (
        lambda: _beside_real(rows),
        lambda: _progress(own),
        lambda: _still_falling(own),
        lambda: _rebound(own),
        lambda: _balance(own),
        lambda: _modes(rows),
        lambda: _variety(rows),
        lambda: _copies(rows),
    )
    return tuple(sentence for rule in rules if (sentence := rule()) is not None)


def _beside_real(rows: Sequence[Row]) -> str | None:
    row = next((row for row in rows if row.name == DISTANCE and row.reference is not None), None)
    if row is None or row.reference is None or row.value.error is None or row.reference.error is None:
        return None
    numbers = f"energy distance {row.value}, real data {row.reference}"
    if row.value.value - row.reference.value <= 2 * math.hypot(row.value.error, row.reference.error):
        return f"At this number of samples the model cannot be told from real data by distance: {numbers}."
    return f"The samples are measurably apart from real data: {numbers}."


def _progress(history: History) -> str | None:
    points = distances(history)
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    start, end = _text(first), _text(last)
    drop, noise = first.value - last.value, math.hypot(first.error, last.error)
    span = f"from {start} at round {first.round:,} to {end} at round {last.round:,}"
    if abs(drop) <= 2 * noise:
        return f"Nothing was gained beyond chance: the energy distance went {span}."
    if drop < 0:
        return f"The samples grew worse: the energy distance rose {span}."
    return f"The energy distance to held-out data fell {span}."


def _still_falling(history: History) -> str | None:
    """Compare the last fifth of the distances with the fifth before it."""
    points = distances(history)
    size = len(points) // 5
    if size < 2:
        return None
    before, after = _mean(points[-2 * size : -size]), _mean(points[-size:])
    gain, noise = before.value - after.value, math.hypot(before.error, after.error)
    numbers = f"mean {_text(after)} over the last {size} measurements, {_text(before)} over the {size} before"
    if gain > 2 * noise:
        return f"The distance was still falling when the run ended, so longer training should help: {numbers}."
    return f"The distance had stopped falling when the run ended: {numbers}."


def _rebound(history: History) -> str | None:
    points = distances(history)
    if len(points) < 3:
        return None
    best, last = min(points, key=lambda point: point.value), points[-1]
    # The smallest of many noisy numbers is too small by chance, the more so the more there are.
    chance = math.sqrt(2 * math.log(len(points))) * best.error + 2 * math.hypot(best.error, last.error)
    if last.value - best.value <= chance:
        return None
    return (
        f"The run was better before it ended: the energy distance was {_text(best)} at round {best.round:,} and is "
        f"{_text(last)} now; sample that round, or train with a smaller learning rate."
    )


def _balance(history: History) -> str | None:
    real, fake = _tail_mean(history, "D(x)"), _tail_mean(history, "D(G(z))")
    if real is None or fake is None or not (0 <= real <= 1 and 0 <= fake <= 1):
        return None
    right = _tail_mean(history, "accuracy")
    numbers = f"mean D(x) {real:.2f}, mean D(G(z)) {fake:.2f} over the last {TAIL:.0%} of the history"
    numbers += "" if right is None else f", right in {right:.0%} of cases"
    if real > 0.95 and fake < 0.05:
        return f"The critic wins and leaves the generator little to learn from: {numbers}; a gradient penalty helps."
    # A penalty can keep the two means together in a critic that is still right nearly always.
    if abs(real - fake) < 0.05 and (right is None or right < 0.6):
        return f"The critic cannot tell samples from data, or has stopped trying: {numbers}."
    return f"Neither player overpowers the other: {numbers}."


def _modes(rows: Sequence[Row]) -> str | None:
    row = next((row for row in rows if row.name.startswith("modes found")), None)
    if row is None or row.reference is None:
        return None
    total = row.name.rpartition(" ")[2]
    numbers = f"{row.value.value:.0f} of {total} modes among {row.value.n:,} samples"
    if row.value.value < row.reference.value - 2 * (row.reference.error or 0) - 0.5:
        return f"The generator dropped modes: it reaches {numbers}."
    return f"No mode is missing: the samples reach {numbers}."


def _variety(rows: Sequence[Row]) -> str | None:
    row = next((row for row in rows if row.name.startswith("coverage")), None)
    if row is None or row.reference is None:
        return None
    numbers = f"coverage {row.value}, real data {row.reference}"
    if row.value.value < row.reference.value / 2:
        return f"The samples lack variety, a sign of collapse: {numbers}."
    return f"The samples do not collapse: {numbers}."


def _copies(rows: Sequence[Row]) -> str | None:
    row = next((row for row in rows if row.name.startswith("closer to training data")), None)
    if row is None or row.value.error is None:
        return None
    numbers = f"a sample is the closer one in {row.value} of comparisons with held-out data"
    if row.value.value - 0.5 > 3 * row.value.error:
        return (
            f"Samples lie closer to the training data than unseen data do, as copies or overly smooth ones: {numbers}."
        )
    return f"Samples are no copies: {numbers}."


def distances(history: History) -> list[Point]:
    """The measured distances of a history, in order of rounds; what is not finite is left out."""
    points = []
    for row in history:
        value, error = row.get(DISTANCE), row.get(f"{DISTANCE} error")
        if isinstance(value, int | float) and math.isfinite(value):
            good = isinstance(error, int | float) and math.isfinite(error)
            points.append(Point(row["round"], float(value), float(error) if good and error is not None else 0.0))
    return points


def _mean(points: Sequence[Point]) -> Point:
    """The mean of some distances; its error the larger of what their errors say and what their spread says."""
    n = len(points)
    value = sum(point.value for point in points) / n
    stated = math.sqrt(sum(point.error**2 for point in points)) / n
    spread = math.sqrt(sum((point.value - value) ** 2 for point in points) / (n * (n - 1)))
    return Point(points[-1].round, value, max(stated, spread))


def _tail_mean(history: History, name: str) -> float | None:
    values = [row[name] for row in history if isinstance(row.get(name), int | float) and math.isfinite(row[name])]
    tail = values[-max(1, round(TAIL * len(values))) :] if values else []
    return sum(tail) / len(tail) if tail else None


def _text(point: Point) -> str:
    return str(Estimate(point.value, point.error, None, "", 0))
