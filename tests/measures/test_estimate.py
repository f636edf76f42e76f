import json
import math

import pytest

from saddle.measures import Estimate


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.01234, 0.00081, "0.0123 ± 0.0008"),
        (12345.0, 130.0, "12345 ± 130"),
        (1.5, 0.0199, "1.50 ± 0.02"),
        (1.5, 0.0123, "1.500 ± 0.012"),
        (3e-9, 2e-10, "(3.0 ± 0.2)e-09"),
        (0.25, None, "0.25"),
        (8.0, 0.0, "8 ± 0"),
        (8.0, 1e-70, "8 ± 1e-70"),
        (0.16999012345678, 3e-12, "0.1699901235 ± 3e-12"),
        (math.log(2), 0.0, "0.6931471806 ± 0"),
        (8.0, 1.3e-5, "8 ± 1e-05"),
        (0.5520981123, 3e-8, "0.55209811 ± 3e-08"),
        (math.nan, None, "undefined"),
        (0.0, 0.5, "0.0 ± 0.5"),
        (-0.001, 0.003, "-0.001 ± 0.003"),
    ],
)
def test_text_shows_the_digits_the_error_allows(value: float, error: float | None, text: str) -> None:
    assert str(Estimate(value, error, None, "", 1)) == text


@pytest.mark.parametrize("interval", [None, (-0.1, 0.3)])
@pytest.mark.parametrize("n", [100, (100, 200)])
def test_record_survives_json(interval: tuple[float, float] | None, n: int | tuple[int, ...]) -> None:
    estimate = Estimate(0.1, 0.02, interval, "method", n, "note")
    assert Estimate.from_record(json.loads(json.dumps(estimate.to_record(), allow_nan=False))) == estimate


def test_undefined_value_survives_json() -> None:
    record = json.dumps(Estimate(math.nan, None, None, "", 0).to_record(), allow_nan=False)
    assert math.isnan(Estimate.from_record(json.loads(record)).value)
