"""Does a conditional model show what it was asked for? A classifier of the user's labels reads its samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.evaluation.classifier import labeled, remembered_classifier
from saddle.measures import Estimate
from saddle.measures.share import share

MOST_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Judge:
    """A reader of labels.

    Attributes:
        name: what kind of classifier it is.
        read: the likeliest class index, shape (n,), of examples in model units.
    """

    name: str
    read: Callable[[Tensor], Tensor]

    def agreement(self, x: Tensor, y: Tensor) -> Estimate:
        """The share of examples that it reads as they are labeled, with Wilson's interval."""
        right, n = int((self.read(x) == y).sum()), len(y)
        return share(right, n, f"share read as labeled by {self.name}")


def train_judge(train: Dataset, *, seed: int = 0) -> Judge:
    """A classifier of the labels of any kind of data, trained on them.

    Pictures get a convolutional network (kept on disk for the next time); points and tables scikit-learn's
    histogram-based gradient boosting, on at most 20,000 rows.

    Raises:
        InputError: when the data have fewer than two classes.
    """
    if train.kind == "images":
        return Judge(f"a network trained on the labels of {train.name}", remembered_classifier(train, seed=seed).labels)
    if train.y is None or train.classes is None or len(train.classes) < 2:
        raise InputError(f"{train.name} must have labels of at least 2 classes to be judged by them.")
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = np.random.default_rng(seed).permutation(len(train))[:MOST_ROWS]
    x, y = labeled(train, torch.from_numpy(rows))
    if len(y.unique()) < 2:
        raise InputError(f"{train.name} must have labels of at least 2 classes to be judged by them.")
    boosted = HistGradientBoostingClassifier(random_state=seed).fit(x.numpy(), y.numpy())

    def read(examples: Tensor) -> Tensor:
        return torch.from_numpy(np.asarray(boosted.predict(examples.numpy())))

    return Judge(f"gradient boosting trained on the labels of {train.name}", read)
