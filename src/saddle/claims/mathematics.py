"""Formulas for a page that opens offline: LaTeX to MathML."""

import html
import re
from functools import cache

INLINE = re.compile(r"\$([^$]+)\$")


@cache
def displayed(latex: str) -> str:
    """A formula on a line of its own, as MathML."""
    from latex2mathml.converter import convert

    return convert(latex, display="block")


@cache
def inline(latex: str) -> str:
    """A formula within a sentence, as MathML."""
    from latex2mathml.converter import convert

    return convert(latex, display="inline")


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs divided by empty lines, as HTML; what stands between dollar signs becomes MathML."""
    return tuple(_paragraph(one) for one in re.split(r"\n\s*\n", text.strip()))


def _paragraph(text: str) -> str:
    words = " ".join(text.split())
    made, end = [], 0
    for found in INLINE.finditer(words):
        made += [html.escape(words[end : found.start()]), inline(found[1])]
        end = found.end()
    return "".join([*made, html.escape(words[end:])])
