import json

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.errors import InputError
from saddle.evaluation import Evaluation
from saddle.evaluation.by_class import by_class
from saddle.evaluation.judge import train_judge
from saddle.measures import Estimate


class Swapping:
    """Draws real examples of the class asked for, or of the next class where that is the one to be swapped."""

    def __init__(self, data: saddle.Dataset, swapped: int = -1) -> None:
        self.data, self.swapped = data, swapped

    def sample_model(self, n: int, *, y: Tensor | None = None, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        assert y is not None and self.data.y is not None and self.data.classes is not None
        rows = []
        for i, asked in enumerate(y.tolist()):
            shown = (asked + 1) % len(self.data.classes) if asked == self.swapped else asked
            own = (self.data.y == shown).nonzero()[0]
            rows.append(own[i % len(own)])
        return self.data.batch(np.array(rows)), y


@pytest.fixture(scope="module")
def blobs() -> saddle.Dataset:
    generator = np.random.default_rng(0)
    y = generator.integers(0, 3, 900)
    x = generator.standard_normal((900, 2)) + 6 * np.eye(3)[y][:, :2]
    return saddle.open(x, y=np.array(["a", "b", "c"])[y])


def test_a_faithful_model_agrees_and_a_swapped_class_is_found(blobs: saddle.Dataset) -> None:
    train, held_out = blobs.split(0.4)
    rows, notes = by_class(Swapping(train, swapped=1), held_out, train, n=100)
    agreement = {one.label: one.rows[0] for one in rows}
    assert agreement["a"].value.value > 0.95 and agreement["c"].value.value > 0.95
    assert agreement["b"].value.value < 0.05
    assert all(row.reference is not None and row.reference.value > 0.9 for row in agreement.values())
    distance = {one.label: one.rows[1] for one in rows}
    assert distance["b"].reading().startswith("worse") and not distance["a"].reading().startswith("worse")
    assert "gradient boosting" in notes[0]


def test_small_classes_are_left_out_and_named(blobs: saddle.Dataset) -> None:
    train, held_out = blobs.split(0.4)
    assert held_out.y is not None
    few = held_out.part(np.concatenate([(held_out.y != 2).nonzero()[0], (held_out.y == 2).nonzero()[0][:5]]))
    rows, notes = by_class(Swapping(train), few, train, n=50)
    assert [one.label for one in rows] == ["a", "b"]
    assert "fewer than 10 held-out examples: c" in notes[1]


def test_pictures_are_judged_by_a_network() -> None:
    train, held_out = saddle.open("digits").split(0.3)
    judge = train_judge(train)
    assert held_out.y is not None
    found = judge.agreement(held_out.batch(torch.arange(len(held_out))), torch.from_numpy(held_out.y))
    assert (
        found.value > 0.95 and found.interval is not None and "network trained on the labels of digits" in found.method
    )


def test_data_without_labels_are_refused() -> None:
    train, held_out = saddle.open("ring", n=200).split(0.3)
    with pytest.raises(InputError, match="no labels"):
        by_class(Swapping(train), held_out, train)
    with pytest.raises(InputError, match="labels of at least 2 classes"):
        train_judge(train)


def test_an_evaluation_with_classes_survives_json_and_prints(blobs: saddle.Dataset) -> None:
    gan = saddle.GAN(generator=saddle.MLP(8), critic=saddle.MLP(8), rounds=3).fit(blobs)
    result = saddle.evaluate(gan, n=40)
    assert [one.label for one in result.classes] == ["a", "b", "c"]
    assert Evaluation.from_record(json.loads(result.to_json())).to_json() == result.to_json()
    text = str(result)
    assert "Class by class, real data in brackets:" in text and "label agreement" in text
    assert saddle.evaluate(gan, n=40, classes=False).classes == ()
    only = saddle.evaluate(gan, n=40, of="mmd")
    assert [row.name for row in only.classes[0].rows] == ["label agreement", "squared MMD"]


def test_a_measure_of_ones_own_is_measured_class_by_class(blobs: saddle.Dataset) -> None:
    def gap(x: Tensor, y: Tensor) -> Estimate:
        return Estimate(float((x.mean(0) - y.mean(0)).norm()), None, None, "difference of means", (len(x), len(y)))

    train, held_out = blobs.split(0.4)
    rows, _ = by_class(Swapping(train), held_out, train, n=50, of=[gap, "mmd", "copying"])
    assert [row.name for row in rows[0].rows] == ["label agreement", "gap", "squared MMD"]


def test_other_data_are_held_out_whole(blobs: saddle.Dataset) -> None:
    gan = saddle.GAN(generator=saddle.MLP(8), critic=saddle.MLP(8), rounds=3).fit(blobs)
    other = saddle.open(
        np.asarray(blobs.x)[:300] + 0.01, y=np.array(blobs.layout.labels(torch.from_numpy(blobs.y[:300])))
    )
    result = saddle.evaluate(gan, other, n=100)
    assert "is not what the model was trained on" in result.notes[0]
    assert result["energy distance"].value.n == (100, 100) and result.classes
    with pytest.raises(InputError, match="points in 2 dimensions and points in 1 dimension"):
        saddle.evaluate(gan, np.asarray(blobs.x)[:, :1], n=50)
