"""A report: one page of HTML that holds all it shows and opens with no network."""

from collections.abc import Sequence
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from saddle.reports.arrange import sections
from saddle.reports.contents import ReportContents
from saddle.reports.embedding import asset, script_json
from saddle.reports.headline import Tile, headline
from saddle.reports.section import Section

TEMPLATE = "report.html.jinja"


def build(contents: ReportContents) -> str:
    """The page.

    Args:
        contents: what to show; whatever is empty in it has no section.

    Returns:
        HTML with style, script and pictures inside; it asks the network for nothing.
    """
    return page(contents.title, headline(contents), sections(contents), contents.notes)


def page(title: str, tiles: Sequence[Tile], sections: Sequence[Section], notes: Sequence[str] = ()) -> str:
    """Sections as one page of HTML.

    Args:
        title: its heading.
        tiles: the few numbers at its top.
        sections: in order.
        notes: sentences at its end.
    """
    return (
        _environment()
        .get_template(TEMPLATE)
        .render(
            title=title,
            tiles=tiles,
            sections=sections,
            notes=notes,
            style=Markup(asset("uPlot.min.css") + asset("report.css")),
            script=Markup(_without_address(asset("uPlot.iife.min.js")) + "\n" + asset("report.js")),
            license=asset("uPlot.LICENSE"),
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({TEMPLATE: asset(TEMPLATE)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["script_json"] = script_json
    return environment


def _without_address(script: str) -> str:
    """The chart library without its first comment: its address, which the page's license notice names in words."""
    start, _, rest = script.partition("*/")
    return rest if start.startswith("/*!") else script
