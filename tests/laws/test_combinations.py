"""Every objective with every regularizer on every kind of data."""

from typing import Any

import torch

import saddle
from saddle.testing import Trial
from saddle.testing.trial import distance

ROUNDS, STOP = 100, 37
SEEDS = (5, 6, 7)


def test_trains_resumes_and_does_in_a_population_what_it_does_alone(
    objective: str, regularizer: str, kind: str, data: saddle.Dataset, tiny: dict[str, Any]
) -> None:
    settings = {**tiny, "objective": objective, "regularizers": [] if regularizer == "none" else [regularizer]}

    def trial(seed: int, seeds: int = 1) -> Trial:
        return Trial.of(saddle.GAN(**settings, seed=seed, seeds=seeds), data)

    starts = [trial(seed).parameters() for seed in SEEDS]
    alone = [trial(seed).play(ROUNDS) for seed in SEEDS]  # play refuses what is not finite
    together = trial(SEEDS[0], len(SEEDS)).play(ROUNDS)
    for member, (start, one) in enumerate(zip(starts, alone, strict=True)):
        assert distance(one.parameters(), start) > 1e-4, "the parameters do not move"
        gap = distance(together.parameters(member), one.parameters())
        assert gap < 1e-12, f"member {member} ends {gap:.1e} away from its seed alone"
    resumed = trial(SEEDS[0]).play(STOP).resumed_in(trial(SEEDS[0])).play(ROUNDS - STOP)
    assert resumed.fitted.state.digest() == alone[0].fitted.state.digest()
    averages = alone[0].fitted.state.averages
    assert averages and all(torch.equal(resumed.fitted.state.averages[name], averages[name]) for name in averages)
