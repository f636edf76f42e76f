"""A trained model: its state and how to draw from it, with no data at hand."""

import secrets
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.noise import draw
from saddle.core.problem import Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Direct, Networks
from saddle.core.whole_numbers import whole
from saddle.data.dataset import Dataset
from saddle.data.layout import Layout
from saddle.families.settings import TrainingSettings, find_device
from saddle.networks.mixed_precision import in_bfloat16
from saddle.training.state import State, start

BLOCK = 128


@dataclass
class Fitted:
    """A state with its problem and the layout of the data.

    Attributes:
        problem: what was trained.
        state: as it stands.
        layout: how examples look in their own units.
        shares: the share of each class in the data, or None for a model without labels.
    """

    problem: Problem
    state: State
    layout: Layout
    shares: tuple[float, ...] | None

    def networks(self, member: int = 0, *, averaged: bool = True) -> Networks:
        """One member's networks, in evaluation; those that are averaged come as their averages.

        Raises:
            InputError: when there is no such member.
        """
        self.seed(member)
        networks = deepcopy(self.state.networks)
        networks.load_state_dict(self.state.member(member, averaged=averaged))
        return networks.eval().requires_grad_(False)

    def seed(self, member: int) -> int:
        """The seed of a member.

        Raises:
            InputError: when there is no such member.
        """
        count = len(self.state.seeds)
        if not 0 <= whole("member", member) < count:
            raise InputError(f"member must be from 0 to {count - 1}, and got {member}.")
        return self.state.seeds[member]

    def sample(
        self, count: int, *, y: Tensor | None = None, seed: int | None = None, member: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """Examples in model units, and their labels.

        Sample i is a function of seed, member and i; without a seed every call differs.

        Args:
            count: how many, at least 1.
            y: class indices (count,); without them labels are drawn as often as in the training data.
            seed: of the latents.
            member: which model of a population.

        Returns:
            Examples (count, ...) on the CPU, and labels (count,) or None.

        Raises:
            InputError: when an argument is no whole number or out of range, or the labels do not suit the model.
        """
        count = whole("The number of samples", count, least=1)
        stream = _stream(seed)
        labels = self._labels(count, y, stream)
        networks = self.networks(member)
        parts = [
            self._block(networks, stream.child(index), None if labels is None else labels[first : first + BLOCK])
            for index, first in enumerate(range(0, count, BLOCK))
        ]
        return torch.cat(parts)[:count].cpu(), labels

    def walk(
        self, count: int, *, anchors: int = 4, y: Tensor | None = None, seed: int | None = None, member: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """Examples along a path of latents that passes through so many drawn ones.

        Normal latents are joined along great circles, which keeps their length typical; uniform ones in straight lines.

        Args:
            count: examples on the way, ends included.
            anchors: drawn latents on the path, at least 2.
            y: class indices (count,); without them the whole walk has one class, drawn by the seed.
            seed: of the latents.
            member: which model of a population.
        """
        if whole("n", count) < 2 or not 2 <= whole("anchors", anchors) <= BLOCK:
            raise InputError(
                f"A walk needs at least 2 examples and from 2 to {BLOCK} latents, and got {count} and {anchors}."
            )
        stream = _stream(seed)
        labels = y
        if self.shares is not None and y is None:
            labels = self._labels(1, None, stream)
            labels = None if labels is None else labels.expand(count)
        sampler, networks = self.problem.sampler, self.networks(member)
        if isinstance(sampler, Direct):
            return self.from_noise(networks, sampler, walked(sampler, stream.child(0), anchors, count), labels), labels
        if labels is not None and bool((labels != labels[0]).any()):
            raise InputError("The steps of a chain have one label, and got several.")
        with torch.no_grad():
            one = None if labels is None else labels[:1].to(next(networks.parameters()).device)
            return sampler.path(networks, stream.child(0), 1, one, count)[:, 0].float().cpu(), labels

    def own(self, x: Tensor, y: Tensor | None) -> Any:
        """Examples in the data's own units and container."""
        return self.layout.own(x, y)

    def labeled(self, x: Tensor, y: Tensor | None) -> tuple[Any, list[Any] | None]:
        """Examples in own units together with their labels in the user's own terms, or None without labels."""
        return self.own(x, y), None if y is None else self.layout.labels(y)

    def from_noise(self, networks: Networks, sampler: Direct, noise: dict[str, Tensor], y: Tensor | None) -> Tensor:
        """Examples in model units for given noise."""
        first = next(networks.parameters())
        moved = {name: value.to(first.device, first.dtype) for name, value in noise.items()}
        with torch.no_grad():
            return sampler.make(networks, moved, None if y is None else y.to(first.device)).float().cpu()

    def _block(self, networks: Networks, stream: Stream, labels: Tensor | None) -> Tensor:
        # Whole blocks only: the bits of a matrix product may depend on its size, and sample i may not depend on n.
        if labels is not None:
            labels = torch.cat([labels, labels.new_zeros(BLOCK - len(labels))]).to(next(networks.parameters()).device)
        with torch.no_grad():
            return self.problem.sampler.draw(networks, stream, BLOCK, labels).float().cpu()

    def _labels(self, count: int, y: Tensor | None, stream: Stream) -> Tensor | None:
        if self.shares is None:
            if y is not None:
                raise InputError("This model was trained without labels, so it cannot sample a given label.")
            return None
        if y is not None:
            if y.shape != (count,):
                raise InputError(f"y needs one label for each of the {count} samples, and has shape {tuple(y.shape)}.")
            return y
        edges = torch.tensor(self.shares, dtype=torch.float64).cumsum(0)[:-1]
        blocks = range(-(-count // BLOCK))
        uniform = [torch.rand(BLOCK, generator=stream.child("y", i).torch(), dtype=torch.float64) for i in blocks]
        return torch.searchsorted(edges, torch.cat(uniform)[:count], right=True)


def untrained(problem: Problem, settings: TrainingSettings, layout: Layout, shares: tuple[float, ...] | None) -> Fitted:
    """A problem in the state before round 1, one member for each seed of the settings."""
    seeds = range(settings.seed, settings.seed + settings.seeds)
    if settings.precision == "bfloat16":
        problem = replace(problem, networks=_mixed(problem.networks))
    state = start(problem, seeds, device=find_device(settings.device), dtype=settings.dtype)
    return Fitted(problem, state, layout, shares)


def _mixed(factory: Callable[[], Networks]) -> Callable[[], Networks]:
    """The factory of the same networks, computing in bfloat16."""

    def networks() -> Networks:
        made = factory()
        for network in made.values():
            in_bfloat16(network)
        return made

    return networks


def _stream(seed: int | None) -> Stream:
    """The randomness of samples: of a seed, or without one of its own at every call."""
    return Stream(secrets.randbits(62) if seed is None else whole("seed", seed), ("sample",))


def walked(sampler: Direct, stream: Stream, anchors: int, count: int) -> dict[str, Tensor]:
    """Noise along a path through the first `anchors` draws of a block: great circles for normal noise, else lines."""
    specs = sampler.noise(BLOCK)
    drawn = draw(specs, stream, torch.float64, torch.device("cpu"))
    places = torch.linspace(0, anchors - 1, count, dtype=torch.float64)
    return {
        name: (_great_circles if specs[name].kind == "normal" else _lines)(value[:anchors], places)
        for name, value in drawn.items()
    }


def _lines(anchors: Tensor, places: Tensor) -> Tensor:
    """Points on the straight path through anchors (k, d), at places in [0, k - 1]."""
    first = places.floor().clamp(max=len(anchors) - 2).long()
    share = (places - first).unsqueeze(1)
    return (1 - share) * anchors[first] + share * anchors[first + 1]


def _great_circles(anchors: Tensor, places: Tensor) -> Tensor:
    """Points on the path of great circles through anchors (k, d), lengths interpolated in a straight line."""
    first = places.floor().clamp(max=len(anchors) - 2).long()
    share = (places - first).unsqueeze(1)
    lengths = anchors.norm(dim=1, keepdim=True)
    units = anchors / lengths
    start, end = units[first], units[first + 1]
    angle = torch.sum(start * end, dim=1, keepdim=True).clamp(-1, 1).acos().clamp(min=1e-9)
    direction = (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle)
    return direction * _lines(lengths, places)


def class_shares(data: Dataset) -> tuple[float, ...] | None:
    """The share of each class in the data, or None where they have no labels."""
    labels = data.labels_of(torch.arange(len(data)))
    if labels is None:
        return None
    counts = torch.bincount(labels, minlength=len(data.classes or ()))
    return tuple((counts / counts.sum()).tolist())
