"""Which differences are said to be larger than chance, by how often that is false and how often it is found."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from saddle.evaluation.comparing import Measured, Scores, differences, statements
from saddle.evaluation.rows import Better

RECIPES = ("a", "b", "c")
MEASURES: tuple[tuple[str, Better], ...] = (
    ("energy distance", "lower"),
    ("Wasserstein distance", "lower"),
    ("coverage", "higher"),
    ("density", "near"),
    ("modes found, of 8", "higher"),
)
Draw = Callable[[np.random.Generator, int], np.ndarray]


def measured(values: np.ndarray) -> tuple[Measured, ...]:
    """Values of shape (measures, recipes, seeds) under the names above."""
    ones = (1.0,) * values.shape[2]
    return tuple(
        Measured(name, better, "", {r: Scores(tuple(row), ones) for r, row in zip(RECIPES, rows, strict=False)})
        for (name, better), rows in zip(MEASURES, values.tolist(), strict=False)
    )


def alike(chance: np.random.Generator, seeds: int) -> np.ndarray:
    """Recipes that differ in nothing; what a seed gives to all of them is as large as what it gives to each."""
    return chance.normal(size=(4, 3, seeds)) + chance.normal(size=(4, 1, seeds))


def failing(chance: np.random.Generator, seeds: int) -> np.ndarray:
    """Likewise, each member failing badly with a chance of one in five."""
    return alike(chance, seeds) + 20.0 * (chance.random((4, 3, seeds)) < 0.2)


def counted(chance: np.random.Generator, seeds: int) -> np.ndarray:
    """Likewise, all of them counts that are mostly alike."""
    return chance.binomial(8, 0.95, (5, 3, seeds)).astype(float)


def share_with_a_statement(draw: Draw, seeds: int, repeats: int = 1000) -> float:
    chance = np.random.default_rng(7)
    return float(
        np.mean(
            [any(one.larger_than_chance for one in differences(measured(draw(chance, seeds)))) for _ in range(repeats)]
        )
    )


@pytest.mark.parametrize("seeds", [3, 8])
def test_equal_recipes_are_told_apart_in_five_of_a_hundred_comparisons(seeds: int) -> None:
    """Of 12 tests. Without correction it is 40 %, with the s.d. in place of its error below 2 %, with z for t 20 %."""
    share = share_with_a_statement(alike, seeds)
    assert 0.025 < share < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1000)


@pytest.mark.parametrize(("draw", "seeds"), [(failing, 6), (failing, 10), (counted, 3), (counted, 6), (counted, 10)])
def test_also_where_numbers_are_not_normal(draw: Draw, seeds: int) -> None:
    """Were s of counts that are all alike taken to be zero, 20 % of comparisons of three seeds would claim something.

    Three seeds of recipes that fail badly are left out: of those 7 % are told apart, since three large differences of
    one sign look sure. The caution under the statements says so.
    """
    assert share_with_a_statement(draw, seeds, 500) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 500)


def test_a_difference_is_found_and_its_interval_covers_it() -> None:
    """Recipe b is worse by 2 in the energy distance; what seeds share, ten times as large, cancels in pairs."""
    chance = np.random.default_rng(3)
    found, covered = 0, 0
    for _ in range(400):
        values = chance.normal(size=(1, 2, 8)) + 10 * chance.normal(size=(1, 1, 8)) + [[[0.0], [2.0]]]
        (one,) = differences(measured(values))
        found += one.larger_than_chance and (one.better, one.worse) == ("a", "b")
        assert one.interval is not None
        low, high = one.interval if one.better == "a" else (-one.interval[1], -one.interval[0])
        covered += low <= 2.0 <= high
    assert found / 400 > 0.9
    assert abs(covered / 400 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize(("better", "ahead"), [("lower", "a"), ("higher", "c"), ("near", "b")])
def test_which_way_is_better(better: Better, ahead: str) -> None:
    """Beside a reference of 1: a scores 0.2, b 1.1 and c 3."""
    values = {"a": 0.2, "b": 1.1, "c": 3.0}
    scores = {name: Scores((value,) * 3, (1.0,) * 3) for name, value in values.items()}
    found = differences([Measured("m", better, "", scores)])
    assert [one.better for one in found].count(ahead) == 2


def test_precision_above_that_of_real_data_is_no_merit() -> None:
    """Beside a reference of 0.9: 0.85 is nearer than 1, that of a model narrower than the data."""
    scores = {"sound": Scores((0.85, 0.86, 0.84), (0.9,) * 3), "narrow": Scores((1.0, 1.0, 1.0), (0.9,) * 3)}
    (one,) = differences([Measured("precision of pixels", "higher", "", scores)])
    assert (one.better, one.nearer) == ("sound", True)


def test_what_ranks_nobody_and_what_is_undefined_is_not_judged() -> None:
    scores = {"a": Scores((1.0, 2.0, 3.5), (0.5,) * 3), "b": Scores((2.0, math.inf, 4.0), (0.5,) * 3)}
    assert differences([Measured("copies", "not above", "", {"a": scores["a"], "b": scores["a"]})]) == ()
    assert differences([Measured("energy distance", "lower", "", scores)]) == ()


def test_the_energy_distance_has_half_of_the_level_for_itself() -> None:
    """With four further measures its p is doubled and not multiplied by five; alone, it is left as it is."""
    values = np.random.default_rng(0).normal(size=(4, 2, 6))
    first, *rest = differences(measured(values))
    assert first.p is not None and first.adjusted == pytest.approx(min(1.0, 2 * first.p))
    least = min(one.p for one in rest if one.p is not None)
    assert min(one.adjusted for one in rest if one.adjusted is not None) == pytest.approx(min(1.0, 6 * least))
    (alone,) = differences(measured(values[:1]))
    assert alone.adjusted == alone.p


def test_statements_say_which_is_better_and_by_how_much() -> None:
    chance = np.random.default_rng(0)
    near, far = chance.normal(0.01, 0.001, 8), chance.normal(0.02, 0.001, 8)
    values = np.stack([near, near + chance.normal(0, 0.001, 8), far])[None]
    told = statements(differences(measured(values)), 8)
    assert len(told) == 4
    assert told[0].startswith(("Between a and b no difference", "Between b and a no difference"))
    assert "larger than chance was seen" in told[0]
    assert told[1].startswith("a is better than c in energy distance by 0.0") and told[1].endswith(
        ", larger than chance."
    )
    assert "(95 % interval 0.0" in told[1] and "corrected for 3 tests" in told[3] and "normal" not in told[3]
    assert "normal" in statements(differences(measured(values[..., :4])), 4)[-1]


@pytest.mark.parametrize("seeds", [1, 2])
def test_from_one_or_two_seeds_nothing_is_claimed(seeds: int) -> None:
    values = np.arange(2.0)[None, :, None] + np.arange(seeds) * 1e-9
    found = differences(measured(values))
    assert not any(one.larger_than_chance for one in found)
    assert "may be chance" in statements(found, seeds)[0]
    assert statements(found, seeds)[-1].startswith("From ")
