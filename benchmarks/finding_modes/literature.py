"""What a remedy changes, and how far mixtures' rows are from published figures; from records alone."""

import warnings
from collections.abc import Mapping, Sequence
from math import hypot, inf
from typing import Any

from scipy import stats

from finding_modes.figures import Figure
from finding_modes.intervals import interval
from finding_modes.laws import LAWS
from finding_modes.measuring import COLUMNS, FEW
from finding_modes.rows import PLAIN, REMEDIES, ROWS

Rows = Mapping[tuple[str, str], dict[str, Any]]  # by data and row
DIGITS, SCALES = (1, 1, 2), (1, 100, 1)  # of modes, high quality and reverse KL; shares are shown in points
TRIALS = 10  # behind each published standard error

REMEDIED = """\
The same networks and optimizers, and batches of as many judgments, with and without a remedy, or for longer:
differences of means over seeds with 95 % intervals (Welch's t, one by one); bold where the interval leaves zero out, no
interval where all seeds of both are alike, a dash where a seed has no value. More modes and less reverse KL are better,
and more of high quality up to a perfect sampler's."""
BESIDE = """\
Ours less the published figure; bold where that is more than both 95 % intervals together (root of the sum of squares;
a published standard error is of ten trials). Never bold where the source gives no error."""
ORDER = "From few modes to many, means over seeds; games without a remedy are bold."


def compared(records: Sequence[dict[str, Any]]) -> list[str]:
    """Both sections, of what there are records of."""
    rows = {(one["data"], one["row"]): one for one in records if one["data"] in LAWS and "failed" not in one}
    return [*_order(rows), *_remedies(rows), *_published(rows)]


def _order(rows: Rows) -> list[str]:
    lines = []
    for data in LAWS:
        means = {
            name: interval(_values(record, "modes"))[0]
            for (one, name), record in rows.items()
            if one == data and name in ROWS
        }
        if len(means) > 1:
            cells = [f"**`{name}` {mean:.1f}**" if name in PLAIN else f"`{name}` {mean:.1f}"
                     for name, mean in sorted(means.items(), key=lambda item: item[1])]  # fmt: skip
            lines.append(f"- {data}, of {len(LAWS[data]().means)}: {', '.join(cells)}")
    return ["## The order", "", ORDER, "", *lines, ""] if lines else []


def _remedies(rows: Rows) -> list[str]:
    lines = [
        f"| {data} | {what}: `{other}` after `{one}` | {_differences(rows[data, one], rows[data, other])} |"
        for data in LAWS
        for (one, other), what in REMEDIES.items()
        if (data, one) in rows and (data, other) in rows
    ]
    head = "| data | remedy | modes | high quality, points | reverse KL |"
    return ["## What a remedy changes", "", REMEDIED, "", head, "|" + "---|" * 5, *lines, ""] if lines else []


def _published(rows: Rows) -> list[str]:
    lines = [
        f"| {data} | `{name}` | {_distances(rows[data, name], figure)} | {figure} | {row.reason} |"
        for data in LAWS
        for name, row in ROWS.items()
        if (data, name) in rows and isinstance(figure := row.published.get(data), Figure)
    ]
    head = "| data | recipe | modes | high quality, points | reverse KL | published | why |"
    return ["## Beside published figures", "", BESIDE, "", head, "|" + "---|" * 7, *lines, ""] if lines else []


def _differences(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The second record less the first, column by column."""
    cells = []
    for name, digits, scale in zip(COLUMNS, DIGITS, SCALES, strict=True):
        if undefined(one, name) or undefined(other, name):
            cells.append("-")
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of seeds that all score the same
            found = stats.ttest_ind(_values(other, name), _values(one, name), equal_var=False).confidence_interval()
        middle, half = scale * (found.low + found.high) / 2, scale * (found.high - found.low) / 2
        cells.append(_cell(middle, digits, abs(middle) > half > 0, half or None))
    return " | ".join(cells)


def _distances(record: dict[str, Any], figure: Figure) -> str:
    """A record less a published figure, column by column."""
    cells = []
    errors = figure.errors or (None, None, None)
    for name, theirs, error, digits, scale in zip(COLUMNS, figure.values(), errors, DIGITS, SCALES, strict=True):
        if theirs is None or undefined(record, name):
            cells.append("-")
            continue
        mean, half = interval([scale * value for value in _values(record, name)])
        allowed = inf if error is None else hypot(half, error * float(stats.t.ppf(0.975, TRIALS - 1)))
        cells.append(_cell(mean - theirs, digits, abs(mean - theirs) > allowed))
    return " | ".join(cells)


def _cell(value: float, digits: int, beyond: bool, half: float | None = None) -> str:
    shown = f"{value:+.{digits}f}" + ("" if half is None else f" ± {half:.{digits}f}")
    return f"**{shown}**" if beyond else shown


def _values(record: dict[str, Any], name: str) -> list[float]:
    """Of the seeds that have one."""
    return [seed[name] for seed in record["scores"][str(FEW)] if seed[name] is not None]


def undefined(record: dict[str, Any], name: str) -> bool:
    """Whether some seed has no such score."""
    return any(seed[name] is None for seed in record["scores"][str(FEW)])
