"""Looking at every loss: a training stops at the first number that is not finite, and says whose it is."""

import torch
from torch import Tensor

from saddle.core.errors import NonFiniteError


class Guard:
    """Looks at losses at once on the CPU, and at the next log on a device that would have to be waited for.

    Args:
        seeds: of the members, for the message.
    """

    def __init__(self, seeds: tuple[int, ...]) -> None:
        self._seeds = seeds
        self._pending: dict[tuple[str, int], Tensor] = {}

    def check(self, player: str, round: int, value: Tensor) -> None:
        """Look at a player's loss, a 0-d tensor or one of shape (members,), in a round counted from 1.

        Raises:
            NonFiniteError: when it is not finite, at once or by `raise_deferred`.
        """
        if value.device.type == "cpu":
            self._raise(player, round, value)
        else:
            self._pending[player, round] = value.detach()

    def raise_deferred(self) -> None:
        """Look at the losses put off so far.

        Raises:
            NonFiniteError: when one is not finite.
        """
        if not self._pending:
            return
        values = torch.stack([value.reshape(-1) for value in self._pending.values()]).cpu()
        for (player, round), value in zip(self._pending, values, strict=True):
            self._raise(player, round, value)
        self._pending.clear()

    def _raise(self, player: str, round: int, value: Tensor) -> None:
        found = value.tolist()
        for member, number in enumerate(found if isinstance(found, list) else [found]):
            if number - number != 0:  # infinite or not a number
                raise NonFiniteError(f"The {player}'s loss{self.member(member)} became {number} in round {round}.")

    def member(self, index: int) -> str:
        """Words for one of several members; empty where there is one."""
        return f" of member {index} (seed {self._seeds[index]})" if len(self._seeds) > 1 else ""


class FirstBad:
    """The first number of a player's loss that is not finite, kept on the device, where looking costs no waiting."""

    def __init__(self, members: int, dtype: torch.dtype, device: torch.device) -> None:
        self._round = torch.full((members,), -1, dtype=torch.int64, device=device)
        self._value = torch.zeros(members, dtype=dtype, device=device)

    def look(self, round: Tensor, value: Tensor) -> None:
        """Take in the loss of a round that counts from 0; writes in place, so that a graph of kernels may hold it."""
        value = value.detach().reshape(-1)
        first = (self._round < 0) & ~torch.isfinite(value)
        self._round.copy_(torch.where(first, round + 1, self._round))
        self._value.copy_(torch.where(first, value, self._value))

    def first(self) -> tuple[int, int, float] | None:
        """Wait for the device; round, member and number of the first loss that was not finite, or None."""
        rounds = [(round, member) for member, round in enumerate(self._round.tolist()) if round >= 0]
        if not rounds:
            return None
        round, member = min(rounds)
        return round, member, self._value[member].item()
