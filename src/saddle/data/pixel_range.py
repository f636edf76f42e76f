"""Pictures to [-1, 1] and back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

CUSTOMARY = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))


@dataclass(frozen=True)
class PixelRange:
    """The affine map that takes pixel values from [low, high] to [-1, 1], and channels to the front.

    Attributes:
        low: the own value that becomes -1.
        high: the own value that becomes 1.
        channels: whether pictures in own units have a channel axis, (h, w, c) rather than (h, w).
    """

    low: float
    high: float
    channels: bool

    @classmethod
    def observed(cls, low: float, high: float, *, integer: bool, channels: bool) -> "PixelRange":
        """The range meant by pictures whose values run from `low` to `high`.

        The customary ranges [0, 1], [-1, 1] and [0, 255] are recognized by values in their upper half (and, of the
        second, below 0); anything else is taken as it is. A single value becomes the lower end of a range of length 1.
        """
        for first, last in CUSTOMARY[-1:] if integer else CUSTOMARY:
            if first <= low and (first + last) / 2 < high <= last and (low < 0) == (first < 0):
                return cls(first, last, channels)
        return cls(low, high if high > low else low + 1.0, channels)

    def unlike(self, own: np.ndarray) -> str | None:
        """What range other pictures must be of, where their values say that they are not in this one's; else None.

        Values beyond a customary range are, and of any other those further beyond than half its length, which no draw
        from the same source would be; so are numbers in [0, 1] for a range up to 255.
        """
        low, high = float(own.min()), float(own.max())
        customary = (self.low, self.high) in CUSTOMARY
        slack = (1e-3 if customary else 0.5) * (self.high - self.low)
        beyond = low < self.low - slack or high > self.high + slack
        shares = own.dtype.kind == "f" and self.high == 255.0 and 0.5 < high <= 1.0
        return f"[{self.low:g}, {self.high:g}]" if beyond or shares else None

    def encode(self, own: np.ndarray) -> Tensor:
        """Pictures of shape (n, h, w) or (n, h, w, c) as a tensor in [-1, 1] of shape (n, c, h, w)."""
        if own.dtype != np.uint8:
            own = own.astype(np.float64)
        pictures = torch.from_numpy(np.ascontiguousarray(own))
        pictures = pictures.permute(0, 3, 1, 2) if self.channels else pictures.unsqueeze(1)
        wide = torch.float32 if pictures.dtype == torch.uint8 else torch.float64
        pictures = pictures.to(wide, memory_format=torch.contiguous_format)
        return pictures.sub_(self.low).div_((self.high - self.low) / 2).sub_(1.0)

    def decode(self, model: Tensor) -> np.ndarray:
        """Pictures of shape (n, c, h, w) as floats in [low, high] of shape (n, h, w) or (n, h, w, c)."""
        pictures = model.detach().cpu().double().clamp(-1.0, 1.0)
        pictures = pictures.permute(0, 2, 3, 1) if self.channels else pictures.squeeze(1)
        return ((pictures + 1.0) * ((self.high - self.low) / 2) + self.low).numpy()

    def to_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {"kind": "pixel range", "low": self.low, "high": self.high, "channels": self.channels}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "PixelRange":
        """The transform that `to_record` described."""
        return cls(float(record["low"]), float(record["high"]), bool(record["channels"]))
