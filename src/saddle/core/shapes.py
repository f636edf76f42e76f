"""Shapes as types, checked in tests and free in production."""

from jaxtyping import Float, Int
from torch import Tensor

Scores = Float[Tensor, "n"]
Scalar = Float[Tensor, ""]
Vectors = Float[Tensor, "_ d"]
Examples = Float[Tensor, "n ..."]
Labels = Int[Tensor, "n"]
