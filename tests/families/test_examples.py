"""Examples that a fitted model is asked about, in its own units and classes."""

import re

import numpy as np
import pandas as pd
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


def test_one_example_may_be_asked_about_in_any_container(conditional: saddle.VAE) -> None:
    """With two asked for, a single one is refused; a transform fitted to it alone would put it at zero."""
    fitted = conditional.trained.fitted
    wanted = examples_for(fitted, POINTS[:2], LABELS[:2])[0][:1]
    for one in (POINTS[:1], torch.from_numpy(POINTS[:1]), POINTS[:1].tolist(), pd.DataFrame(POINTS[:1])):
        x, y = examples_for(fitted, one, "b")
        assert torch.equal(x, wanted) and y is not None and y.tolist() == [1]
    with pytest.raises(saddle.InputError, match=r"^X must hold at least one example"):
        examples_for(fitted, POINTS[:0], "b")


def test_one_label_stands_for_all_examples(conditional: saddle.VAE) -> None:
    _, y = examples_for(conditional.trained.fitted, POINTS[:4], "c")
    assert y is not None and y.tolist() == [2, 2, 2, 2]
    with pytest.raises(saddle.InputError, match="one label for each of the 4 examples, and has 2"):
        examples_for(conditional.trained.fitted, POINTS[:4], ["a", "b"])
    with pytest.raises(saddle.InputError, match=r"y needs one label for each, shape \(4,\)"):
        examples_for(conditional.trained.fitted, POINTS[:4], np.eye(4))


def test_pictures_come_with_or_without_an_axis_of_one_channel() -> None:
    """A second axis of channels, which the model's transform would add, makes a shape that no network takes."""
    pictures = np.random.default_rng(0).uniform(0, 1, (20, 6, 6))
    fitted = saddle.Autoencoder(layers=3, rounds=1, threads=1).fit(pictures).trained.fitted
    assert torch.equal(examples_for(fitted, pictures[..., None])[0], examples_for(fitted, pictures)[0])


def test_labels_that_a_model_has_no_use_for_are_refused() -> None:
    model = saddle.Autoencoder(layers=3, rounds=1, threads=1).fit(POINTS)
    with pytest.raises(saddle.InputError, match="leave y out"):
        model.encode(POINTS, LABELS)


def test_what_is_given_to_a_model_is_called_x() -> None:
    for given in (POINTS[:1], POINTS[0], 3, "no-such-data", [[1.0, 2.0]]):
        with pytest.raises(saddle.InputError, match=r"^X must"):
            saddle.Autoencoder(rounds=1).fit(given)


DRAW = np.random.default_rng(1)
SHARES = DRAW.random((40, 4, 4)) * 0.999 + 0.0005
BYTES = DRAW.integers(0, 256, (40, 4, 4), dtype=np.uint8)


@pytest.mark.parametrize(
    ("own", "others", "wanted"),
    [(SHARES, 2 * SHARES - 1, "[0, 1]"), (SHARES, 16 * SHARES, "[0, 1]"), (SHARES, BYTES, "[0, 1]"),
     (BYTES, SHARES, "[0, 255]"), (2 * SHARES - 1, 2 * SHARES, "[-1, 1]"), (7 * SHARES, BYTES, "[")],
)  # fmt: skip
def test_pictures_of_another_range_are_refused(own: np.ndarray, others: np.ndarray, wanted: str) -> None:
    """A likelihood of pixels in [-1, 1] under a model of pixels in [0, 1] is a number, and means nothing."""
    model = saddle.Autoencoder(layers=(2,), rounds=1, threads=1).fit(own)
    for question in (model.encode, model.reconstruct, model.score):
        with pytest.raises(saddle.InputError, match=re.escape(f"the model was trained on pixels in {wanted}")):
            question(others)


@pytest.mark.parametrize(
    ("own", "others"),
    [(SHARES, 0.4 * SHARES), (BYTES, BYTES // 4), (BYTES, BYTES.astype(float)), (7 * SHARES, 9 * SHARES),
     (SHARES, SHARES > 0.5), (BYTES, np.zeros_like(BYTES))],
)  # fmt: skip
def test_darker_pictures_of_the_same_range_are_not(own: np.ndarray, others: np.ndarray) -> None:
    """Of a range that no custom names, later pictures may go somewhat beyond."""
    model = saddle.Autoencoder(layers=(2,), rounds=1, threads=1).fit(own)
    assert np.isfinite(model.encode(others)).all() and np.isfinite(model.score(others))


def test_a_score_with_labels_is_of_samples_with_these_labels() -> None:
    """Of classes far apart: samples of all classes are far from each class alone."""
    far = POINTS + 100 * (np.arange(60) % 3)[:, None]
    model = saddle.VAE(latent=2, encoder="mlp", decoder="mlp", rounds=150, threads=1).fit(far, LABELS)
    b = far[LABELS == "b"]
    assert model.score(b, "b") > model.score(b) + 0.1 and model.score(b, "b") > model.score(b, "c") + 0.1
    assert model.score(b, "b") == model.score(b, ["b"] * len(b)) == model.score(saddle.open(b, y=["b"] * len(b)))
    with pytest.raises(saddle.InputError, match="leave y out"):
        saddle.VAE(latent=2, rounds=1, threads=1).fit(POINTS).score(POINTS, LABELS)
