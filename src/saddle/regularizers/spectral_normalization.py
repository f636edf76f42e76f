"""Weights divided by their largest singular value."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

from saddle.core.ranges import Count, Positive

TINY = 1e-12
START = 15  # power iterations before round 1


@dataclass(frozen=True)
class SpectralNormalization:
    """Each weight matrix of the critic's linear and convolutional layers is scale * W/sigma(W).

    With scale 1 and activations of slope at most 1 a perceptron is then 1-Lipschitz. Sigma comes from power iteration,
    whose vector is kept between rounds as a buffer and moves with each pass of a training critic. Unlike torch's own it
    works in a population. When to use it: with the hinge loss, on pictures.

    Reference: Miyato, Kataoka, Koyama & Yoshida 2018, Spectral Normalization for GANs, algorithm 1, arXiv 1802.05957 (a
    convolution's matrix is its kernel with one row for each output channel).

    Attributes:
        scale: the norm that each layer is given.
        iterations: of the power method in each pass.
    """

    scale: Positive = 1.0
    iterations: Count = 1

    def normalize(self, critic: nn.Module) -> nn.Module:
        """The critic, its layers' weights parametrized."""
        for layer in list(critic.modules()):
            if isinstance(layer, nn.Linear | nn.modules.conv._ConvNd) and not parametrize.is_parametrized(layer):
                rows = 1 if isinstance(layer, nn.modules.conv._ConvTransposeNd) else 0
                norm = _Normalized(layer.weight.detach(), rows, self.scale, self.iterations)
                parametrize.register_parametrization(layer, "weight", norm)
        return critic


class _Normalized(nn.Module):
    """W to scale * W/sigma."""

    vector: Tensor

    def __init__(self, weight: Tensor, rows: int, scale: float, iterations: int) -> None:
        super().__init__()
        self.rows, self.scale, self.iterations = rows, scale, iterations
        self.register_buffer("vector", normalize(torch.randn(weight.shape[rows], dtype=weight.dtype), dim=0))
        self.vector.copy_(self._iterated(self._matrix(weight), self.vector, START))

    def forward(self, weight: Tensor) -> Tensor:
        """The weight that the layer computes with."""
        matrix = self._matrix(weight)
        with torch.no_grad():
            left = self.vector
            if self.training:
                left = self._iterated(matrix.detach(), left, self.iterations)
                self.vector.copy_(left)
            # A copy, as the buffer moves again before the backward pass of this one.
            left = left.clone()
            right = normalize(matrix.detach().T @ left, dim=0)
        sigma = (left @ (matrix @ right)).clamp(min=TINY)
        return self.scale * weight / sigma

    def _matrix(self, weight: Tensor) -> Tensor:
        return weight.movedim(self.rows, 0).flatten(1)

    def _iterated(self, matrix: Tensor, left: Tensor, times: int) -> Tensor:
        for _ in range(times):
            new = matrix @ normalize(matrix.T @ left, dim=0)
            length = new.norm()
            left = torch.where(length > TINY, new / length.clamp(min=TINY), left)  # a weight of zeros keeps the vector
        return left
