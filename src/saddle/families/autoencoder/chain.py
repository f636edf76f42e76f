"""The chain by which a contractive autoencoder is sampled."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.sampling import Chain, Networks, States
from saddle.families.autoencoder.stack import codes_of, decoded, seen, shown, spread

STARTS = 500


class Starts(nn.Module):
    """Training examples that chains begin at, as many for each class.

    Args:
        shape: of one example, in model units.
        classes: 0 for data without labels.
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        rows = max(1, classes)
        self.register_buffer("examples", torch.zeros(rows, max(1, STARTS // rows), *shape))
        self.examples: Tensor

    def keep(self, x: Tensor, y: Tensor | None) -> None:
        """Keep the first examples, of each class where there are labels; fewer than are wanted are repeated."""
        count = self.examples.shape[1]
        for label in range(len(self.examples)):
            own = x if y is None else x[y == label]
            own = own if len(own) else x
            self.examples[label].copy_(own[torch.arange(count, device=x.device) % len(own)])

    def drawn(self, uniform: Tensor, y: Tensor | None) -> Tensor:
        """One example for each number in [0, 1), of the class that `y` gives."""
        place = (uniform * self.examples.shape[1]).long()
        return self.examples[torch.zeros_like(place) if y is None else y, place]


def starts_of(networks: Networks) -> Starts:
    """The examples that a model's chains begin at."""
    found = networks["starts"]
    assert isinstance(found, Starts)
    return found


def kept(networks: Networks, x: Tensor, y: Tensor | None) -> None:
    """Keep training examples in model units, with their class indices or None, for chains to begin at."""
    starts_of(networks).keep(x, y)


def jacobian_chain(shape: tuple[int, ...], units: int, steps: int, deviation: float) -> Chain:
    """x ← g(f(x) + J Jᵀ ε), ε ~ N(0, σ² I), with f the encoder, g the decoder and J the Jacobian of f at x.

    So codes move where f is sensitive, which a contractive encoder is along the data only. Chains begin at training
    examples, and every state after the start is a reconstruction.

    Reference: Rifai, Bengio, Dauphin & Vincent 2012, A Generative Process for Sampling Contractive Auto-Encoders,
    arXiv 1206.6434.

    Args:
        shape: of one example.
        units: of the last layer.
        steps: before an example is read.
        deviation: σ.
    """

    def start_noise(count: int) -> Mapping[str, Noise]:
        return {"start": Noise("uniform", (count,))}

    def start(networks: Networks, noise: Draws, y: Tensor | None) -> States:
        return {"x": seen(networks, starts_of(networks).drawn(noise["start"], y))}

    def step_noise(count: int) -> Mapping[str, Noise]:
        return {"code": Noise("normal", (count, units))}

    def step(networks: Networks, states: States, noise: Draws, y: Tensor | None, number: int) -> States:
        codes = codes_of(networks, states["x"], y)
        return {"x": decoded(networks, codes[-1] + deviation * spread(networks, codes, noise["code"]), y)}

    def read(networks: Networks, states: States, y: Tensor | None) -> Tensor:
        return shown(networks, states["x"], shape)

    return Chain(steps, start_noise, start, step_noise, step, read)
