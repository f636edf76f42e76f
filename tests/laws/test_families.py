"""Every family on every kind of data: one engine, one estimator interface, the same promises."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.families import FAMILIES
from saddle.testing import Trial
from saddle.testing.trial import distance

ROUNDS, STOP = 20, 7
SEEDS = (5, 6, 7)
Make = Callable[..., saddle.families.Estimator]


@pytest.fixture
def make(family: str, family_settings: dict[str, dict[str, Any]]) -> Make:
    """A tiny model of the family, in double precision."""
    base = {"batch": 8, "precision": "float64", "average": 0.9, "device": "cpu", "threads": 1}
    return lambda **more: FAMILIES[family](**{**base, **family_settings[family], **more})


def states(trial: Trial) -> dict[str, torch.Tensor]:
    """Everything that a state holds."""
    state = trial.fitted.state
    return {**state.params, **state.buffers, **state.averages, **state.carry}


def test_trains_resumes_and_does_in_a_population_what_it_does_alone(make: Make, data: saddle.Dataset) -> None:
    def trial(seed: int, seeds: int = 1) -> Trial:
        return Trial.of(make(seed=seed, seeds=seeds), data)

    starts = [trial(seed).parameters() for seed in SEEDS]
    alone = [trial(seed).play(ROUNDS) for seed in SEEDS]
    together = trial(SEEDS[0], len(SEEDS)).play(ROUNDS)
    for member, (start, one) in enumerate(zip(starts, alone, strict=True)):
        assert distance(one.parameters(), start) > 1e-6, "the parameters do not move"
        gap = distance(together.parameters(member), one.parameters())
        assert gap < 1e-11, f"member {member} ends {gap:.1e} away from its seed alone"
    resumed = trial(SEEDS[0]).play(STOP).resumed_in(trial(SEEDS[0])).play(ROUNDS - STOP)
    whole = states(alone[0])
    assert all(torch.equal(value, whole[name]) for name, value in states(resumed).items())


def test_fits_samples_scores_saves_and_loads(make: Make, data: saddle.Dataset, tmp_path: Path) -> None:
    model = make(rounds=3).fit(data, folder=tmp_path / "run")
    samples = np.asarray(model.sample(5, seed=1))
    assert len(samples) == 5 and np.array_equal(samples, np.asarray(model.sample(130, seed=1))[:5])
    assert np.isfinite(model.score(data))
    again = saddle.load(tmp_path / "run")
    assert type(again) is type(model) and np.array_equal(np.asarray(again.sample(5, seed=1)), samples)
    model.save(tmp_path / "copy")
    assert np.array_equal(np.asarray(saddle.load(tmp_path / "copy").sample(5, seed=1)), samples)
    walk, _ = model.walk_model(4, seed=0)
    assert walk.shape == (4, *data.model_shape) and bool(torch.isfinite(walk).all())
    assert saddle.reports.write_report(model).exists()


def test_a_stopped_run_ends_where_the_unbroken_one_does(make: Make, data: saddle.Dataset, tmp_path: Path) -> None:
    def stop(round: int, model: Any) -> None:
        if round == STOP:
            raise KeyboardInterrupt

    whole = make(rounds=ROUNDS).fit(data, folder=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        make(rounds=ROUNDS, callback=stop).fit(data, folder=tmp_path / "run")
    resumed = saddle.resume(tmp_path / "run", data)
    ended = resumed.trained.fitted.state
    assert ended.round == ROUNDS and ended.digest() == whole.trained.fitted.state.digest()
    assert np.array_equal(np.asarray(resumed.sample(5, seed=1)), np.asarray(whole.sample(5, seed=1)))


def test_begins_with_the_networks_of_a_trained_model(make: Make, data: saddle.Dataset, tmp_path: Path) -> None:
    first = make(rounds=3).fit(data)
    make(rounds=1, seed=9).fit(data, folder=tmp_path / "run", start=first)
    wanted = first.trained.fitted.state.member(0, averaged=True)
    begun = saddle.load(tmp_path / "run", round=0).trained.fitted.state
    assert all(torch.equal(value, wanted[name]) for name, value in begun.params.items())


def test_labels_make_it_conditional(make: Make, data: saddle.Dataset) -> None:
    model = make(rounds=2).fit(data)
    _, y = model.sample_model(6, seed=0)
    assert (y is None) == (data.classes is None)
    if data.classes is None:
        with pytest.raises(saddle.InputError, match="without labels"):
            model.sample(1, y=0)
        return
    label = data.classes[-1]
    assert model.sample_with_labels(3, y=label, seed=0)[1] == [label] * 3
    with pytest.raises(saddle.InputError, match="There is no label"):
        model.sample(1, y="nothing of the kind")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("batch", 0), ("rounds", -1), ("seeds", 0), ("holdout", 1.5), ("precision", "float8"), ("device", "abacus")],
)
def test_a_bad_setting_is_refused_in_one_sentence(make: Make, setting: str, value: Any) -> None:
    with pytest.raises(saddle.InputError, match=setting) as caught:
        make(**{setting: value}).fit("ring")
    assert "\n" not in str(caught.value)


def test_bad_calls_are_refused_in_one_sentence(make: Make, family: str, tmp_path: Path) -> None:
    model = make(rounds=1)
    for call in (lambda: model.sample(3), lambda: model.save(tmp_path / "x"), lambda: model.score("ring")):
        with pytest.raises(saddle.InputError, match="not fitted"):
            call()
    model.fit("ring", folder=tmp_path / "run")
    with pytest.raises(saddle.InputError, match="must be at least 1"):
        model.sample(0)
    with pytest.raises(saddle.InputError, match="member must be"):
        model.sample(1, member=1)
    bad: Any = "a"
    for name in ("n", "seed", "member"):
        with pytest.raises(saddle.InputError, match="must be a whole number, and got 'a'"):
            model.sample(**{name: bad})
    with pytest.raises(saddle.InputError, match="member must be a whole number"):
        model.score("ring", member=bad)
    with pytest.raises(saddle.InputError, match="shape"):
        model.score(np.zeros((20, 3)))
    with pytest.raises(saddle.InputError, match="exists already"):
        make(rounds=1).fit("ring", folder=tmp_path / "run")
    for name, other in FAMILIES.items():
        if name != family:
            with pytest.raises(saddle.InputError, match="holds a model of the family"):
                other.load(tmp_path / "run")


def test_settings_survive_run_toml(make: Make) -> None:
    model = make(rounds=7)
    again = type(model).from_table(model.table(), {})
    assert again.table() == model.table() and again.rounds == 7
    with pytest.raises(saddle.InputError, match="has no setting 'bacth'"):
        type(model).from_table({"bacth": 3}, {})
