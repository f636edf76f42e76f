"""Several examples judged as one."""

from torch import Tensor

Shape = tuple[int, ...]


def packed_shape(shape: Shape, packing: int) -> Shape:
    """The shape of one pack: of pictures so many times the channels, of anything else so many times the numbers."""
    return (packing * shape[0], *shape[1:])


def packed(x: Tensor, packing: int) -> Tensor:
    """Examples (n, c, ...) as packs (n/packing, packing * c, ...), neighbors together.

    Reference: Lin, Khetan, Fanti & Oh 2018, PacGAN: The power of two samples in generative adversarial networks,
    arXiv 1712.04086.
    """
    if packing == 1:
        return x
    return x.reshape(x.shape[0] // packing, packing * x.shape[1], *x.shape[2:])
