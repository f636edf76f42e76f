"""Everything that changes while a model trains."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import torch
from torch import Tensor

from saddle.core.problem import Networks, Problem
from saddle.core.randomness import Stream

Tensors = dict[str, Tensor]


@dataclass
class State:
    """The state of one seed, or of a population stacked along a first axis.

    Attributes:
        seeds: the seed of each member.
        networks: for one seed the live modules, whose tensors are those below; for a population a template.
        params: learned tensors by name, such as "generator.layers.0.weight".
        buffers: tensors that networks keep but do not learn.
        averages: moving averages of the networks that the problem averages.
        carry: what losses keep between rounds.
        optimizers: one for each player.
        round: rounds completed.
    """

    seeds: tuple[int, ...]
    networks: Networks
    params: Tensors
    buffers: Tensors
    averages: Tensors
    carry: Tensors
    optimizers: dict[str, torch.optim.Optimizer]
    round: int = 0
    _learned: dict[tuple[str, ...], Tensors] = field(default_factory=dict, repr=False)

    def learned(self, networks: tuple[str, ...]) -> Tensors:
        """The parameters of these networks; looked up once, since every update asks."""
        if networks not in self._learned:
            self._learned[networks] = learned(self.params, networks)
        return self._learned[networks]

    @property
    def stacked(self) -> bool:
        """Whether tensors have a first axis of members."""
        return len(self.seeds) > 1

    @property
    def dtype(self) -> torch.dtype:
        """Of the parameters."""
        return next(iter(self.params.values())).dtype

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return next(iter(self.params.values())).device

    def digest(self) -> str:
        """sha256 over all parameters, names included."""
        total = sha256()
        for name in sorted(self.params):
            total.update(name.encode())
            total.update(self.params[name].detach().cpu().contiguous().numpy().tobytes())
        return total.hexdigest()

    def member(self, index: int, *, averaged: bool) -> Tensors:
        """One member's parameters and buffers, by name; averaged networks come as their averages where asked."""
        tensors = {**self.params, **self.buffers, **(self.averages if averaged else {})}
        return {name: (value[index] if self.stacked else value).detach() for name, value in tensors.items()}


def start(problem: Problem, seeds: Sequence[int], *, device: torch.device, dtype: torch.dtype) -> State:
    """The state before round 1: each member's networks begin as its own seed says."""
    members = [_networks(problem, seed).to(device, dtype) for seed in seeds]
    if device.type == "cuda" and len(seeds) == 1:
        for parameter in members[0].parameters():
            if parameter.dim() == 4:  # of convolutions, whose fast kernels want their channels last
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    for network in members:
        network.train()
    if len(seeds) == 1:
        params: Tensors = dict(members[0].named_parameters())
        buffers: Tensors = dict(members[0].named_buffers())
    else:
        params = {
            name: _stack([dict(one.named_parameters())[name] for one in members]).requires_grad_()
            for name, _ in members[0].named_parameters()
        }
        buffers = {
            name: _stack([dict(one.named_buffers())[name] for one in members]) for name, _ in members[0].named_buffers()
        }
    carries = [_cast(problem.carry(Stream(seed, ("carry",))), device, dtype) for seed in seeds]
    carry = carries[0] if len(seeds) == 1 else {name: _stack([one[name] for one in carries]) for name in carries[0]}
    averages = {
        name: value.detach().clone()
        for name, value in {**params, **buffers}.items()
        if name.split(".")[0] in problem.averaged
    }
    optimizers = {
        player.name: player.optimizer(list(learned(params, player.learns).values())) for player in problem.players
    }
    return State(tuple(seeds), members[0], params, buffers, averages, carry, optimizers)


def learned(params: Tensors, networks: Sequence[str]) -> Tensors:
    """The parameters of these networks."""
    return {name: value for name, value in params.items() if name.split(".")[0] in networks}


def _networks(problem: Problem, seed: int) -> Networks:
    with Stream(seed, ("networks",)).governing_torch():
        return problem.networks()


def _stack(tensors: list[Tensor]) -> Tensor:
    return torch.stack([tensor.detach() for tensor in tensors])


def _cast(tensors: Tensors, device: torch.device, dtype: torch.dtype) -> Tensors:
    return {name: value.to(device, dtype if value.is_floating_point() else None) for name, value in tensors.items()}
