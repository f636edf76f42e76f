"""Which examples an update sees, and getting them onto the device."""

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor

from saddle.core.problem import Player
from saddle.core.randomness import Stream
from saddle.training.ahead import Ahead
from saddle.training.supply import Block, Supply, at_rows

RESIDENT_BYTES = 512 * 2**20
ROUNDS_AT_ONCE = 256  # whose numbers are made in one go


class Examples(Protocol):
    """Indexed data in model units."""

    def __len__(self) -> int:
        """How many."""
        ...

    def batch(self, indices: Tensor) -> Tensor:
        """Examples (n, ...) in model units."""
        ...

    def labels_of(self, indices: Tensor) -> Tensor | None:
        """Class indices (n,), or None for data without labels."""
        ...


class Order:
    """The order in which one member's player goes through its data, as a function of seed, player and step.

    Each epoch is a fresh permutation cut into whole batches; what is left over waits for the next. Where a batch is
    larger than the data, examples are drawn with replacement.
    """

    def __init__(self, stream: Stream, rows: Tensor, size: int) -> None:
        self._stream = stream
        self._rows = rows
        self._count = len(rows)
        self.size = size
        self._epoch = -1
        self._permutation = torch.empty(0, dtype=torch.int64)

    def rows(self, step: int) -> Tensor:
        """Indices of the examples of this step, shape (size,)."""
        return self.steps(step, 1)[0]

    def steps(self, first: int, count: int) -> Tensor:
        """Indices of the examples of so many steps, shape (count, size)."""
        per_epoch = self._count // self.size
        if per_epoch == 0:
            return torch.stack([self._replaced(step) for step in range(first, first + count)])
        parts: list[Tensor] = []
        while count > 0:
            epoch, place = divmod(first, per_epoch)
            here = min(count, per_epoch - place)
            chosen = self._shuffled(epoch)[place * self.size : (place + here) * self.size]
            parts.append(chosen.reshape(here, self.size))
            first, count = first + here, count - here
        return torch.cat(parts)

    def _replaced(self, step: int) -> Tensor:
        chosen = torch.randint(self._count, (self.size,), generator=self._stream.child(step).torch())
        return self._rows[chosen]

    def _shuffled(self, epoch: int) -> Tensor:
        if epoch != self._epoch:
            shuffled = torch.randperm(self._count, generator=self._stream.child(epoch).torch())
            self._permutation, self._epoch = self._rows[shuffled], epoch
        return self._permutation


