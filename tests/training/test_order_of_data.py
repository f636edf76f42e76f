"""Which examples an update sees."""

from typing import Any

import pytest
import torch
from torch import Tensor

from saddle.core import noise
from saddle.core.problem import Player
from saddle.core.randomness import Stream
from saddle.training import feed as feeding
from saddle.training.feed import Feed, Order

ROWS = torch.arange(100, 123)


@pytest.mark.parametrize("size", [1, 5, 23])
def test_an_epoch_is_a_permutation_cut_into_whole_batches(size: int) -> None:
    """No example is seen twice in an epoch, all of a whole number of batches are seen, and none from outside."""
    order = Order(Stream(0), ROWS, size)
    per_epoch = len(ROWS) // size
    epochs = [
        torch.cat([order.rows(epoch * per_epoch + place) for place in range(per_epoch)]).tolist() for epoch in range(4)
    ]
    for seen in epochs:
        assert len(set(seen)) == len(seen) == per_epoch * size and set(seen) <= set(ROWS.tolist())
    assert len({tuple(seen) for seen in epochs}) == 4


def test_what_is_left_over_changes_from_epoch_to_epoch() -> None:
    order = Order(Stream(0), ROWS, 5)
    seen = [torch.cat([order.rows(4 * epoch + place) for place in range(4)]).tolist() for epoch in range(8)]
    left = [set(ROWS.tolist()) - set(one) for one in seen]
    assert all(len(one) == 3 for one in left) and len({frozenset(one) for one in left}) > 4


def test_the_order_is_a_function_of_the_step() -> None:
    """So that a run resumed at any step goes on as if it had never stopped."""
    forward, anew = Order(Stream(1), ROWS, 5), Order(Stream(1), ROWS, 5)
    seen = [forward.rows(step) for step in range(20)]
    for step in (13, 2, 19, 0, 7):
        assert torch.equal(anew.rows(step), seen[step])
    assert not torch.equal(Order(Stream(2), ROWS, 5).rows(0), seen[0])


@pytest.mark.parametrize("size", [5, 23, 200])
def test_many_steps_at_once_are_those_one_by_one(size: int) -> None:
    """Also over the ends of epochs, which are of 4 steps, of 1, and of none; one is given by its own formula."""
    order, per_epoch = Order(Stream(1), ROWS, size), len(ROWS) // size

    def rows(step: int) -> Tensor:
        if not per_epoch:
            return ROWS[torch.randint(len(ROWS), (size,), generator=Stream(1).child(step).torch())]
        epoch, place = divmod(step, per_epoch)
        return ROWS[torch.randperm(len(ROWS), generator=Stream(1).child(epoch).torch())][place * size :][:size]

    for first, count in ((0, 3), (3, 1), (2, 11), (7, 6), (1, 2)):
        wanted = torch.stack([rows(step) for step in range(first, first + count)])
        assert torch.equal(order.steps(first, count), wanted)


def test_a_batch_larger_than_the_data_is_drawn_with_replacement() -> None:
    order = Order(Stream(0), ROWS, 200)
    first, second = order.rows(0), order.rows(1)
    assert len(first) == 200 and set(first.tolist()) <= set(ROWS.tolist()) and not torch.equal(first, second)
    assert torch.equal(Order(Stream(0), ROWS, 200).rows(1), second)


def test_every_example_is_first_equally_often() -> None:
    """Of 2,000 epochs each of 23 examples opens 87 +- 37: a shuffle that favored a place would show."""
    order = Order(Stream(0), ROWS, 23)
    first = torch.stack([order.rows(epoch)[0] for epoch in range(2000)])
    counts = torch.bincount(first - 100, minlength=23)
    assert counts.min() > 87 - 37 and counts.max() < 87 + 37


class Data:
    """Example i is (i, -i), with label i mod 3."""

    def __len__(self) -> int:
        return 40

    def batch(self, indices: Tensor) -> Tensor:
        return torch.stack([indices, -indices], dim=1).float()

    def labels_of(self, indices: Tensor) -> Tensor | None:
        return indices % 3


