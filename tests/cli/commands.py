"""What the tests of the command line share: small settings, and what a command comes to."""

from collections.abc import Callable
from dataclasses import dataclass

SMALL = ("--rounds", "4", "--set", "threads=1", "--set", "batch=16", "--set", "latent.dimension=4")
PERCEPTRONS = ("--recipe", "nsgan", "--set", "generator={kind='mlp',width=8}", "--set", "critic={kind='mlp',width=8}")


@dataclass(frozen=True)
class Answer:
    """What a command came to.

    Attributes:
        code: the exit code.
        out: standard output.
        err: standard error.
    """

    code: int
    out: str
    err: str


Saddle = Callable[..., Answer]
