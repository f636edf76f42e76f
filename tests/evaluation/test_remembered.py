from pathlib import Path

import numpy as np
import pytest
import torch

import saddle
from saddle.evaluation.remembered import content_key, remembered


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SADDLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "statistics"


def counting() -> tuple[list[int], object]:
    calls: list[int] = []

    def make() -> dict[str, torch.Tensor]:
        calls.append(1)
        return {"a": torch.arange(3.0), "b": torch.tensor(7)}

    return calls, make


def test_made_once_and_then_read(home: Path) -> None:
    calls, make = counting()
    for _ in range(3):
        found = remembered(("x", "1"), make)  # pyright: ignore
        assert torch.equal(found["a"], torch.arange(3.0)) and int(found["b"]) == 7
    assert len(calls) == 1
    remembered(("x", "2"), make)  # pyright: ignore
    assert len(calls) == 2


def test_a_damaged_entry_is_made_anew(home: Path) -> None:
    calls, make = counting()
    remembered(("x",), make)  # pyright: ignore
    (entry,) = home.iterdir()
    entry.write_bytes(b"no tensors")
    remembered(("x",), make)  # pyright: ignore
    remembered(("x",), make)  # pyright: ignore
    assert len(calls) == 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SADDLE_CACHE", str(tmp_path / "file"))
    calls, make = counting()
    assert torch.equal(remembered(("x",), make)["a"], torch.arange(3.0))  # pyright: ignore
    assert len(calls) == 1 and list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_the_key_knows_content_and_transform() -> None:
    x = np.random.default_rng(0).standard_normal((20, 2))
    one, same, other = saddle.open(x), saddle.open(x.copy()), saddle.open(x + 1e-9)
    assert content_key(one) == content_key(same) != content_key(other)
    assert content_key(one.part(np.arange(10))) != content_key(one)
