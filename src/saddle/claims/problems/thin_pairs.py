"""Two laws on curves in the plane that do not meet: parallel lines, and circles around one another."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from saddle.claims.playing import critic_between
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Problem
from saddle.networks import MLP
from saddle.objectives import Minimax
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

BATCH = 128


@dataclass(frozen=True)
class Pair:
    """A law on a curve for every distance θ; that of the data has θ = 0.

    Attributes:
        name: what pictures call it.
        curve: points (n, 2) at shares t (n,) of the curve at θ, where t is uniform on [0, 1].
        crossings: the t at which that curve crosses the lines of a square grid of some side.
    """

    name: str
    curve: Callable[[Tensor, float], Tensor]
    crossings: Callable[[float, float], np.ndarray]


def line(t: Tensor, theta: float) -> Tensor:
    """(θ, t)."""
    return torch.stack([torch.full_like(t, theta), t], -1)


def line_crossings(theta: float, side: float) -> np.ndarray:
    """The multiples of the side."""
    return np.arange(0, 1, side)


def circle(t: Tensor, theta: float) -> Tensor:
    """On the circle of radius 1 + θ, at the angle 2πt."""
    return (1 + theta) * torch.stack([torch.cos(2 * math.pi * t), torch.sin(2 * math.pi * t)], -1)


def circle_crossings(theta: float, side: float) -> np.ndarray:
    """Where cosine or sine, times the radius, is a multiple of the side."""
    radius = 1 + theta
    reach = math.floor(radius / side)
    levels = side * np.arange(-reach, reach + 1) / radius
    over, up = np.arccos(levels), np.arcsin(levels)
    return np.concatenate([over, -over, up, math.pi - up]) / (2 * math.pi) % 1


LINES = Pair("parallel lines", line, line_crossings)
CIRCLES = Pair("circles", circle, circle_crossings)
PAIRS = (LINES, CIRCLES)


def in_cells(pair: Pair, theta: float, side: float) -> tuple[np.ndarray, np.ndarray]:
    """The shares of both laws in the cells of a square grid that either visits, exact to rounding."""
    shares: tuple[dict[tuple[int, ...], float], ...] = ({}, {})
    for found, place in zip(shares, (0.0, theta), strict=True):
        ends = np.unique(np.concatenate([[0.0], pair.crossings(place, side), [1.0]]))
        middles = pair.curve(torch.from_numpy((ends[1:] + ends[:-1]) / 2), place).numpy()
        for cell, length in zip(np.floor(middles / side).astype(int), np.diff(ends), strict=True):
            found[tuple(cell)] = found.get(tuple(cell), 0.0) + float(length)
    cells = sorted({*shares[0], *shares[1]})
    p, q = (np.array([found.get(cell, 0.0) for cell in cells]) for found in shares)
    return p, q


def along(pair: Pair, theta: float, count: int) -> Tensor:
    """So many points evenly along the curve at θ, by which to integrate over it."""
    return pair.curve((torch.arange(count) + 0.5) / count, theta)


def critic(pair: Pair, theta: float, rounds: int) -> Problem:
    """A discriminator between the laws at 0 and at θ, from scratch."""

    def law(name: str, place: float) -> Callable[[Draws], Tensor]:
        return lambda draws: pair.curve(draws[name], place)

    return critic_between(
        law("real", 0.0),
        law("fake", theta),
        {name: Noise("uniform", (BATCH,)) for name in ("real", "fake")},
        loss=Minimax().critic,
        network=lambda: MLP(width=32, depth=2, activation="silu").critic((2,), 0),
        optimizer=Adam(1e-2, beta1=0.5, schedule=Cosine(rounds, 0.1)),
    )
