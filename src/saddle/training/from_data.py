"""What of a state is set from the data rather than learned: before the first round, and before samples are drawn."""

from copy import deepcopy

import torch

from saddle.core.problem import FromData, Networks, Problem
from saddle.training.feed import Feed
from saddle.training.state import State, Tensors

EXAMPLES = 10_000


def begin(problem: Problem, state: State, feed: Feed) -> None:
    """Set what a problem sets from the data before round 1; the averages start from there."""
    if problem.begin is None:
        return
    for member, networks in enumerate(_changed(problem.begin, state, feed, averaged=False)):
        found = dict(networks.state_dict())
        _copy(found, {**state.params, **state.buffers}, state, member)
        _copy(found, state.averages, state, member)


def settle(problem: Problem, state: State, feed: Feed) -> None:
    """Bring the buffers that only sampling reads up to date with the networks that samples come from."""
    if problem.settle is None:
        return
    free = {name: value for name, value in state.buffers.items() if name not in state.averages}
    for member, networks in enumerate(_changed(problem.settle, state, feed, averaged=True)):
        _copy(dict(networks.named_buffers()), free, state, member)


def _changed(change: FromData, state: State, feed: Feed, *, averaged: bool) -> list[Networks]:
    """A copy of each member's networks after a function has set some of their tensors."""
    changed = []
    for member, seed in enumerate(state.seeds):
        networks = deepcopy(state.networks)
        networks.load_state_dict(state.member(member, averaged=averaged))
        with torch.no_grad():
            change(networks.eval().requires_grad_(False), *feed.some(seed, EXAMPLES))
        changed.append(networks)
    return changed


def _copy(found: Tensors, held: Tensors, state: State, member: int) -> None:
    with torch.no_grad():
        for name, value in held.items():
            (value[member] if state.stacked else value).copy_(found[name])
