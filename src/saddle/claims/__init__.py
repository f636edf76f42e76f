"""Claims: the theory of GANs as experiments that can fail.

`CLAIMS` lists them in the order of the course. Each runs, draws its picture and is judged; each has controls, false
statements, most of which differ from it by a sign, a factor or a term, which the same judge must refute.
"""

from saddle.claims.account import account, rows
from saddle.claims.check import (
    Check,
    at_least,
    at_most,
    equal,
    estimated,
    furthest,
    greatest,
    least,
    on_every_seed,
    over_seeds,
)
from saddle.claims.claim import BUDGETS, SEEDS, Claim, Control, Result, Trial
from saddle.claims.course import CLAIMS, PARTS, TITLE, part_of
from saddle.claims.finding import find_claim
from saddle.claims.folder import ClaimFolder
from saddle.claims.playing import critic_between, member, play
from saddle.claims.record import Record, made, read_records, write_records
from saddle.claims.running import run_claims, run_with_controls
from saddle.claims.verdict import Verdict, judge

__all__ = [
    "BUDGETS",
    "CLAIMS",
    "PARTS",
    "SEEDS",
    "TITLE",
    "Check",
    "Claim",
    "ClaimFolder",
    "Control",
    "Record",
    "Result",
    "Trial",
    "Verdict",
    "account",
    "at_least",
    "at_most",
    "critic_between",
    "equal",
    "estimated",
    "find_claim",
    "furthest",
    "greatest",
    "judge",
    "least",
    "made",
    "member",
    "on_every_seed",
    "over_seeds",
    "part_of",
    "play",
    "read_records",
    "rows",
    "run_claims",
    "run_with_controls",
    "write_records",
]
