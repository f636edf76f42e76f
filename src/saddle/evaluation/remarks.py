"""What a run's history and measures say, in sentences that carry their numbers; `saddle.diagnosis` has the verdict."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from saddle.evaluation.rows import Row
from saddle.measures import Estimate
from saddle.training.history import last_of_each

History = Sequence[dict[str, Any]]

DISTANCE = "energy distance"
TAIL = 0.1
WINS = 0.9
COUNTABLE = 0.1
NEAR = 10
CHANCE = 2  # standard errors
SURE = 3  # standard errors, as several rows are looked at


class Point(NamedTuple):
    """A measured distance with its error at a round."""

    round: int
    value: float
    error: float


class Trend(NamedTuple):
    """Where the distance was heading at the end: means over the last measurements and over as many before them."""

    falling: bool
    before: Point
    after: Point
    size: int


def remarks(history: Iterable[dict[str, Any]], *, member: int = 0, rows: Sequence[Row] = ()) -> tuple[str, ...]:
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


def _trend(history: History) -> Trend | None:
    """Compare the last fifth of the distances with the fifth before it; None where they are too few."""
    points = distances(history)
    size = len(points) // 5
    if size < 2:
        return None
    before, after = _mean(points[-2 * size : -size]), _mean(points[-size:])
    falling = before.value - after.value > 2 * math.hypot(before.error, after.error)
    return Trend(falling, before, after, size)


def _still_falling(history: History) -> str | None:
    trend = _trend(history)
    if trend is None:
        return None
    after, before = _text(trend.after), _text(trend.before)
    numbers = f"mean {after} over the last {trend.size} measurements, {before} over the {trend.size} before"
    if trend.falling:
        return f"The distance was still falling when the run ended: {numbers}."
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
    numbers += "" if right is None else f", a real example above a made one in {right:.0%} of pairs"
    if (right is not None and right > WINS) or (real > 0.95 and fake < 0.05):
        return f"The critic is well ahead, which does no harm while samples still come nearer to the data: {numbers}."
    # A penalty can keep the two means together in a critic that is still right nearly always.
    if abs(real - fake) < 0.05 and (right is None or right < 0.6):
        return f"The critic hardly tells samples from data: {numbers}."
    return f"Neither player overpowers the other: {numbers}."


def _modes(rows: Sequence[Row]) -> str | None:
    row, quality = _row(rows, "modes found"), _row(rows, "high-quality")
    if row is None or row.reference is None:
        return None
    if quality is not None and quality.value.value < COUNTABLE:
        beside = "" if quality.reference is None else f", of a perfect sampler's {quality.reference}"
        return (
            "The samples are spread too wide, or in the wrong places, to count modes: a share of "
            f"{quality.value} lies on one{beside}."
        )
    total = row.name.rpartition(" ")[2]
    numbers = f"{row.value.value:.0f} of {total} modes among {_count(row.value)} samples"
    if row.value.value < row.reference.value - 2 * (row.reference.error or 0) - 0.5:
        return f"The generator dropped modes: it reaches {numbers}."
    return f"No mode is missing: the samples reach {numbers}."


def _variety(rows: Sequence[Row]) -> str | None:
    """Coverage and recall see different losses: few kinds of samples, and few samples of every kind."""
    found = [row for row in (_row(rows, "coverage"), _row(rows, "recall")) if row is not None]
    pairs = [(row.name, row.value, row.reference) for row in found if row.reference is not None]
    numbers = "; ".join(f"{name} {value}, real data {reference}" for name, value, reference in pairs)
    if any(value.value < reference.value / 2 for _, value, reference in pairs):
        return f"The samples are less than half as varied as real data: {numbers}."
    if any(_gap(reference, value) > SURE for _, value, reference in pairs):
        return f"The samples are less varied than real data: {numbers}."
    return f"The samples are as varied as real data: {numbers}." if len(pairs) == 2 else None


def _copies(rows: Sequence[Row]) -> str | None:
    row, distance = _row(rows, "closer to training data"), _row(rows, DISTANCE)
    if row is None or row.value.error is None:
        return None
    numbers = f"a sample is the closer one in {row.value} of comparisons with held-out data"
    above = row.value.value - 0.5
    if above > SURE * row.value.error:
        return (
            f"Samples lie closer to the training data than unseen data do, as copies or overly smooth ones: {numbers}."
        )
    if above > CHANCE * row.value.error:
        return (
            f"It is not clear whether samples are copies: {numbers}, where chance gives one half, and so much above it "
            "is rare but no proof."
        )
    # What is far from all data is no copy either, but to say so would be praise.
    if distance is None or distance.reference is None or _gap(distance.value, distance.reference) > NEAR:
        return None
    return f"Samples are no copies: {numbers}."


def _row(rows: Sequence[Row], start: str) -> Row | None:
    return next((row for row in rows if row.name.startswith(start)), None)


def _gap(larger: Estimate, smaller: Estimate) -> float:
    """How far one number is above another, in standard errors; without errors any distance above is infinite."""
    gap, error = larger.value - smaller.value, math.hypot(larger.error or 0.0, smaller.error or 0.0)
    return gap / error if error > 0 else math.copysign(math.inf, gap) if gap else 0.0


def _count(value: Estimate) -> str:
    return f"{value.n:,}" if isinstance(value.n, int) else " and ".join(f"{n:,}" for n in value.n)


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
