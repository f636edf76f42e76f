"""The parts of a report, before they become a page."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from markupsafe import Markup

Layout = Literal["figures", "frames", "charts", "numbers", "sentences", "diagnosis", "tables", "facts"]


@dataclass(frozen=True)
class Section:
    """One part of the page.

    Attributes:
        name: for links to it.
        title: its heading.
        lead: what one sees and how to judge it.
        layout: how the page lays out the values.
        values: what the layout asks for.
    """

    name: str
    title: str
    lead: str
    layout: Layout
    values: dict[str, Any] = field(default_factory=dict)


class Figure(NamedTuple):
    """A drawing with its caption.

    Attributes:
        drawing: an image or a drawing, safe to put on the page.
        caption: text under it.
        wide: whether it takes the page's whole width.
    """

    drawing: Markup
    caption: str = ""
    wide: bool = False


def spread(count: int, wanted: int) -> list[int]:
    """At most `wanted` of the positions below `count`, evenly apart, first and last among them."""
    wanted = min(wanted, count)
    return sorted({round(i * (count - 1) / max(1, wanted - 1)) for i in range(wanted)})