def feed(*, labeled: bool = True) -> Feed:
    rows = {seed: torch.arange(40)[torch.arange(40) % 4 != seed] for seed in range(3)}
    return Feed(Data(), rows, 6, device=torch.device("cpu"), dtype=torch.float64, labeled=labeled)


def test_batches_have_their_labels_dtype_and_the_members_own_rows() -> None:
    for seed in range(3):
        x, y = feed().one(seed, "critic", 0)
        assert x.shape == (6, 2) and x.dtype == torch.float64 and y is not None
        assert torch.equal(x[:, 0], -x[:, 1]) and torch.equal(x[:, 0].long() % 3, y)
        assert bool((x[:, 0].long() % 4 != seed).all())
    assert feed(labeled=False).one(0, "critic", 0)[1] is None


def never(*_: Any) -> Any:
    raise AssertionError("a supply calls neither loss nor optimizer")


def test_members_and_players_have_their_own_order() -> None:
    one = feed()
    assert not torch.equal(one.one(0, "critic", 0)[0], one.one(0, "generator", 0)[0])
    supply = one.supply(Player("critic", (), never, never, {}), (0, 1, 2))
    x, y = one.examples(supply.rows.at(3, 0))
    assert y is not None and x.shape == (3, 6, 2) and y.shape == (3, 6)
    for member in range(3):
        alone, labels = feed().one(member, "critic", 3)
        assert torch.equal(x[member], alone) and labels is not None and torch.equal(y[member], labels)


def test_data_that_do_not_fit_are_read_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    resident = [feed().one(0, "critic", step)[0] for step in range(8)]
    monkeypatch.setattr(feeding, "RESIDENT_BYTES", 0)
    assert all(torch.equal(feed().one(0, "critic", step)[0], x) for step, x in enumerate(resident))


@pytest.mark.parametrize("small", [True, False])
def test_an_update_sees_the_rows_of_its_round(small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gathered for many rounds at once or for one, going on or back."""
    monkeypatch.setattr(noise, "BLOCK_NUMBERS", 100 if small else 1)  # two updates of 12 numbers: 4 rounds, or one
    player, one = Player("critic", (), never, never, {}, repeats=2), feed()
    for round in (0, 1, 7, 8, 9, 30, 2):
        for repeat in range(2):
            x, y = one.update(player, (0, 1, 2), round, repeat)
            assert y is not None
            for member in range(3):
                alone, labels = feed().one(member, "critic", 2 * round + repeat)
                assert torch.equal(x[member], alone) and labels is not None and torch.equal(y[member], labels)


def test_examples_that_nobody_looks_at_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "RESIDENT_BYTES", 0)
    player, one = Player("generator", (), never, never, {}, looks=False), feed()
    monkeypatch.setattr(one, "_read", never)
    x, y = one.update(player, (0, 1, 2), 3, 0)
    assert x.shape == (3, 6, 0) and x.dtype == torch.float64 and y is not None
    assert torch.equal(y[1], feed().one(1, "generator", 3)[1])


@pytest.mark.parametrize("looks", [True, False])
def test_rows_that_nobody_needs_are_not_asked_for(looks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of data without labels: many rounds' examples are gathered at once, or nobody looks at them."""
    player = Player("critic", (), never, never, {}, looks=looks)
    with_labels, one = feed(), feed(labeled=False)
    one.update(player, (0, 1), 0, 0)
    monkeypatch.setattr(one.supply(player, (0, 1)).rows, "at", never)
    for round in (1, 2, 300):
        x, y = one.update(player, (0, 1), round, 0)
        assert y is None and torch.equal(x, with_labels.update(player, (0, 1), round, 0)[0])
        assert x.shape == ((2, 6, 2) if looks else (2, 6, 0))


def test_a_rounds_number_stays_what_it_was() -> None:
    one = feed()
    third = one.round(3)
    assert one.round(3) is third and one.round(4).item() == 4 and third.item() == 3
