"""Running claims with all their controls, several at once in processes of their own."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from saddle.claims.claim import SEEDS, Budget, Claim
from saddle.claims.course import CLAIMS
from saddle.claims.finding import find_claim
from saddle.claims.record import Record
from saddle.core.own_code import blamed


def run_with_controls(claim: Claim, budget: Budget = "quick", seeds: Sequence[int] = SEEDS) -> list[Record]:
    """The records of the statement and of each control, in this order."""
    controls = [None, *(control.slug for control in claim.controls)]
    return [claim.run(budget, seeds, control=one) for one in controls]


def run_claims(
    names: Sequence[str], budget: Budget = "quick", seeds: Sequence[int] = SEEDS, *, jobs: int = 1
) -> Iterator[tuple[str, list[Record]]]:
    """Each name with its records, as they come.

    Args:
        names: as `find_claim` takes them.
        budget: "quick" or "full".
        seeds: of the experiments.
        jobs: how many run at once, each in a process of its own; 1 runs them here.

    Raises:
        InputError: when a claim of the user's own fails.
    """
    if jobs == 1 or len(names) < 2:
        for name in names:
            yield name, _run_named(name, budget, tuple(seeds))
        return
    # Spawned, since a forked process may hang in a lock that a thread of torch's held.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(names)), mp_context=context) as pool:
        waiting = {pool.submit(_run_named, name, budget, tuple(seeds)): name for name in names}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _run_named(name: str, budget: Budget, seeds: tuple[int, ...]) -> list[Record]:
    claim = find_claim(name)
    if claim.slug in CLAIMS:
        return run_with_controls(claim, budget, seeds)
    with blamed(f"The claim {name}"):
        return run_with_controls(claim, budget, seeds)
