"""A claim and its records as an `Account`, which a page can be made of."""

from saddle.claims.check import Check
from saddle.claims.claim import Claim
from saddle.claims.drawing import drawn, svg
from saddle.claims.mathematics import displayed, paragraphs
from saddle.claims.record import Record
from saddle.core.account import Account, Refutation, Row


def account(
    claim: Claim, part: str, record: Record, controls: list[Record], *, name: str = "", then: str | None = None
) -> Account:
    """The section of a claim.

    Args:
        claim: what is claimed.
        part: the heading it stands under.
        record: of the statement itself.
        controls: of its controls.
        name: the claim's name on the command line where that is not its slug.
        then: of records that other code made, the picture of then, which the code of now might not draw.
    """
    return Account(
        slug=claim.slug,
        part=part,
        title=claim.title,
        kind=claim.kind,
        paragraphs=paragraphs(claim.statement),
        formulas=tuple(displayed(one) for one in claim.formulas),
        reference=claim.reference,
        listing=claim.listing,
        picture=picture(claim, record) if then is None else then,
        alt=f"Picture of the experiment: {claim.title}",
        outcome=claim.judge(record).outcome,
        rows=rows(claim.kind, record.checks),
        refutations=tuple(refutation(claim, one) for one in controls),
        command=command(name or claim.slug, record),
        cost=cost(record) + ("" if then is None else "; its code, or saddle, has changed since"),
    )


def picture(claim: Claim, record: Record) -> str:
    """The picture as SVG, drawn from the record alone; empty where the claim draws none."""
    if claim.draw is None:
        return ""
    return svg(drawn(claim.draw, claim.size, record.series))


def rows(kind: str, checks: tuple[Check, ...]) -> tuple[Row, ...]:
    """Checks in words."""
    return tuple(row(kind, check) for check in checks)


def row(kind: str, check: Check) -> Row:
    """One check in words."""
    value = short(check.value)
    if check.test and check.low < check.high:
        value = f"{value} [{short(check.low)}, {short(check.high)}]"
    room = f" to within {check.within:.0e}" if 0 < check.within < 1e-6 else f" ± {short(check.within)}"
    bound = f"{check.relation} {short(check.bound)}" + (room if check.within else "")
    status = str(check.status)
    if kind == "observation":
        yes, no = ("as published", "not as published") if check.published else ("met", "not met")
        status = {"holds": yes, "fails": no}.get(status, status)
    return Row(check.what, value, bound, status, check.test, check.published)


def refutation(claim: Claim, record: Record) -> Refutation:
    """A control in words, with the numbers that fail."""
    assert record.control is not None
    control = claim.control(record.control)
    failed = tuple(check for check in record.checks if check.status == "fails")
    formula = displayed(control.formula) if control.formula else ""
    outcome = claim.judge(record).outcome
    return Refutation(control.says, formula, outcome, control.misprint, rows("theorem", failed))


def command(name: str, record: Record) -> str:
    """How to repeat a record."""
    seeds = "" if record.seeds == tuple(range(5)) else f" --seeds {len(record.seeds)}"
    return f"saddle claim {name} --budget {record.budget}{seeds}"


def cost(record: Record) -> str:
    """What a record took and what made it."""
    made, seeds = record.made, len(record.seeds)
    spent = f"budget {record.budget}, {seeds} seed{'' if seeds == 1 else 's'}, {record.seconds:.1f} s"
    return f"{spent}, {made['date']}, saddle {made['saddle']}, torch {made['torch']}, {made['machine']}"


def short(value: float) -> str:
    """A number with four digits."""
    if value != value:
        return "undefined"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    return f"{value:.4g}"
