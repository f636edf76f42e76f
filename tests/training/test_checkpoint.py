"""A checkpoint gives back every bit of a state, and no changed byte of it is believed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.core.errors import InputError, NonFiniteError
from saddle.testing import Trial
from saddle.training.checkpoint import (
    checkpoint_name,
    read_checkpoint,
    remove_unfinished,
    restore,
    rounds_saved,
    save_checkpoint,
)
from saddle.training.state import State

DATA = saddle.open(np.random.default_rng(0).standard_normal((40, 2)), y=np.arange(40) % 2)
PLAIN: dict[str, Any] = {"latent": 2, "batch": 8, "device": "cpu", "average": 0.9}


def trial(width: int = 4, **settings: Any) -> Trial:
    networks = {"generator": saddle.MLP(width, 1, normalization="batch"), "critic": saddle.Maxout(4, 3, 2)}
    return Trial.of(saddle.GAN(**{**PLAIN, **networks, **settings}), DATA)


def save(state: State, folder: Path) -> Path:
    return save_checkpoint(folder, state, seconds=1.5, configuration="c")


def content(state: State) -> dict[str, torch.Tensor]:
    """Everything in a state, the optimizers' slots included."""
    tensors = {
        f"{group}/{name}": value
        for group in ("params", "buffers", "averages", "carry")
        for name, value in getattr(state, group).items()
    }
    for player, optimizer in state.optimizers.items():
        for index, slot in optimizer.state_dict()["state"].items():
            tensors |= {f"{player}/{index}/{key}": torch.as_tensor(value) for key, value in slot.items()}
    return tensors


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("optimizer", ["adam", {"kind": "sgd", "momentum": 0.5}, {"kind": "torch", "name": "NAdam"}])
def test_round_trip(tmp_path: Path, optimizer: Any, seeds: int, precision: str) -> None:
    settings = {"seeds": seeds, "precision": precision, "critic_optimizer": optimizer, "generator_optimizer": optimizer}
    one, other = trial(**settings).play(3), trial(**settings)
    save(one.fitted.state, tmp_path)
    restore(other.fitted.state, read_checkpoint(tmp_path, 3))
    expected, found = content(one.fitted.state), content(other.fitted.state)
    assert expected.keys() == found.keys() and len(expected) > 20
    for name, value in expected.items():
        assert torch.equal(value, found[name]) and value.dtype == found[name].dtype, name
    assert other.fitted.state.round == 3 and other.fitted.state.digest() == one.fitted.state.digest()


def test_what_is_noted_beside_the_tensors(tmp_path: Path) -> None:
    one = trial().play(2)
    save(one.fitted.state, tmp_path)
    saved = read_checkpoint(tmp_path, 2)
    assert (saved.round, saved.seconds, saved.configuration) == (2, 1.5, "c")
    assert saved.digest == one.fitted.state.digest() and rounds_saved(tmp_path) == [2]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    save(trial().play(2).fitted.state, folder)
    return folder


@pytest.mark.parametrize("file", ["state.safetensors", "state.json"])
def test_a_flipped_byte_anywhere_is_refused(written: Path, file: str) -> None:
    path = written / checkpoint_name(2) / file
    whole = path.read_bytes()
    generator = np.random.default_rng(0)
    places = sorted({0, 1, 8, len(whole) // 2, len(whole) - 2, *generator.integers(0, len(whole), 150).tolist()})
    try:
        for place in places:
            changed = bytearray(whole)
            changed[place] ^= 1 << int(generator.integers(0, 8))
            if file == "state.json" and same_record(bytes(changed), whole):
                continue  # what reads as the same record is the same record
            path.write_bytes(bytes(changed))
            with pytest.raises(InputError) as caught:
                read_checkpoint(written, 2)
            assert str(written) in str(caught.value) and "\n" not in str(caught.value), place
    finally:
        path.write_bytes(whole)
    read_checkpoint(written, 2)


def same_record(one: bytes, other: bytes) -> bool:
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return False


@pytest.mark.parametrize("file", ["state.safetensors", "state.json"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(written: Path, file: str, share: float) -> None:
    path = written / checkpoint_name(2) / file
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(InputError):
            read_checkpoint(written, 2)
        path.unlink()
        with pytest.raises(InputError, match=r"is missing|cannot be read"):
            read_checkpoint(written, 2)
    finally:
        path.write_bytes(whole)


def test_a_checkpoint_that_is_not_there_is_refused(written: Path) -> None:
    with pytest.raises(InputError, match="is missing"):
        read_checkpoint(written, 3)


def test_another_model_is_refused(written: Path) -> None:
    with pytest.raises(InputError, match=r"does not fit the model: .* has shape"):
        restore(trial(width=5).fitted.state, read_checkpoint(written, 2))
    with pytest.raises(InputError, match=r"does not fit the model: the tensor .* is only in one of them"):
        restore(trial(critic=saddle.MLP(4, 1)).fitted.state, read_checkpoint(written, 2))


def test_numbers_that_are_not_finite_are_not_written(tmp_path: Path) -> None:
    one = trial()
    with torch.no_grad():
        one.fitted.state.params["critic.layers.1.linear.bias"][0] = torch.inf
    with pytest.raises(NonFiniteError, match=r"critic\.layers\.1\.linear\.bias is not finite"):
        save(one.fitted.state, tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_checkpoint_that_is_there_is_kept(tmp_path: Path) -> None:
    one = trial()
    save(one.fitted.state, tmp_path)
    before = read_checkpoint(tmp_path, 0).digest
    with torch.no_grad():
        one.fitted.state.params["critic.layers.1.linear.bias"].add_(1)
    save(one.fitted.state, tmp_path)
    assert read_checkpoint(tmp_path, 0).digest == before


def test_what_a_kill_leaves_half_written_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / ".00000007.123.tmp").mkdir()
    (tmp_path / ".00000007.123.tmp" / "state.json").write_text("{")
    (tmp_path / ".file.tmp").write_text("")
    (tmp_path / "00000003").mkdir()
    assert rounds_saved(tmp_path) == [3] and rounds_saved(tmp_path / "nowhere") == []
    remove_unfinished(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["00000003"]


def test_an_optimizers_memory_lies_as_its_parameter_does(tmp_path: Path) -> None:
    """As on a GPU, where convolutions have their channels last and fused optimizers want the same of their memory."""
    data = saddle.open(np.random.default_rng(0).random((20, 8, 8)))
    settings: dict[str, Any] = {"generator": saddle.Convolutional(2), "critic": saddle.Convolutional(2), "latent": 2}
    before, after = (Trial.of(saddle.GAN(**settings, batch=4, device="cpu"), data) for _ in range(2))
    for one in (before, after):
        for parameter in one.fitted.state.params.values():
            if parameter.dim() == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    before.play(2)
    save_checkpoint(tmp_path, before.fitted.state, seconds=0.0, configuration="")
    restore(after.fitted.state, read_checkpoint(tmp_path, 2))
    for name, optimizer in after.fitted.state.optimizers.items():
        for parameter, slot in optimizer.state.items():
            assert slot["exp_avg"].stride() == parameter.stride(), name
    assert torch.equal(before.play(3).parameters(), after.play(3).parameters())
