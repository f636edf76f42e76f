"""The page of all tables."""

from collections.abc import Iterable

from finding_modes.rendering import ablation
from finding_modes.target import Target
from records import Records

HEAD = """# Finding every mode

Made by `benchmarks/modes.py`; the records beside this page hold every seed, setting, version and machine.

Ring: 8 Gaussians of standard deviation .01 on the unit circle. Grid: 25 of .05 at spacing 2. A sample is of high
quality within three standard deviations (Euclidean) of the nearest center; a mode is found with one such sample;
reverse KL is log K minus the entropy of the high-quality samples' counts, in nats. All training sets of points hold
100,000, those of stacked digits 128,000 pictures, 10 % of them held out. Numbers are means over seeds with 95 %
intervals (Student's t); published figures are modes, % of high quality and reverse KL, as their source has them. A
perfect sampler has no network: it is what the data's law itself would score at that number of samples.
"""


def write_page(records: Records, targets: Iterable[Target]) -> None:
    """Write the page from the records, with the pictures that lie beside them."""
    rows = [one for one in records.all() if "failed" not in one]
    failures = [one for one in records.all() if "failed" in one]
    lines = [HEAD]
    for target in targets:
        kept = [one for name in target.rows for one in rows if (one["data"], one["row"]) == (target.name, name)]
        if kept:
            lines += target.section(kept)
            picture = records.folder / f"{records.name}-{target.name}.png"
            lines += [f"![{target.name}]({picture.name})\n"] if picture.exists() else []
    lines += ablation([*rows, *failures])
    lines += [f"- {one['data']}, {one['row']}: {one['failed']}" for one in failures]
    dates = sorted({one["made"]["date"] for one in records.all()})
    machines = sorted({one["made"]["machine"] for one in records.all()})
    lines.append(f"Made {' and '.join(dict.fromkeys((*dates[:1], *dates[-1:])))}; machines: {'; '.join(machines)}.")
    records.page.write_text("\n".join(lines) + "\n")
