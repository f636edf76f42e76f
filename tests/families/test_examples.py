"""Examples that a fitted model is asked about, in its own units and classes."""

import numpy as np
import pytest
import torch

import saddle
from saddle.families.examples import examples_for

LABELS = np.array(["b", "a", "c"])[np.arange(60) % 3]
POINTS = np.random.default_rng(0).normal(3.0, 2.0, (60, 2))


@pytest.fixture(scope="module")
def conditional() -> saddle.VAE:
    return saddle.VAE(latent=2, encoder="mlp", decoder="mlp", rounds=1, threads=1).fit(POINTS, LABELS)


def test_units_are_the_models_and_not_the_datas(conditional: saddle.VAE) -> None:
    """Other data have a center and a scale of their own; those of the model's data count."""
    fitted = conditional.trained.fitted
    x, y = examples_for(fitted, 10 * POINTS[:6], LABELS[:6])
    assert torch.allclose(x, fitted.layout.transform.encode(10 * POINTS[:6]).float())
    assert y is not None and y.tolist() == [1, 0, 2, 1, 0, 2]


def test_classes_are_the_models_also_where_the_data_have_fewer(conditional: saddle.VAE) -> None:
    """Of labels b and c alone, b is class 0 in the data and 1 in the model."""
    chosen = LABELS != "a"
    _, y = examples_for(conditional.trained.fitted, POINTS[chosen], LABELS[chosen])
    assert y is not None and set(y.tolist()) == {1, 2}


def test_what_does_not_fit_is_refused(conditional: saddle.VAE) -> None:
    fitted = conditional.trained.fitted
    for X, y, sentence in (
        (POINTS, None, "X has no labels, so give y"),
        (POINTS[:2], ["a", "d"], "There is no label 'd'"),
        (np.zeros((4, 3)), ["a", "a", "b", "b"], "shape"),
    ):
        with pytest.raises(saddle.InputError, match=sentence):
            examples_for(fitted, X, y)
