"""A critic that is an autoencoder."""

from dataclasses import dataclass
from math import prod

from torch import Tensor, nn

from saddle.core.ranges import Count, CountOrZero
from saddle.networks.activations import Activation
from saddle.networks.architecture import Shape
from saddle.networks.labels import with_labels
from saddle.networks.mlp import MLP, hidden_layers


class ReconstructionCritic(nn.Module):
    """Examples (n, *shape) to minus their mean squared error of reconstruction, shape (n,), never above zero."""

    def __init__(self, spec: "Reconstruction", shape: Shape, classes: int) -> None:
        super().__init__()
        self.classes = classes
        inputs = prod(shape)
        width = spec.width if spec.depth else inputs + classes
        into = hidden_layers(inputs + classes, spec.width, spec.depth, spec.activation, batch_norm=False)
        out = hidden_layers(spec.code, spec.width, spec.depth, spec.activation, batch_norm=False)
        self.encoder = nn.Sequential(*into, nn.Linear(width, spec.code))
        self.decoder = nn.Sequential(*out, nn.Linear(spec.width if spec.depth else spec.code, inputs))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Minus the energy."""
        flat = x.flatten(1)
        again = self.decoder(self.encoder(with_labels(flat, y, self.classes)))
        return -(again - flat).square().mean(1)


@dataclass(frozen=True)
class Reconstruction:
    """A perceptron as generator against an autoencoder as critic, for `EnergyBased`.

    Reference: Zhao, Mathieu & LeCun 2017, Energy-based Generative Adversarial Network, section 2.3, arXiv 1609.03126.

    Attributes:
        width: units of each hidden layer.
        depth: hidden layers of the generator, of the encoder and of the decoder.
        code: numbers between encoder and decoder.
        activation: the nonlinearity.
    """

    width: Count = 128
    depth: CountOrZero = 2
    code: Count = 2
    activation: Activation = "relu"

    def generator(self, latent: int, shape: Shape, classes: int) -> nn.Module:
        """Latents to examples."""
        return MLP(self.width, self.depth, self.activation).generator(latent, shape, classes)

    def critic(self, shape: Shape, classes: int) -> nn.Module:
        """Examples to scores."""
        return ReconstructionCritic(self, shape, classes)
