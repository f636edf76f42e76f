"""What one player's updates need, made for many rounds at once: noise, and which examples they see.

Starting a generator and moving a few numbers to a device cost as much for one update as for many, and on small networks
more than the update itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from saddle.core.noise import Noise, rounds_at_once
from saddle.core.randomness import Stream


class RowsOfSteps(Protocol):
    """One member's order of examples.

    Attributes:
        size: examples per step.
    """

    size: int

    def steps(self, first: int, count: int) -> Tensor:
        """Indices of the examples of so many steps, shape (count, size)."""
        ...


class Block:
    """What consecutive rounds need of one tensor, shape (rounds, repeats, ...).

    Args:
        rounds: how many.
        make: gives the block of a number, which counts blocks from round 0.
        in_place: whether the next block overwrites the last, so that a graph of kernels finds it.
    """

    def __init__(self, rounds: int, make: Callable[[int], Tensor], *, in_place: bool) -> None:
        self.rounds = rounds
        self._in_place = in_place
        self._make = make
        self._number = -1
        self._held = torch.empty(0)
        self._parts: list[tuple[Tensor, ...]] = []

    def around(self, round: int) -> Tensor:
        """The block in which a round lies."""
        number = round // self.rounds
        if number != self._number:
            made = self._make(number)
            self._held = self._held.copy_(made) if self._in_place and self._number >= 0 else made
            self._parts = [one.unbind() for one in self._held.unbind()]  # views; an update asks for one of them
            self._number = number
        return self._held

    def at(self, round: int, repeat: int) -> Tensor:
        """What one update needs."""
        self.around(round)
        return self._parts[round % self.rounds][repeat]


class Supply:
    """Noise and rows of the updates of one player, for one seed or stacked for several.

    Every number is a function of (seed, player, round, repeat, name): neither the other members nor where a run was
    resumed change it.

    Args:
        player: its name.
        repeats: its updates per round.
        noise: what it draws for each.
        seeds: of the members.
        orders: of each member's examples.
        dtype: of the noise.
        device: where all of it goes.

    Attributes:
        noise: by name.
        rows: of the examples.
    """

    def __init__(
        self,
        player: str,
        repeats: int,
        noise: Mapping[str, Noise],
        seeds: Sequence[int],
        orders: Sequence[RowsOfSteps],
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        self._player, self._repeats = player, repeats
        self._seeds, self._orders = seeds, orders
        self._dtype, self._device = dtype, device
        in_place = device.type == "cuda"
        self.noise = {
            name: Block(rounds_at_once(repeats, one.shape), self._drawn(name, one), in_place=in_place)
            for name, one in noise.items()
        }
        rounds = rounds_at_once(repeats, (orders[0].size,))
        self.rows = Block(rounds, self._ordered(rounds), in_place=in_place)

    def _drawn(self, name: str, noise: Noise) -> Callable[[int], Tensor]:
        several = Noise(noise.kind, (rounds_at_once(self._repeats, noise.shape), self._repeats, *noise.shape))

        def make(number: int) -> Tensor:
            streams = [Stream(seed, (self._player, "noise", number, name)) for seed in self._seeds]
            return self._side_by_side(
                [several.draw(one.torch(self._device), self._dtype, self._device) for one in streams]
            )

        return make

    def _ordered(self, rounds: int) -> Callable[[int], Tensor]:
        shape = (rounds, self._repeats, -1)

        def make(number: int) -> Tensor:
            steps = rounds * self._repeats
            members = [order.steps(number * steps, steps).reshape(shape) for order in self._orders]
            return self._side_by_side(members).to(self._device)

        return make

    def gathered(self, examples: Tensor) -> Block | None:
        """The examples of many rounds at once, which costs what those of one would; None where they are too large."""
        rounds = rounds_at_once(self._repeats, (self._orders[0].size, *examples.shape[1:]))
        if rounds == 1:
            return None
        rows = self._ordered(rounds)
        return Block(rounds, lambda number: at_rows(examples, rows(number)), in_place=False)

    def _side_by_side(self, members: list[Tensor]) -> Tensor:
        return members[0] if len(members) == 1 else torch.stack(members, dim=2)


def at_rows(x: Tensor, rows: Tensor) -> Tensor:
    """`x[rows]` in the half of its time, which of a small network's update is some hundredth."""
    return x.index_select(0, rows.flatten()).reshape(*rows.shape, *x.shape[1:])
