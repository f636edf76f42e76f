"""How long a user waits for `saddle --help`, and for every command's.

    python benchmarks/startup.py [--times 11]

Prints the median and the slowest of so many starts, and beside it the median of an empty Python program, which is the
machine's share. Exits with code 1 where a median is over half a second.
"""

import argparse
import subprocess
import sys
from statistics import median
from time import perf_counter

LIMIT = 0.5
COMMANDS = ("train", "sample", "evaluate", "report", "recipes", "data")


def seconds(words: list[str], times: int) -> list[float]:
    """The wall-clock time of each of so many runs; one run before them fills the caches."""
    found = []
    for _ in range(times + 1):
        began = perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        found.append(perf_counter() - began)
    return found[1:]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the help of every command.")
    parser.add_argument("--times", type=int, default=11, help="starts of each")
    times = parser.parse_args().times
    empty = median(seconds(["-c", ""], times))
    print(f"{'':<24}  {'median':>7}  {'slowest':>7}   over an empty program ({empty:.2f} s)")
    worst = 0.0
    for words in (["--help"], *([command, "--help"] for command in COMMANDS)):
        found = seconds(["-m", "saddle", *words], times)
        worst = max(worst, median(found))
        name = " ".join(["saddle", *words])
        print(f"{name:<24}  {median(found):>5.2f} s  {max(found):>5.2f} s   {median(found) / empty:.1f} times")
    return 0 if worst < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
