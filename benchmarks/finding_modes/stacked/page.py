"""The table of stacked digits, from records alone."""

from collections.abc import Mapping
from typing import Any

from finding_modes.intervals import seconds_a_seed, with_interval
from finding_modes.stacked.stacking import MODES
from finding_modes.target import Row

COLUMNS: dict[str, tuple[str, int, float]] = {
    "modes": ("modes", 1, 1.0),
    "modes_sure": ("modes surely read", 1, 1.0),
    "sure": ("surely read, %", 1, 100.0),
    "kl": ("KL", 4, 1.0),
    "kl_uniform": ("KL to uniform", 4, 1.0),
}
SAMPLERS = {
    "no reading errors": "perfect sampler, read without error",
    "held-out pictures": "perfect sampler: held-out pictures, as the classifier reads them",
    "held-out pictures of 900 modes": "the same with 100 modes missing",
}
DEFINITIONS = """\
Stacked digits: training sets of 128,000 pictures of three digits, drawn independently, one in each color: 1,000 modes,
each as likely as the product of its digits' shares. A classifier reads the colors one by one; a mode is found with one
of 26,000 samples. KL is of the modes' shares among samples from their true shares, in nats; KL to uniform, from equal
shares, is what PacGAN published. Misread samples find modes that nobody made: a perfect sampler that lacks a hundred is
counted with more than 900, and pictures of nothing with hundreds. Therefore the stricter count of modes surely read,
those of samples all of whose digits have a probability of .9 or more, and the share of such samples. A row that finds
every mode with few samples surely read makes them all, roughly drawn. Published figures are modes and KL, on pictures
of 28x28 or larger."""


def scores_of(record: dict[str, Any]) -> list[dict[str, float]]:
    """The scores of a record's seeds."""
    (scores,) = record["scores"].values()
    return scores


def section(data: str, rows: Mapping[str, Row], records: list[dict[str, Any]], plan: str) -> list[str]:
    """One data set's lines; `plan` says how its rows are played."""
    newest = max(records, key=lambda one: one["made"]["date"])
    judge = newest["classifier"]
    seen = f"{100 * judge['accuracy']:.2f} % of {judge['held out']:,} held-out digits right"
    demanded = f"(at least {100 * judge['least']:g} % is demanded)"
    about = f"Stacked of {newest['stacked of']}; the classifier reads {seen} {demanded}. {plan}"
    heads = [head for head, _, _ in COLUMNS.values()]
    names = ["recipe", "rounds", "seeds", f"seeds with all {MODES:,}", *heads, "seconds a seed", "published"]
    lines = [f"## {data}", "", about, "", f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [sampler(label, newest["perfect samplers"][name]) for name, label in SAMPLERS.items()]
    lines += [line(one, data, rows[one["row"]]) for one in records]
    reasons = [f"- `{one['row']}`: {rows[one['row']].reason}" for one in records if rows[one["row"]].reason]
    return [*lines, "", *([*reasons, ""] if reasons else [])]


def sampler(label: str, scores: dict[str, Any]) -> str:
    """A perfect sampler's line: means of simulated ones, with their standard deviations."""
    cells = []
    for name, (_, digits, scale) in COLUMNS.items():
        found = scores.get(name, "-")
        if isinstance(found, list):
            mean, deviation = (f"{scale * value:.{digits}f}" for value in found)
            found = f"{mean} (s.d. {deviation})"
        elif isinstance(found, float):
            found = f"{scale * found:.{digits}f}"
        cells.append(found)
    return f"| {label} | | | | {' | '.join(cells)} | | |"


def line(record: dict[str, Any], data: str, row: Row) -> str:
    """One recipe's line."""
    scores = scores_of(record)
    every = sum(one["modes"] == MODES for one in scores)
    cells = [
        with_interval([one[name] for one in scores], digits, scale) for name, (_, digits, scale) in COLUMNS.items()
    ]
    seconds = seconds_a_seed(record)
    start = f"| {row.label}, `{record['row']}` | {record['cost']['rounds']:,} | {record['seeds']} | {every} "
    return f"{start}| {' | '.join(cells)} | {seconds} | {row.published.get(data, '-')} |"


def summary(record: dict[str, Any]) -> str:
    """A record in one line."""
    scores = scores_of(record)
    found = [int(one["modes"]) for one in scores]
    numbers = [
        f"{head} {with_interval([one[name] for one in scores], digits, scale)}"
        for name, (head, digits, scale) in COLUMNS.items()
        if name != "modes"
    ]
    return f"modes {found}, {', '.join(numbers)}"
