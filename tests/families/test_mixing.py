"""Autocorrelation times against chains whose time is known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

import saddle
from saddle.families import autocorrelation
from saddle.families.chain_mixing import spread
from saddle.measures import Estimate


def autoregressive(a: float, *, steps: int = 250, chains: int = 64, scales: Tensor, seed: int = 0) -> Tensor:
    """Stationary x(t + 1) = a x(t) + sqrt(1 - a^2) e, time (1 + a) / (1 - a), one coordinate for each scale."""
    generator = torch.Generator().manual_seed(seed)

    def noise() -> Tensor:
        return torch.randn(chains, len(scales), generator=generator, dtype=torch.float64)

    def states() -> Iterator[Tensor]:
        x = noise()
        for _ in range(steps):
            yield x * scales
            x = a * x + (1 - a * a) ** 0.5 * noise()

    return torch.stack(list(states()))


@pytest.mark.parametrize("a", [-0.3, 0.0, 0.5, 0.8, 0.9])
def test_an_autoregressive_chain(a: float) -> None:
    """Told from: the sum without its factor 2, (1/(1-a)), and one without the 1: both are off by tens of errors."""
    found = autocorrelation(autoregressive(a, scales=torch.ones(20, dtype=torch.float64)))
    time = (1 + a) / (1 - a)
    assert found.time.error is not None and found.time.error < 0.05 * time
    assert abs(found.time.value - time) < 4 * found.time.error
    assert not found.time.note and found.correlation[0] == 1
    assert abs(found.correlation[3] - a**3) < 0.02


def test_coordinates_count_by_their_variance() -> None:
    """A constant coordinate and a slow one of tiny variance change nothing; equal weights would give 15."""
    fast = autoregressive(0.5, scales=torch.ones(20, dtype=torch.float64))
    slow = autoregressive(0.95, scales=torch.full((10,), 1e-3, dtype=torch.float64), seed=1)
    both = torch.cat([fast, slow, torch.ones_like(slow)], -1)
    assert abs(autocorrelation(both).time.value - autocorrelation(fast).time.value) < 1e-3


def test_chains_that_never_leave_where_they_are_do_not_look_mixed() -> None:
    """Each chain wiggles fast around a place of its own; deviations from its own mean would give a time of 1."""
    wiggle = autoregressive(0.0, scales=torch.ones(5, dtype=torch.float64))
    places = 10 * torch.randn(64, 5, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    found = autocorrelation(wiggle + places)
    assert found.time.value > 100 and "not resolved" in found.time.note


def test_groups_of_other_laws_are_told_from_slowness() -> None:
    """Chains of two labels far apart: taken together they would never forget theirs."""
    path = autoregressive(0.5, scales=torch.ones(20, dtype=torch.float64))
    groups = torch.arange(64) % 2
    apart = path + 10.0 * groups[:, None]
    assert "not resolved" in autocorrelation(apart).time.note
    found = autocorrelation(apart, groups)
    assert found.time.error is not None and abs(found.time.value - 3) < 4 * found.time.error


def test_labels_are_spread_as_in_the_data() -> None:
    assert torch.bincount(spread((0.5, 0.25, 0.25), 8)).tolist() == [4, 2, 2]


def test_a_model_reports_its_mixing() -> None:
    model = saddle.GSN(hidden=(8,), rounds=20, sample_steps=5).fit("ring")
    found = model.mixing(chains=16, steps=60, seed=1)
    assert found.time.n == (16, 60) and len(found.correlation) == 31 and found.time.value > 0
    assert model.mixing(chains=16, steps=60, seed=1) == found
    assert saddle.families.mixing(model, chains=16, steps=60, seed=1) == found
    bad: tuple[tuple[dict[str, Any], str], ...] = (
        ({"chains": 2}, "chains must be more than 2 to compare, and got 2"),
        ({"chains": "a"}, "chains must be a whole number, and got 'a'"),
        ({"steps": 2}, "steps must be at least 3"),
        ({"steps": 20.5}, "steps must be a whole number"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"member": "a"}, "member must be a whole number"),
    )
    for settings, sentence in bad:
        with pytest.raises(saddle.InputError, match=sentence):
            model.mixing(**settings)
    with pytest.raises(saddle.InputError, match="by no chain"):
        saddle.families.mixing(saddle.GAN(rounds=1).fit("ring"))
    with pytest.raises(saddle.InputError, match="mixing needs a trained model, and got str"):
        saddle.families.mixing("model")  # pyright: ignore[reportArgumentType]
    with pytest.raises(saddle.InputError, match="agree in every number"):
        autocorrelation(torch.ones(10, 4, 2))


def test_too_few_chains_for_the_labels_are_refused_with_the_reason() -> None:
    model = saddle.BoltzmannMachine(hidden=4, chains=10, rounds=1, sample_steps=2, threads=1).fit("digits")
    with pytest.raises(saddle.InputError, match="more than 11, as each is compared with others of its label, of"):
        saddle.families.mixing(model, chains=4)
    assert saddle.families.mixing(model, chains=20, steps=10).time.n == (20, 10)


def test_the_report_tells_it() -> None:
    model = saddle.GSN(hidden=(8,), rounds=20, sample_steps=5).fit("ring")
    contents = saddle.reports.contents_of(model)
    text = saddle.reports.build(contents)
    assert "Autocorrelation time: " in text
    resolved = Estimate(12.3, 1.2, None, "", (64, 250))
    stuck = replace(
        resolved, value=122.7, note="not resolved: 250 steps are too few, and the true time is likely longer"
    )
    assert "Autocorrelation time: 12.3 ± 1.2 steps; so many" in saddle.reports.build(replace(contents, mixing=resolved))
    text = saddle.reports.build(replace(contents, mixing=stuck))
    assert "Autocorrelation time: at least 123 steps, since 250 steps are too few to see its end" in text
    assert "122.7 ±" not in text and "122.7 steps" not in text and "± 1.2 steps" not in text
