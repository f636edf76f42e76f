"""What a critic sees of a whole batch."""

import torch
from torch import Tensor, nn

MOMENTUM = 0.1


class MinibatchDeviation(nn.Module):
    """Vectors (n, d) with one more entry: the mean over entries of their standard deviation over the batch.

    A generator that makes the same example again and again shows in it at once. In evaluation, where examples are
    judged one by one, the entry is a running average of those of training, over batches of data and of samples alike.

    Reference: Karras, Aila, Laine & Lehtinen 2018, Progressive Growing of GANs, section 3, arXiv 1710.10196 (over the
    whole batch here, in place of groups of four).
    """

    average: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("average", torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Vectors (n, d + 1)."""
        spread = self.average
        if self.training:
            # The small number keeps the slope of the root finite where all vectors agree.
            spread = (features.var(0, correction=0) + 1e-8).sqrt().mean()
            with torch.no_grad():
                self.average.copy_((1 - MOMENTUM) * self.average + MOMENTUM * spread.detach())
        return torch.cat([features, spread.expand(features.shape[0], 1).to(features.dtype)], dim=1)
