"""Ways to move pictures that leave what they show, each from normal noise of the pictures' own shape.

All work under `vmap`; nothing is drawn here. Pictures are (n, c, h, w) in model units, from -1 to 1.
"""

import torch
from torch import Tensor

from saddle.core.shapes import Examples


def uniforms(noise: Examples, count: int, skip: int = 0) -> list[Tensor]:
    """Independent numbers in [0, 1], shape (n,) each: the normal distribution function of an example's first ones."""
    chosen = noise.flatten(1)[:, skip : skip + count]
    return list(torch.special.ndtr(chosen).unbind(1))


def shifted(x: Examples, down: Tensor, right: Tensor, fill: float | None = 0.0) -> Examples:
    """Each picture moved by whole pixels, given as shape (n,) each; what comes in is `fill`, or the edge where None."""
    height, width = x.shape[-2:]
    rows = torch.arange(height, device=x.device) - down.unsqueeze(-1)
    columns = torch.arange(width, device=x.device) - right.unsqueeze(-1)
    inside = ((rows >= 0) & (rows < height)).unsqueeze(-1) & ((columns >= 0) & (columns < width)).unsqueeze(-2)
    down_index = rows.clamp(0, height - 1)[:, None, :, None].expand(*x.shape)
    right_index = columns.clamp(0, width - 1)[:, None, None, :].expand(*x.shape)
    moved = x.gather(2, down_index).gather(3, right_index)
    return moved if fill is None else torch.where(inside.unsqueeze(1), moved, fill)


def steps(uniform: Tensor, reach: int) -> Tensor:
    """Whole numbers from -reach to reach, equally likely."""
    return ((2 * reach + 1) * uniform).floor().clamp(max=2 * reach).long() - reach


def colored(x: Examples, brightness: Tensor, saturation: Tensor, contrast: Tensor) -> Examples:
    """Brightness within ±.5, saturation within 0 to 2 times, contrast within .5 to 1.5 times, from uniforms (n,)."""
    one, two, three = (u.reshape(-1, 1, 1, 1) for u in (brightness, saturation, contrast))
    x = x + (one - 0.5)
    gray = x.mean(1, keepdim=True)
    x = gray + (x - gray) * (2 * two)
    middle = x.mean((1, 2, 3), keepdim=True)
    return middle + (x - middle) * (three + 0.5)


def cut_out(x: Examples, down: Tensor, right: Tensor) -> Examples:
    """A rectangle of half the height and half the width set to 0, its center anywhere, from uniforms (n,)."""
    height, width = x.shape[-2:]
    rows = _within(height, down).unsqueeze(-1)
    columns = _within(width, right).unsqueeze(-2)
    return torch.where((rows & columns).unsqueeze(1), 0.0, x)


def _within(size: int, uniform: Tensor) -> Tensor:
    """Which places lie in a window of half the size whose center is anywhere, shape (n, size)."""
    half = max(1, size // 2)
    start = ((size + 1 - half % 2) * uniform).floor().unsqueeze(-1) - half // 2
    places = torch.arange(size, device=uniform.device)
    return (places >= start) & (places < start + half)
