"""One update of one player, for one seed on its modules or for a population under `vmap`."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from saddle.core.noise import draw
from saddle.core.problem import Batch, Loss, Networks, Player, Problem
from saddle.core.randomness import Stream
from saddle.training.feed import Feed
from saddle.training.state import State, Tensors, learned

Metrics = dict[str, Tensor]
Guard = Callable[[str, int, Tensor], None]


class _LossModule(nn.Module):
    """Networks with a loss on top, so that one functional call swaps the tensors of all of them."""

    def __init__(self, networks: Networks) -> None:
        super().__init__()
        self.networks = networks

    def forward(self, loss: Callable[..., Loss], *inputs: object) -> Loss:
        return loss(self.networks, *inputs)


def play_round(problem: Problem, state: State, feed: Feed, guard: Guard) -> Metrics:
    """One round: every active player in turn, as often as it repeats; then the averages.

    Args:
        problem: what is trained.
        state: changed in place.
        feed: the data.
        guard: called with a player's name, the round (from 1) and the loss, before the update is made.

    Returns:
        Every player's loss and metrics: 0-d tensors for one seed, shape (members,) for a population.
    """
    metrics: Metrics = {}
    for player in problem.players:
        if not player.active(state.round):
            continue
        _set_learning(state, player)
        for repeat in range(player.repeats):
            loss = _gradients(player, state, feed, repeat)
            guard(player.name, state.round + 1, loss.value)
            metrics |= {f"{player.name} loss": loss.value.detach()}
            metrics |= {name: value.detach() for name, value in loss.metrics.items()}
            _update(player, state)
            state.carry.update({name: value.detach() for name, value in loss.carry.items()})
    _average(problem, state)
    state.round += 1
    return metrics


def _set_learning(state: State, player: Player) -> None:
    own = learned(state.params, player.learns)
    for name, parameter in state.params.items():
        parameter.requires_grad_(name in own)


def _gradients(player: Player, state: State, feed: Feed, repeat: int) -> Loss:
    """The player's loss, its gradients left in the parameters' `.grad`."""
    step = state.round * player.repeats + repeat
    place = (player.name, state.round, repeat)
    first = next(iter(state.params.values()))
    now = torch.tensor(state.round, device=first.device)
    draws = [draw(player.noise, Stream(seed, place), first.dtype, first.device) for seed in state.seeds]
    # Networks of the user's own may draw from torch's global generator; keyed, they too resume exactly.
    seed_global_generators(Stream(state.seeds[0], (*place, "global")).integer(), first.device)
    if not state.stacked:
        x, y = feed.one(state.seeds[0], player.name, step)
        loss = player.loss(state.networks, Batch(x, y, now), draws[0], state.carry)
        loss.value.backward()
        return loss
    x, y = feed.several(state.seeds, player.name, step)
    noise = {name: torch.stack([one[name] for one in draws]) for name in draws[0]}
    loss = _stacked_loss(player, state, Batch(x, y, now), noise)
    loss.value.sum().backward()
    return loss


def _stacked_loss(player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
    """Every member's loss, shape (members,)."""
    module = _LossModule(state.networks)

    def one(params: Tensors, buffers: Tensors, x: Tensor, y: Tensor | None, draws: Tensors, carry: Tensors) -> Loss:
        tensors = {f"networks.{name}": value for name, value in {**params, **buffers}.items()}
        return functional_call(module, tensors, (player.loss, Batch(x, y, batch.round), draws, carry))

    labels = None if batch.y is None else 0
    members = vmap(one, in_dims=(0, 0, 0, labels, 0, 0))
    return members(state.params, state.buffers, batch.x, batch.y, noise, state.carry)


def _update(player: Player, state: State) -> None:
    """Step the player's optimizer on the gradients at hand, then project."""
    optimizer = state.optimizers[player.name]
    own = learned(state.params, player.learns)
    settings = player.schedule(state.round)
    for group in optimizer.param_groups:
        group.update(settings)
    for parameter in own.values():
        # Fused optimizers on the CPU read a gradient as if it lay in memory like its parameter.
        if parameter.grad is not None and not parameter.grad.is_contiguous():
            parameter.grad = parameter.grad.contiguous()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    if player.project is not None:
        for name, parameter in own.items():
            # One member at a time: a projection may depend on the whole parameter, as one by its norm does.
            for one in parameter.detach().unbind() if state.stacked else (parameter.detach(),):
                player.project(name, one)


def _average(problem: Problem, state: State) -> None:
    """Move the averages; early on the decay is (1 + t)/(10 + t), so that the start is forgotten soon."""
    if not state.averages:
        return
    now = {**state.params, **state.buffers}
    with torch.no_grad():
        for network, decay in problem.averaged.items():
            weight = 1 - min(decay, (1 + state.round) / (10 + state.round))
            for name, average in learned(state.averages, (network,)).items():
                if average.is_floating_point():
                    average.lerp_(now[name], weight)
                else:
                    average.copy_(now[name])


def seed_global_generators(seed: int, device: torch.device) -> None:
    """Seed torch's own generators, of the CPU and of the device in use."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
