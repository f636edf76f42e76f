"""The tables of mixtures, from records alone."""

from collections.abc import Sequence
from typing import Any

from finding_modes.intervals import seconds_a_seed, with_interval
from finding_modes.laws import LAWS
from finding_modes.measuring import COLUMNS, FEW, MANY
from finding_modes.rows import ABLATION, GAMES, PENALTIES, ROWS
from saddle.measures import perfect_mode_coverage

DEFINITIONS = """\
Mixtures: training sets of 100,000 points. Ring: 8 Gaussians of standard deviation .01 on the unit circle. Grid: 25
of .05 at spacing 2. A sample is of high quality within three standard deviations (Euclidean) of the nearest center; a
mode is found with one such sample; reverse KL is log K minus the entropy of the high-quality samples' counts, in nats.
Published figures are modes, % of high quality and reverse KL, as their source has them."""
SCALES = {"modes": (1, 1), "high quality": (2, 100), "reverse KL": (4, 1)}  # digits, and in what units


def section(data: str, rows: list[dict[str, Any]]) -> list[str]:
    """One mixture's table."""
    law = LAWS[data]()
    modes, even = len(law.means), not hasattr(law, "weights")
    head = f"| recipe | rounds | seeds | seeds with all {modes} | modes | high quality, % | reverse KL | "
    head += f"reverse KL, {MANY:,} samples | seconds a seed | published |"
    lines = [f"## {data}: {LAWS[data].__doc__ or ''}", "", head, "|" + "---|" * 10]
    few, many = (perfect_mode_coverage(count, modes, law.means.shape[1]) for count in (FEW, MANY))
    divergences = (f"{few.reverse_kl.value:.4f}", f"{many.reverse_kl.value:.4f}") if even else ("-", "-")
    quality = f"{100 * few.high_quality.value:.2f}"
    cells = f"{few.modes.value:.1f} | {quality} | {divergences[0]} | {divergences[1]}"
    lines.append(f"| perfect sampler | | | | {cells} | | |")
    for one in rows:
        lines.append(line(one, data, modes, even))
    return [*lines, ""]


def line(record: dict[str, Any], data: str, modes: int, even: bool) -> str:
    """One recipe's line."""
    row = ROWS[record["row"]]
    where = row.published.get(data, "-")
    few, many = (record["scores"][str(count)] for count in (FEW, MANY))
    every = sum(seed["modes"] == modes for seed in few)
    cells = [shown([seed[name] for seed in few], name) for name in COLUMNS]
    cells.append(shown([seed["reverse KL"] for seed in many], "reverse KL"))
    if not even:
        cells[2:] = ["-", "-"]
    seconds = seconds_a_seed(record)
    start = f"| {row.label}, `{record['row']}` | {record['cost']['rounds']:,} | {record['seeds']} | {every} "
    return f"{start}| {' | '.join(cells)} | {seconds} | {where} |"


def shown(values: Sequence[float | None], name: str) -> str:
    """A column's mean over seeds with its interval."""
    digits, scale = SCALES[name]
    return with_interval(values, digits, scale)


def summary(record: dict[str, Any]) -> str:
    """A record in one line."""
    few = record["scores"][str(FEW)]
    found = [int(seed["modes"]) for seed in few]
    quality = sum(seed["high quality"] for seed in few) / len(few)
    divergence = shown([seed["reverse KL"] for seed in few], "reverse KL")
    return f"modes {found}, high quality {100 * quality:.2f} %, reverse KL {divergence}"


def ablation(rows: list[dict[str, Any]]) -> list[str]:
    """Objective by penalties, of the mixtures that have such rows."""
    lines: list[str] = []
    for data in LAWS:
        kept = {one["row"]: one for one in rows if one["data"] == data and one["row"] in ABLATION}
        if not kept:
            continue
        modes = len(LAWS[data]().means)
        lines += [f"## Objective and penalties on the {data}", "", "The networks and optimizers of `r3gan`.", ""]
        lines += [f"| objective | {' | '.join(PENALTIES)} |", "|" + "---|" * (1 + len(PENALTIES))]
        for game in GAMES:
            cells = [cell(kept.get(f"{game}, {penalties}"), modes) for penalties in PENALTIES]
            lines.append(f"| {game} | {' | '.join(cells)} |")
        lines.append("")
    return lines


def cell(record: dict[str, Any] | None, modes: int) -> str:
    """One game's numbers."""
    if record is None:
        return "not run"
    if "failed" in record:
        return record["failed"]
    few = record["scores"][str(FEW)]
    every = sum(seed["modes"] == modes for seed in few)
    numbers = "; ".join(shown([seed[name] for seed in few], name) for name in COLUMNS)
    return f"{every} of {record['seeds']} seeds found all; {numbers}"
