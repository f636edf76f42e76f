"""What counts as a density, and how the integrators see one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from torch import Tensor
from torch.distributions import Distribution

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.probability.sampler import sampler
from saddle.measures.probability.torch_laws import TorchLaw, is_discrete, read_torch


@runtime_checkable
class Density(Protocol):
    """Anything with a log density and exact samples: a torch distribution, or a law such as the built-in ones.

    A `torch.distributions.Distribution` is taken as it is, one distribution at a time. Any other object has
    `log_prob(x)`, which maps points (n, d) to log densities (n,), -inf outside the support, and `sample(n, source)`,
    which draws points (n, d) from a `Stream`; both in NumPy. `sample(n)` will do too, though `seed` then governs only
    what it draws by torch; so will torch's `sample(sample_shape)`, with tensors in and out.
    """

    def log_prob(self, *args: Any, **kwargs: Any) -> Any:
        """Log density at points."""
        ...

    def sample(self, *args: Any, **kwargs: Any) -> Any:
        """Exact samples."""
        ...


@dataclass(frozen=True)
class View:
    """One density in float64.

    Attributes:
        name: the argument's name, for error messages.
        dimension: d.
        log_prob: maps points (n, d) to log densities (n,).
        sample: draws points (n, d).
        cuts: for each coordinate, known ends of the support.
        bounds: for each coordinate, the lowest and highest point of the support, infinite where not known.
        flat: whether it may have a density by length or area, so that integration over boxes makes sense.
        torch: the torch distribution behind it.
    """

    name: str
    dimension: int
    log_prob: Callable[[np.ndarray], np.ndarray]
    sample: Callable[[int, Stream], np.ndarray]
    cuts: tuple[tuple[float, ...], ...]
    bounds: tuple[tuple[float, float], ...]
    flat: bool
    torch: Distribution | None


def is_density(*arguments: Any) -> bool:
    """Whether the arguments are densities rather than arrays.

    Raises:
        InputError: when some are and some are not.
    """
    found = [isinstance(one, Density) and not isinstance(one, np.ndarray | Tensor) for one in arguments]
    if any(found) and not all(found):
        kinds = " and ".join(type(one).__name__ for one in arguments)
        raise InputError(f"p and q must both be arrays or both be densities with log_prob and sample; found {kinds}.")
    return all(found)


def view(density: Density, name: str) -> View:
    """A density as the integrators see it.

    Raises:
        InputError: when it is a batch of distributions, or does not keep to `Density`.
    """
    if isinstance(density, Distribution):
        return _view_torch(read_torch(density, name), name)
    own = sampler(density, name)
    dimension = own.draw(2, Stream(0)).shape[1]
    return View(
        name,
        dimension,
        lambda x: _checked(own.log_prob(x), len(x), name),
        own.draw,
        ((),) * dimension,
        ((-math.inf, math.inf),) * dimension,
        True,
        None,
    )


def views(p: Density, q: Density) -> tuple[View, View]:
    """Two densities over the same space.

    Raises:
        InputError: when they are over spaces of different dimension or kind.
    """
    a, b = view(p, "p"), view(q, "q")
    if a.dimension != b.dimension:
        raise InputError(f"p and q must have one dimension; found {a.dimension} and {b.dimension}.")
    if is_discrete(a.torch) != is_discrete(b.torch):
        kinds = ["discrete" if is_discrete(one.torch) else "continuous" for one in (a, b)]
        raise InputError(f"p and q must both be discrete or both continuous; found {kinds[0]} and {kinds[1]}.")
    return a, b


def _view_torch(law: TorchLaw, name: str) -> View:
    return View(
        name,
        law.dimension,
        lambda x: _checked(law.log_prob(x), len(x), name),
        law.sample,
        law.cuts,
        law.bounds,
        law.flat,
        law.distribution,
    )


def _checked(logs: np.ndarray, n: int, name: str) -> np.ndarray:
    if logs.shape != (n,):
        raise InputError(f"{name}.log_prob must give one number per point, shape ({n},); found shape {logs.shape}.")
    if np.isnan(logs).any() or (logs == math.inf).any():
        bad = int((np.isnan(logs) | (logs == math.inf)).sum())
        raise InputError(f"{name}.log_prob must be finite or -inf; found {bad} of {n} that are NaN or inf.")
    return logs
