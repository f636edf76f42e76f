"""The tables of mixtures, from records alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from finding_modes.intervals import seconds_a_seed, with_interval
from finding_modes.laws import LAWS
from finding_modes.measuring import COLUMNS, FEW, MANY
from finding_modes.rows import ABLATION, GAMES, PENALTIES, ROWS
from saddle.measures import mode_coverage, perfect_mode_coverage

DEFINITIONS = """\
Mixtures: training sets of 100,000 points. Ring: 8 Gaussians of standard deviation .01 on the unit circle. Grid: 25
of .05 at spacing 2. A sample is of high quality within three standard deviations (Euclidean) of the nearest center; a
mode is found with one such sample; reverse KL is log K minus the entropy of the high-quality samples' counts, in nats.
Noise, uniform on the box that holds the centers, finds many modes too, since one sample is enough: read modes beside
the share of high quality. Reverse KL is undefined for a seed none of whose samples lies near a mode, and the mean is of
the others. No ± where all seeds are alike. Published figures are modes, % of high quality and reverse KL, as their
source has them. `default` was chosen on the 10 x 10 grid, and the penalties of `dragan` and `rasgan` and the steps of
`unrolled` on the ring, where `dragan-10` and `unrolled-far` had failed; other settings are their recipes'."""
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
    lines.append(f"| uniform noise | | | | {' | '.join(noise(law, even))} | - | | |")
    for one in rows:
        lines.append(line(one, data, modes, even))
    return [*lines, ""]


def noise(law: Any, even: bool) -> list[str]:
    """What samples score that know of the data no more than the box that holds the centers."""
    low, high = law.means.min(0), law.means.max(0)
    draws = np.random.default_rng(0).uniform(low, high, (20, FEW, len(low)))
    found = [mode_coverage(points, law.means, law.std) for points in draws]
    modes, quality, divergence = (np.mean([one[i].value for one in found]) for i in range(3))
    shown_divergence = f"{divergence:.4f}" if even and np.isfinite(divergence) else "-"
    return [f"{modes:.1f}", f"{100 * quality:.2f}", shown_divergence]


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
    every = f"{every} of {len(few)}"
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
        lines += ["", *alone(kept, modes)]
    return lines


def alone(kept: dict[str, dict[str, Any]], modes: int) -> list[str]:
    """In a sentence, whether one penalty on real data is enough; nothing where that was not run."""
    counts = {
        game: (sum(seed["modes"] == modes for seed in one["scores"][str(FEW)]), one["seeds"])
        for game in GAMES
        if "scores" in (one := kept.get(f"{game}, R1", {}))
    }
    if not counts:
        return []
    said = ", ".join(f"{game} {found} of {seeds}" for game, (found, seeds) in counts.items())
    every = all(found == seeds for found, seeds in counts.values())
    verdict = "The failure that Huang et al. 2024 (table 1) report of R1 alone on stacked MNIST is not seen here"
    told = verdict if every else "R1 alone is not enough here"
    return [f"With R1 alone all {modes} modes are found by: {said}. {told}.", ""]


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
