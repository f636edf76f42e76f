"""The page of all tables."""

from collections.abc import Iterable

from finding_modes.bounds import held
from finding_modes.literature import compared
from finding_modes.rendering import ablation
from finding_modes.target import Target
from records import Records

HEAD = """# Finding every mode

Made by `benchmarks/modes.py`; the records beside this page hold every seed, setting, version and machine. Numbers are
means over seeds with 95 % intervals (Student's t). A perfect sampler has no network: it is what the data's law itself
would score at that number of samples. A tenth of every training set is held out. Times are of machines that did other
work too.
"""


def write_page(records: Records, targets: Iterable[Target]) -> None:
    """Write the page from the records, with the pictures that lie beside them."""
    rows = [one for one in records.all() if "failed" not in one]
    failures = [one for one in records.all() if "failed" in one]
    found = {
        target: [one for name in target.rows for one in rows if (one["data"], one["row"]) == (target.name, name)]
        for target in targets
    }
    shown = {target: kept for target, kept in found.items() if kept}
    lines = [HEAD, *(f"{definitions}\n" for definitions in dict.fromkeys(target.definitions for target in shown))]
    for target, kept in shown.items():
        lines += target.section(kept)
        picture = records.folder / f"{records.name}-{target.name}.png"
        lines += [f"![{target.name}]({picture.name})\n"] if picture.exists() else []
    lines += [*held(rows), *compared(rows)]
    lines += ablation([*rows, *failures])
    lines += [f"- {one['data']}, {one['row']}: {one['failed']}" for one in failures]
    dates = sorted({one["made"]["date"] for one in records.all()})
    machines = sorted({one["made"]["machine"] for one in records.all()})
    lines.append(f"Made {' and '.join(dict.fromkeys((*dates[:1], *dates[-1:])))}; machines: {'; '.join(machines)}.")
    records.page.write_text("\n".join(lines) + "\n")
