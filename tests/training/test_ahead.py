"""Batches read ahead are the batches; what is read ahead in vain, or fails, harms nothing."""

import threading
from contextlib import suppress
from typing import Any

import pytest
import torch
from torch import Tensor

from saddle.core.errors import NonFiniteError
from saddle.core.problem import Player
from saddle.training import feed as feeding
from saddle.training.ahead import Ahead
from saddle.training.feed import Feed

SEEDS = (0, 1)


class Data:
    """Example i is (i, -i), with label i mod 3; notes in which thread it was read."""

    def __init__(self) -> None:
        self.readers: list[str] = []

    def __len__(self) -> int:
        return 40

    def batch(self, indices: Tensor) -> Tensor:
        self.readers.append(threading.current_thread().name)
        return torch.stack([indices, -indices], dim=1).float()

    def labels_of(self, indices: Tensor) -> Tensor | None:
        return indices % 3


def never(*_: Any) -> Any:
    raise AssertionError("a feed calls neither loss nor optimizer")


PLAYERS = [Player("critic", (), never, never, {}, repeats=3), Player("generator", (), never, never, {})]


def feed(data: Data) -> Feed:
    rows = {seed: torch.arange(40)[torch.arange(40) % 4 != seed] for seed in SEEDS}
    return Feed(data, rows, 6, device=torch.device("cpu"), dtype=torch.float64, labeled=True)


def batches(one: Feed, rounds: range, seeds: tuple[int, ...]) -> list[tuple[Tensor, Tensor | None]]:
    places = [(player, round, repeat) for round in rounds for player in PLAYERS for repeat in range(player.repeats)]
    return [one.update(player, seeds, round, repeat) for player, round, repeat in places]


@pytest.mark.parametrize("seeds", [(1,), SEEDS])
def test_the_batches_are_those_of_data_in_memory(seeds: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Past two blocks of 64 rounds and many epochs; then from another round, as when a run is resumed."""
    resident, data = feed(Data()), Data()
    monkeypatch.setattr(feeding, "RESIDENT_BYTES", 0)
    ahead = feed(data)
    assert resident.resident and not ahead.resident
    data.readers.clear()
    for rounds in (range(140), range(17, 20)):
        for (x, y), (wanted, labels) in zip(
            batches(ahead, rounds, seeds), batches(resident, rounds, seeds), strict=True
        ):
            assert torch.equal(x, wanted) and x.dtype == torch.float64
            assert y is not None and labels is not None and torch.equal(y, labels)
    here = [name for name in data.readers if not name.startswith("saddle-ahead")]
    assert len(here) == 2 * len(PLAYERS), "only the first batch of each player, and of each jump, is waited for"


def test_what_fails_ahead_is_raised_where_it_is_wanted_and_only_there() -> None:
    def read(rows: Tensor) -> Tensor:
        if rows[0] == 2:
            raise OSError("the disk is gone")
        return 10 * rows

    ahead, (a, b, c) = Ahead(), (torch.tensor([number]) for number in (1, 2, 3))
    assert ahead.take(read, "critic", a, b).item() == 10
    with pytest.raises(OSError, match="the disk is gone"):
        ahead.take(read, "critic", b, c)
    assert ahead.take(read, "critic", a, b).item() == 10
    assert ahead.take(read, "critic", c, a).item() == 30, "what failed was not asked for"


def test_the_thread_ends_with_the_feed_though_training_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "RESIDENT_BYTES", 0)
    before, started = set(threading.enumerate()), set[threading.Thread]()

    def train() -> None:
        one = feed(Data())
        batches(one, range(3), SEEDS)
        started.update(set(threading.enumerate()) - before)
        raise NonFiniteError("a loss")

    with suppress(NonFiniteError):
        train()
    assert len(started) == 1
    for thread in started:
        thread.join(timeout=60)
        assert not thread.is_alive()