class Feed:
    """Batches for each player of each member, on the device and in the run's dtype.

    Data that fit are kept there whole; the rest is read batch by batch, one ahead of each update.

    Args:
        examples: all data.
        rows: which of them each seed trains on.
        size: examples per batch.
        device: where batches go.
        dtype: of examples.
        labeled: whether batches have labels.
    """

    def __init__(
        self,
        examples: Examples,
        rows: Mapping[int, Tensor],
        size: int,
        *,
        device: torch.device,
        dtype: torch.dtype,
        labeled: bool,
    ) -> None:
        self._rows = rows
        self._examples = examples
        self._size = size
        self._device = device
        self._dtype = dtype
        self._labeled = labeled
        self._orders: dict[tuple[int, str], Order] = {}
        self._supplies: dict[str, Supply] = {}
        self._gathered: dict[str, Block | None] = {}
        self._nothing: dict[str, Tensor] = {}
        self._rounds: tuple[int, tuple[Tensor, ...]] = -1, ()
        self._ahead = Ahead()
        one = examples.batch(torch.zeros(1, dtype=torch.int64))
        everything = torch.arange(len(examples))
        fits = len(examples) * one.numel() * dtype.itemsize <= RESIDENT_BYTES
        self._x = self._place(examples.batch(everything)) if fits else None
        labels = examples.labels_of(everything) if labeled else None
        self._y = None if labels is None else labels.to(device)

    def _place(self, x: Tensor) -> Tensor:
        return x.to(self._device, self._dtype, non_blocking=True)

    def _read(self, rows: Tensor) -> Tensor:
        """Examples in the computer's own memory, from where a GPU can fetch them while it computes."""
        x = self._examples.batch(rows.flatten())
        if self._device.type == "cuda":
            with torch.cuda.device(self._device):  # the reader's thread has a current device of its own
                x = x.pin_memory()
        return x.reshape(*rows.shape, *x.shape[1:])

    @property
    def resident(self) -> bool:
        """Whether all examples lie on the device."""
        return self._x is not None

    def supply(self, player: Player, seeds: tuple[int, ...]) -> Supply:
        """Noise and rows of a player's updates, of all these members."""
        if player.name not in self._supplies:
            orders = [self._order(seed, player.name) for seed in seeds]
            self._supplies[player.name] = Supply(
                player.name, player.repeats, player.noise, seeds, orders, self._dtype, self._device
            )
        return self._supplies[player.name]

    def update(self, player: Player, seeds: tuple[int, ...], round: int, repeat: int) -> tuple[Tensor, Tensor | None]:
        """Examples and labels of one of a player's updates in a round, of all these members."""
        supply = self.supply(player, seeds)
        x = self._without_rows(player, supply, round, repeat)
        if x is not None and self._y is None:
            return x, None
        rows = supply.rows.at(round, repeat)
        if x is None and self._x is not None:
            x = at_rows(self._x, rows)
        if x is not None:
            return x, self._labels(rows)
        places = rows.cpu()  # before the next block of rows may be written where this one lies
        after, first = divmod(repeat + 1, player.repeats)
        following = supply.rows.at(round + after, first).cpu()
        return self._place(self._ahead.take(self._read, player.name, places, following)), self._labels(places)

    def _without_rows(self, player: Player, supply: Supply, round: int, repeat: int) -> Tensor | None:
        """Examples for which nobody has to know at which rows they are, or None."""
        if not player.looks:
            if player.name not in self._nothing:
                self._nothing[player.name] = self.unseen(supply.rows.at(round, repeat))[0]
            return self._nothing[player.name]
        block = self._block(player, supply)
        return None if block is None else block.at(round, repeat)

    def _block(self, player: Player, supply: Supply) -> Block | None:
        """A player's examples of many rounds, where that pays."""
        if player.name not in self._gathered:
            self._gathered[player.name] = None if self._x is None else supply.gathered(self._x)
        return self._gathered[player.name]

    def round(self, number: int) -> Tensor:
        """The number of a round as a 0-d tensor on the device, made with those of the rounds around it."""
        block, place = divmod(number, ROUNDS_AT_ONCE)
        if self._rounds[0] != block:
            first = block * ROUNDS_AT_ONCE
            numbers = torch.arange(first, first + ROUNDS_AT_ONCE, dtype=torch.int64, device=self._device)
            self._rounds = block, numbers.unbind()
        return self._rounds[1][place]

    def examples(self, rows: Tensor) -> tuple[Tensor, Tensor | None]:
        """Examples and labels at these rows, of any shape, on the device."""
        x = self._place(self._read(rows.cpu())) if self._x is None else at_rows(self._x, rows)
        return x, self._labels(rows)

    def unseen(self, rows: Tensor) -> tuple[Tensor, Tensor | None]:
        """What a player gets that does not look at examples: some of no numbers, with the labels at these rows."""
        return torch.empty(*rows.shape, 0, dtype=self._dtype, device=self._device), self._labels(rows)

    def _labels(self, rows: Tensor) -> Tensor | None:
        return None if self._y is None else self._y[rows.to(self._device)]

    def _order(self, seed: int, player: str) -> Order:
        key = (seed, player)
        if key not in self._orders:
            self._orders[key] = Order(Stream(seed, ("data", player)), self._rows[seed], self._size)
        return self._orders[key]

    def one(self, seed: int, player: str, step: int) -> tuple[Tensor, Tensor | None]:
        """Examples and labels of one update of one member."""
        return self.examples(self._order(seed, player).rows(step).to(self._device))

    def some(self, seed: int, count: int) -> tuple[Tensor, Tensor | None]:
        """At most so many of a member's training examples with their labels, always the same ones."""
        rows = self._rows[seed]
        order = torch.randperm(len(rows), generator=Stream(seed, ("data", "some")).torch())[:count]
        chosen = rows[order]
        x = self._place(self._examples.batch(chosen)) if self._x is None else self._x[chosen.to(self._device)]
        return x, None if self._y is None else self._y[chosen.to(self._device)]
