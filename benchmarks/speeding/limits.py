"""How fast a round could be if only its matrix products or convolutions counted, measured one by one."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from speeding.shapes import Shape
from speeding.timing import wait

Call = Callable[[], Any]


def rounds_per_second(
    shape: Shape, device: torch.device, *, dtype: torch.dtype, members: int = 1, part: int | None = None
) -> float:
    """Model-rounds per second if every product of a round ran alone and at its own best speed.

    A product is measured for a batch and for two at once, for all members together and for those of a part.
    """
    generator, critic = (network.to(device, dtype) for network in shape.networks())
    z = torch.randn(shape.batch, shape.latent, device=device, dtype=dtype)
    ways = [(times, count) for times in (1, 2) for count in {members, part or members}]
    # The critic's update passes the generator forwards, and the critic forwards and backwards for real and for made
    # examples; the generator's passes both forwards, and backwards through the critic to its input, then to its own
    # weights. A gradient penalty adds two forward passes, one for weights and one to the input.
    more = 1 if shape.penalty else 0
    total = 0.0
    for index, layer in enumerate(_layers(generator, z)):
        forward, weight, back = _best(layer, device, ways)
        total += 2 * forward + weight + (back if index else 0.0)
    for index, layer in enumerate(_layers(critic, generator(z).detach())):
        forward, weight, back = _best(layer, device, ways)
        total += (3 + 2 * more) * forward + (2 + more) * weight + ((3 if index else 1) + more) * back
    return 1 / total


def _best(layer: "Layer", device: torch.device, ways: list[tuple[int, int]]) -> list[float]:
    """The fewest seconds for a member's batch of a layer's pass forwards, to its weights, and to its input."""
    module, given, made = layer
    found = []
    for times, count in ways:
        several = (module, torch.cat([given] * times), torch.cat([made] * times))
        found.append([seconds / times / count for seconds in _seconds(several, device, count)])
    return [min(one) for one in zip(*found, strict=True)]


Layer = tuple[nn.Module, Tensor, Tensor]


def _layers(network: nn.Module, x: Tensor) -> list[Layer]:
    """Every layer with a product, its input, and its output."""
    found: list[Layer] = []
    kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    hooks = [
        module.register_forward_hook(
            lambda module, given, made: found.append((module, given[0].detach(), made.detach()))
        )
        for module in network.modules()
        if isinstance(module, kinds)
    ]
    with torch.no_grad():
        network(x)
    for hook in hooks:
        hook.remove()
    return found


def _seconds(layer: Layer, device: torch.device, members: int) -> list[float]:
    """Of a layer's pass forwards, to its weights, and to its input."""
    module, given, made = layer
    calls = _linear(module, given, made, members) if isinstance(module, nn.Linear) else _convolution(*layer)
    return [_median(_recorded(call) if device.type == "cuda" else call, device) for call in calls]


def _recorded(call: Call) -> Call:
    """The call without the host's share."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        call()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def _linear(module: nn.Linear, given: Tensor, made: Tensor, members: int) -> list[Call]:
    x, w, g = given, module.weight.detach(), made
    if members > 1:
        x, w, g = (one.expand(members, *one.shape).contiguous() for one in (x, w, g))
    return [lambda: x @ w.mT, lambda: g.mT @ x, lambda: g @ w]


def _convolution(module: nn.Module, given: Tensor, made: Tensor) -> list[Call]:
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    last = torch.channels_last if given.device.type == "cuda" else torch.contiguous_format
    x, w, g = (one.contiguous(memory_format=last) for one in (given, module.weight.detach(), made))
    transposed = isinstance(module, nn.ConvTranspose2d)
    fixed = (module.stride, module.padding, module.dilation, transposed, module.output_padding, module.groups)

    def forward() -> Tensor:
        return torch.ops.aten.convolution(x, w, None, *fixed)

    def backward(*mask: bool) -> Any:
        return torch.ops.aten.convolution_backward(g, x, w, [0], *fixed, list(mask))

    return [forward, lambda: backward(False, True, False), lambda: backward(True, False, False)]


def _median(call: Call, device: torch.device) -> float:
    """Median seconds of a call, many started before one waits."""
    for _ in range(3):
        call()
    wait(device)
    count, found = 1, []
    while True:
        began = time.perf_counter()
        for _ in range(count):
            call()
        wait(device)
        took = time.perf_counter() - began
        if took > 0.01:
            break
        count *= 2
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(count):
            call()
        wait(device)
        found.append((time.perf_counter() - began) / count)
    return median(found)
