"""The autoencoder as a user calls it: codes, reconstructions, chains, and what is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import saddle
from saddle.core.sampling import Chain

TINY: dict[str, Any] = {"layers": (6, 4), "rounds": 2, "device": "cpu"}


def labeled() -> tuple[np.ndarray, np.ndarray]:
    """Sixty pictures of three classes, each with a band of its own."""
    pictures = np.random.default_rng(0).integers(0, 60, (60, 6, 6)).astype(np.uint8)
    labels = np.arange(60) % 3
    for label in range(3):
        pictures[labels == label, 2 * label : 2 * label + 2] = 255
    return pictures, labels


def test_codes_and_reconstructions_of_pictures() -> None:
    pictures, labels = labeled()
    model = saddle.Autoencoder(**TINY).fit(pictures, labels)
    codes = model.encode(pictures, labels)
    assert codes.shape == (60, 4) and codes.min() >= 0 and codes.max() <= 1
    back = model.decode(codes, labels)
    assert back.shape == pictures.shape and back.dtype == np.uint8
    assert np.array_equal(model.reconstruct(pictures, labels), back)
    assert np.array_equal(model.encode(saddle.open(pictures, y=labels)), codes)


def test_codes_and_reconstructions_of_a_table_come_in_its_own_columns() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"count": generator.poisson(400, 80), "size": generator.gamma(2.0, size=80)})
    optimizer = saddle.Adam(0.05)
    model = saddle.Autoencoder(layers=8, activation="linear", rounds=60, optimizer=optimizer, device="cpu").fit(frame)
    back = model.reconstruct(frame)
    assert list(back.columns) == ["count", "size"] and model.encode(frame).shape == (80, 8)
    assert float(np.abs(back["size"] - frame["size"]).median()) < 0.1


def test_members_of_a_population_have_codes_of_their_own() -> None:
    x = np.random.default_rng(0).standard_normal((40, 2))
    model = saddle.Autoencoder(**TINY, seeds=2).fit(x)
    assert not np.allclose(model.encode(x, member=0), model.encode(x, member=1))


def test_chains_begin_at_training_examples_of_their_class() -> None:
    """Catches starts of another class, and starts among what is held out."""
    pictures, labels = labeled()
    model = saddle.Autoencoder(**TINY, contraction=0.1).fit(pictures, labels)
    sampler = model.trained.fitted.problem.sampler
    assert isinstance(sampler, Chain)
    kept = model.networks()["starts"].examples
    train = model.trained.data()[0]
    known = {picture.numpy().tobytes() for picture in train.batch(torch.arange(len(train))).flatten(1)}
    assert kept.shape == (3, 166, 1, 6, 6)
    assert all(one.numpy().tobytes() in known for one in kept.flatten(0, 1).flatten(1))
    for label in range(3):
        assert bool((kept[label, :, 0, 2 * label : 2 * label + 2] == 1).all())
    y = torch.tensor([2, 0, 1, 2])
    states = sampler.start(model.networks(), {"start": torch.tensor([0.0, 0.3, 0.99, 0.5])}, y)
    for one, label in zip(states["x"].reshape(-1, 6, 6), y.tolist(), strict=True):
        assert bool((one[2 * label : 2 * label + 2] == 1).all())


def test_the_sampler_follows_from_the_model() -> None:
    pictures, _ = labeled()
    points = np.random.default_rng(0).standard_normal((40, 2))

    def chained(data: Any, **settings: Any) -> bool:
        layout = saddle.open(data).layout
        return isinstance(saddle.Autoencoder(**{**TINY, **settings}).build(layout, None).problem.sampler, Chain)

    assert not chained(pictures) and chained(pictures, contraction=1.0)
    assert not chained(points, contraction=1.0) and chained(points, contraction=1.0, sampler="chain")
    assert not chained(pictures, contraction=1.0, sampler="mixture")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sampler": "chain"}, "contraction must be above 0"),
        ({"sampler": "chain", "corruption": "masking"}, "contraction must be above 0"),
        ({"corruption": saddle.SaltAndPepper(0.2)}, "for pictures and sigmoid codes"),
        ({"corruption": saddle.Masking(1.5)}, "corruption.share"),
        ({"corruption": "rust"}, "There is no corruption 'rust'"),
        ({"contraction": -1.0}, "contraction"),
        ({"layers": ()}, r"layers must be the units of one layer or a list .*, and got \(\)"),
        ({"layers": (5, 0)}, r"layers must be .* whole numbers of at least 1, and got \(5, 0\)"),
        ({"layers": True}, "layers must be .* and got True"),
        ({"layers": (5, True)}, "layers must be"),
        ({"layers": 2.5}, "layers must be"),
        ({"layers": "5"}, "layers must be"),
        ({"layers": None}, "layers must be"),
        ({"activation": "sine"}, "activation"),
        ({"weights": "bound"}, "weights"),
        ({"encoder": saddle.MLP(8, 1)}, "there is one layer, and layers has 2"),
        ({"layers": 3, "encoder": saddle.MLP(8, 1), "contraction": 1.0}, "contraction is for layers W x"),
        ({"layers": 3, "decoder": torch.nn.Linear(4, 2)}, "decoder fails"),
    ],
)
def test_what_does_not_fit_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(saddle.InputError, match=message) as caught:
        saddle.Autoencoder(**{**TINY, **settings}).fit("ring")
    assert "\n" not in str(caught.value)


def test_bad_calls_are_refused() -> None:
    pictures, labels = labeled()
    model = saddle.Autoencoder(**TINY)
    with pytest.raises(saddle.InputError, match="not fitted"):
        model.encode(pictures)
    model.fit(pictures, labels)
    for codes in (np.zeros((3, 5)), np.zeros(4), np.zeros((0, 4))):
        with pytest.raises(saddle.InputError, match=r"codes need the shape \(n, 4\)"):
            model.decode(codes, 0)
    with pytest.raises(saddle.InputError, match="give y, one for all"):
        model.decode(np.zeros((3, 4)))
    with pytest.raises(saddle.InputError, match="labels"):
        model.encode(pictures)
    with pytest.raises(saddle.InputError, match="shape"):
        model.reconstruct(np.zeros((3, 5, 5)), [0, 1, 2])
    with pytest.raises(saddle.InputError, match="member must be"):
        model.encode(pictures, labels, member=1)
