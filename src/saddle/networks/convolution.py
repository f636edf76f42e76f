"""Convolution whose bias is added last."""

from torch import Tensor, nn
from torch.nn.functional import conv2d


class Convolution(nn.Conv2d):
    """`nn.Conv2d` with zero padding that adds its bias to the finished sum.

    torch adds the bias first for one network and last for a stacked population. Where clipped weights meet a constant
    background the sum is exactly zero but for that rounding, so the two orders fall on different sides of a rectifier's
    kink, and a member of a population would leave the path of the same seed alone.
    """

    def forward(self, input: Tensor) -> Tensor:
        """Pictures (n, inputs, h, w) to (n, outputs, h', w')."""
        summed = conv2d(input, self.weight, None, self.stride, self.padding)
        return summed if self.bias is None else summed + self.bias.unsqueeze(-1).unsqueeze(-1)
