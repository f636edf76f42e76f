"""The maximum mean discrepancy between a batch of data and one of samples."""

from dataclasses import dataclass
from typing import Annotated, Literal

import torch
from annotated_types import MinLen
from torch import Tensor

from saddle.core.ranges import CountOrZero, Positive
from saddle.core.shapes import Scalar, Vectors
from saddle.objectives.pairs import in_units_of_spread, square_distances


@dataclass(frozen=True)
class MMD:
    """The generator lowers E k(X,X') + E k(Y,Y') - 2 E k(X,Y) between batches of data X and of samples Y.

    That is the squared discrepancy, zero only where both laws are equal; k is a sum of kernels of several widths, since
    a narrow kernel sees nothing of what is far away and a wide one nothing of what is fine. The estimate is the
    unbiased U-statistic (Gretton et al. 2012, equation 3), and so is negative now and then; it is never clipped and no
    root is taken. It leaves out each example's pair with itself and, between batches of equal size, the pairs of one
    place, which have the same label where there are labels and would draw samples together. When to use it: without
    `features`, for points and small pictures, as the training that cannot run away and needs no critic, with batches of
    some hundreds; with `features`, for pictures, together with `WeightClipping` or `SpectralNormalization`.

    Published forms differ: the moment matching network lowers the root of the biased statistic, the MMD GAN has
    Gaussian kernels of fixed widths 1, 2, 4, 8 and 16 and a critic that is also an autoencoder, and Bińkowski et al.
    mix rational quadratic kernels of five exponents at one width, under a gradient penalty.

    Reference: Li, Swersky & Zemel 2015, Generative Moment Matching Networks, arXiv 1502.02761; Dziugaite, Roy &
    Ghahramani 2015, Training generative neural networks via Maximum Mean Discrepancy optimization, arXiv 1505.03906; Li
    et al. 2017, MMD GAN, arXiv 1705.08584; Bińkowski et al. 2018, Demystifying MMD GANs, arXiv 1801.01401.

    Attributes:
        kernel: of the distance r and the width s: "gaussian" is exp(-r²/2s²), "rational-quadratic" 1/(1 + r²/2s²),
            whose heavy tail still moves samples that are many widths away.
        bandwidths: the widths, whose kernels are added; 1 is the root mean square distance between two real examples
            (or their features) of the batch, a constant to gradients.
        features: how many numbers a critic makes of an example, trained to raise the discrepancy between them; 0
            compares the examples themselves, with no critic.

    Example:
        >>> x = torch.tensor([[0.0], [2.0]])
        >>> MMD("rational-quadratic", (1.0,)).distance(x, x + 4)  # k is 2/3 at a distance of 2, and 2/11 at 6
        tensor(0.4848)
    """

    kernel: Literal["gaussian", "rational-quadratic"] = "rational-quadratic"
    bandwidths: Annotated[tuple[Positive, ...], MinLen(1)] = (0.02, 0.1, 0.5, 2.0)
    features: CountOrZero = 0

    def distance(self, real: Vectors, fake: Vectors) -> Scalar:
        """The squared discrepancy, between about zero and twice the number of bandwidths."""
        x, y = in_units_of_spread(real, fake)
        kernels = self._kernel(square_distances(x, y))
        across = off_diagonal_mean(kernels) if len(x) == len(y) else kernels.mean()
        within = [off_diagonal_mean(self._kernel(square_distances(one, one))) for one in (x, y)]
        return within[0] + within[1] - 2 * across

    def _kernel(self, squares: Tensor) -> Tensor:
        parts = [squares / (2 * width**2) for width in self.bandwidths]
        if self.kernel == "gaussian":
            return torch.stack([torch.exp(-one) for one in parts]).sum(0)
        return torch.stack([1 / (1 + one) for one in parts]).sum(0)


def off_diagonal_mean(kernels: Tensor) -> Tensor:
    """The mean of a square matrix without its diagonal."""
    n = kernels.shape[0]
    return (kernels.sum() - kernels.diagonal().sum()) / (n * (n - 1))
