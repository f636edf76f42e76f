"""Pictures of three digits, drawn independently, one in each color: a thousand modes.

Reference: Metz, Poole, Pfau & Sohl-Dickstein 2017, Unrolled Generative Adversarial Networks, section 3.3.1, arXiv
1611.02163; the number of pictures as in Lin, Khetan, Fanti & Oh 2018, PacGAN, section 4, arXiv 1712.04086.
"""

import numpy as np

import saddle
from saddle.core.randomness import Stream

DIGITS, MODES = 10, 1_000
STACKS = 128_000


def stacked(pictures: np.ndarray, n: int, stream: Stream) -> np.ndarray:
    """n pictures of shape (h, w, 3) whose colors are grey pictures drawn independently, with replacement.

    Digits come as often as in the pool, so that a mode is as rare as the product of its three digits.

    Args:
        pictures: the pool, shape (m, h, w).
        n: how many to make.
        stream: which are drawn.
    """
    chosen = stream.numpy().integers(len(pictures), size=(n, 3))
    made = np.empty((n, *pictures.shape[1:], 3), pictures.dtype)
    for color in range(3):
        made[..., color] = pictures[chosen[:, color]]
    return made


def unstacked(pictures: np.ndarray) -> np.ndarray:
    """The colors of pictures, shape (n, h, w, 3), as grey pictures one after the other, shape (3n, h, w)."""
    return np.moveaxis(pictures, -1, 1).reshape(-1, *pictures.shape[1:3])


def opened(pictures: np.ndarray, name: str, n: int = STACKS) -> "saddle.Dataset":
    """Stacks of a pool as data to train on."""
    return saddle.open(stacked(pictures, n, Stream(0).child("data", name)), name=name)
