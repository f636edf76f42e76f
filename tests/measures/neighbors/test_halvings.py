import numpy as np
import pytest

from saddle.core.randomness import Stream
from saddle.measures.neighbors.halvings import (
    HALVINGS,
    bit_counts,
    halved_share,
    halvings,
    packed,
    sums_by_half,
    unpacked,
    variance_of_half,
)


@pytest.mark.parametrize("n", [0, 1, 254, 255, 256, 1021])
def test_bits_are_counted_across_every_carry(n: int) -> None:
    words = np.full(n, 2**32 - 1, dtype=np.uint32)
    words[::3] = 0b1010
    assert bit_counts(words).tolist() == unpacked(words).sum(0, dtype=int).tolist()
    np.testing.assert_array_equal(packed(unpacked(words)), words)


@pytest.mark.parametrize("n", [40, 41])
def test_halves_are_halves_and_all_different(n: int) -> None:
    words = halvings(n, Stream(0))
    assert set(bit_counts(words)) == {n // 2}
    assert len({tuple(column) for column in unpacked(words).T}) == HALVINGS
    assert not np.array_equal(words, halvings(n, Stream(1)))


def test_sums_by_half_count_set_bits_in_each() -> None:
    halves = halvings(10, Stream(0))
    everything = np.full(10, 2**32 - 1, dtype=np.uint32)
    assert (sums_by_half(everything, halves) == 5).all()
    assert (sums_by_half(halves, halves) == [[5], [0]]).all()


def test_variance_of_a_mean_is_that_of_independent_numbers() -> None:
    numbers = np.random.default_rng(0).standard_normal(400)
    first = unpacked(halvings(400, Stream(0))).astype(bool)
    by_half = np.array([[numbers[half].mean() for half in first.T], [numbers[~half].mean() for half in first.T]])
    assert variance_of_half(by_half) == pytest.approx(numbers.var() / 200, rel=0.5)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_none_and_all_keep_an_error_and_an_interval(share: float) -> None:
    by_half = np.full((2, HALVINGS), share)
    for independent in (False, True):
        found = halved_share(share, by_half, 200, independent=independent, n=(200, 200), method="", note="")
        assert found.error is not None
        assert found.error > 0
        assert found.interval is not None
        low, high = found.interval
        assert low <= share <= high
        assert 0.005 < high - low < 0.05
