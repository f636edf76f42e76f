"""Does a run that is killed at any instant and resumed end as the unbroken run ends?

    python benchmarks/kill_and_resume.py [--runs 30] [--seed 0] [--rounds 40]

Kills runs with SIGKILL, every other one in the middle of a write and the rest once to three times at random instants,
resumes them, and compares parameters, the whole state (averages and optimizers included) and history with the same run
unbroken. Prints a table, and exits with code 1 where anything differs or a run cannot be resumed. The machinery is the
test's, `tests/training/killing.py`.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "training"))

from killing import Outcome, outcomes

COLUMNS = ("resumed", "parameters", "state", "history", "clean")


def line(index: int, outcome: Outcome) -> str:
    """One row of the table."""
    marks = "  ".join(f"{'same' if getattr(outcome, name) else 'NO':<10}" for name in COLUMNS)
    deaths = ", ".join(
        f"{how} (no run yet)" if round is None else f"{how} (round {round})"
        for how, round in zip(outcome.killed, outcome.rounds, strict=True)
    )
    return f"{index:>3}  {outcome.case:<22}  {marks}  {deaths}"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Kill runs, resume them, and compare them with unbroken runs.")
    parser.add_argument("--runs", type=int, default=30, help="how many runs to kill")
    parser.add_argument("--seed", type=int, default=0, help="of the instants")
    parser.add_argument("--rounds", type=int, default=40, help="rounds of each run")
    arguments = parser.parse_args()
    print(f"{'':>3}  {'case':<22}  {'  '.join(f'{name:<10}' for name in COLUMNS)}  killed (last checkpoint then)")
    good = deaths = inside = 0
    for index, outcome in enumerate(outcomes(arguments.runs, seed=arguments.seed, rounds=arguments.rounds), 1):
        print(line(index, outcome), flush=True)
        good += outcome.good
        deaths += len(outcome.killed)
        inside += sum("checkpoint" in how for how in outcome.killed)
    print(f"{good} of {arguments.runs} runs ended as the unbroken ones; {deaths} kills, {inside} inside a checkpoint.")
    return 0 if good == arguments.runs else 1


if __name__ == "__main__":
    sys.exit(main())
