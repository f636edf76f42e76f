import numpy as np
import pytest

from saddle.core.errors import InputError
from saddle.measures import (
    DensityCoverage,
    PrecisionRecall,
    density_coverage,
    expected_coverage,
    pairwise,
    precision_recall,
)


def plain(samples: np.ndarray, data: np.ndarray, k: int) -> dict[str, float]:
    """All four numbers from full matrices, as the papers' formulas read."""

    def radii(x: np.ndarray) -> np.ndarray:
        return np.sort(np.linalg.norm(x[:, None] - x[None], axis=-1), 1)[:, k]

    across = np.linalg.norm(data[:, None] - samples[None], axis=-1)
    in_data, in_samples = across <= radii(data)[:, None], across <= radii(samples)[None]
    return {
        "precision": float(in_data.any(0).mean()),
        "recall": float(in_samples.any(1).mean()),
        "density": float(in_data.sum() / (k * len(samples))),
        "coverage": float(in_data.any(1).mean()),
    }


@pytest.mark.parametrize("k", [1, 3, 5])
def test_equals_the_formulas(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairwise, "BLOCK", 16)
    generator = np.random.default_rng(k)
    samples, data = generator.standard_normal((40, 2)) * 0.6, generator.standard_normal((60, 2))
    found = {**precision_recall(samples, data, k)._asdict(), **density_coverage(samples, data, k)._asdict()}
    assert {name: one.value for name, one in found.items()} == pytest.approx(plain(samples, data, k))


def test_far_samples_score_zero_and_copies_one() -> None:
    data = np.random.default_rng(0).standard_normal((50, 2))
    far = precision_recall(data + 100, data)
    assert (far.precision.value, far.recall.value) == (0, 0)
    copies = precision_recall(data, data)
    assert (copies.precision.value, copies.recall.value) == (1, 1)
    assert density_coverage(data + 100, data).coverage.value == 0


def test_low_variety_shows_in_recall_and_coverage_alone() -> None:
    generator = np.random.default_rng(1)
    data = generator.standard_normal((400, 2))
    narrow = generator.standard_normal((400, 2)) * 0.2
    assert precision_recall(narrow, data).precision.value > 0.95
    assert precision_recall(narrow, data).recall.value < 0.5
    assert density_coverage(narrow, data).coverage.value < 0.5


def test_equal_laws_reach_the_expected_coverage() -> None:
    generator = np.random.default_rng(2)
    pairs = [(generator.standard_normal((80, 3)), generator.standard_normal((60, 3))) for _ in range(150)]
    covered = np.array([density_coverage(*pair, k=2).coverage.value for pair in pairs])
    density = np.array([density_coverage(*pair, k=2).density.value for pair in pairs])
    assert covered.mean() == pytest.approx(expected_coverage(80, 60, 2), abs=4 * covered.std() / 150**0.5)
    assert density.mean() == pytest.approx(60 / 59, abs=4 * density.std() / 150**0.5)


def runs(scale: float, dimension: int, n: int, m: int, repeats: int) -> list[tuple[PrecisionRecall, DensityCoverage]]:
    generator = np.random.default_rng(3)
    draws = [
        (generator.standard_normal((n, dimension)) * scale, generator.standard_normal((m, dimension)))
        for _ in range(repeats)
    ]
    return [(precision_recall(*pair), density_coverage(*pair)) for pair in draws]


# Radii held fixed, as in a delete-one jackknife, would overstate the first two twofold and understate density's.
@pytest.mark.parametrize(
    ("scale", "dimension", "n", "m"), [(1.0, 2, 200, 200), (1.0, 20, 150, 150), (1.5, 2, 240, 120)]
)
def test_stated_errors_are_the_spread(scale: float, dimension: int, n: int, m: int) -> None:
    found = runs(scale, dimension, n, m, 120)
    for values in (
        [run[0].precision for run in found],
        [run[0].recall for run in found],
        [run[1].density for run in found],
        [run[1].coverage for run in found],
    ):
        spread = np.std([one.value for one in values])
        assert np.mean([one.error for one in values if one.error]) == pytest.approx(spread, rel=0.2)


def test_intervals_cover_the_expected_coverage() -> None:
    intervals = [run[1].coverage.interval for run in runs(1.0, 3, 120, 160, 150)]
    truth = expected_coverage(120, 160, 5)
    hits = [low <= truth <= high for low, high in filter(None, intervals)]
    assert 0.89 <= np.mean(hits) <= 0.99


def test_order_changes_nothing() -> None:
    generator = np.random.default_rng(4)
    x, y = generator.standard_normal((50, 2)), generator.standard_normal((40, 2))
    for measure in (precision_recall, density_coverage):
        values = [[one.value for one in measure(*pair)] for pair in ((x, y), (x[::-1].copy(), y[::-1].copy()))]
        assert values[0] == values[1]


def test_the_seed_moves_the_error_alone() -> None:
    generator = np.random.default_rng(5)
    x, y = generator.standard_normal((50, 2)), generator.standard_normal((40, 2))
    first, same, other = (precision_recall(x, y, seed=seed).recall for seed in (0, 0, 1))
    assert first == same
    assert (first.value, first.error != other.error) == (other.value, True)


def test_features_are_measured_instead() -> None:
    generator = np.random.default_rng(6)
    x, y = generator.standard_normal((60, 5)), generator.standard_normal((60, 5))
    for measure in (precision_recall, density_coverage):
        assert measure(x, y, features=lambda z: z[:, :2]) == measure(x[:, :2], y[:, :2])


def test_few_examples_have_no_error() -> None:
    x, y = np.random.default_rng(7).standard_normal((2, 6, 2))
    for one in (*precision_recall(x, y, 3), *density_coverage(x, y, 3)):
        assert (one.error, one.interval) == (None, None)
        assert "too few examples" in one.note


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(InputError, match="samples must hold at least 4"):
        precision_recall(np.zeros((3, 2)), np.zeros((9, 2)))
    with pytest.raises(InputError, match="k must be at least 1"):
        density_coverage(np.zeros((3, 2)), np.zeros((9, 2)), 0)
