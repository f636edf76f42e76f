"""Input gradients against torch's own, second derivatives against finite differences, buffers updated once."""

from collections.abc import Iterator
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from saddle.core.gradients import outside_transforms, score_and_gradient
from saddle.networks import MLP, Convolutional

SMOOTH = {
    "points": (MLP(6, 2, activation="tanh"), (3,), 0),
    "labels": (MLP(6, 2, activation="softplus"), (3,), 4),
    "pictures": (Convolutional(2, critic_activation="tanh"), (1, 8, 8), 0),
    "batch normalization": (MLP(6, 2, activation="tanh", normalization="batch"), (3,), 0),
}


def case(name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
    architecture, shape, classes = SMOOTH[name]
    torch.manual_seed(0)
    critic: Any = architecture.critic(shape, classes).double()
    x = torch.randn(5, *shape, dtype=torch.float64)
    return critic, (x, torch.arange(5) % classes) if classes else (x,)


@pytest.fixture(params=["anywhere", "outside transforms"])
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways of computing them."""
    with outside_transforms() if request.param == "outside transforms" else nullcontext():
        yield


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", SMOOTH)
def test_scores_and_gradients_are_those_of_autograd(name: str) -> None:
    critic, inputs = case(name)
    twin = deepcopy(critic)
    scores, gradient = score_and_gradient(critic, *inputs)
    x = inputs[0].clone().requires_grad_()
    plain = twin(x, *inputs[1:])
    (expected,) = torch.autograd.grad(plain.sum(), x)
    assert torch.allclose(scores, plain, atol=1e-13) and torch.allclose(gradient, expected, atol=1e-13)
    # Each score's own gradient, not the batch's mean: example 2 alone gives row 2 (batch normalization mixes them).
    if name != "batch normalization":
        _, alone = score_and_gradient(critic, *(one[2:3] for one in inputs))
        assert torch.allclose(alone[0], gradient[2], atol=1e-13)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", SMOOTH)
def test_second_derivatives_agree_with_finite_differences(name: str) -> None:
    """The slope, by the parameters, of a function of scores and input gradients together."""
    critic, inputs = case(name)

    def value() -> Tensor:
        scores, gradient = score_and_gradient(deepcopy(critic), *inputs)
        return (scores * scores.new_tensor([1, -2, 3, 0.5, 1])).sum() + gradient.pow(4).sum()

    scores, gradient = score_and_gradient(critic, *inputs)
    total = (scores * scores.new_tensor([1, -2, 3, 0.5, 1])).sum() + gradient.pow(4).sum()
    parameters = list(critic.parameters())
    slopes = torch.autograd.grad(total, parameters, allow_unused=True)
    generator, step = torch.Generator().manual_seed(1), 1e-6
    directions = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in parameters]
    expected = sum((s * d).sum().item() for s, d in zip(slopes, directions, strict=True) if s is not None)
    found = []
    for sign in (1, -1):
        with torch.no_grad():
            for parameter, direction in zip(parameters, directions, strict=True):
                parameter.add_(sign * step * direction)
        found.append(value().item())
        with torch.no_grad():
            for parameter, direction in zip(parameters, directions, strict=True):
                parameter.sub_(sign * step * direction)
    assert (found[0] - found[1]) / (2 * step) == pytest.approx(expected, rel=1e-6)


def test_buffers_are_updated_exactly_once_and_in_place() -> None:
    critic, (x,) = case("batch normalization")
    twin = deepcopy(critic)
    before = dict(critic.named_buffers())
    score_and_gradient(critic, x)
    twin(x)
    after, expected = dict(critic.named_buffers()), dict(twin.named_buffers())
    for name, buffer in after.items():
        assert buffer is before[name] and torch.allclose(buffer, expected[name], atol=1e-14), name
    assert int(after["layers.1.num_batches_tracked"]) == 1


def test_evaluation_changes_no_buffer() -> None:
    critic, (x,) = case("batch normalization")
    critic.eval()
    before = deepcopy(critic.state_dict())
    score_and_gradient(critic, x)
    assert all(torch.equal(value, before[name]) for name, value in critic.state_dict().items())


@pytest.mark.parametrize("name", SMOOTH)
def test_members_of_a_population_get_what_they_get_alone(name: str) -> None:
    """Scores, gradients, slopes and buffers under `vmap` over stacked parameters, buffers and examples."""
    critic, inputs = case(name)
    members = [deepcopy(critic) for _ in range(3)]
    for index, member in enumerate(members):
        with torch.no_grad():
            for parameter in member.parameters():
                parameter.mul_(1 + 0.1 * index)
    params = {
        key: torch.stack([dict(m.named_parameters())[key] for m in members]) for key in dict(critic.named_parameters())
    }
    buffers = {
        key: torch.stack([dict(m.named_buffers())[key] for m in members]) for key in dict(critic.named_buffers())
    }
    wrapped = _Wrapped(critic)

    def one(p: dict[str, Tensor], b: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        tensors = {f"critic.{key}": value for key, value in {**p, **b}.items()}
        return functional_call(wrapped, tensors, inputs)

    scores, gradients = vmap(one)(params, buffers)
    for index, member in enumerate(members):
        alone = score_and_gradient(member, *inputs)
        assert torch.allclose(scores[index], alone[0], atol=1e-13)
        assert torch.allclose(gradients[index], alone[1], atol=1e-13)
        for key, buffer in member.named_buffers():
            assert torch.allclose(buffers[key][index].double(), buffer.double(), atol=1e-13), key


def stacked(members: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([one[name] for one in members]) for name in members[0]}


class _Wrapped(nn.Module):
    def __init__(self, critic: nn.Module) -> None:
        super().__init__()
        self.critic = critic

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        return score_and_gradient(self.critic, *inputs)


def test_a_column_of_scores_is_differentiated_too() -> None:
    critic = nn.Linear(3, 1).double()
    x = torch.randn(4, 3, dtype=torch.float64)
    scores, gradient = score_and_gradient(critic, x)
    assert scores.shape == (4, 1) and torch.allclose(gradient, critic.weight.expand(4, 3))
