"""`saddle claim`."""

import math
import os
import platform
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, cast

import typer
from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show, show_pairs, tell
from saddle.core.errors import InputError
from saddle.core.files import write_text
from saddle.core.own_code import blamed

if TYPE_CHECKING:
    from saddle.claims import Claim, Record
    from saddle.claims.claim import Budget

EXAMPLES = """
Examples:

  saddle claim entropy

  saddle claim optimal-discriminator --budget full --seeds 10 --out claims/

  saddle claim --all --out course/

  saddle claim my_file.py:my_claim
"""


def claim(
    name: options.ClaimName = None,
    *,
    all_: options.AllClaims = False,
    budget: options.Budget = "quick",
    seeds: options.ClaimSeeds = 5,
    out: options.ClaimOut = None,
    again: options.Again = False,
    jobs: options.Jobs = None,
) -> None:
    """Run a statement of theory as an experiment, and false ones beside it; alone, list the claims.

    Exits with 0 if every theorem holds and every false statement is refuted, and with 1 otherwise.
    """
    if name is None and not all_:
        show_pairs({slug: f"{one.kind:<11}  {one.title}" for slug, one in saddle.claims.CLAIMS.items()})
        return
    if name is not None and all_:
        raise InputError(f"--all runs every claim, so that NAME must be left out; found {name!r}.")
    names = list(saddle.claims.CLAIMS) if all_ else [str(name)]
    claims = {one: saddle.claims.find_claim(one) for one in names}
    if budget not in saddle.claims.BUDGETS:
        raise InputError(f"--budget must be one of {', '.join(saddle.claims.BUDGETS)}; found {budget!r}.")
    folder = None if out is None else saddle.claims.ClaimFolder(out)
    if folder is not None:
        folder.check()
    good = True
    for one, records in _records(claims, cast("Budget", budget), tuple(range(seeds)), folder, again=again, jobs=jobs):
        good &= _tell(claims[one], records)
    if folder is not None:
        _write_page(folder, claims)
    if not good:
        raise typer.Exit(1)


def _records(
    claims: "dict[str, Claim]",
    budget: "Budget",
    seeds: tuple[int, ...],
    folder: "saddle.claims.ClaimFolder | None",
    *,
    again: bool,
    jobs: int | None,
) -> "Iterator[tuple[str, list[Record]]]":
    """Every claim's records, those that the folder has already first."""
    missing = []
    for name, one in claims.items():
        if folder is None or again or not folder.has(one, budget, seeds):
            missing.append(name)
            continue
        yield name, folder.records(one)
    if len(missing) < len(claims):
        tell(f"{len(claims) - len(missing)} kept from {folder.path if folder else ''}; --again runs them anew.")
    if folder is not None and not again:
        _tell_why({name: folder.outdated(claims[name], budget, seeds) for name in missing})
    with Console(stderr=True).status("Running") as status:
        for done, (name, records) in enumerate(
            saddle.claims.run_claims(missing, budget, seeds, jobs=jobs or os.cpu_count() or 1), start=1
        ):
            if folder is not None:
                with blamed(f"The claim {name}") if ":" in name else nullcontext():
                    folder.keep(claims[name], records)
            status.update(f"Running: {done} of {len(missing)} done")
            yield name, records


def _tell_why(reasons: dict[str, str]) -> None:
    """Say which claims run although the folder has records of them, which are written over."""
    for reason in sorted({*reasons.values()} - {""}):
        names = [name for name, one in reasons.items() if one == reason]
        tell(f"Running {', '.join(names)} again: {reason}.")


def _tell(claim: "Claim", records: "list[Record]") -> bool:
    """Print what was found; whether it is as it should be."""
    own, *controls = records
    verdict = claim.judge(own)
    good = claim.kind == "observation" or verdict.outcome == "holds"
    style = {"holds": "bold green", "refuted": "bold red", "undecided": "bold yellow"}.get(verdict.outcome, "bold")
    show(f"{claim.slug}: {verdict} ({own.seconds:.1f} s)", style=style)
    for row in saddle.claims.rows(claim.kind, own.checks):
        beside = f" ({row.published})" if row.published else ""
        show(f"    {row.status:<16} {row.what}: {row.value} {row.bound}{beside}")
    for record in controls:
        outcome, control = claim.judge(record).outcome, claim.control(str(record.control))
        good &= outcome == "refuted"
        show(
            f"    {outcome:<16} control {control.slug}{' (found in print)' if control.misprint else ''}: {control.says}"
        )
    if any(check.high - check.low == math.inf and "seed" in check.test for check in own.checks):
        count = "one seed" if len(own.seeds) == 1 else f"{len(own.seeds)} seeds"
        tell(f"An interval over {count} is infinite and decides nothing; give {claim.slug} more by --seeds.")
    return good


def _write_page(folder: "saddle.claims.ClaimFolder", claims: "dict[str, Claim]") -> None:
    """The page of all that the folder holds, not of these claims alone."""
    with blamed("A claim of your own") if any(":" in name for name in claims) else nullcontext():
        accounts = folder.accounts(claims)
    title = saddle.claims.TITLE if len(accounts) > 1 else accounts[0].title
    write_text(folder.page, saddle.reports.course(title, accounts))
    if others := folder.others(claims):
        tell(f"Not on the page, since their files were not given: the records of {', '.join(others)}.")
    tell(f"{saddle.reports.summary(accounts)} Machine: {platform.machine()}, {os.cpu_count()} cores.")
    show(f"Page: {folder.page}")
