"""Networks fit examples of every shape, with labels and without, and read what they are given."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.func import vmap

import saddle
from saddle.networks import MLP, Convolutional, Maxout
from saddle.networks.convolution import Convolution
from saddle.networks.convolutional import picture_sizes

PICTURES = [(1, 8, 8), (1, 28, 28), (1, 112, 92), (3, 64, 64), (1, 1, 9), (4, 5, 3), (1, 1, 1), (2, 7, 33)]
POINTS = [(1,), (2,), (11,)]
LATENT, COUNT = 5, 3


def built(architecture: Any, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    return architecture.generator(LATENT, shape, classes), architecture.critic(shape, classes)


@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("shape", PICTURES)
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_convolutional_networks_fit_any_picture(normalization: Any, shape: tuple[int, ...], classes: int) -> None:
    generator, critic = built(Convolutional(2, normalization), shape, classes)
    y = (torch.arange(COUNT) % classes,) if classes else ()
    x = generator(torch.randn(COUNT, LATENT), *y)
    assert x.shape == (COUNT, *shape) and bool((x.abs() <= 1).all())
    assert critic(x, *y).shape == (COUNT,)


@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("shape", [*POINTS, (1, 8, 8), (3, 5, 4)])
@pytest.mark.parametrize("architecture", [MLP(6, 2), MLP(6, 0), MLP(6, 1, normalization="batch"), Maxout(6, 5, 3)])
def test_fully_connected_networks_fit_anything(architecture: Any, shape: tuple[int, ...], classes: int) -> None:
    generator, critic = built(architecture, shape, classes)
    y = (torch.arange(COUNT) % classes,) if classes else ()
    x = generator(torch.randn(COUNT, LATENT), *y)
    assert x.shape == (COUNT, *shape) and critic(x, *y).shape == (COUNT,)


@pytest.mark.parametrize("shape", PICTURES)
def test_every_pixel_of_a_picture_matters_to_the_critic(shape: tuple[int, ...]) -> None:
    """Without padding an odd side, a stride of two would leave its last row or column unread."""
    critic = Convolutional(4).critic(shape, 0).double()
    x = torch.randn(8, *shape, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(critic(x).sum(), x)
    assert bool((gradient.abs().sum(0) > 0).all())


@pytest.mark.parametrize("shape", PICTURES)
def test_every_pixel_of_a_picture_is_made(shape: tuple[int, ...]) -> None:
    generator = Convolutional(4).generator(LATENT, shape, 0)
    made = generator(torch.randn(64, LATENT))
    assert bool((made.std(0) > 0).all())


def test_picture_sizes() -> None:
    """As the architecture's own comment says: 28 starts at 7, 64 at 4, 112x92 at 7x6."""
    assert picture_sizes(28, 28) == [(7, 7), (14, 14), (28, 28)]
    assert picture_sizes(64, 64) == [(4, 4), (8, 8), (16, 16), (32, 32), (64, 64)]
    assert picture_sizes(112, 92)[0] == (7, 6)
    assert picture_sizes(5, 3) == [(5, 3)]


@pytest.mark.parametrize("architecture", [MLP(16, 1), Convolutional(4), Maxout(16, 12, 2)])
def test_labels_change_samples_and_scores(architecture: Any) -> None:
    generator, critic = (one.eval() for one in built(architecture, (1, 8, 8), 3))
    z = torch.randn(1, LATENT).expand(3, -1)
    made = generator(z, torch.arange(3))
    assert torch.pdist(made.flatten(1)).min() > 1e-6
    scores = critic(made[:1].expand(3, -1, -1, -1), torch.arange(3))
    assert torch.pdist(scores.unsqueeze(1)).min() > 0


@pytest.mark.parametrize("architecture", [MLP(16, 1), Convolutional(4), Maxout(16, 12, 2)])
def test_a_conditional_network_asks_for_labels(architecture: Any) -> None:
    generator, critic = built(architecture, (1, 8, 8), 3)
    for network, x in ((generator, torch.zeros(2, LATENT)), (critic, torch.zeros(2, 1, 8, 8))):
        with pytest.raises(saddle.InputError, match=r"conditional on 3 classes needs labels"):
            network(x)


def test_a_convolutional_network_refuses_points() -> None:
    with pytest.raises(saddle.InputError, match=r"need pictures of shape \(channels, height, width\), and got \(2,\)"):
        Convolutional(2).generator(LATENT, (2,), 0)


def test_the_bias_before_a_batch_normalization_is_left_out() -> None:
    """It would be idle, and Adam would turn its rounding noise into steps."""
    for architecture in (MLP(8, 2, normalization="batch"), Convolutional(2, "batch")):
        generator = architecture.generator(LATENT, (1, 16, 16), 0)
        layers = [one for one in generator.modules() if isinstance(one, nn.Linear | nn.ConvTranspose2d)]
        assert all(layer.bias is None for layer in layers[:-1]) and layers[-1].bias is not None


def test_dcgans_start() -> None:
    """Weights N(0, .02^2), scales N(1, .02^2): torch's own start would have another spread."""
    torch.manual_seed(0)
    generator = Convolutional(32, "batch", initial_std=0.02).generator(64, (1, 28, 28), 0)
    weights = torch.cat(
        [one.weight.detach().flatten() for one in generator.modules() if isinstance(one, nn.ConvTranspose2d)]
    )
    assert weights.mean().abs() < 1e-3 and weights.std().item() == pytest.approx(0.02, rel=0.02)
    scales = torch.cat([one.weight.detach() for one in generator.modules() if isinstance(one, nn.BatchNorm2d)])
    assert scales.mean().item() == pytest.approx(1, abs=0.01) and scales.std().item() == pytest.approx(0.02, rel=0.3)


def convolved(kind: type[nn.Conv2d]) -> int:
    """How many outputs change their sign when three members are stacked, where every exact sum is zero or large."""
    generator = torch.Generator().manual_seed(0)
    signs = torch.randint(0, 2, (3, 4, 1, 4, 4), generator=generator) * 2.0 - 1
    layer = kind(1, 4, 4, 2, 1).double()
    weights = {"weight": 0.01 * signs.double(), "bias": 0.01 * signs.double().flatten(2)[:, :, 0]}
    x = torch.full((3, 2, 1, 8, 8), -1.0, dtype=torch.float64)  # a constant background

    def call(one: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(layer, one, (x,))

    together = vmap(call)(weights, x)
    alone = torch.stack([call({name: w[i] for name, w in weights.items()}, x[i]) for i in range(3)])
    assert torch.allclose(together, alone, atol=1e-15)
    return int(((together > 0) != (alone > 0)).sum())


def test_stacked_convolutions_fall_on_the_same_side_of_a_kink() -> None:
    """torch's own layer does not: this is why saddle has one."""
    assert convolved(Convolution) == 0
    assert convolved(nn.Conv2d) > 0
