"""The classifier two-sample test: two sets are alike where no classifier can tell them apart."""

import math
from copy import deepcopy
from typing import Any, NamedTuple, Protocol

import numpy as np

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.points import Features, Points, as_two_samples
from saddle.measures.share import wilson_interval

RETRAININGS = 5


class Classifier(Protocol):
    """What scikit-learn's classifiers have."""

    def fit(self, X: np.ndarray, y: np.ndarray, /) -> Any:
        """Learn from rows of numbers and their classes."""
        ...

    def predict(self, X: np.ndarray, /) -> Any:
        """The classes of rows of numbers."""
        ...


class ClassifierTwoSample(NamedTuple):
    """The verdict of the test.

    Attributes:
        accuracy: on examples not trained on, half of each set; one half where the sets are alike, one where they are
            told apart without error.
        p_value: of the one-sided exact binomial test that accuracy is no better than chance.
    """

    accuracy: Estimate
    p_value: float


def classifier_two_sample(
    x: Points, y: Points, *, classifier: Classifier | None = None, features: Features | None = None, seed: int = 0
) -> ClassifierTwoSample:
    """Train a classifier to tell two sets apart on one half of both, and count how often it is right on the other.

    Lopez-Paz & Oquab, "Revisiting classifier two-sample tests", 2017. Equally many of both sets are used, in either
    half, so that chance is exactly one half; the rest of a larger set is left out at random. The interval is of the
    expected accuracy, over training sets too: for that, copies of the classifier are trained on five pairs of halves of
    the training examples.

    Args:
        x: shape (n, ...), n >= 4; pictures are flattened.
        y: shape (m, ...), m >= 4.
        classifier: trained in place; its `deepcopy` must be trainable on its own. The paper's vote of the
            ⌊√(training examples)⌋ nearest neighbors where not given.
        features: what to classify instead of the examples themselves.
        seed: of the halves.

    Raises:
        InputError: when a set is too small, they do not fit together, or the classifier predicts anything but the
            classes 0 and 1.
    """
    a, b = (one.numpy() for one in as_two_samples(x, y, ("x", "y"), at_least=4, features=features))
    size = min(len(a), len(b))
    stream = Stream(seed).child("classifier two-sample")
    a, b = (one[stream.child(name).numpy().permutation(len(one))[:size]] for one, name in ((a, "x"), (b, "y")))
    half = size // 2
    train, test = np.concatenate([a[:half], b[:half]]), np.concatenate([a[half:], b[half:]])
    model = _nearest_neighbors(len(train)) if classifier is None else classifier
    changes, few = [], half // 2
    for i in range(RETRAININGS if few > 1 else 0):
        order = stream.child("retraining", i).numpy().permutation(half)
        parts = (np.concatenate([rows, half + rows]) for rows in (order[:few], order[few : 2 * few]))
        first, second = (_right(deepcopy(model), train[rows], test) for rows in parts)
        changes.append(first - second)
    right = _right(model, train, test)
    return _verdict(right, _training_variance(changes, len(test)), type(model).__name__)


def _right(model: Classifier, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Train a classifier on two classes, one after the other, and tell where it is right on two others."""
    model.fit(train, np.repeat([0, 1], len(train) // 2))
    predicted = np.asarray(model.predict(test)).ravel()
    if len(predicted) != len(test) or not np.isin(predicted, (0, 1)).all():
        raise InputError(
            f"classifier must predict 0 or 1 for each of {len(test)} examples; found {len(predicted)} predictions "
            f"with the values {np.unique(predicted)[:5].tolist()}."
        )
    return (predicted == np.repeat([0, 1], len(test) // 2)).astype(int)


def _training_variance(changes: list[np.ndarray], count: int) -> float:
    """The variance of accuracy over training sets, from changes of right and wrong between two of half the size.

    Half the squared difference of two accuracies is their variance, from which what the choice of the test examples
    adds is taken off by leaving out each example's product with itself; with twice the examples it is half as large.
    """
    squares = [float(change.sum() ** 2 - (change**2).sum()) / (count * (count - 1)) for change in changes]
    return max(0.0, float(np.mean(squares)) / 4) if squares else 0.0


def _verdict(right: np.ndarray, training_variance: float, name: str) -> ClassifierTwoSample:
    from scipy.stats import binomtest

    hits, count = int(right.sum()), len(right)
    p_value = float(binomtest(hits, count, 0.5, alternative="greater").pvalue)
    # One success and one failure more keep the error of none and of all above zero.
    careful = (hits + 1) / (count + 2)
    variance = careful * (1 - careful) / count
    alike = count * variance / (variance + training_variance)
    accuracy = Estimate(
        hits / count,
        math.sqrt(variance + training_variance),
        wilson_interval(hits / count, alike),
        f"accuracy of {name} on the other half; interval of Wilson, retraining counted in",
        count,
        f"one half where the sets are alike; p = {p_value:.2g}",
    )
    return ClassifierTwoSample(accuracy, p_value)


def _nearest_neighbors(count: int) -> Classifier:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=int(count**0.5))
