import math

import numpy as np
import pytest

from saddle.core.errors import InputError
from saddle.measures import mode_coverage, perfect_mode_coverage

ANGLES = 2 * np.pi * np.arange(8) / 8
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)


def ring_samples(n: int, seed: int, std: float = 0.01) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return RING[generator.integers(8, size=n)] + std * generator.standard_normal((n, 2))


def test_counts_on_a_case_done_by_hand() -> None:
    samples = np.concatenate([RING[[0, 0, 0, 1]], RING[[2]] + 0.029, RING[[3]] + [0.029, 0.0]])
    found = mode_coverage(samples, RING, 0.01)
    assert found.modes.value == 3  # the sample off by 0.029 in both coordinates is 4.1 standard deviations away
    assert found.high_quality.value == pytest.approx(5 / 6)
    shares = np.array([3, 1, 1]) / 5
    assert found.reverse_kl.value == pytest.approx(math.log(8) + (shares * np.log(shares)).sum())


def test_a_missed_mode_leaves_an_error() -> None:
    found = mode_coverage(np.repeat(RING[:7], 100, 0), RING, 0.01).modes
    assert found.error is not None
    assert 0.1 < found.error < 0.5
    assert found.interval is not None
    assert found.interval[0] == 7  # more cannot be missed than was
    assert 7 < found.interval[1] <= 8


def test_a_share_of_none_or_all_has_an_error() -> None:
    none, every = (mode_coverage(x, RING, 0.01).high_quality for x in (np.zeros((98, 2)), np.repeat(RING[:1], 98, 0)))
    assert (none.value, every.value) == (0, 1)
    assert none.error == pytest.approx((0.01 * 0.99 / 98) ** 0.5)
    assert every.error == pytest.approx((0.01 * 0.99 / 98) ** 0.5)


def test_perfect_figures_are_the_known_ones() -> None:
    ring, grid = perfect_mode_coverage(2500, 8), perfect_mode_coverage(2500, 25)
    assert ring.high_quality.value == pytest.approx(1 - math.exp(-4.5), rel=1e-9)
    assert ring.reverse_kl.value == pytest.approx(0.0014, abs=1e-4)
    assert ring.reverse_kl.error == pytest.approx(0.0007, abs=1e-4)
    assert grid.reverse_kl.value == pytest.approx(0.0047, abs=2e-4)
    assert grid.modes.value == pytest.approx(25)


def test_perfect_samplers_score_as_predicted() -> None:
    runs = [mode_coverage(ring_samples(30, seed), RING, 0.01) for seed in range(300)]
    perfect = perfect_mode_coverage(30, 8)
    for name in ("modes", "high_quality", "reverse_kl"):
        values = np.array([getattr(run, name).value for run in runs])
        predicted = getattr(perfect, name)
        assert values.mean() == pytest.approx(predicted.value, abs=4 * values.std(ddof=1) / math.sqrt(300))
        assert values.std(ddof=1) == pytest.approx(predicted.error, rel=0.2)


def test_stated_error_of_the_divergence_is_the_spread() -> None:
    runs = [mode_coverage(ring_samples(500, seed), RING, 0.01).reverse_kl for seed in range(200)]
    assert np.mean([run.error for run in runs if run.error]) == pytest.approx(np.std([r.value for r in runs]), rel=0.3)


def test_collapse_is_seen() -> None:
    found = mode_coverage(np.repeat(RING[:1], 100, 0), RING, 0.01)
    assert (found.modes.value, found.high_quality.value) == (1, 1)
    assert found.reverse_kl.value == pytest.approx(math.log(8))


def cover(number: str, shares: np.ndarray, n: int, truth: float, repeats: int = 300) -> float:
    """How often the interval of a number covers its truth, for modes far apart on a line."""
    means, p = np.arange(len(shares))[:, None] * 1.0, shares / shares.sum()
    generator = np.random.default_rng(0)
    hits = 0
    for _ in range(repeats):
        interval = getattr(mode_coverage(means[generator.choice(len(p), n, p=p)], means, 0.01), number).interval
        assert interval is not None
        hits += interval[0] <= truth <= interval[1]
    return hits / repeats


def test_interval_covers_the_expected_number_of_modes() -> None:
    falling = 0.75 ** np.arange(25)
    expected = float((1 - (1 - falling / falling.sum()) ** 500).sum())
    assert 0.91 <= cover("modes", falling, 500, expected) <= 0.99
    even = 200 * (1 - (1 - 1 / 200) ** 200)  # independence of the modes would double the variance
    assert 0.91 <= cover("modes", np.ones(200), 200, even) <= 0.985


@pytest.mark.parametrize(
    "shares", [np.ones(8), np.repeat([1.0, 1.3], 6), 0.7 ** np.arange(8), np.array([1.0, 1, 1, 0])]
)
def test_interval_covers_the_divergence_of_the_law(shares: np.ndarray) -> None:
    p = shares[shares > 0] / shares.sum()
    truth = math.log(len(shares)) + float((p * np.log(p)).sum())
    assert 0.91 <= cover("reverse_kl", shares, 400, truth) <= 0.985


def test_interval_of_the_divergence_stays_in_range() -> None:
    even = mode_coverage(np.repeat(RING, 50, 0), RING, 0.01).reverse_kl.interval
    assert even is not None
    assert even[0] == 0
    assert 0 < even[1] < 0.02
    alone = mode_coverage(np.repeat(RING[:1], 100, 0), RING, 0.01).reverse_kl.interval
    assert alone is not None
    assert 1.7 < alone[0] < alone[1] == pytest.approx(math.log(8))
    single = mode_coverage(np.zeros((5, 2)), np.zeros((1, 2)), 0.01).reverse_kl
    assert (single.value, single.interval) == (0, (0, 0))


@pytest.mark.parametrize("n", [1, 3, 39])
def test_too_few_good_samples_for_an_interval(n: int) -> None:
    few = mode_coverage(np.concatenate([RING[np.arange(n) % 8], np.zeros((100, 2))]), RING, 0.01).reverse_kl
    assert (few.error, few.interval) == (None, None)
    assert few.note.startswith(f"too few samples of high quality for an interval: {n} for 8 modes")
    assert math.isfinite(few.value)


@pytest.mark.parametrize(
    ("shares", "n"),
    [(np.ones(8), 40), (np.ones(25), 150), (0.75 ** np.arange(25), 125), (np.repeat([1.0, 0.2], [13, 12]), 150)],
)
def test_interval_covers_the_divergence_just_above_the_fewest(shares: np.ndarray, n: int) -> None:
    # Modes missed by chance taken as none of the law's covered 78 to 89 % here.
    p = shares / shares.sum()
    assert 0.86 <= cover("reverse_kl", shares, n, math.log(len(p)) + float((p * np.log(p)).sum())) <= 0.995


def test_no_good_sample_leaves_the_divergence_undefined() -> None:
    found = mode_coverage(np.zeros((10, 2)), RING, 0.01)
    assert found.modes.value == 0
    assert math.isnan(found.reverse_kl.value)


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="std and radius"):
        mode_coverage(RING, RING, 0.0)
    with pytest.raises(InputError, match="equally many numbers"):
        mode_coverage(np.zeros((3, 3)), RING, 0.1)
