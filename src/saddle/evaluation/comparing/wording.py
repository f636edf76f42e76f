"""A comparison in words: which recipe is better by what, and where no difference larger than chance was seen."""

import math
from collections.abc import Sequence

import numpy as np

from saddle.evaluation.comparing.judging import LEVEL, Difference
from saddle.evaluation.comparing.measured import Measured
from saddle.evaluation.comparing.over_seeds import FEWEST
from saddle.evaluation.table import DISTANCE

TRUSTED = 6
"""With fewer seeds Student's test leans on its assumption: three large failures in a row look sure."""
FEW = (
    f" With fewer than {TRUSTED} seeds this trusts numbers to vary normally, as those of recipes that fail now and "
    "then do not."
)


def statements(differences: Sequence[Difference], seeds: int) -> tuple[str, ...]:
    """Sentences, those on the energy distance first.

    Args:
        differences: as `differences` gives them.
        seeds: of each recipe.

    Returns:
        None for no difference.
    """
    if not differences:
        return ()
    if seeds < FEWEST:
        return (*(_unproven(one) for one in differences if one.measure == DISTANCE), _too_few(seeds))
    first = [one for one in differences if one.measure == DISTANCE]
    rest = [one for one in differences if one.measure != DISTANCE]
    tests = sum(one.p is not None for one in differences)
    caution = (
        f"Larger than chance: of {seeds} seeds, paired, and corrected for {tests} test{'s' if tests > 1 else ''}; were "
        f"all recipes alike, any such statement would be made in at most {100 * LEVEL:.0f} % of comparisons. Other "
        f"data and other settings may rank them otherwise.{'' if seeds >= TRUSTED else FEW}"
    )
    return (*(_sentence(one) for one in first), *_others(rest), caution)


def unranked(measured: Sequence[Measured]) -> tuple[str, ...]:
    """A sentence on each recipe that a measure does not rank, since its number is undefined at some seed."""
    return tuple(
        f"{one.name[:1].upper()}{one.name[1:]} is undefined for {undefined} of {len(losses)} seeds of {recipe}, which "
        "is therefore not compared by it."
        for one in measured
        if one.ranked
        for recipe in one.scores
        if (undefined := int((~np.isfinite(losses := one.losses(recipe))).sum()))
    )


def _sentence(one: Difference) -> str:
    if one.by == 0:
        return f"{one.better} and {one.worse} score alike in {one.measure}, on average."
    size = f"{_number(one.by, one.interval)}{_interval(one)}"
    if one.larger_than_chance:
        return f"{one.better} is better than {one.worse} in {one.measure} by {size}, larger than chance."
    return (
        f"Between {one.better} and {one.worse} no difference in {one.measure} larger than chance was seen; "
        f"{one.better} is ahead by {size}."
    )


def _others(rest: Sequence[Difference]) -> list[str]:
    """One sentence for each recipe that is better than another, with all its measures, and one for what is open."""
    sentences = []
    pairs = dict.fromkeys((one.better, one.worse) for one in rest if one.larger_than_chance)
    for better, worse in pairs:
        by = [one for one in rest if one.larger_than_chance and (one.better, one.worse) == (better, worse)]
        told = listed([f"{said(one.measure)} ({_by(one)})" for one in by])
        sentences.append(f"{better} is better than {worse} in {told}, larger than chance.")
    judged = list(dict.fromkeys(one.measure for one in rest))
    open_ = [name for name in judged if not any(one.larger_than_chance for one in rest if one.measure == name)]
    if open_:
        sentences.append(f"In {listed([said(name) for name in open_])} no difference larger than chance was seen.")
    return sentences


def _by(one: Difference) -> str:
    return f"{'nearer to real data ' if one.nearer else ''}by {_number(one.by, one.interval)}"


def _unproven(one: Difference) -> str:
    return f"{one.better} is ahead of {one.worse} in {one.measure} by {one.by:.3g}, which may be chance."


def _too_few(seeds: int) -> str:
    count = "one seed" if seeds == 1 else f"{seeds} seeds"
    return (
        f"From {count} no difference can be told from chance: that takes at least {FEWEST} seeds, and 8 or more to see "
        "differences that are not huge."
    )


def _interval(one: Difference) -> str:
    if one.interval is None or not one.interval[1] > one.interval[0]:
        return ""
    low, high = (_number(end, one.interval) for end in one.interval)
    return f" (95 % interval {low} to {high})"


def _number(number: float, interval: tuple[float, float] | None) -> str:
    """A number, cut after the second digit of the interval's width."""
    if interval is None or not interval[1] > interval[0]:
        return f"{number:.3g}"
    decimals = max(0, 1 - math.floor(math.log10(interval[1] - interval[0])))
    return f"{number:.3g}" if decimals > 7 else f"{round(number, decimals) + 0.0:.{decimals}f}"


def said(measure: str) -> str:
    """A measure's name within a list: "modes found, of 8" without its comma."""
    return measure.replace(",", "")


def listed(names: Sequence[str]) -> str:
    """Names as "a", "a and b" or "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
