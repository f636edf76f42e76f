"""What the default recipe is held to, and whether it gets there; from records alone."""

from collections.abc import Sequence
from math import inf
from typing import Any

from finding_modes.intervals import interval, with_interval
from finding_modes.laws import LAWS
from finding_modes.measuring import FEW, MANY
from saddle.measures import perfect_mode_coverage
from saddle.measures.share import wilson_interval

QUALITY, FIRST_STOP = 0.5, 2.0  # points from a perfect sampler's share of high quality
DIVERGENCE = {"ring": (0.0019, 0.005), "grid": (0.0067, 0.01)}  # reverse KL at few and at many samples
ABOUT = "Row `default`, means over seeds; the interval of a share of seeds is Wilson's."


def held(records: Sequence[dict[str, Any]]) -> list[str]:
    """Each bound, what was found, and whether it holds."""
    rows = {one["data"]: one for one in records if one["row"] == "default" and one["data"] in LAWS}
    lines = []
    for data in (name for name in LAWS if name in rows):
        lines.append(_every_mode(data, rows[data]))
        if data in DIVERGENCE:
            lines += [_quality(data, rows[data]), *_divergences(data, rows[data])]
    head = ["## What the default is held to", "", ABOUT, "", "| data | to show | found | |", "|---|---|---|---|"]
    return [*head, *(f"| {line} |" for line in lines), ""] if lines else []


def _every_mode(data: str, record: dict[str, Any]) -> str:
    few, modes = record["scores"][str(FEW)], len(LAWS[data]().means)
    all_of_them, seeds = sum(seed["modes"] == modes for seed in few), len(few)
    low, high = wilson_interval(all_of_them / seeds, seeds)
    found = f"{all_of_them} of {seeds} (95 % interval of the share {low:.2f} to {high:.2f})"
    return f"{data} | all {modes} modes on every seed | {found} | {'holds' if all_of_them == seeds else 'missed'}"


def _quality(data: str, record: dict[str, Any]) -> str:
    means = LAWS[data]().means
    perfect = 100 * perfect_mode_coverage(FEW, len(means), means.shape[1]).high_quality.value
    values = [100 * seed["high quality"] for seed in record["scores"][str(FEW)]]
    off = abs(interval(values)[0] - perfect)
    verdict = "holds" if off <= QUALITY else f"missed by {off - QUALITY:.2f}"
    verdict += f"; first stop of {FIRST_STOP:g}: {'holds' if off <= FIRST_STOP else 'missed'}" if off > QUALITY else ""
    return f"{data} | high quality within {QUALITY} of {perfect:.2f} % | {with_interval(values, 2)} % | {verdict}"


def _divergences(data: str, record: dict[str, Any]) -> list[str]:
    lines = []
    for count, bound in zip((FEW, MANY), DIVERGENCE[data], strict=True):
        values = [seed["reverse KL"] for seed in record["scores"][str(count)]]
        mean = inf if None in values else interval(values)[0]
        verdict = "holds" if mean <= bound else f"missed by {mean - bound:.4f}"
        lines.append(
            f"{data} | reverse KL at {count:,} samples at most {bound} | {with_interval(values, 4)} | {verdict}"
        )
    return lines
