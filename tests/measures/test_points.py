"""What counts as a set of examples."""

import numpy as np
import pandas as pd
import pytest
import torch

from saddle.core.errors import InputError
from saddle.measures import as_points, as_two_samples, energy_distance

ROWS = [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]


@pytest.mark.parametrize(
    "x",
    [ROWS, np.array(ROWS), torch.tensor(ROWS, requires_grad=True), pd.DataFrame(ROWS), np.array(ROWS, np.int64)],
    ids=["list", "array", "tensor", "frame", "integers"],
)
def test_all_containers_hold_the_same_examples(x: object) -> None:
    found = as_points(x, "x")  # pyright: ignore
    assert found.dtype == torch.float64 and not found.requires_grad
    assert found.tolist() == ROWS


def test_plain_numbers_are_examples_and_pictures_are_flattened() -> None:
    assert as_points(np.arange(4.0), "x").shape == (4, 1)
    assert as_points(np.zeros((5, 2, 3, 1)), "x").shape == (5, 6)


def test_arrangement_matters() -> None:
    """Channels last beside channels first is the commonest mistake of the field."""
    pictures = np.random.default_rng(0).random((20, 4, 4, 3))
    with pytest.raises(InputError, match=r"\(4, 4, 3\) and \(3, 4, 4\)"):
        energy_distance(pictures, pictures.transpose(0, 3, 1, 2))


def test_features_are_measured_instead() -> None:
    x, y = np.random.default_rng(1).standard_normal((2, 30, 4))
    half = energy_distance(x, y, features=lambda z: z[:, :2]).value
    assert half == energy_distance(x[:, :2], y[:, :2]).value
    assert as_two_samples(x, y, ("x", "y"), features=lambda z: z.sum(1))[0].shape == (30, 1)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ("classifier", "features must be a function"),
        (lambda z: z[:3], "one row per example; found 3 rows for 30"),
        (torch.nn.Linear(4, 2), "features fails on x with TypeError"),
        (lambda z: z[:, 0].astype(str), r"features\(x\) must hold real numbers"),
    ],
)
def test_bad_features_are_refused(features: object, message: str) -> None:
    x = np.random.default_rng(2).standard_normal((30, 4))
    with pytest.raises(InputError, match=message):
        energy_distance(x, x + 1, features=features)  # pyright: ignore
