"""Maxout and dropout against their definitions."""

import pytest
import torch
from torch import Tensor
from torch.func import functional_call, vmap

from saddle.networks import Dropout, Maxout
from saddle.networks.maxout import MaxoutLayer


def test_maxout_is_the_largest_of_its_linear_maps() -> None:
    """h_i = max_j (w_ij.x + b_ij), unit by unit; a maximum over the wrong axis would mix units."""
    torch.manual_seed(0)
    layer = MaxoutLayer(3, 4, 5).double()
    x = torch.randn(7, 3, dtype=torch.float64)
    weight, bias = layer.linear.weight, layer.linear.bias
    naive = torch.empty(7, 4, dtype=torch.float64)
    for n in range(7):
        for unit in range(4):
            maps = [weight[5 * unit + j] @ x[n] + bias[5 * unit + j] for j in range(5)]
            naive[n, unit] = max(maps)
    assert torch.allclose(layer(x), naive, atol=1e-14)


def test_the_first_papers_networks() -> None:
    """Sizes, ranges and the sigmoid's stretch to [-1, 1] of the 2014 pair."""
    torch.manual_seed(0)
    generator, critic = Maxout().generator(100, (1, 28, 28), 0), Maxout().critic((1, 28, 28), 0)
    assert [tuple(p.shape) for p in generator.parameters() if p.dim() == 2] == [(1200, 100), (1200, 1200), (784, 1200)]
    assert [tuple(p.shape) for p in critic.parameters() if p.dim() == 2] == [(1200, 784), (1200, 240), (1, 240)]
    for network, bound in ((generator, 0.05), (critic, 0.005)):
        weights = [p for p in network.parameters() if p.dim() == 2]
        assert max(w.abs().max().item() for w in weights) == pytest.approx(bound, rel=0.01)
        assert all(not bool(p.any()) for p in network.parameters() if p.dim() == 1)
    made = generator(torch.randn(5, 100))
    assert bool((made.abs() < 1).all())
    points = Maxout(8).generator(2, (3,), 0)(1e5 * torch.randn(9, 2))
    assert points.abs().max() > 1


def kept(layer: Dropout, x: Tensor) -> Tensor:
    return layer(x) != 0


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8])
def test_dropout_keeps_the_right_share_and_the_mean(keep: float) -> None:
    torch.manual_seed(0)
    layer, n = Dropout(keep), 200_000
    out = layer(torch.ones(n))
    deviation = (keep * (1 - keep) / n) ** 0.5
    assert (out != 0).double().mean().item() == pytest.approx(keep, abs=4 * deviation)
    assert torch.equal(out[out != 0], torch.full_like(out[out != 0], 1 / keep))


def test_dropouts_masks_are_independent() -> None:
    """Between passes, neighbors, layers and rows: correlations within four standard errors of zero."""
    torch.manual_seed(1)
    first, second = Dropout(0.5), Dropout(0.5)
    x = torch.ones(400, 500)
    masks = torch.stack([kept(first, x), kept(first, x), kept(second, x)]).double() * 2 - 1
    n = x.numel()
    pairs = [masks[0] * masks[1], masks[0] * masks[2]]
    pairs += [masks[0, :, 1:] * masks[0, :, :-1], masks[0, 1:] * masks[0, :-1], masks[0, 2:] * masks[0, :-2]]
    for product in pairs:
        assert abs(product.mean().item()) < 4 / n**0.5
    # Rows and columns have the spread of fair coins: a mask periodic in position would not.
    for axis, length in ((1, 500), (0, 400)):
        sums = masks[0].sum(axis) / length**0.5
        assert sums.var().item() == pytest.approx(1, abs=0.3)


def test_dropout_does_nothing_in_evaluation() -> None:
    layer = Dropout(0.3).eval()
    x = torch.randn(50)
    assert torch.equal(layer(x), x) and int(layer.passes) == 0


def test_dropouts_mask_is_a_function_of_its_buffers() -> None:
    """So a run that resumes with the buffers sees the same masks, whatever torch's generator has drawn."""
    torch.manual_seed(0)
    layer, x = Dropout(0.5), torch.ones(64)
    layer(x)
    saved = {name: value.clone() for name, value in layer.state_dict().items()}
    following = layer(x)
    torch.randn(10)
    again = Dropout(0.5)
    again.load_state_dict(saved)
    assert torch.equal(again(x), following) and not torch.equal(again(x), following)


def test_dropouts_members_have_their_own_masks() -> None:
    torch.manual_seed(0)
    members, x = [Dropout(0.5) for _ in range(3)], torch.ones(3, 64)
    buffers = {name: torch.stack([dict(one.named_buffers())[name] for one in members]) for name in ("key", "passes")}
    template = Dropout(0.5)
    together = vmap(lambda b, x: functional_call(template, b, (x,)))(buffers, x)
    alone = torch.stack([one(row) for one, row in zip(members, x, strict=True)])
    assert torch.equal(together, alone) and not torch.equal(alone[0], alone[1])
    assert torch.equal(buffers["passes"], torch.ones(3, dtype=torch.int64))


def test_dropouts_slope_is_its_mask() -> None:
    torch.manual_seed(0)
    layer, x = Dropout(0.5), torch.randn(32, requires_grad=True)
    out = layer(x)
    (slope,) = torch.autograd.grad(out.sum(), x)
    assert torch.allclose(slope * x, out) and set(slope.tolist()) == {0.0, 2.0}
