import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.errors import InputError
from saddle.evaluation import Extractor, find_features
from saddle.evaluation.features import as_bytes


class Asked(nn.Module):
    """Gives class scores unless it is asked for features, as the usual Inception file does."""

    def forward(self, x: Tensor, return_features: bool = False) -> Tensor:
        means = x.float().mean(dim=(2, 3))
        return means if return_features else means.softmax(1)


class Flat(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.float().flatten(1)[:, :9]


@pytest.fixture
def digits() -> saddle.Dataset:
    return saddle.open("digits")


def test_pixels_are_no_features(digits: saddle.Dataset) -> None:
    assert find_features(None, digits) is None and find_features("pixels", digits) is None


def test_a_function_of_a_file(digits: saddle.Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def first(x):\n    return x.flatten(1)[:, :4]\n")
    found = find_features(f"{tmp_path}/mine.py:first", digits)
    assert found is not None and found.name == "mine.py:first"
    x = digits.batch(torch.arange(600))
    assert torch.equal(found(x), x.flatten(1)[:, :4])


def test_scripted_networks_see_bytes_in_color(digits: saddle.Dataset, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(Asked()).save(str(tmp_path / "n.pt"))  # pyright: ignore
    found = find_features(str(tmp_path / "n.pt"), digits)
    assert found is not None
    x = digits.batch(torch.arange(5))
    own = torch.from_numpy(np.asarray(digits.own(x))).float().mean(dim=(1, 2))
    assert torch.allclose(found(x), own[:, None].expand(-1, 3), rtol=1e-6)


def test_exported_networks(digits: saddle.Dataset, tmp_path: Path) -> None:
    example = (torch.zeros(2, 3, 8, 8, dtype=torch.uint8),)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exported = torch.export.export(Flat(), example, dynamic_shapes={"x": {0: torch.export.Dim("n")}})
        torch.export.save(exported, tmp_path / "n.pt2")
    found = find_features(str(tmp_path / "n.pt2"), digits)
    assert found is not None and found(digits.batch(torch.arange(5))).shape == (5, 9)


def test_bytes_are_those_of_the_data(digits: saddle.Dataset) -> None:
    x = digits.batch(torch.arange(10))
    assert np.array_equal(as_bytes(x)[:, 0].numpy(), np.asarray(digits.own(x)))
    assert as_bytes(torch.zeros(2, 3, 4, 4)).shape == (2, 3, 4, 4)


def test_a_classifier_is_trained_once(digits: saddle.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    train = digits.part(np.arange(300))
    first = find_features("classifier", train)
    monkeypatch.setattr("saddle.evaluation.classifier.train_classifier", None)  # a second training would fail
    again = find_features("classifier", train)
    assert first is not None and again is not None and "300 labeled pictures of digits" in again.note
    x = digits.batch(torch.arange(4))
    assert torch.allclose(first(x), again(x)) and first(x).shape == (4, 128)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("inception", "must be pixels, classifier"),
        ("absent.pt", "There is no file absent.pt"),
        ("absent.py:f", "There is no file absent.py"),
        ("broken.pt", "must be a network saved by torch.jit.save"),
        ("broken.pt2", "must be a network saved by torch.jit.save or torch.export.save"),
        ("mine.py:absent", "has no function 'absent'"),
    ],
)
def test_bad_features_are_refused(
    digits: saddle.Dataset, wanted: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("broken.pt", "broken.pt2"):
        Path(name).write_bytes(b"nothing")
    Path("mine.py").write_text("x = 1\n")
    with pytest.raises(InputError, match=message) as caught:
        find_features(wanted, digits)
    assert "\n" not in str(caught.value)


def test_networks_are_for_pictures(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is for pictures; ring holds points"):
        find_features("n.pt", saddle.open("ring", n=100))


@pytest.mark.parametrize("function", [lambda x: x.sum(), lambda x: x[:1], lambda x: x.flatten(1) @ torch.ones(3, 3)])
def test_what_is_no_row_per_example_is_refused(digits: saddle.Dataset, function: object) -> None:
    with pytest.raises(InputError, match="mine"):
        Extractor("mine", function)(digits.batch(torch.arange(7)))  # pyright: ignore
