"""Every objective with every regularizer, on every kind of data."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

import saddle
from saddle.regularizers import REGULARIZERS
from saddle.testing import Trial
from saddle.testing.trial import distance

ROUNDS, STOP = 40, 17
SEEDS = (5, 6)
# A relativistic loss has no slope by the critic's last bias, and Adam makes steps of what rounding leaves of it.
TOLERANCE = 1e-10


def test_trains_resumes_and_does_in_a_population_what_it_does_alone(
    game: tuple[str, str, str],
    data_of: dict[str, Callable[[], saddle.Dataset]],
    tiny_of: Callable[[str], dict[str, Any]],
) -> None:
    objective, regularizer, kind = game
    data = data_of[kind]()
    settings = {**tiny_of(kind), "objective": objective, "regularizers": [] if regularizer == "none" else [regularizer]}

    if kind != "images" and getattr(REGULARIZERS.get(regularizer), "pictures_only", False):
        with pytest.raises(saddle.InputError, match="is for pictures"):
            Trial.of(saddle.GAN(**settings), data)
        return
    demand_promises(settings, data)


@pytest.mark.parametrize("features", [0, 3])
def test_a_distance_between_batches_does_so_too(
    matching: tuple[str, str, str],
    features: int,
    data_of: dict[str, Callable[[], saddle.Dataset]],
    tiny_of: Callable[[str], dict[str, Any]],
    value: Callable[[str, str], Any],
) -> None:
    distance, regularizer, kind = matching
    objective = replace(value("discrepancy", distance), features=features)
    # The last bias of a critic of features has no slope, of which Adam would make steps.
    settings = {**tiny_of(kind), "objective": objective, "critic_optimizer": saddle.SGD(0.01)}
    settings["regularizers"] = [] if regularizer == "none" else [regularizer]
    if not features:
        del settings["critic"]
    made_for = getattr(REGULARIZERS.get(regularizer), "perturb", None) or regularizer == "none" or features
    pictures = getattr(REGULARIZERS.get(regularizer), "pictures_only", False)
    if not made_for or (pictures and kind != "images"):
        with pytest.raises(saddle.InputError, match=r"acts on a critic|is for pictures"):
            Trial.of(saddle.GAN(**settings), data_of[kind]())
        return
    demand_promises(settings, data_of[kind]())


def demand_promises(settings: dict[str, Any], data: saddle.Dataset) -> None:
    """Parameters move, a member is its seed alone, and a resumed run ends where one that never stopped does."""

    def trial(seed: int, seeds: int = 1) -> Trial:
        return Trial.of(saddle.GAN(**settings, seed=seed, seeds=seeds), data)

    starts = [trial(seed).parameters() for seed in SEEDS]
    alone = [trial(seed).play(ROUNDS) for seed in SEEDS]  # play refuses what is not finite
    together = trial(SEEDS[0], len(SEEDS)).play(ROUNDS)
    for member, (start, one) in enumerate(zip(starts, alone, strict=True)):
        assert distance(one.parameters(), start) > 1e-4, "the parameters do not move"
        gap = distance(together.parameters(member), one.parameters())
        assert gap < TOLERANCE, f"member {member} ends {gap:.1e} away from its seed alone"
    resumed = trial(SEEDS[0]).play(STOP).resumed_in(trial(SEEDS[0])).play(ROUNDS - STOP)
    assert resumed.fitted.state.digest() == alone[0].fitted.state.digest()
    averages = alone[0].fitted.state.averages
    assert averages and all(torch.equal(resumed.fitted.state.averages[name], averages[name]) for name in averages)
