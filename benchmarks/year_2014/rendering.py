"""The table as a page."""

from collections import defaultdict
from statistics import fmean, stdev
from typing import Any

from records import Records
from year_2014.curves import LINEAR
from year_2014.measuring import FEATURED, Protocol
from year_2014.rows import QUICK, REFERENCES, ROWS

CAUTION = (
    "**Parzen does not rank models.** Cluster centers of the training set, which nobody would take for samples, "
    "score above the training pictures themselves: a number above that of the real pictures says that samples are "
    "smooth, not that they are better than data. Read it beside the two columns to its right. A GAN that is told "
    "k-means clusters is told what this number rewards: its gain is real by the protocol and no sign of better "
    "samples by itself, and the published figure beside it is of a GAN without. The time of k-means is not in the "
    "last column. The energy-based GAN is trained twice as long as the other objectives, since after as many rounds "
    "its first seed was still on its way, as its curve shows: a length chosen after its figures were seen. The "
    "contractive autoencoder's chains start at 500 training pictures and take 20 steps of deviation 2, where the "
    "model's own is 1.5: chains that had not moved would show training pictures.",
    "",
    "Rows with a likelihood of their own learn from 59,400 of the training set's 60,000 pictures, as such figures "
    "are published, and the others from 49,500 of its first 50,000; so the former have seen most of the pictures "
    "that choose the window's width. Models that were given labels are asked for equally many samples of each. The "
    "last column is of the row's first seed, in wall-clock minutes of machines that did other work beside, and "
    "paused some runs for it: with nothing else to do they take less.",
)
ORIGIN = (
    "The figures to reach are the published ones, save that of the conditional GAN: the published 132 was a proof of "
    "concept, and 200 is what this table asks."
)
HEAD = ("model", "published", "Parzen, nats", "Fréchet distance", "coverage", "own likelihood, nats", "training")


def write_page(records: Records, rules: Protocol) -> None:
    """Write the table of all records."""
    by_row: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records.all():
        by_row[record["row"]].append(record)
    lines = [f"# {rules.name} by the protocol of 2014", "", *introduction(rules), ""]
    lines += ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for name, row in {**REFERENCES, **ROWS}.items():
        if name in by_row:
            lines.append("| " + " | ".join(cells(row, by_row[name], rules)) + " |")
    if (records.folder / f"{records.name}.png").exists():
        lines += ["", f"![Samples of each family, none chosen]({records.name}.png)"]
    if (records.folder / f"{records.name}-curves.png").exists():
        caption = (
            f"Energy distance to held-out pictures against time, the first seed of each row; linear below {LINEAR:g}, "
            "since it is unbiased and so on either side of zero for a good model"
        )
        lines += ["", f"![{caption}]({records.name}-curves.png)", "", f"*{caption}.*"]
    if not rules.quick:
        lines += ["", *targets(by_row)]
    lines += ["", *remarks(by_row), ""]
    records.page.write_text("\n".join(lines))


def introduction(rules: Protocol) -> list[str]:
    """What the columns are."""
    compared = min(FEATURED, len(rules.test))
    where = (
        f"{len(rules.validation)} other pictures"
        if rules.quick
        else "the first 1,000 of the training set's last 10,000 pictures"
    )
    lines = [
        f"Made by `benchmarks/mnist_2014.py{' --quick' if rules.quick else ''}`; the records beside this page hold "
        "every setting, seed, version and machine.",
        "",
        f"Parzen: mean log density of all {len(rules.test):,} test pictures under Gaussian windows around "
        f"{rules.samples:,} samples, the width one of ten from .1 to 1, chosen on {where}; ± is the standard error "
        "over test pictures. Fréchet distance (bias removed) and coverage are of "
        f"{min(FEATURED, rules.samples):,} samples against {compared:,} test pictures in the last hidden layer of a "
        "classifier trained on the labels; it learned the training pictures themselves, so that even these have a "
        "distance.",
        "",
        "Own likelihoods are of all test pictures as well, binarized dynamically with seed 0: a low NLL is good, and a "
        f"high bound or log-likelihood. NLLs are by {rules.likelihood_samples:,} importance samples a picture, which "
        "make them too high on average. Bounds and log-likelihoods take log Z by annealed importance sampling at the "
        "upper end of its interval; forwards it is too low on average, backwards from pictures too high, each by about "
        "half the variance of its log weights. How many temperatures and runs it took is in the records. Of several "
        "seeds, log Z is the first one's.",
        "",
    ]
    if rules.quick:
        return [
            f"**Small models of {QUICK} rounds, which show that every row runs. Labels name what the full table "
            "trains, and no number here says anything about a method.**",
            "",
            *lines[:-1],
        ]
    return [*lines, *CAUTION]


