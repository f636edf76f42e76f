import json
import math
from dataclasses import replace

import pytest

from saddle.core.errors import InputError
from saddle.evaluation import Evaluation, Row
from saddle.evaluation.rows import Better
from saddle.measures import Estimate


def row(value: float, reference: float | None, better: Better = "lower", error: float = 0.1) -> Row:
    other = None if reference is None else Estimate(reference, error, None, "m", 10)
    return Row("energy distance", Estimate(value, error, (0.0, 1.0), "m", (10, 20)), other, better, "real data", 0.5)


@pytest.mark.parametrize(
    ("value", "better", "said"),
    [
        (1.1, "lower", "no different from real data"),
        (2.0, "lower", "worse than real data, by 7 standard errors"),
        (0.0, "lower", "better than real data, by 7"),
        (2.0, "higher", "better than real data"),
        (0.0, "higher", "worse than real data"),
        (2.0, "near", "worse than real data"),
        (0.0, "near", "worse than real data"),
        (2.0, "not above", "above real data, by 7"),
        (0.0, "not above", "not above real data"),
        (99.0, "lower", "far beyond chance"),
        (math.nan, "lower", "undefined"),
    ],
)
def test_reading_says_what_the_numbers_say(value: float, better: Better, said: str) -> None:
    assert row(value, 1.0, better).reading().startswith(said) or said in row(value, 1.0, better).reading()


def test_more_precise_than_real_data_is_no_praise() -> None:
    precise = replace(row(2.0, 1.0, "higher"), name="precision of pixels")
    assert precise.reading() == "above real data, by 7 standard errors: narrower than the data, or copies"
    assert replace(precise, reference=replace(precise.value, value=3.0)).reading().startswith("worse than real data")


def test_errors_of_zero_measure_nothing() -> None:
    assert row(2.0, 1.0, error=0.0).reading() == "worse than real data"
    assert row(1.0, 1.0, error=0.0).reading().startswith("no different")


def test_no_reference_no_reading() -> None:
    assert row(1.0, None).reading() == ""


def test_evaluation_survives_json_and_prints_as_a_table() -> None:
    evaluation = Evaluation((row(1.5, 1.0), row(math.nan, None)), 100, 3, ("A note.",))
    again = Evaluation.from_record(json.loads(evaluation.to_json()))
    assert again.rows[0] == evaluation.rows[0]
    assert math.isnan(again.rows[1].value.value)
    lines = str(evaluation).splitlines()
    assert lines[0].split() == ["measure", "samples", "95", "%", "interval", "n", "real", "data", "s"]
    assert "1.50 ± 0.10" in lines[1]
    assert lines[-1] == "A note."


def test_a_row_is_found_by_name_or_the_names_are_told() -> None:
    evaluation = Evaluation((row(1.5, 1.0),), 100, 0)
    assert evaluation["energy distance"].value.value == 1.5
    with pytest.raises(InputError, match="it has energy distance"):
        evaluation["frechet"]
