"""The Jacobian of the encoder in closed form: the contractive penalty, and the noise of the chain."""

from functools import partial

import pytest
import torch
from torch import Tensor
from torch.func import jacrev, vmap

import saddle
from saddle.core.problem import Batch
from saddle.core.sampling import Networks
from saddle.families.autoencoder.chain import jacobian_chain
from saddle.families.autoencoder.layer import CodeActivation, Layer
from saddle.families.autoencoder.learning import layer_loss
from saddle.families.autoencoder.maps import Affine
from saddle.families.autoencoder.stack import codes_of, layers_of, seen, spread

CLASSES = 3


def stack(activation: CodeActivation, *, pictures: bool = True, classes: int = 0) -> Networks:
    """Two layers, 16 to 7 to 5, with biases and class vectors that are not zero, in double precision."""
    kind = "images" if pictures else "points"
    x = torch.rand(20, 4, 4).numpy() if pictures else torch.rand(20, 16).numpy()
    labels = [i % classes for i in range(20)] if classes else None
    data = saddle.open(x, y=labels)
    assert data.layout.kind == kind
    model = saddle.Autoencoder(layers=(7, 5), activation=activation, contraction=1.0, precision="float64", device="cpu")
    networks = model.build(data.layout, (1 / 3,) * 3 if classes else None).networks()
    for parameter in networks.parameters():
        parameter.add_(0.5 * torch.randn_like(parameter))
    return networks


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def jacobian(layer: Layer, x: Tensor, y: Tensor | None) -> Tensor:
    """Jacobians (n, units, inputs) by automatic differentiation, one example at a time."""

    def one(x: Tensor, y: Tensor | None) -> Tensor:
        return layer.encode(x.unsqueeze(0), None if y is None else y.unsqueeze(0)).squeeze(0)

    return vmap(jacrev(partial(one)), in_dims=(0, None if y is None else 0))(x, y)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("classes", [0, CLASSES])
def test_the_penalty_is_the_squared_frobenius_norm(activation: CodeActivation, classes: int) -> None:
    """Catches slopes that are not squared, rows in place of columns, class vectors left out of the codes."""
    networks = stack(activation, classes=classes)
    x = torch.rand(6, 16, dtype=torch.float64)
    y = torch.arange(6) % CLASSES if classes else None
    for layer in layers_of(networks):
        codes = layer.encode(x, y)
        expected = jacobian(layer, x, y).square().sum((1, 2))
        assert torch.allclose(layer.squared_jacobian(codes), expected, rtol=1e-12)
        x = codes


def test_the_loss_adds_its_weighted_mean() -> None:
    """Catches a sum over the batch in place of the mean, and a penalty in model units, which are half as steep."""
    networks = stack("sigmoid")
    pictures = 2 * torch.rand(6, 1, 4, 4, dtype=torch.float64) - 1
    batch = Batch(pictures, None, torch.tensor(0))
    plain = layer_loss(0, None, 0.0)(networks, batch, {}, {})
    found = layer_loss(0, None, 0.7)(networks, batch, {}, {})
    gray = (pictures.flatten(1) + 1) / 2
    norms = jacobian(layers_of(networks)[0], gray, None).square().sum((1, 2))
    assert torch.allclose(found.value - plain.value, 0.7 * norms.mean(), rtol=1e-10)


@pytest.mark.parametrize("classes", [0, CLASSES])
def test_the_noise_of_the_chain_goes_through_the_whole_encoders_jacobian_twice(classes: int) -> None:
    """J Jᵀ ε of both layers; catches Jᵀ J, only one of the layers, and their order reversed."""
    networks = stack("tanh", pictures=False, classes=classes)
    x, noise = torch.rand(6, 16, dtype=torch.float64), torch.randn(6, 5, dtype=torch.float64)
    y = torch.arange(6) % CLASSES if classes else None

    def whole(x: Tensor, y: Tensor | None) -> Tensor:
        return codes_of(networks, x.unsqueeze(0), None if y is None else y.unsqueeze(0))[-1].squeeze(0)

    j = vmap(jacrev(whole), in_dims=(0, None if y is None else 0))(x, y)
    expected = torch.einsum("nab,ncb,nc->na", j, j, noise)
    assert torch.allclose(spread(networks, codes_of(networks, x, y), noise), expected, rtol=1e-11)


def test_one_step_has_the_published_covariance() -> None:
    """σ² (J Jᵀ)² in code space; catches σ² J Jᵀ, which is what noise through J alone would have, and σ for σ²."""
    weight = torch.tensor([[1.0, 0.5, 0.0], [-0.3, 0.8, 0.2], [0.1, 0.0, 0.6]], dtype=torch.float64)
    route = Affine(3, 3, 0, tied=False).double()
    assert route.back is not None
    with torch.no_grad():
        route.weight.copy_(weight)
        route.back.copy_(torch.linalg.inv(weight))  # so that encoding a decoded code gives the code back
    networks = torch.nn.ModuleDict({"layer1": Layer(route, "linear", unit_inputs=False)}).requires_grad_(False)
    draws, sigma = 200_000, 1.7
    chain = jacobian_chain((3,), 3, 1, sigma)
    start = torch.tensor([0.4, -1.0, 2.0], dtype=torch.float64).expand(draws, 3)
    noise = {"code": torch.randn(draws, 3, dtype=torch.float64)}
    moved = chain.step(networks, {"x": seen(networks, start)}, noise, None, 0)["x"]
    codes = codes_of(networks, moved, None)[-1]
    found, jj = torch.cov(codes.T), weight @ weight.T
    assert torch.allclose(codes.mean(0), weight @ start[0], atol=0.03)
    assert torch.allclose(found, sigma**2 * jj @ jj, rtol=0.03, atol=0.03)
    assert not torch.allclose(found, sigma**2 * jj, rtol=0.1, atol=0.1)
