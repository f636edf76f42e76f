import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

import saddle.data
from saddle.core.errors import InputError
from saddle.evaluation import Classifier, train_classifier
from saddle.evaluation.classifier import meaningless, shifted


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    # Networks this small run fastest on one thread, by far so where other work shares the machine.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def digits(one_thread: None) -> tuple[Classifier, saddle.data.Dataset]:
    train, held_out = saddle.data.open("digits").split(0.2, seed=0)
    return train_classifier(train, epochs=15), held_out


def test_reads_held_out_digits(digits: tuple[Classifier, saddle.data.Dataset]) -> None:
    classifier, held_out = digits
    accuracy = classifier.accuracy(held_out)
    assert accuracy.value >= 0.98
    assert accuracy.n == len(held_out)
    assert accuracy.error is not None and accuracy.error > 0


def test_probabilities_features_and_labels_fit_together(digits: tuple[Classifier, saddle.data.Dataset]) -> None:
    classifier, held_out = digits
    x = held_out.batch(torch.arange(30))
    probabilities = classifier.probabilities(x)
    torch.testing.assert_close(probabilities.sum(1), torch.ones(30))
    assert torch.equal(classifier.labels(x), probabilities.argmax(1))
    logits = classifier.network[-1](classifier.features(x))
    torch.testing.assert_close(logits.softmax(1), probabilities)


def test_meaningless_pictures_are_not_read_with_confidence(digits: tuple[Classifier, saddle.data.Dataset]) -> None:
    classifier, held_out = digits
    real = classifier.probabilities(held_out.batch(torch.arange(200))).amax(1).mean()
    noise = torch.rand(200, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    shuffled = meaningless(held_out.batch(torch.arange(200)), torch.Generator().manual_seed(1))
    for nothing in (noise, shuffled):
        assert (classifier.probabilities(nothing).amax(1) > 0.9).float().mean() < 0.05
    assert real > 0.9


@pytest.mark.parametrize("shape", [(3, 13, 2), (9, 30, 21), (2, 5, 40)])
def test_any_size_and_channels(shape: tuple[int, int, int]) -> None:
    channels, height, width = shape[0] % 3 or 3, shape[1], shape[2]
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 255, (40, height, width, channels)).astype(np.uint8)
    data = saddle.data.open(pictures, y=[i % 2 for i in range(40)])
    classifier = train_classifier(data, epochs=1)
    assert classifier.probabilities(data.batch(torch.arange(5))).shape == (5, 2)


def test_same_seed_same_classifier() -> None:
    data, _ = saddle.data.open("digits").split(0.9)
    x = data.batch(torch.arange(9))
    first, second = (train_classifier(data, seed=4, epochs=1).probabilities(x) for _ in range(2))
    assert torch.equal(first, second)


def test_shifts_stay_within_a_pixel_of_small_pictures() -> None:
    x = torch.zeros(200, 1, 8, 8)
    x[:, :, 4, 4] = 1
    moved = shifted(x, torch.Generator().manual_seed(0))
    places = {tuple(place.tolist()) for place in moved.nonzero()[:, 2:]}
    assert places == {(i, j) for i in (3, 4, 5) for j in (3, 4, 5)}


def test_points_and_unlabeled_pictures_are_refused() -> None:
    with pytest.raises(InputError, match=r"pictures of at least 2 classes; .* holds points"):
        train_classifier(saddle.data.open("ring", n=10))
    with pytest.raises(InputError, match="of 0 classes"):
        train_classifier(saddle.data.open("digits", labels=False))


@pytest.mark.skipif("SADDLE_DATA" not in os.environ, reason="set SADDLE_DATA to the folder of real data")
def test_reads_mnist() -> None:
    mnist = Path(os.environ["SADDLE_DATA"]) / "mnist"
    classifier = train_classifier(saddle.data.open(mnist).part(np.arange(15_000)), epochs=2)
    assert classifier.accuracy(saddle.data.open(mnist, split="test")).value >= 0.98
