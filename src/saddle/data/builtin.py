"""The sets that come with saddle: synthetic ones with their exact laws, and handwritten digits."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data.arrays import from_array
from saddle.data.dataset import Dataset
from saddle.data.gaussians import Normal, grid, ring
from saddle.data.law import Law
from saddle.data.options import Options
from saddle.data.swiss_roll import SwissRoll
from saddle.data.thin import UnitSphere, VerticalLine

EXAMPLES = 100_000


@dataclass(frozen=True)
class Synthetic:
    """A built-in law.

    Attributes:
        about: its definition in a sentence.
        law: the law, given the option theta.
    """

    about: str
    law: Callable[[float], Law]


SYNTHETIC = {
    "ring": Synthetic("8 Gaussians of standard deviation .01, evenly spaced on the unit circle.", lambda _: ring()),
    "grid": Synthetic("25 Gaussians of standard deviation .05 on the grid {-4, -2, 0, 2, 4}².", lambda _: grid()),
    "gaussian": Synthetic("The standard normal law in the plane.", lambda _: Normal(2)),
    "swiss-roll": Synthetic(
        "The spiral (t cos t, t sin t)/7.5 for t uniform on [1.5π, 4.5π], with Gaussian noise of "
        "standard deviation .25/7.5.",
        lambda _: SwissRoll(),
    ),
    "circle": Synthetic("The uniform law on the unit circle in the plane.", lambda _: UnitSphere(2)),
    "sphere": Synthetic("The uniform law on the unit sphere in space.", lambda _: UnitSphere(3)),
    "two-lines": Synthetic(
        "The points (0, Z), Z uniform on [0, 1]: P_0 of example 1 of the Wasserstein GAN paper; "
        "theta=θ gives its other line, the points (θ, Z).",
        VerticalLine,
    ),
}
DIGITS = (
    "1,797 real handwritten digits of scikit-learn, 8x8 pixels in grey, labels 0 to 9; "
    "the original values 0 to 16 are scaled to 0 to 255."
)


def builtin_names() -> dict[str, str]:
    """Name and definition of every built-in set."""
    return {**{name: one.about for name, one in SYNTHETIC.items()}, "digits": DIGITS}


def open_builtin(name: str, options: Options) -> Dataset:
    """A built-in set by its name.

    Raises:
        InputError: when an option has no meaning for it or an impossible value.
    """
    if name == "digits":
        options.allow("digits")
        return _digits()
    options.allow(name, "n", "seed", *(["theta"] if name == "two-lines" else []))
    theta = options.theta or 0.0
    dataset = from_law(SYNTHETIC[name].law(theta), name=name, options=options)
    # Sines and cosines differ in the last bit between machines, so the name and the arguments stand for the content.
    identity = f"{name} n={len(dataset)} seed={options.seed} theta={theta}"
    return replace(dataset, about=SYNTHETIC[name].about, identity=identity)


def from_law(law: Law, *, name: str, options: Options) -> Dataset:
    """Examples drawn from a law, which stays with them.

    Raises:
        InputError: when `n` is below 2 or the law's samples are no points.
    """
    n = EXAMPLES if options.n is None else options.n
    if n < 2:
        raise InputError(f"n must be at least 2; found {n}.")
    try:
        points = law.sample(n, Stream(options.seed).child("data", name))
    except TypeError as error:
        raise InputError(f"{name} must have a method sample(n, stream); found that {error}.") from None
    return replace(from_array(np.asarray(points), name=name, what=f"a sample of {name}"), density=law)


def _digits() -> Dataset:
    from sklearn.datasets import load_digits

    values, target = load_digits(return_X_y=True)
    pictures = np.rint(values.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    dataset = from_array(pictures, name="digits", what="digits").relabelled(target)
    return replace(dataset, about=DIGITS)
