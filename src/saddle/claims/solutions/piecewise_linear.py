"""The pieces of a critic of one number whose layers are linear or ReLU: between its corners it is a straight line."""

import torch
from torch import Tensor, nn

from saddle.core.gradients import score_and_gradient


def corners(layers: nn.Sequential, low: float, high: float) -> Tensor:
    """The ends of an interval and all its points, in order, where a unit of any layer passes zero."""
    points = torch.tensor([low, high], dtype=torch.float64)
    for place, layer in enumerate(layers):
        if not isinstance(layer, nn.Linear):
            continue
        units = layers[: place + 1](points[:, None])
        # Between neighbors every unit before its ReLU is a straight line, so its zero is found exactly.
        before, after = units[:-1], units[1:]
        share = before / (before - after)
        crossed = points[:-1, None] + share * points.diff()[:, None]
        points = torch.cat([points, crossed[before * after < 0]]).unique()
    return points


def steepest(critic: nn.Module, low: float, high: float) -> float:
    """Its Lipschitz constant on an interval, exact: the largest slope of its pieces."""
    layers = critic.get_submodule("layers")
    assert isinstance(layers, nn.Sequential)
    ends = corners(layers, low, high)
    middles = (ends[:-1] + ends[1:]) / 2
    return float(score_and_gradient(critic, middles[:, None])[1].abs().max())
