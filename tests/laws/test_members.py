"""Every public member obeys the laws of its kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

import saddle
from saddle.recipes import RECIPES
from saddle.regularizers import REGULARIZERS
from saddle.testing import (
    Trial,
    check_architecture,
    check_discrepancy,
    check_latent,
    check_objective,
    check_optimizer,
    check_regularizer,
)
from saddle.testing.trial import distance

Member = Callable[[str, str], Any]

# What theory says of each objective: which of its properties are true, of those that may be either.
THEORY = {
    "minimax": {"saturates", "monotone", "separates"},
    "non-saturating": {"monotone", "separates"},
    "least-squares": {"separates"},
    "wasserstein": {"monotone", "separates"},
    "hinge": {"monotone", "separates"},
    "relativistic": {"monotone", "separates", "pairs", "reads_real"},
    "relativistic-average": {"monotone", "reads_real"},
    "f-gan": {"monotone", "separates"},
    "energy-based": {"monotone", "separates"},
}


def test_objectives(objective: str, value: Member) -> None:
    found = check_objective(value("objective", objective))
    either = ("saturates", "monotone", "separates", "pairs", "reads_real")
    assert {name for name in either if getattr(found, name)} == THEORY[objective]
    assert found.finite_at_100 and found.frozen
    assert found.separates == getattr(value("objective", objective), "separates", False)


@pytest.mark.parametrize("features", [0, 3])
def test_discrepancies(discrepancy: str, features: int, value: Member) -> None:
    """Both are zero between equal batches: MMD with the pairs of one place is below, transport undebiased above."""
    found = check_discrepancy(replace(value("discrepancy", discrepancy), features=features))
    assert found.zero_at_equal and found.scale_free and found.frozen and not found.symmetric


@pytest.mark.parametrize("name", REGULARIZERS)
def test_regularizers(name: str, value: Member) -> None:
    found = check_regularizer(value("regularizer", name))
    assert len(found.acts) == 1
    assert found.nonnegative is not False and found.idempotent is not False
    assert found.separates == getattr(value("regularizer", name), "separates", False)
    assert found.separates == (name not in {"dragan", "spectral-normalization"})


def test_architectures(architecture: str, value: Member) -> None:
    found = check_architecture(value("architecture", architecture))
    assert found.pictures and found.points == (architecture != "convolutional")
    assert not found.mixes_batch


def test_batch_normalization_mixes_a_batch() -> None:
    assert check_architecture(saddle.MLP(8, 1, normalization="batch")).mixes_batch
    assert check_architecture(saddle.Convolutional(2, "batch")).mixes_batch


def test_the_deviation_of_a_batch_mixes_it() -> None:
    assert check_architecture(saddle.MLP(8, 1, minibatch_deviation=True)).mixes_batch
    assert check_architecture(saddle.Convolutional(2, minibatch_deviation=True)).mixes_batch


def test_optimizers(optimizer: str, value: Member) -> None:
    check_optimizer(value("optimizer", optimizer))


def test_schedules(schedule: str, value: Member) -> None:
    check_optimizer(saddle.Adam(schedule=value("schedule", schedule)))


@pytest.mark.parametrize("name", ["Adagrad", "Adamax", "AdamW", "ASGD", "RAdam", "Rprop", "SGD", "Adadelta"])
def test_optimizers_of_torch(name: str) -> None:
    check_optimizer(saddle.TorchOptimizer(name, rate=0.01))


def test_latents(latent: str, value: Member) -> None:
    check_latent(value("latent", latent))


def test_architectures_in_a_population(architecture: str, value: Member) -> None:
    """Dropout's masks included: they are a function of the member's own buffers."""
    networks = value("architecture", architecture)
    data = saddle.open("digits")
    settings: dict[str, Any] = {"generator": networks, "critic": networks, "precision": "float64", "device": "cpu"}
    settings |= {"latent": 3, "batch": 8, "critic_updates": 2}
    together = Trial.of(saddle.GAN(**settings, seed=1, seeds=3), data).play(10)
    for member in range(3):
        alone = Trial.of(saddle.GAN(**settings, seed=1 + member), data).play(10)
        assert distance(together.parameters(member), alone.parameters()) < 1e-12


def test_recipes_train(recipe: str, kind: str, data: saddle.Dataset) -> None:
    if recipe == "dcgan" and kind != "images":
        with pytest.raises(saddle.InputError, match="dcgan is for pictures"):
            RECIPES[recipe](data.layout)
        return
    if recipe == "conditional-gan" and not data.layout.classes:
        with pytest.raises(saddle.InputError, match="for data with labels"):
            RECIPES[recipe](data.layout)
        return
    if recipe == "acgan" and not data.layout.classes:
        with pytest.raises(saddle.InputError, match="needs data with labels"):
            Trial.of(RECIPES[recipe](data.layout), data)
        return
    if recipe == "pacgan" and data.layout.classes:
        with pytest.raises(saddle.InputError, match="data without labels only"):
            Trial.of(RECIPES[recipe](data.layout), data)
        return
    trial = Trial.of(RECIPES[recipe](data.layout), data)
    before = trial.parameters()
    assert not torch.equal(trial.play(1).parameters(), before)
