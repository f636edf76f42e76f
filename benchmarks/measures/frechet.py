"""The Fréchet distance between two draws of N(0, I_64): the raw value's bias, and what the correction leaves of it.

    python benchmarks/measures/frechet.py [--pairs 200] [--seed 0]

True distance: 0. Exits with 1 where, at n = 1,000, the raw mean is not within 0.1 of 2.2, the corrected mean not within
.02 of 0, or the 95 % interval does not cover 0 in 92 to 98 % of pairs. Smaller sets are shown beside it, unjudged.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import numpy as np
import torch

from saddle.measures import frechet_distance

DIMENSION = 64


def pair(job: tuple[int, int]) -> tuple[float, float, float, float]:
    """Raw value, corrected value and its interval, by n and a seed."""
    torch.set_num_threads(1)
    n, seed = job
    x, y = np.random.default_rng([n, seed]).standard_normal((2, n, DIMENSION))
    found = frechet_distance(x, y)
    low, high = found.corrected.interval or (np.nan, np.nan)
    return found.raw.value, found.corrected.value, low, high


def main() -> None:
    """Print one line per n."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    fine = False
    print(f"two draws of N(0, I_{DIMENSION}), {options.pairs} pairs; the true distance is 0")
    with ProcessPoolExecutor() as pool:
        for n in (100, 200, 1000):
            start = perf_counter()
            jobs = [(n, options.seed + i) for i in range(options.pairs)]
            raw, corrected, low, high = np.array(list(pool.map(pair, jobs, chunksize=10))).T
            covered = float(((low <= 0) & (high >= 0)).mean())
            error = corrected.std(ddof=1) / len(corrected) ** 0.5
            fine = abs(raw.mean() - 2.2) < 0.1 and abs(corrected.mean()) < 0.02 and 0.92 <= covered <= 0.98
            print(
                f"n = {n:5,}: raw mean {raw.mean():7.4f}, corrected mean {corrected.mean():+.4f} ± {error:.4f}, "
                f"sd {corrected.std(ddof=1):.4f}, interval covers 0 in {covered:.1%} ({perf_counter() - start:.0f} s)",
                flush=True,
            )
    print("at n = 1,000 all as it must be" if fine else "WRONG at n = 1,000")
    sys.exit(not fine)


if __name__ == "__main__":
    main()
