import numpy as np
import pandas as pd
import pytest
import torch

import saddle
from saddle.core.errors import InputError
from saddle.evaluation import MENU
from saddle.measures import energy_distance


def normal(seed: int, n: int, *, shift: float = 0.0, dimension: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, dimension)) + shift


def test_equal_laws_read_as_equal_and_others_do_not() -> None:
    a = normal(0, 900)
    same, other = saddle.measure(a, normal(1, 500)), saddle.measure(a, normal(1, 500, shift=0.7))
    assert same.n == 450 and "450 examples of each side" in same.notes[0]
    assert same["energy distance"].reading(same.real).startswith("no different from array itself")
    assert other["energy distance"].reading(other.real).startswith("worse than array itself")


def test_the_reference_is_another_part_of_a() -> None:
    """Not the examples that B is compared with: their distance to themselves would be far below zero."""
    found = saddle.measure(normal(0, 400), normal(1, 400, shift=3), of="energy_distance")
    row = found["energy distance"]
    assert row.reference is not None and row.reference.error is not None
    assert abs(row.reference.value) < 4 * row.reference.error
    assert row.value.n == row.reference.n == (200, 200)
    assert "other examples of A" in row.against


def test_measured_in_the_units_of_a() -> None:
    """Points are scaled by A alone, so that B's own scale shows."""
    found = saddle.measure(normal(0, 2000), 3 * normal(1, 1000), of=["energy_distance"], n=1000)
    data = saddle.open(normal(0, 2000))
    direct = energy_distance(data.transform.encode(3 * normal(1, 1000)), data.transform.encode(normal(2, 1000)))
    assert found["energy distance"].value.value == pytest.approx(direct.value, rel=0.15)


def test_bytes_and_unit_numbers_agree() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (60, 6, 6), dtype=np.uint8)
    as_numbers = saddle.measure(pictures[:40], pictures[40:] / 255, of="energy_distance", n=20)
    as_bytes = saddle.measure(pictures[:40], pictures[40:], of="energy_distance", n=20)
    assert as_numbers["energy distance"].value.value == pytest.approx(as_bytes["energy distance"].value.value, rel=1e-5)


@pytest.mark.parametrize("name", MENU)
def test_every_measure_can_be_asked_for(name: str) -> None:
    ring = saddle.open("ring", n=600, seed=0)
    found = saddle.measure(ring, saddle.open("ring", n=300, seed=1), of=name.replace("_", "-"), n=200)
    assert found.rows and all(np.isfinite(row.value.value) for row in found.rows)
    assert MENU[name].about


def test_all_means_all() -> None:
    found = saddle.measure(normal(0, 100), normal(1, 60), of="all")
    assert len(found.rows) >= len(MENU) - 1
    assert any("mode_coverage needs data whose modes are known" in note for note in found.notes)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (normal(0, 50), normal(1, 50, dimension=3), "points in 2 dimensions and points in 3 dimensions"),
        (normal(0, 50), np.zeros((50, 4, 4), np.uint8), "points in 2 dimensions and pictures of 4 x 4 pixels"),
        (normal(0, 50), normal(0, 50), "must hold different examples"),
        (normal(0, 15), normal(1, 50), "A must hold at least 20 examples and B 10; found 15"),
        (normal(0, 50), normal(1, 5), "found 50 in array and 5 in array"),
        (
            pd.DataFrame(normal(0, 50), columns=["u", "v"]),
            pd.DataFrame(normal(1, 50), columns=["u", "w"]),
            "columns must be the same in the same order; found 'v' and 'w'",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(a: object, b: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        saddle.measure(a, b)


def test_bad_names_and_counts_are_refused() -> None:
    a, b = normal(0, 50), normal(1, 50)
    with pytest.raises(InputError, match="did you mean energy_distance"):
        saddle.measure(a, b, of="energy-distanse")
    with pytest.raises(InputError, match="n must be at least 10; found 9"):
        saddle.measure(a, b, n=9)
    with pytest.raises(InputError, match="at least one measure"):
        saddle.measure(a, b, of=" , ")
    with pytest.raises(InputError, match="modes are known"):
        saddle.measure(a, b, of="mode_coverage")


def test_features_are_named_and_measured_in() -> None:
    found = saddle.measure(normal(0, 100), normal(1, 60), features=lambda x: torch.cat([x, x], 1))
    assert found["energy distance of features"].value.value != 0
    assert found["Fréchet distance of features"].value.error is not None
    assert "kernel distance of features" in {row.name for row in found.rows}


def test_the_same_law_twice_is_drawn_twice() -> None:
    found = saddle.measure("ring", "ring", n=400)
    assert found.notes[0] == "B is another draw of ring."
    assert "modes found, of 8" in {row.name for row in found.rows}
    assert found["energy distance"].reading(found.real).startswith("no different")


def test_remarks_units_and_unjudged_numbers_are_in_the_text() -> None:
    found = saddle.measure(normal(0, 100), normal(1, 60), of="wasserstein,kl_from_samples,sinkhorn_divergence")
    text = str(found)
    assert "Distances are in model units" in text and "no verdict" in text
    assert all(row.value.note in text for row in found.rows)


def test_copying_is_measured_on_request_only() -> None:
    a, b = normal(0, 100), normal(1, 60)
    assert not any("closer to" in row.name for row in saddle.measure(a, b).rows)
    (row,) = saddle.measure(a, a[:40] + 1e-9, of="copying").rows
    assert row.name == "closer to the rest of A than other examples of A"
    assert row.value.value > 0.6
