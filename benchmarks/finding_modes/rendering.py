"""The table as a page."""

from pathlib import Path
from typing import Any

from finding_modes.laws import LAWS
from finding_modes.measuring import COLUMNS, FEW, MANY, interval
from finding_modes.rows import ABLATION, GAMES, PENALTIES, ROWS
from records import Records
from saddle.measures import perfect_mode_coverage

HEAD = """# Finding every mode

Made by `benchmarks/modes.py`; the records beside this page hold every seed, setting, version and machine.

Ring: 8 Gaussians of standard deviation .01 on the unit circle. Grid: 25 of .05 at spacing 2. A sample is of high
quality within three standard deviations (Euclidean) of the nearest center; a mode is found with one such sample;
reverse KL is log K minus the entropy of the high-quality samples' counts, in nats. All training sets hold 100,000
points, 10 % of them held out. Numbers are means over seeds with 95 % intervals (Student's t); published figures are
modes, % of high quality and reverse KL, as their source has them. A perfect sampler has no network: it is what the
mixture itself would score at that number of samples.
"""


def write_page(records: Records, pictures: list[Path]) -> None:
    """Write the page from the records."""
    rows = [one for one in records.all() if "failed" not in one]
    failures = [one for one in records.all() if "failed" in one]
    lines = [HEAD]
    for data in LAWS:
        kept = [one for name in ROWS for one in rows if one["data"] == data and one["row"] == name]
        if kept:
            lines += section(data, kept)
            lines += [f"![{data}]({one.name})\n" for one in pictures if one.stem.endswith(f"-{data}")]
    lines += ablation([*rows, *failures])
    lines += [f"- {one['data']}, {one['row']}: {one['failed']}" for one in failures]
    made = sorted({one["made"]["date"] for one in rows})
    machines = sorted({one["made"]["machine"] for one in rows})
    lines.append(f"Made {' and '.join(dict.fromkeys((made[0], made[-1])))}; machines: {'; '.join(machines)}.")
    records.page.write_text("\n".join(lines) + "\n")


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
    few, many = (record["scores"][str(count)] for count in (FEW, MANY))
    every = sum(seed["modes"] == modes for seed in few)
    cells = [shown([seed[name] for seed in few], name) for name in COLUMNS]
    cells.append(shown([seed["reverse KL"] for seed in many], "reverse KL"))
    if not even:
        cells[2:] = ["-", "-"]
    row = ROWS[record["row"]]
    seconds = f"{record['cost']['seconds'] / record['seeds']:.0f}"
    where = row.published.get(data, "-")
    start = f"| {row.label}, `{record['row']}` | {record['cost']['rounds']:,} | {record['seeds']} | {every} "
    return f"{start}| {' | '.join(cells)} | {seconds} | {where} |"


def shown(values: list[float | None], name: str) -> str:
    """A mean over seeds with its interval; over those that have a value, a dash where none has."""
    scale, digits = {"modes": (1, 1), "high quality": (100, 2), "reverse KL": (1, 4)}[name]
    there = [scale * value for value in values if value is not None]
    if not there:
        return "-"
    mean, half = interval(there)
    return f"{mean:.{digits}f}" if half != half else f"{mean:.{digits}f} ± {half:.{digits}f}"


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
