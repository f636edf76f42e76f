"""Batch normalization in plain arithmetic is torch's."""

import copy
from itertools import product

import pytest
import torch
from torch import nn

from saddle.networks.batch_norm import in_primitives

KINDS = [
    dict(zip(("affine", "track_running_stats", "momentum"), one, strict=True))
    for one in product((True, False), (True, False), (0.1, None))
]


@pytest.mark.parametrize("settings", KINDS, ids=lambda one: "-".join(map(str, one.values())))
@pytest.mark.parametrize(("layer", "shape"), [(nn.BatchNorm1d, (6, 4)), (nn.BatchNorm2d, (3, 4, 5, 2))])
def test_it_is_torch_s(layer, shape, settings) -> None:
    """Outputs in training and evaluation, running averages, and slopes of the input and the weights."""
    torch.manual_seed(0)
    theirs = layer(shape[1], **settings).double()
    for parameter in theirs.parameters():
        nn.init.normal_(parameter)
    ours = in_primitives(copy.deepcopy(theirs))
    for step in range(3):
        x = (step + 2 * torch.randn(shape, dtype=torch.float64)).requires_grad_()
        slopes = [torch.autograd.grad((one(x) ** 3).sum(), [x, *one.parameters()]) for one in (ours, theirs)]
        for found, expected in zip(*slopes, strict=True):
            torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-10)
    for found, expected in zip(ours.buffers(), theirs.buffers(), strict=True):
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x))


def test_one_example_is_refused_in_training() -> None:
    network = in_primitives(nn.BatchNorm1d(3))
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        network(torch.zeros(1, 3))
    assert torch.equal(network.eval()(torch.zeros(1, 3)), torch.zeros(1, 3))


def test_layers_keep_their_names_and_share_a_class() -> None:
    one, other = (in_primitives(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))) for _ in range(2))
    assert type(one[1]) is type(other[1]) and isinstance(one[1], nn.BatchNorm1d)
    assert list(one.state_dict()) == list(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).state_dict())
