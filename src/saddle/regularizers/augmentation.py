"""Augmentation that gradients pass through."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor

from saddle.core.shapes import Examples
from saddle.regularizers.moves import colored, cut_out, shifted, steps, uniforms

Change = Literal["color", "translation", "cutout"]
REACH = 8  # translation by at most one in so many pixels


@dataclass(frozen=True)
class Augmentation:
    """Pictures, real and generated alike, are changed at random before the critic sees them.

    Since samples are changed as well, the generator does not learn the changes; since it learns through them, the
    critic cannot learn a small set by heart. When to use it: for some thousands of pictures or fewer. Colors change by
    brightness ±.5, saturation 0 to 2 and contrast .5 to 1.5; pictures move by up to an eighth of their size; a
    rectangle of half their height and width is cut out. What is uncovered is 0, the middle of the range.

    Reference: Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training, section 3.2,
    arXiv 2006.10738.

    Attributes:
        changes: any of "color", "translation" and "cutout".
    """

    changes: tuple[Change, ...] = ("color", "translation", "cutout")
    pictures_only: ClassVar[bool] = True
    numbers: ClassVar[int] = 7
    """So many normal numbers of a picture's noise are read."""
    separates: ClassVar[bool] = True

    def perturb(self, x: Examples, noise: Examples, round: Tensor) -> Examples:
        """The pictures changed, each in its own way."""
        one, two, three, four, five, six, seven = uniforms(noise, self.numbers)
        if "color" in self.changes:
            x = colored(x, one, two, three)
        if "translation" in self.changes:
            reach = [int(size / REACH + 0.5) for size in x.shape[-2:]]
            x = shifted(x, steps(four, reach[0]), steps(five, reach[1]))
        return cut_out(x, six, seven) if "cutout" in self.changes else x
