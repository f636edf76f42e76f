import numpy as np
import pytest
import torch
from torch import Tensor

import saddle.data
from saddle.core.errors import InputError
from saddle.evaluation import compare, untrained_rows
from saddle.evaluation.menu import PERFECT


class Fixed:
    """A model that answers with given examples, in order."""

    def __init__(self, x: Tensor) -> None:
        self.x = x

    def sample_model(self, n: int, *, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        return self.x[torch.arange(n) % len(self.x)], None


@pytest.fixture(scope="module")
def ring() -> tuple[saddle.data.Dataset, saddle.data.Dataset, Tensor]:
    train, held_out = saddle.data.open("ring", n=3000, seed=0).split(0.3)
    fresh = saddle.data.open("ring", n=1000, seed=1).x
    return train, held_out, train.transform.encode(fresh).float()


def test_a_perfect_model_reads_as_real_data(ring: tuple) -> None:
    train, held_out, fresh = ring
    result = compare(Fixed(fresh), held_out, train, n=800)
    names = [row.name for row in result.rows]
    assert names == [
        "energy distance",
        "Wasserstein distance",
        "sliced Wasserstein distance",
        "JSD from samples",
        "modes found, of 8",
        "high-quality samples",
        "reverse KL of modes",
        "closer to training data than held-out data",
    ]
    for row in result.rows:
        assert row.reference is not None
        assert row.reading().startswith(("no different", "not above")), (row.name, str(row.value), str(row.reference))
    assert result["modes found, of 8"].against == PERFECT
    assert result["modes found, of 8"].value.value == 8


def test_a_collapsed_model_is_told_by_every_row_that_should(ring: tuple) -> None:
    train, held_out, fresh = ring
    near_first = fresh[(fresh - fresh[0]).norm(dim=1) < 0.3]
    result = compare(Fixed(near_first), held_out, train, n=300)
    for name in ("energy distance", "sliced Wasserstein distance", "modes found, of 8", "reverse KL of modes"):
        assert result[name].reading().startswith("worse"), name


def test_copies_are_told(ring: tuple) -> None:
    train, held_out, _ = ring
    copies = train.batch(torch.arange(500)) + 1e-6
    row = compare(Fixed(copies), held_out, train, n=500)["closer to training data than held-out data"]
    assert row.reading().startswith("above real data")
    assert row.value.value > 0.99


def test_pictures_are_measured_on_pixels_or_features() -> None:
    train, held_out = saddle.data.open("digits").split(0.2)
    model = Fixed(train.batch(torch.arange(200)))
    pixels = compare(model, held_out, train, n=100)
    assert [row.name for row in pixels.rows][1:5] == [
        "precision of pixels",
        "recall of pixels",
        "density of pixels",
        "coverage of pixels",
    ]
    features = compare(model, held_out, train, n=100, features=lambda x: x.flatten(1)[:, :5])
    assert features["precision of features"].value.value != pixels["precision of pixels"].value.value


def test_few_data_leave_rows_out_and_say_so() -> None:
    train, held_out = saddle.data.open(np.random.default_rng(0).standard_normal((12, 2))).split(0.1)
    result = compare(Fixed(train.batch(torch.arange(10))), held_out, train, n=50)
    assert [row.name for row in result.rows] == ["Wasserstein distance"]  # which one held-out example allows
    assert result.notes[0].startswith("11 of 50 samples")
    assert result.notes[1].startswith("Distances are in model units")
    assert len(result.notes) > 3 and all(note.startswith("Left out: ") for note in result.notes[2:])


def test_bad_input_is_refused(ring: tuple) -> None:
    train, held_out, fresh = ring
    with pytest.raises(InputError, match="n must be at least 10"):
        compare(Fixed(fresh), held_out, train, n=5)
    with pytest.raises(InputError, match="alike in shape"):
        compare(Fixed(fresh[:, :1]), held_out, train)


def test_untrained_numbers_come_from_round_zero_of_the_member() -> None:
    history = [
        {"round": 0, "member": 0, "energy distance": 0.5, "energy distance error": 0.1},
        {"round": 0, "member": 1, "energy distance": 0.7, "energy distance error": 0.1},
        {"round": 9, "member": 1, "energy distance": 0.2, "energy distance error": 0.1},
    ]
    assert untrained_rows(history, 1)["energy distance"].value == 0.7
    assert untrained_rows(history[2:], 1) == {}


def test_coverage_is_counted_at_equal_sizes() -> None:
    train, held_out = saddle.data.open("digits").split(0.1)
    row = compare(Fixed(train.batch(torch.arange(600))), held_out, train, n=600)["coverage of pixels"]
    assert row.reference is not None
    assert row.value.n == row.reference.n == (len(held_out), len(held_out))
