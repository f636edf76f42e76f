import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from saddle.core.errors import InputError
from saddle.measures import copying, nearest


def normals(seed: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, 3))


def test_is_the_area_under_the_curve_of_the_distances() -> None:
    train, samples, held_out = normals(0, 80), normals(1, 50) * 0.8, normals(2, 40)
    a, b = (nearest(x, train).distances[:, 0].numpy() for x in (samples, held_out))
    truth = roc_auc_score([0] * 50 + [1] * 40, [*a, *b])
    assert copying(samples, train, held_out).closer.value == pytest.approx(truth)


def test_copies_are_caught_and_fresh_data_are_not() -> None:
    train, held_out = normals(3, 300), normals(4, 200)
    copies = copying(train[:100] + 0.01 * normals(5, 100), train, held_out)
    assert copies.closer.value > 0.95
    assert copies.p_value < 1e-10
    fresh = [copying(normals(10 + i, 200), train, held_out).p_value for i in range(20)]
    assert np.median(fresh) > 0.05


def test_stated_error_is_the_spread() -> None:
    train = normals(6, 200)
    runs = [copying(normals(100 + i, 120), train, normals(500 + i, 100)).closer for i in range(120)]
    values = np.array([run.value for run in runs])
    assert values.mean() == pytest.approx(0.5, abs=4 * values.std() / 120**0.5)
    assert np.mean([run.error for run in runs if run.error]) == pytest.approx(values.std(), rel=0.25)


def test_a_perfect_score_has_an_error_all_the_same() -> None:
    train = normals(7, 100)
    exact = copying(train[:50], train, normals(8, 40)).closer
    assert exact.value == 1
    assert exact.error == pytest.approx((1 / 42 * 41 / 42 / 40) ** 0.5)
    far = copying(normals(9, 50) + 100, train, normals(8, 40)).closer
    assert (far.value, far.error) == (0, exact.error)


def test_interval_covers_one_half_for_fresh_data() -> None:
    train = normals(6, 200)
    found = [copying(normals(1000 + i, 60), train, normals(5000 + i, 90)).closer.interval for i in range(200)]
    assert 0.9 <= np.mean([low <= 0.5 <= high for low, high in filter(None, found)]) <= 0.99


@pytest.mark.parametrize("sizes", [(30, 30), (15, 60)])
def test_interval_covers_one_half_for_few(sizes: tuple[int, int]) -> None:
    # The log odds with a normal quantile covered 92 % at 30.
    train, hits = normals(6, 200), 0
    for i in range(300):
        found = copying(normals(20_000 + i, sizes[0]), train, normals(40_000 + i, sizes[1])).closer.interval
        assert found is not None
        hits += found[0] <= 0.5 <= found[1]
    assert 0.94 <= hits / 300 <= 0.985


def test_error_and_interval_agree_where_nearly_all_are_closer() -> None:
    # Placements nearly all or none: on the log odds the interval was [0, 1] beside an error of .002.
    train, held_out = np.zeros((1, 1)), np.concatenate([np.full(499, 2.0), [0.5]])[:, None]
    samples = np.concatenate([np.full(499, 0.1), [1.0]])[:, None]
    closer = copying(samples, train, held_out).closer
    assert closer.value == pytest.approx(1 - 1 / 500**2)
    assert closer.error is not None
    assert closer.interval is not None
    low, high = closer.interval
    assert low <= closer.value <= high
    assert 2 * closer.error <= high - low <= 6 * closer.error


def test_one_sample_is_refused() -> None:
    with pytest.raises(InputError, match="samples must hold at least 2"):
        copying(normals(0, 1), normals(0, 5), normals(0, 5))
