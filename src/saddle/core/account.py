"""A claim told with its results: all that a page needs, and nothing of how it was found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One number beside its bound, as words.

    Attributes:
        what: the quantity.
        value: what was found, with its interval where it has one.
        bound: relation and other side.
        status: "holds", "fails", "undecided", or of observations "as published", "not as published", and "met",
            "not met" where no figure was published.
        test: where the interval comes from, or empty.
        published: the figure of the paper, or empty.
    """

    what: str
    value: str
    bound: str
    status: str
    test: str
    published: str


@dataclass(frozen=True)
class Refutation:
    """A control with its verdict.

    Attributes:
        says: the false statement.
        formula: MathML, or empty.
        outcome: the verdict on it.
        misprint: whether it is found in print.
        rows: the numbers that fail.
    """

    says: str
    formula: str
    outcome: str
    misprint: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Account:
    """One section of the course.

    Attributes:
        slug: the claim's name on the command line.
        part: the heading it stands under.
        title: one line.
        kind: "theorem" or "observation".
        paragraphs: HTML, with formulas as MathML; made of the claim's own words.
        formulas: MathML.
        reference: paper and place.
        listing: code, or empty.
        picture: SVG, or empty.
        alt: what the picture shows, in words.
        outcome: the verdict.
        rows: the numbers.
        refutations: the controls.
        command: how to run it.
        cost: budget, seeds, time and versions, in a line.
    """

    slug: str
    part: str
    title: str
    kind: str
    paragraphs: tuple[str, ...]
    formulas: tuple[str, ...]
    reference: str
    listing: str
    picture: str
    alt: str
    outcome: str
    rows: tuple[Row, ...]
    refutations: tuple[Refutation, ...]
    command: str
    cost: str
