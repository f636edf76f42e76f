"""How often each class comes in the data, which is how often it is sampled."""

from typing import Any

import torch

from saddle.data import Dataset


def class_shares(data: Dataset) -> tuple[float, ...] | None:
    """The share of each class in the data, or None where they have no labels."""
    labels = data.labels_of(torch.arange(len(data)))
    if labels is None:
        return None
    counts = torch.bincount(labels, minlength=len(data.classes or ()))
    return tuple((counts / counts.sum()).tolist())


def shares_in(record: dict[str, Any]) -> tuple[float, ...] | None:
    """The same from the record of a layout that a run wrote."""
    shares = record.get("shares")
    return None if shares is None else tuple(shares)
