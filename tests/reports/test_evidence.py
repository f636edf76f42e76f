"""The curves of a diagnosis, as charts and as one picture."""

import pytest

from saddle.diagnosis import from_history
from saddle.reports.evidence import evidence_charts, evidence_sheet


def rows(last: float) -> list[dict[str, float]]:
    """A distance that falls from ten to `last` in steps, and stays there."""
    distances = [10.0, 3.0, 1.0] + [last] * 37
    return [
        {
            "round": 25 * i,
            "member": 0,
            "energy distance": one,
            "energy distance error": 0.01,
            "energy coefficient": 0.005,
        }
        for i, one in enumerate(distances)
    ]


@pytest.mark.parametrize(("last", "logged"), [(0.05, True), (1.0, False), (-0.01, False)])
def test_a_distance_that_fell_by_far_is_drawn_on_logarithms(last: float, logged: bool) -> None:
    """The dashed line at zero is not on such a scale, and the sentence above it must not say so."""
    diagnosis = from_history(rows(last))
    (chart,) = [one for one in evidence_charts(diagnosis) if one.title.startswith("Energy distance")]
    assert bool(chart.spec.get("logged")) == logged
    assert ("dashed" not in chart.lead) == logged and ("logarithmic" in chart.lead) == logged
    assert evidence_sheet(diagnosis).width > 400
