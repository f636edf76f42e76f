"""`saddle report`."""

from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show

EXAMPLES = """
Examples:

  saddle report runs/digits-default-001

  saddle report runs/ring-default-001 --member 2
"""


def report(run: options.Run, *, member: options.Member = 0) -> None:
    """Write the report of a run anew, from its last checkpoint; it replaces the one that is there."""
    model = saddle.load(run, like=saddle.recipes.like_run(run))
    model.reopen_data()
    with Console(stderr=True).status("Writing the report"):
        path = saddle.reports.write_report(model, member=member)
    show(f"Report: {path}")
