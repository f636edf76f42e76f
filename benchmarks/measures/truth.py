"""Every measure against the truth: closed forms, 50-digit arithmetic, independent libraries, laws with known answers.

    python benchmarks/measures/truth.py [--of NAME] [--repeats 100] [--seed 0]

Needs the extra `dev`. Prints one line per case. Numbers that are exact must agree to the relative error shown;
estimates from samples are repeated with fresh seeds, and the mean of the repeats, less the bias that is stated, must
not lie further from the truth than chance allows, at one level of .01 for all of them together. Exits with 1 where
anything disagrees.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import numpy as np
import torch
from cases import EXACT, SAMPLED
from scipy.special import ndtri

FAMILY = 0.01


def exact(of: str | None) -> list[str]:
    """Print the exact cases and return the names of those that disagree."""
    bad = []
    for case in EXACT:
        if of not in (None, case.measure):
            continue
        found, truth = case.found(), case.truth()
        # The truth may have 50 digits: the difference is taken before it is rounded.
        if found == truth or (math.isnan(found) and math.isnan(truth)):
            error = 0.0
        else:
            error = float(abs(found - truth) / (abs(truth) if truth != 0 else 1))
        fine = error <= case.tolerance
        line = f"{case.measure:22} {case.of:58.58} {found:<24.16g} {error:8.1e} {case.tolerance:7.0e}"
        print(f"{line}  {case.source:34.34} {'ok' if fine else 'WRONG'}", flush=True)
        if not fine:
            bad.append(f"{case.measure} of {case.of}")
    return bad


def value_of(job: tuple[int, int]) -> float:
    """The value of a sampled case, by its place and a seed."""
    torch.set_num_threads(1)
    return SAMPLED[job[0]].estimate(job[1]).value


def sampled(places: Sequence[int], repeats: int, seed: int) -> list[str]:
    """Print the sampled cases and return the names of those that disagree."""
    bad = []
    allowed = -float(ndtri(FAMILY / (2 * max(1, len(places)))))
    print(f"\n{repeats} repeats each, at most {allowed:.2f} standard errors allowed (family-wise level {FAMILY})")
    with ProcessPoolExecutor() as pool:
        for place in places:
            case, start = SAMPLED[place], perf_counter()
            jobs = [(place, seed + i) for i in range(repeats)]
            values = np.array(list(pool.map(value_of, jobs, chunksize=max(1, repeats // 8))))
            truth = case.truth()
            error = values.std(ddof=1) / math.sqrt(repeats)
            gap = float(values.mean()) - truth - case.bias
            z = gap / error if error > 0 else math.copysign(math.inf, gap) if abs(gap) > 1e-12 else 0.0
            stated = f"bias {case.bias:+.3g} " if case.bias else ""
            line = (
                f"{case.measure:22} {case.of:58.58} {values.mean():<12.6g} truth {truth:<11.6g} {stated:14} z {z:+5.2f}"
            )
            fine = abs(z) <= allowed
            taken = perf_counter() - start
            print(f"{line}  {case.source:30.30} {taken:5.1f} s {'ok' if fine else 'WRONG'} {case.note}", flush=True)
            if not fine:
                bad.append(f"{case.measure} of {case.of}")
    return bad


def main() -> None:
    """Run the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", help="only this measure")
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bad = exact(options.of)
    places = [i for i, case in enumerate(SAMPLED) if options.of in (None, case.measure)]
    bad += sampled(places, options.repeats, options.seed)
    count = sum(options.of in (None, case.measure) for case in EXACT) + len(places)
    print(f"\n{count - len(bad)} of {count} cases agree" + "".join(f"\nWRONG: {name}" for name in bad))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
