"""Do the claims hold whatever the seeds? Each theorem and each control, over 20 repeats with fresh seeds.

    python benchmarks/claims_repeated.py [--of SLUG ...] [--repeats 20] [--seeds 5] [--jobs N] [--out docs/results]

Repeat r takes the seeds 1000 + r K, ..., 1000 + r K + K - 1 at the quick budget. Prints how often each theorem held and
each of its controls was refuted, and exits with 1 where that is less than 19 in 20. Counts are kept after every claim
in `claims-repeated.json`, and claims that are there are not run again.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from saddle.claims import CLAIMS, made
from saddle.core.files import read_record, write_record

FIRST_SEED, ENOUGH = 1000, 0.95
KIND, VERSION = "claims repeated", 1


def outcomes(job: tuple[str, tuple[int, ...]]) -> dict[str, str]:
    """The verdicts on a claim and its controls with these seeds."""
    slug, seeds = job
    claim = CLAIMS[slug]
    found = {"": claim.judge(claim.run("quick", seeds)).outcome}
    for control in claim.controls:
        found[control.slug] = claim.judge(claim.run("quick", seeds, control=control.slug)).outcome
    return found


def counted(slug: str, repeats: int, seeds: int, pool: ProcessPoolExecutor) -> dict[str, Any]:
    """How often each outcome was found of the claim ("") and of its controls."""
    starts = [FIRST_SEED + repeat * seeds for repeat in range(repeats)]
    counts: dict[str, Counter[str]] = {}
    for found in pool.map(outcomes, [(slug, tuple(range(start, start + seeds))) for start in starts]):
        for name, outcome in found.items():
            counts.setdefault(name, Counter())[outcome] += 1
    return {"repeats": repeats, "seeds": seeds, "counts": {name: dict(one) for name, one in counts.items()}, **made()}


def good(entry: dict[str, Any]) -> bool:
    """Whether the theorem held and every control was refuted often enough."""
    needed = ENOUGH * entry["repeats"]
    return all(one.get("refuted" if name else "holds", 0) >= needed for name, one in entry["counts"].items())


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", nargs="*", metavar="SLUG", help="only these")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    options = parser.parse_args()
    path = options.out / "claims-repeated.json"
    kept = read_record(path, KIND, VERSION)["claims"] if path.exists() else {}
    wanted = [slug for slug, claim in CLAIMS.items() if claim.kind == "theorem" and slug in (options.of or CLAIMS)]
    with ProcessPoolExecutor(options.jobs) as pool:
        for slug in wanted:
            if kept.get(slug, {}).get("repeats") != options.repeats:
                kept[slug] = counted(slug, options.repeats, options.seeds, pool)
                options.out.mkdir(parents=True, exist_ok=True)
                write_record(path, KIND, VERSION, {"claims": {one: kept[one] for one in CLAIMS if one in kept}})
            print(f"{'ok  ' if good(kept[slug]) else 'BAD '} {slug}: {kept[slug]['counts']}", flush=True)
    sys.exit(not all(good(kept[slug]) for slug in wanted))


if __name__ == "__main__":
    main()
