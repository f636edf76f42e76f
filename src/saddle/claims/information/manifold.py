"""Claim 5: manifolds, and how few dimensions data and a generator's images have."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.check import Check, at_most, equal, greatest, over_seeds
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.core.randomness import Stream
from saddle.data import open as open_data
from saddle.data.thin import UnitSphere
from saddle.measures import generator_dimension, intrinsic_dimension
from saddle.networks import MLP
from saddle.networks.activations import Activation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = Callable[[np.ndarray], np.ndarray]
Output = Callable[[nn.Module, Tensor, Tensor], Tensor]
GENERATORS: dict[tuple[int, int], Activation] = {(1, 16): "tanh", (2, 16): "leaky-relu", (4, 2): "tanh"}
"""From numbers of latents and outputs, the last with more latents than outputs, to the nonlinearity."""
POINTS = 2_000
SIDES = 2.0 ** -np.arange(2, 10)


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        circle: the number (n,) that describes points (n, 2) of the unit circle.
        sphere: the numbers (n, 2), longitude and latitude, that describe points (n, 3) of the unit sphere.
        order: from the dimensions of data and of the space of their examples, the smaller one first.
        dimension: of a generator's image, from the numbers of latents and outputs.
        output: what a generator makes of latents (n, k), beside noise (n, d).
    """

    circle: Numbers
    sphere: Numbers
    order: Callable[[float, float], tuple[float, float]]
    dimension: Callable[[int, int], int]
    output: Output


def angle(x: np.ndarray) -> np.ndarray:
    """The angle of points of the plane."""
    return np.arctan2(x[:, 1], x[:, 0])


def radius(x: np.ndarray) -> np.ndarray:
    """Their distance from the origin."""
    return np.hypot(x[:, 0], x[:, 1])


def longitude_and_latitude(x: np.ndarray) -> np.ndarray:
    """Of points of the unit sphere."""
    return np.stack([angle(x), np.arctan2(x[:, 2], radius(x))], 1)


def longitude(x: np.ndarray) -> np.ndarray:
    """The longitude, with every latitude taken for 0."""
    return longitude_and_latitude(x) * np.array([1, 0])


def made(generator: nn.Module, z: Tensor, noise: Tensor) -> Tensor:
    """G(z)."""
    return generator(z)


def made_with_noise(generator: nn.Module, z: Tensor, noise: Tensor) -> Tensor:
    """G(z) and a tenth of the noise."""
    return generator(z) + noise / 10


TRUE = Formulas(angle, longitude_and_latitude, lambda data, space: (data, space), min, made)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """Points from their numbers and back; dimensions by neighbors and by Jacobians; the area of a curve."""
    surfaces, images = _surfaces(trial), _images(formulas.output, trial)
    boxes = [_boxes(formulas.output, seed, trial) for seed in trial.seeds]
    pairs = [(surfaces["circle"], 2), (surfaces["sphere"], 3), (surfaces["digits"], 64), (images[2, 16][0], 16)]
    orders = [formulas.order(float(np.mean(found)), space) for found, space in pairs]
    checks = (
        *_described(formulas, trial),
        over_seeds("dimension of the circle by TwoNN", surfaces["circle"], "=", 1, within=0.5),
        over_seeds("dimension of the sphere by TwoNN", surfaces["sphere"], "=", 2, within=0.5),
        at_most("dimension of data - that of their space, greatest", greatest(a - b for a, b in orders), 0),
        *(one for sizes, found in images.items() for one in _of_image(formulas, sizes, *found)),
        at_most("area of boxes on a curve - its bound by length", greatest((a - b).max() for _, a, b in boxes), 0),
    )
    names = ["circle", "sphere", "8x8 digits", "image of 2 latents"]
    series = {
        "names": names,
        "dimensions": [float(np.mean(found)) for found, _ in pairs],
        "spaces": [space for _, space in pairs],
        "curve": boxes[0][0],
        "sides": SIDES,
        "area": boxes[0][1],
        "bound": boxes[0][2],
    }
    return Result(checks, series)


