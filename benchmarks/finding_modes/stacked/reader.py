"""A classifier that reads the three digits of a stacked picture, trained here and believed only if it is right."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from finding_modes.stacked.pools import Pool
from finding_modes.stacked.stacking import DIGITS, unstacked
from saddle.core.errors import InputError
from saddle.evaluation import Classifier, classifier_network, train_classifier
from saddle.measures import Estimate

SURE = 0.9
CHUNK = 3_000


@dataclass(frozen=True, eq=False)
class Reader:
    """A classifier of a pool's digits with what it does to pictures it has not seen.

    Attributes:
        pool: what it has learned from.
        classifier: reads one grey picture.
        accuracy: on the held-out part.
        confusion: shape (10, 10); row i holds the shares of what a held-out picture of the digit i is read as.
        sure: the same of those read with a probability of .9 or more, so that rows sum to less than one.
    """

    pool: Pool
    classifier: Classifier
    accuracy: Estimate
    confusion: np.ndarray
    sure: np.ndarray

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The three digits of stacked pictures, and the probability of the least sure of them.

        Args:
            pictures: in own units, shape (n, h, w, 3).

        Returns:
            Digits of shape (n, 3) and probabilities of shape (n,).
        """
        found = [self._read_few(pictures[start : start + CHUNK]) for start in range(0, len(pictures), CHUNK)]
        digits, probabilities = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return digits, probabilities

    def _read_few(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        grey = self.pool.train.transform.encode(unstacked(pictures)).float()
        top, digit = self.classifier.probabilities(grey).max(1)
        return digit.reshape(-1, 3).numpy(), top.reshape(-1, 3).min(1).values.numpy()


def reader_of(pool: Pool, kept: Path) -> Reader:
    """The pool's classifier, trained once and kept in a safetensors file.

    Raises:
        InputError: when it reads fewer held-out pictures right than the pool demands.
    """
    return believed(pool, _loaded(pool, kept) if kept.exists() else _trained(pool, kept))


def believed(pool: Pool, classifier: Classifier) -> Reader:
    """A classifier with its errors on held-out pictures.

    Raises:
        InputError: when it reads fewer of them right than the pool demands.
    """
    accuracy = classifier.accuracy(pool.held_out)
    if accuracy.value < pool.least:
        raise InputError(
            f"A classifier that counts modes must read {100 * pool.least:g} % of held-out digits right; "
            f"this one, of {pool.about}, reads {100 * accuracy.value:.2f} %."
        )
    top, read = classifier.probabilities(pool.held_out.batch(torch.arange(len(pool.held_out)))).max(1)
    truth = pool.held_out.y
    assert truth is not None
    confusion, sure = (shares(truth, read.numpy(), kept.numpy()) for kept in (top >= 0, top >= SURE))
    return Reader(pool, classifier, accuracy, confusion, sure)


def shares(truth: np.ndarray, read: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Of the pictures of each digit, the shares read as each digit, counting those that are kept; shape (10, 10)."""
    table = np.zeros((DIGITS, DIGITS))
    np.add.at(table, (truth[kept], read[kept]), 1.0)
    return table / np.bincount(truth, minlength=DIGITS)[:, None]


def _trained(pool: Pool, kept: Path) -> Classifier:
    made = train_classifier(pool.train, epochs=pool.epochs)
    kept.parent.mkdir(parents=True, exist_ok=True)
    save_file(made.network.state_dict(), kept)
    return made


def _loaded(pool: Pool, kept: Path) -> Classifier:
    network = classifier_network(pool.train.model_shape, DIGITS)
    network.load_state_dict(load_file(kept))
    return Classifier(network.eval(), DIGITS)
