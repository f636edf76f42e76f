"""Do the intervals mean what they say? Each 95 % interval, over 1,000 repeats, on laws with known answers.

    python benchmarks/measures/intervals.py [--of NAME] [--repeats 1000] [--seed 1000000]

Prints how often the interval covers the truth and exits with 1 where that is not in 93 to 97 % of repeats. Cases that
carry a bias note instead are printed with their bias, and not judged.
"""

import argparse
import math
import sys
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import numpy as np
import torch
from cases import SAMPLED

LOW, HIGH = 0.93, 0.97


def answer(job: tuple[int, int]) -> tuple[float, float, float, float]:
    """Value, error and interval of a sampled case, by its place and a seed."""
    torch.set_num_threads(1)
    estimate = SAMPLED[job[0]].estimate(job[1])
    low, high = estimate.interval or (math.nan, math.nan)
    return estimate.value, math.nan if estimate.error is None else estimate.error, low, high


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", help="only this measure")
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1_000_000)
    options = parser.parse_args()
    bad = []
    with ProcessPoolExecutor() as pool:
        for place, case in enumerate(SAMPLED):
            if options.of not in (None, case.measure):
                continue
            start = perf_counter()
            jobs = [(place, options.seed + i) for i in range(options.repeats)]
            found = np.array(list(pool.map(answer, jobs, chunksize=max(1, options.repeats // 16))))
            truth = case.truth()
            value, error, low, high = found.T
            share = float(((low <= truth) & (truth <= high)).mean())
            fine = not case.interval or LOW <= share <= HIGH
            verdict = ("ok" if fine else "WRONG") if case.interval else f"not judged: {case.note}"
            numbers = f"mean {value.mean():<11.5g} truth {truth:<11.5g} "
            numbers += f"sd {value.std(ddof=1):<9.3g} error {error.mean():<9.3g}"
            taken = perf_counter() - start
            print(f"{case.measure:22} {case.of:58.58} {share:6.1%}  {numbers} {taken:5.0f} s {verdict}", flush=True)
            if not fine:
                bad.append(f"{case.measure} of {case.of}: {share:.1%}")
    print("all intervals mean what they say" if not bad else "\n".join(f"WRONG: {line}" for line in bad))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