def _described(formulas: Formulas, trial: Trial) -> tuple[Check, ...]:
    """Whether points come back from their numbers, and how far apart points of one number are."""
    count = trial.pick(500, 5_000)
    flat, round_ = (
        np.concatenate([UnitSphere(space).sample(count, Stream(seed, ("points",))) for seed in trial.seeds])
        for space in (2, 3)
    )
    number, (east, north) = formulas.circle(flat), formulas.sphere(round_).T
    circle = np.stack([np.cos(number), np.sin(number)], 1)
    sphere = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)
    order = np.argsort(number)
    shared = np.diff(number[order]) < 1e-9
    apart = np.linalg.norm(np.diff(flat[order], axis=0), axis=1)[shared]
    return (
        equal("points of the circle and those found from their number, farthest", _farthest(flat, circle), 0),
        equal("points of the circle with one number, farthest from each other", apart.max(initial=0), 0),
        equal("points of the sphere and those found from their two numbers, farthest", _farthest(round_, sphere), 0),
    )


def _farthest(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.linalg.norm(x - y, axis=1).max())


@cache
def _surfaces(trial: Trial) -> dict[str, list[float]]:
    """TwoNN's dimension of circle and sphere, for each seed, and of handwritten digits."""
    found = {
        name: [_two_neighbors(UnitSphere(space).sample(POINTS, Stream(seed, (name,)))) for seed in trial.seeds]
        for name, space in (("circle", 2), ("sphere", 3))
    }
    digits = open_data("digits")
    return {**found, "digits": [_two_neighbors(digits.batch(torch.arange(len(digits))).flatten(1))]}


def _two_neighbors(x: np.ndarray | Tensor) -> float:
    return intrinsic_dimension(x).value


@cache
def _images(output: Output, trial: Trial) -> dict[tuple[int, int], tuple[list[float], list[float]]]:
    """For each seed a generator of each size: the dimension of its image by TwoNN, and the rank of its Jacobian."""
    found = {}
    for (latents, outputs), activation in GENERATORS.items():
        dimensions, ranks = [], []
        for seed in trial.seeds:
            generator = _generator(seed, latents, outputs, activation)
            draw = Stream(seed, ("inputs", latents, outputs)).torch()
            inputs = torch.randn(POINTS, latents + outputs, generator=draw, dtype=torch.float64)

            def of_both(x: Tensor, generator: nn.Module = generator, latents: int = latents) -> Tensor:
                return output(generator, x[:, :latents], x[:, latents:])

            dimensions.append(_two_neighbors(of_both(inputs)))
            ranks.append(generator_dimension(of_both, inputs[: trial.pick(32, 256)]).value)
        found[latents, outputs] = dimensions, ranks
    return found


def _generator(seed: int, latents: int, outputs: int, activation: Activation = "tanh") -> nn.Module:
    """A network at its start, with weights twice as large, so that its image is well bent."""
    with Stream(seed, ("generator", latents, outputs)).governing_torch():
        generator = MLP(width=32, depth=2, activation=activation).generator(latents, (outputs,), 0).double()
    with torch.no_grad():
        for weight in generator.parameters():
            weight.mul_(2)
    return generator.requires_grad_(False)


def _of_image(
    formulas: Formulas, sizes: tuple[int, int], dimensions: list[float], ranks: list[float]
) -> tuple[Check, ...]:
    latents, outputs = sizes
    claimed, name = formulas.dimension(latents, outputs), f"G from {latents} to {outputs} numbers"
    return (
        equal(f"Jacobian's rank of {name}, and its latents or outputs if fewer", float(np.mean(ranks)), claimed),
        over_seeds(f"dimension by TwoNN of {name}", dimensions, "=", claimed, within=0.5),
    )


