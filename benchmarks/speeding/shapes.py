"""What is trained: networks, data and batch, the same for every contestant."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import saddle
from saddle.networks import MLP, Architecture, Convolutional


@dataclass(frozen=True)
class Shape:
    """One game.

    Attributes:
        label: for the table.
        network: of both players.
        example: shape of an example, without the batch.
        latent: dimension of z.
        batch: examples per update.
        penalty: weight of the gradient penalty, or 0.
    """

    label: str
    network: Architecture
    example: tuple[int, ...]
    latent: int
    batch: int
    penalty: float = 0.0

    def data(self, count: int = 2000) -> saddle.Dataset:
        """Examples of this shape; how fast a round is does not depend on what they show."""
        draw = np.random.default_rng(0)
        if len(self.example) == 1:
            return saddle.open(draw.standard_normal((count, *self.example)).astype(np.float32))
        channels, height, width = self.example
        return saddle.open(draw.integers(0, 256, (count, height, width, channels), dtype=np.uint8).squeeze())

    def model(self, *, seeds: int = 1, device: str = "cpu", precision: str = "float32", seed: int = 0) -> saddle.GAN:
        """Saddle's model of it."""
        return saddle.GAN(
            generator=self.network,
            critic=self.network,
            latent=self.latent,
            batch=self.batch,
            regularizers=(saddle.GradientPenalty(self.penalty),) if self.penalty else (),
            average=0.0,
            seed=seed,
            seeds=seeds,
            device=device,
            precision=precision,
        )

    def networks(self) -> tuple[torch.nn.Module, torch.nn.Module]:
        """A generator and a critic, as saddle builds them."""
        return self.network.generator(self.latent, self.example, 0), self.network.critic(self.example, 0)

    def examples(self, device: torch.device) -> Tensor:
        """All examples in model units on the device."""
        data = self.data()
        return data.batch(torch.arange(len(data))).to(device, torch.float32)


SMALL = MLP(128, 2, activation="leaky-relu")
SHAPES = {
    "ring": Shape("MLP 2x128 on the ring, batch 256", SMALL, (2,), 2, 256),
    "ring-gp": Shape("the same with gradient penalty", SMALL, (2,), 2, 256, 10.0),
    "ring-128": Shape("MLP 2x128 on the ring, batch 128", SMALL, (2,), 2, 128),
    "mlp": Shape("MLP 784-512-512, batch 64", MLP(512, 2, activation="leaky-relu"), (1, 28, 28), 64, 64),
    "dcgan28": Shape("DCGAN at 28x28, batch 64", Convolutional(64, normalization="none"), (1, 28, 28), 64, 64),
    "dcgan64": Shape("DCGAN at 64x64, batch 128", Convolutional(64, normalization="none"), (3, 64, 64), 100, 128),
}
