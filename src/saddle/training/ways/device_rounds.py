"""Rounds that a GPU plays without being told what to do next: recorded once as a graph of kernels, then replayed.

A small network's round is hundreds of kernels of a few microseconds each, and a host that starts them one by one is
slower than they are. What changes from round to round must then lie on the device: the round's number, its noise and
rows (`Supply` holds those of many rounds), the learning rates, the averages' weights. Every round runs the same
function, recorded or not, so that a run resumed anywhere goes on with the same bits.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import NonFiniteError
from saddle.core.problem import Batch, Player, Problem
from saddle.training.feed import Feed
from saddle.training.state import State, Tensors
from saddle.training.step import Metrics, average, average_weight, gradients, lay_out_gradients, project, set_learning
from saddle.training.ways.compiling import Compiled
from saddle.training.ways.guard import FirstBad, Guard

WINDOW = 64  # rounds whose learning rates and weights are sent to the device at once
WARM_UP = 3  # rounds played before one is recorded: optimizers make their memory in the first

Key = tuple[Any, ...]


class DeviceRounds:
    """Plays rounds of a problem whose tensors all lie on one device.

    Args:
        problem: what is trained; its losses must not draw from torch's global generators.
        state: changed in place.
        feed: the data, resident on the device.
        compiled: what compiles the losses, or None to take their operations as they are.
        record: whether to record rounds as graphs; without, every round is started kernel by kernel.
    """

    def __init__(
        self,
        problem: Problem,
        state: State,
        feed: Feed,
        *,
        compiled: Compiled | None = None,
        record: bool = True,
    ) -> None:
        self._problem, self._state, self._feed = problem, state, feed
        self.compiled = compiled
        first = next(iter(state.params.values()))
        self._device, self._dtype = first.device, first.dtype
        self._record = record and self._device.type == "cuda"
        self._round = torch.tensor(state.round, device=self._device)
        self._start = -1
        self._played: dict[Key, int] = {}
        self._graphs: dict[Key, tuple[torch.cuda.CUDAGraph, Metrics]] = {}
        self._rates = {p.name: torch.zeros(WINDOW, dtype=torch.float32, device=self._device) for p in problem.players}
        self._weights = {name: torch.zeros(WINDOW, dtype=self._dtype, device=self._device) for name in problem.averaged}
        count = len(state.seeds)
        self._guard = Guard(state.seeds)
        self._bad = {player.name: FirstBad(count, self._dtype, self._device) for player in problem.players}

    def play(self, *, logged: bool) -> Metrics:
        """One round; its metrics, which are there whether logged or not, are overwritten by the next."""
        if self._device.type == "cuda":
            with torch.cuda.device(self._device):  # graphs record, and streams are those, of the current one
                return self._play()
        return self._play()

    def _play(self) -> Metrics:
        round = self._state.round
        self._send(round)
        players = [player for player in self._problem.players if player.active(round)]
        for player in players:
            supply = self._feed.supply(player, self._state.seeds)
            for block in (*supply.noise.values(), supply.rows):
                block.around(round)
        key = tuple((player.name, *_fixed(player, round)) for player in players)
        metrics = self._replayed(key) if key in self._graphs else self._first(key, players)
        self._state.round += 1
        return metrics

    def raise_deferred(self) -> None:
        """Wait for the device, and look at the losses since the start.

        Raises:
            NonFiniteError: when one was not finite.
        """
        found = [(*one, player) for player, bad in self._bad.items() if (one := bad.first()) is not None]
        if found:
            round, member, value, player = min(found, key=lambda one: one[0])
            who = self._guard.member(member)
            raise NonFiniteError(f"The {player}'s loss{who} became {value} in round {round}.")

    def _replayed(self, key: Key) -> Metrics:
        graph, metrics = self._graphs[key]
        graph.replay()
        return metrics

    def _first(self, key: Key, players: Sequence[Player]) -> Metrics:
        """Play a round kernel by kernel, or record it when enough like it have been played."""
        played = self._played[key] = self._played.get(key, 0) + 1
        if not self._record or played <= WARM_UP:
            return self._side_stream(players) if self._record else self._body(players)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            metrics = self._body(players)
        self._graphs[key] = graph, metrics
        return self._replayed(key)

    def _side_stream(self, players: Sequence[Player]) -> Metrics:
        """A round on a stream of its own, as recording wants those before it."""
        stream = torch.cuda.Stream(self._device)
        stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(stream):
            metrics = self._body(players)
        torch.cuda.current_stream(self._device).wait_stream(stream)
        return metrics

    def _body(self, players: Sequence[Player]) -> Metrics:
        """One round in which nothing depends on a number that the host knows."""
        metrics: Metrics = {}
        place = self._round.remainder(WINDOW).reshape(1)
        for player in players:
            set_learning(self._state, player)
            for repeat in range(player.repeats):
                batch, noise = self._inputs(player, repeat)
                loss = (self.compiled or gradients)(player, self._state, batch, noise)
                self._bad[player.name].look(self._round, loss.value)
                metrics |= {f"{player.name} loss": loss.value.detach()}
                metrics |= {name: value.detach() for name, value in loss.metrics.items()}
                self._update(player, self._rates[player.name].index_select(0, place).squeeze(0))
                for name, value in loss.carry.items():
                    self._state.carry[name].copy_(value.detach())
        weights = {name: held.index_select(0, place).squeeze(0) for name, held in self._weights.items()}
        average(self._problem, self._state, weights)
        self._round.add_(1)
        return metrics

    def _inputs(self, player: Player, repeat: int) -> tuple[Batch, Tensors]:
        supply = self._feed.supply(player, self._state.seeds)

        def now(block: Any) -> Tensor:
            held = block.around(self._state.round)
            return held.index_select(0, self._round.remainder(block.rounds).reshape(1))[0, repeat]

        noise = {name: now(block) for name, block in supply.noise.items()}
        x, y = (self._feed.examples if player.looks else self._feed.unseen)(now(supply.rows))
        return Batch(x, y, self._round.clone()), noise

    def _update(self, player: Player, rate: Tensor) -> None:
        optimizer = self._state.optimizers[player.name]
        settings = player.schedule(self._state.round)
        lay_out_gradients(self._state.learned(player.learns))
        with _rate_from(optimizer, settings, rate):
            optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        project(player, self._state)

    def _send(self, round: int) -> None:
        """Bring the rates and weights of the rounds around this one to the device."""
        start = round - round % WINDOW
        if start == self._start:
            return
        rounds = range(start, start + WINDOW)
        for player in self._problem.players:
            rates = [float(player.schedule(one).get("lr", 0.0)) for one in rounds]
            self._rates[player.name].copy_(torch.tensor(rates))
        for network, decay in self._problem.averaged.items():
            self._weights[network].copy_(
                torch.tensor([average_weight(decay, one) for one in rounds], dtype=self._dtype)
            )
        self._start = start


def _fixed(player: Player, round: int) -> Key:
    """The settings of a round that a graph holds as they are: all but the learning rate."""
    return tuple(sorted((name, value) for name, value in player.schedule(round).items() if name != "lr"))


@contextmanager
def _rate_from(optimizer: torch.optim.Optimizer, settings: Any, rate: Tensor) -> Iterator[None]:
    """Within this context the optimizer reads its rate from the device and may be recorded."""
    before = [dict(group) for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group.update(settings)
        if "lr" in settings:
            group["lr"] = rate
        if "capturable" in group and rate.device.type == "cuda":
            group["capturable"] = True
            for parameter in group["params"]:
                step = optimizer.state[parameter].get("step")
                if step is not None and step.device != parameter.device:
                    optimizer.state[parameter]["step"] = step.to(parameter.device)
    try:
        yield
    finally:
        for group, held in zip(optimizer.param_groups, before, strict=True):
            group.update({name: held[name] for name in ("lr", "capturable") if name in held})