@cache
def _boxes(output: Output, seed: int, trial: Trial) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of a generator from one number in [-3, 3] to the plane: points, the area of all boxes of a side that they touch,
    and the most that a curve of its length can touch: four boxes for each piece as long as a side.
    """
    generator = _generator(seed, 1, 2)
    steps = trial.pick(50_000, 400_000)
    z = torch.linspace(-3, 3, steps, dtype=torch.float64).unsqueeze(1)
    noise = torch.randn(steps, 2, generator=Stream(seed, ("boxes",)).torch(), dtype=torch.float64)
    points = output(generator, z, noise).numpy()
    length = _length(generator)
    area = [len(np.unique((points // side) @ np.array([1 << 20, 1]))) * side**2 for side in SIDES]
    return points[:: steps // 200], np.array(area), 4 * (length * SIDES + SIDES**2)


def _length(generator: nn.Module) -> float:
    """∫ |dG/dz| dz over [-3, 3], by Gauss's rule on short pieces."""
    nodes, weights = np.polynomial.legendre.leggauss(8)
    middles = np.linspace(-3, 3, 101)[:-1] + 0.03
    z = torch.from_numpy(middles[:, None] + 0.03 * nodes).reshape(-1, 1).requires_grad_()
    with torch.enable_grad():
        slopes = [torch.autograd.grad(one.sum(), z, retain_graph=True)[0] for one in generator(z).T]
    speed = torch.cat(slopes, 1).norm(dim=1).reshape(-1, 8).numpy()
    return float((speed @ weights).sum() * 0.03)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Dimensions of sets beside those of their spaces; a generator's curve; the area of boxes on it."""
    first, second, third = panels(figure, 3)
    places = np.arange(len(series["names"]))
    first.hlines(places, series["dimensions"], series["spaces"], color=SOFT, lw=0.8)
    first.plot(series["dimensions"], places, "o", color=DATA, label="of the set, TwoNN")
    first.plot(series["spaces"], places, "s", color=SOFT, label="of its space")
    first.set_yticks(places, series["names"])
    first.set_xscale("log", base=2)
    first.set(xlim=(0.7, 90), ylim=(-0.5, 4.8), xlabel="dimension", title="Few dimensions in a space of many")
    first.set_xticks([1, 2, 4, 8, 16, 32, 64], ["1", "2", "4", "8", "16", "32", "64"])
    first.legend(loc="upper right")
    x, y = np.array(series["curve"]).T
    second.plot(x, y, color=MADE)
    second.set(xlabel="first output", ylabel="second output", title="One latent number makes a curve")
    third.loglog(series["sides"], series["bound"], color=SOFT, ls="--", label="4 (length · side + side²)")
    third.loglog(series["sides"], series["area"], "o-", color=THIRD, ms=4, label="boxes that G(z) touches")
    third.set(xlabel="side of the boxes", ylabel="their area", title="The finer the boxes, the less area")
    third.legend(loc="upper left")


CLAIM = Claim(
    slug="manifold",
    title="Data and a generator's images have few dimensions",
    statement=r"""
A manifold is a set that near each of its points needs $d$ numbers to say where one is. The circle lies in the plane,
yet one number tells its points apart: the angle. (The radius does not: it is the same for all of them.) The sphere lies
in space and needs two. Data are like that: examples of many numbers that lie on, or near, a set of few dimensions. The
handwritten digits of 64 pixels have about nine, as one reads from the distances to two neighbors (TwoNN).

A generator makes its examples of $k$ latent numbers. Affine maps and smooth or piecewise linear functions bend and
stretch the latent space, but add no dimension to it: the image has at most $k$, counted by the rank of the Jacobian or
by neighbors. With fewer latents than outputs it fills no volume. A curve of length $L$, for one, touches at most
$4 (L/s + 1)$ boxes of side $s$, whose area goes to zero with $s$.

So the examples that a GAN makes and those that it should make lie on two sets of measure zero, which need not meet.
From this Arjovsky and Bottou explain why the original GAN is hard to train. Noise added to the examples fills the
space, and is one of the remedies.
""",
    formulas=(
        r"\dim g(Z) \le \min(\dim Z, \dim X), \qquad \dim Z < \dim X \; \Rightarrow \; \mathrm{vol}(g(Z)) = 0",
        r"x = (\cos t, \sin t), \qquad \mathrm{area}(s) \le 4 (L s + s^2) \; \to \; 0",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training GANs, lemma 1; Facco et al. 2017, "
    "Estimating the Intrinsic Dimension of Datasets by a Minimal Neighborhood Information (TwoNN)",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "radius",
            "A circle is described by its radius.",
            replace(TRUE, circle=radius),
            r"t = \sqrt{x_1^2 + x_2^2}",
            misprint=True,
        ),
        Control("longitude", "One number, the longitude, describes a sphere.", replace(TRUE, sphere=longitude)),
        Control(
            "reversed",
            "The data are manifolds of a high-dimensional object in a low dimension.",
            replace(TRUE, order=lambda data, space: (space, data)),
            r"\dim(\text{data}) \ge \dim(\text{space})",
            misprint=True,
        ),
        Control(
            "outputs",
            "A generator's image has as many dimensions as its output.",
            replace(TRUE, dimension=lambda latents, outputs: outputs),
            r"\dim g(Z) = \dim X",
        ),
        Control(
            "noise",
            "What a generator makes has no more dimensions than its latents also when noise is added to each output.",
            replace(TRUE, output=made_with_noise),
            r"\dim \{ g(z) + \epsilon \} \le \dim Z",
        ),
    ),
    draw=draw,
    size=(9.8, 3.0),
)
