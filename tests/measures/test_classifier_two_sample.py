import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from saddle.core.errors import InputError
from saddle.measures import classifier_two_sample


def normals(seed: int, n: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, 2)) + shift


class Rule:
    """Learns what it was given, and predicts by a fixed rule."""

    def __init__(self, classes: tuple = (0, 1)) -> None:
        self.classes = classes

    def fit(self, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y = x, y

    def predict(self, x: np.ndarray) -> np.ndarray:
        self.tested = x
        return np.where(x[:, 0] > 0, self.classes[1], self.classes[0])


def test_halves_are_balanced_and_disjoint() -> None:
    rule = Rule()
    x, y = -np.arange(1.0, 22)[:, None], np.arange(1.0, 31)[:, None]
    found = classifier_two_sample(x, y, classifier=rule)
    assert found.accuracy.value == 1
    assert np.bincount(rule.y).tolist() == [10, 10]
    assert (rule.x[rule.y == 0] < 0).all()
    assert len(np.unique(np.concatenate([rule.x, rule.tested]))) == 42
    assert found.accuracy.n == 22
    assert found.p_value == pytest.approx(0.5**22)


def test_p_value_is_the_exact_binomial_tail() -> None:
    found = classifier_two_sample(normals(0, 40, 0.5), normals(1, 40))
    right = round(found.accuracy.value * 40)
    assert found.p_value == pytest.approx(sum(math.comb(40, i) for i in range(right, 41)) / 2**40)


def test_default_is_the_vote_of_the_root_of_n() -> None:
    x, y = normals(0, 128, 0.7), normals(1, 128)
    given = classifier_two_sample(x, y, classifier=KNeighborsClassifier(n_neighbors=11))
    assert classifier_two_sample(x, y).accuracy.value == given.accuracy.value


def test_equal_laws_are_at_chance_and_rejected_no_more_than_they_should() -> None:
    found = [classifier_two_sample(normals(i, 60), normals(900 + i, 80)) for i in range(150)]
    values = [one.accuracy.value for one in found]
    assert np.mean(values) == pytest.approx(0.5, abs=4 * np.std(values) / math.sqrt(150))
    assert np.mean([one.p_value < 0.05 for one in found]) <= 0.1
    assert np.mean([low <= 0.5 <= high for low, high in (one.accuracy.interval or (0, 0) for one in found)]) >= 0.9


def test_any_classifier_and_features() -> None:
    x, y = normals(0, 200, 1.0), normals(1, 200)
    found = classifier_two_sample(x, y, classifier=LogisticRegression())
    assert found.accuracy.value == pytest.approx(0.76, abs=0.07)
    assert "LogisticRegression" in found.accuracy.method
    blind = classifier_two_sample(x, y, classifier=LogisticRegression(), features=lambda z: np.zeros((len(z), 1)))
    assert blind.accuracy.value == 0.5


def test_bad_input() -> None:
    with pytest.raises(InputError, match="y must hold at least 4 examples; found 3"):
        classifier_two_sample(normals(0, 9), normals(1, 3))
    with pytest.raises(InputError, match=r"must predict 0 or 1 for each of 10 examples.*\[-1, 1\]"):
        classifier_two_sample(normals(0, 10), normals(1, 10), classifier=Rule((-1, 1)))