def cells(row: Any, records: list[dict[str, Any]], rules: Protocol) -> list[str]:
    """One line of the table."""
    return [
        row.label,
        "-" if rules.quick else row.published or "-",
        value(records, "parzen", 1),
        value(records, "frechet", 2),
        value(records, "coverage", 3),
        likelihood(records),
        training(records),
    ]


def value(records: list[dict[str, Any]], key: str, digits: int) -> str:
    """A measure: one seed with its error, or the mean over seeds with their deviation."""
    found = [record[key] for record in records]
    if len(found) == 1:
        error = found[0]["error"]
        return f"{found[0]['value']:.{digits}f}" + ("" if error is None else f" ± {error:.{digits}f}")
    values = [one["value"] for one in found]
    return f"{fmean(values):.{digits}f} (s.d. {stdev(values):.{digits}f} over {len(values)} seeds)"


def likelihood(records: list[dict[str, Any]]) -> str:
    """The family's own likelihood, of several seeds as other measures are, and what the first seed's rests on."""
    found = records[0].get("likelihood", {})
    if not found:
        return "-"
    (name, _), *others = found.items()
    own = value([one["likelihood"] for one in records], name, 2)
    return "; ".join([f"{name} {own}", *(f"{key} {one['value']:.2f} ± {one['error']:.2f}" for key, one in others)])


def training(records: list[dict[str, Any]]) -> str:
    """What the first seed took."""
    cost = records[0]["cost"]
    if "rounds" not in cost:
        return "-"
    threads = f"{cost['threads']} thread{'s' if cost['threads'] > 1 else ''}"
    if cost["device"].startswith("cuda"):
        threads = "a GPU"
    before = f", after those of row `{records[0]['start']}`" if records[0].get("start") else ""
    drawn = f"; {cost['sampling seconds']:.0f} s of sampling" if cost.get("sampling seconds", 0) >= 10 else ""
    return f"{cost['seconds'] / 60:.0f} min, {cost['rounds']:,} rounds, {threads}{before}{drawn}"


def targets(by_row: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Which rows reach the figure they aim at, and how far the others are."""
    lines = ["## Against the targets", "", ORIGIN, "", "| row | to reach | reached | |", "|---|---|---|---|"]
    for name, row in ROWS.items():
        if row.target is None:
            continue
        aim = f"{row.target.likelihood or 'Parzen'} {'≥' if row.target.least else '≤'} {row.target.value:g}"
        records = by_row.get(name)
        if not records:
            lines.append(f"| `{name}` | {aim} | - | not run yet |")
            continue
        own = row.target.likelihood
        found = fmean((one["likelihood"][own] if own else one["parzen"])["value"] for one in records)
        missed = row.target.missed_by(found)
        lines.append(f"| `{name}` | {aim} | {found:.2f} | {'reached' if missed <= 0 else f'missed by {missed:.2f}'} |")
    return lines


def remarks(by_row: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What must be said beside the table."""
    lines = []
    real = by_row.get("real")
    if real:
        level = real[0]["parzen"]["value"]
        above = [n for n, found in by_row.items() if n in ROWS and fmean(r["parzen"]["value"] for r in found) > level]
        if above:
            names = ", ".join(f"`{name}`" for name in above)
            lines.append(
                f"Above the real pictures' {level:.1f} and therefore no longer informative by this number: {names}."
            )
    for count, words in ((1, "One seed only"), (2, "Two seeds only")):
        few = [name for name, found in by_row.items() if name in ROWS and len(found) == count]
        if few:
            lines += ["", f"{words}: {', '.join(f'`{name}`' for name in few)}."]
    missing = [name for name in ROWS if name not in by_row]
    if missing:
        lines += ["", f"Not run yet: {', '.join(f'`{name}`' for name in missing)}."]
    return lines + machines_of([record for found in by_row.values() for record in found])


def machines_of(records: list[dict[str, Any]]) -> list[str]:
    """Where and when all of it was trained."""
    if not records:
        return []
    lines, made = [], [record["made"] for record in records]
    on_gpu = sorted(
        f"`{record['row']}` {record['seed']}" for record in records if record["cost"].get("device", "cpu") != "cpu"
    )
    if on_gpu:
        names = " or ".join(sorted({one["accelerator"] for one in made if one.get("accelerator")}))
        lines += ["", f"Trained on a GPU{f' ({names})' if names else ''}, with their seeds: {', '.join(on_gpu)}."]
    machines, dates = sorted({one["machine"] for one in made}), sorted({one["date"] for one in made})
    return [*lines, "", f"Machines: {'; '.join(machines)}. Dates: {dates[0]} to {dates[-1]}."]
