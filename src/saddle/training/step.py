"""One update of one player, for one seed on its modules or for a population under `vmap`."""

from collections.abc import Callable, Mapping
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from saddle.core.gradients import outside_transforms
from saddle.core.problem import Batch, Loss, Networks, Player, Problem
from saddle.core.randomness import Stream
from saddle.training.feed import Feed
from saddle.training.state import State, Tensors, learned
from saddle.training.stepping import step

Metrics = dict[str, Tensor]
Guard = Callable[[str, int, Tensor], None]


class _LossModule(nn.Module):
    """Networks with a loss on top, so that one functional call swaps the tensors of all of them."""

    def __init__(self, networks: Networks) -> None:
        super().__init__()
        self.networks = networks

    def forward(self, loss: Callable[..., Loss], *inputs: object) -> Loss:
        return loss(self.networks, *inputs)


def play_round(
    problem: Problem,
    state: State,
    feed: Feed,
    guard: Guard,
    *,
    logged: bool = True,
    compiled: "CompiledUpdates | None" = None,
) -> Metrics:
    """One round: every active player in turn, as often as it repeats; then the averages.

    Args:
        problem: what is trained.
        state: changed in place.
        feed: the data.
        guard: called with a player's name, the round (from 1) and the loss, before the update is made.
        logged: whether the metrics will be read.
        compiled: computes gradients, and steps optimizers where it can, in the place of plain operations.

    Returns:
        Every player's loss and metrics, none where they will not be read: 0-d tensors for one seed, shape (members,)
        for a population.
    """
    metrics: Metrics = {}
    for player in problem.players:
        if not player.active(state.round):
            continue
        if compiled is None:  # which alone asks autograd for gradients of the parameters themselves
            set_learning(state, player)
        for repeat in range(player.repeats):
            draws = compiled is None or compiled.draws(player)
            batch, noise = inputs_of(player, state, feed, repeat, logged=logged, seeding=draws)
            loss = (compiled or gradients)(player, state, batch, noise)
            guard(player.name, state.round + 1, loss.value)
            if logged:
                found = {f"{player.name} loss": loss.value, **loss.metrics}
                # Copies, since what is compiled may write its next results where these lie.
                metrics |= {name: value.detach().clone() for name, value in found.items()}
            if compiled is None or not compiled.updates(player):
                _update(player, state)
            project(player, state)
            state.carry.update({name: value.detach() for name, value in loss.carry.items()})
    weights = {network: average_weight(decay, state.round) for network, decay in problem.averaged.items()}
    average(problem, state, weights)
    state.round += 1
    return metrics


def gradients(player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
    """The player's loss, its gradients left in the `.grad` of the parameters it learns."""
    if not state.stacked:
        with outside_transforms():
            loss = player.loss(state.networks, batch, noise, state.carry)
        loss.value.backward()
    else:
        loss = loss_of(player, state, state.params, state.buffers, batch, noise, state.carry)
        loss.value.sum().backward()
    return loss


class CompiledUpdates(Protocol):
    """Does what `gradients` does in another way."""

    def __call__(self, player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
        """The loss; gradients are left in `.grad`, or used already."""
        ...

    def updates(self, player: Player) -> bool:
        """Whether they are used already."""
        ...

    def draws(self, player: Player) -> bool:
        """Whether an update may draw from torch's own generators."""
        ...


def set_learning(state: State, player: Player) -> None:
    """Let gradients reach the networks that a player learns, and no others."""
    own = state.learned(player.learns)
    for name, parameter in state.params.items():
        parameter.requires_grad_(name in own)


def inputs_of(
    player: Player, state: State, feed: Feed, repeat: int, *, logged: bool, seeding: bool = True
) -> tuple[Batch, Tensors]:
    """What an update sees: examples, labels and the round, and the noise drawn for it.

    Torch's own generators are seeded along, unless the update is known to draw from none of them.
    """
    supply = feed.supply(player, state.seeds)
    noise = {name: block.at(state.round, repeat) for name, block in supply.noise.items()}
    x, y = feed.update(player, state.seeds, state.round, repeat)
    # Networks of the user's own may draw from torch's global generator; keyed, they too resume exactly.
    if seeding:
        place = (player.name, state.round, repeat, "global")
        seed_global_generators(Stream(state.seeds[0], place).integer(), x.device)
    return Batch(x, y, feed.round(state.round), logged), noise


def loss_of(
    player: Player, state: State, params: Tensors, buffers: Tensors, batch: Batch, noise: Tensors, carry: Tensors
) -> Loss:
    """A player's loss with these tensors in the place of the state's: of one seed, or (members,) of a population."""
    module = _LossModule(state.networks)

    def one(params: Tensors, buffers: Tensors, x: Tensor, y: Tensor | None, draws: Tensors, carry: Tensors) -> Loss:
        tensors = {f"networks.{name}": value for name, value in {**params, **buffers}.items()}
        return functional_call(module, tensors, (player.loss, batch._replace(x=x, y=y), draws, carry))

    if not state.stacked:
        return one(params, buffers, batch.x, batch.y, noise, carry)
    labels = None if batch.y is None else 0
    members = vmap(one, in_dims=(0, 0, 0, labels, 0, 0))
    return members(params, buffers, batch.x, batch.y, noise, carry)


def _update(player: Player, state: State) -> None:
    """Step the player's optimizer on the gradients at hand."""
    optimizer = state.optimizers[player.name]
    own = state.learned(player.learns)
    settings = player.schedule(state.round)
    for group in optimizer.param_groups:
        group.update(settings)
    lay_out_gradients(own)
    step(optimizer)


def lay_out_gradients(params: Tensors) -> None:
    """Give every gradient its parameter's strides: fused optimizers read it as if it lay in memory like that."""
    for parameter in params.values():
        gradient = parameter.grad
        if gradient is not None and gradient.stride() != parameter.stride():
            parameter.grad = torch.empty_like(parameter).copy_(gradient).detach()


def project(player: Player, state: State) -> None:
    """Apply a player's projection to what it learns."""
    if player.project is None:
        return
    for name, parameter in state.learned(player.learns).items():
        # One member at a time: a projection may depend on the whole parameter, as one by its norm does.
        for one in parameter.detach().unbind() if state.stacked else (parameter.detach(),):
            player.project(name, one)


def average(problem: Problem, state: State, weights: Mapping[str, float | Tensor]) -> None:
    """Move each averaged network's averages by its weight towards the network as it is now."""
    if not state.averages:
        return
    now = {**state.params, **state.buffers}
    with torch.no_grad():
        for network in problem.averaged:
            for name, held in learned(state.averages, (network,)).items():
                if held.is_floating_point():
                    held.lerp_(now[name], weights[network])
                else:
                    held.copy_(now[name])


def average_weight(decay: float, round: int) -> float:
    """How far an average moves; early on the decay is (1 + t)/(10 + t), so that the start is forgotten soon."""
    return 1 - min(decay, (1 + round) / (10 + round))


def seed_global_generators(seed: int, device: torch.device) -> None:
    """Seed torch's own generators, of the CPU and of the device in use."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(seed)
