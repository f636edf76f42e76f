"""Batch normalization in plain arithmetic is torch's."""

import copy
import pickle
from itertools import product

import pytest
import torch
from torch import nn

import saddle
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


class Tripled(nn.BatchNorm1d):
    """A layer of the user's own, whose arithmetic is not torch's."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 3 * super().forward(x)


def test_layers_of_the_user_s_own_keep_their_arithmetic_and_are_not_unrolled_together() -> None:
    assert type(in_primitives(nn.Sequential(Tripled(3)))[0]) is Tripled

    def critic() -> nn.Module:
        return nn.Sequential(nn.Linear(2, 3), Tripled(3), nn.Linear(3, 1))

    settings = {"generator": saddle.MLP(8, 1), "critic": critic, "latent": 2, "batch": 8, "rounds": 1, "seeds": 2}
    saddle.GAN(**settings).fit("ring")  # type: ignore[arg-type]
    with pytest.raises(saddle.InputError, match="batch normalization of its own kind at '1'"):
        saddle.GAN(**settings, unrolled=1).fit("ring")  # type: ignore[arg-type]


def test_networks_can_still_be_saved_whole() -> None:
    network = in_primitives(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))
    again = pickle.loads(pickle.dumps(network))
    assert torch.equal(again.eval()(torch.ones(2, 2)), network.eval()(torch.ones(2, 2)))
