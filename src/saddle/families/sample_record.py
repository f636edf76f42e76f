"""The samples that a run keeps along the way: each member's, from the same latents every time."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.families.fitted import Fitted


def sample_bytes(fitted: Fitted, count: int) -> bytes:
    """An `.npz` with `x`, shape (members, count, ...), in model units, and `y`, shape (members, count), with labels."""
    pairs = [fitted.sample(count, seed=0, member=member) for member in range(len(fitted.state.seeds))]
    arrays: dict[str, Any] = {"x": torch.stack([x for x, _ in pairs]).numpy()}
    labels = [y for _, y in pairs if y is not None]
    if labels:
        arrays["y"] = torch.stack(labels).numpy()
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def read_samples(path: Path, member: int) -> tuple[Tensor, Tensor | None]:
    """One member's kept samples in model units, and their labels."""
    with np.load(path) as arrays:
        y = torch.from_numpy(arrays["y"][member]) if "y" in arrays else None
        return torch.from_numpy(arrays["x"][member]), y
