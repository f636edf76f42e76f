"""The course: accounts of claims as one HTML page that opens with no network."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from saddle.core.account import Account, Row
from saddle.reports.embedding import asset

TEMPLATE = "course.html.jinja"
MARKS = {"holds": "good", "as published": "good", "met": "good", "undecided": "open", "found": "plain"}
"""Classes of color; what is not here is bad. "found" says not whether it agrees."""


def course(title: str, accounts: Sequence[Account]) -> str:
    """The page.

    Args:
        title: its heading.
        accounts: its sections in order, those of one part together.

    Returns:
        HTML with style, formulas (MathML) and pictures (SVG) inside.
    """
    environment = Environment(
        loader=DictLoader({TEMPLATE: asset(TEMPLATE)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ours"] = Markup  # formulas and paragraphs, which were made of a claim's own words
    environment.filters["picture"] = picture_uri
    environment.filters["mark"] = mark
    parts = [(part, list(sections)) for part, sections in groupby(accounts, key=lambda one: one.part)]
    return environment.get_template(TEMPLATE).render(
        title=title,
        parts=parts,
        contents=len(accounts) > 1,
        summary=summary(accounts),
        style=Markup(asset("report.css") + asset("course.css")),
    )


def summary(accounts: Sequence[Account]) -> str:
    """How the statements and their controls fared, in a sentence."""
    theorems = [one for one in accounts if one.kind == "theorem"]
    controls = [control for one in accounts for control in one.refutations]
    held = sum(one.outcome == "holds" for one in theorems)
    refuted = sum(control.outcome == "refuted" for control in controls)
    observations = len(accounts) - len(theorems)
    told = [
        _counted(held, len(theorems), "theorem holds", "theorems hold"),
        _counted(refuted, len(controls), "false statement is refuted", "false statements are refuted"),
    ]
    if observations := len(accounts) - len(theorems):
        plural = "observation is" if observations == 1 else "observations are"
        told.append(f"{observations} {plural} repeated beside the published figures")
    return "; ".join(one for one in told if one) + "."


def _counted(count: int, of: int, one: str, many: str) -> str:
    """So many of so many, or nothing where there are none."""
    return f"{count} of {of} {one if of == 1 else many}" if of else ""


def picture_uri(svg: str) -> str:
    """An SVG as an address that holds it, apart from the names inside other pictures."""
    return "data:image/svg+xml," + quote(svg, safe=" =:/,;()'-.!*")


def mark(row: Row | str) -> str:
    """The class of a verdict's color."""
    status = row if isinstance(row, str) else row.status
    return MARKS.get(status, "bad")
