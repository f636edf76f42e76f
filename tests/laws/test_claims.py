"""What holds for every claim, whatever it states."""

import re
from xml.etree import ElementTree

import pytest

from saddle.claims import CLAIMS, PARTS, Claim
from saddle.claims.mathematics import displayed, paragraphs

EVERY = pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@EVERY
def test_it_says_what_it_claims(claim: Claim) -> None:
    assert SLUG.fullmatch(claim.slug) and claim.title and claim.reference and claim.formulas
    told = paragraphs(claim.statement)
    assert 1 <= len(told) <= 6 and all("$" not in one for one in told)
    assert re.search(r"\b(1[89]|20)\d\d\b", claim.reference), "the reference names a year"


@EVERY
def test_its_formulas_render(claim: Claim) -> None:
    for formula in [*claim.formulas, *(control.formula for control in claim.controls if control.formula)]:
        root = ElementTree.fromstring(displayed(formula))
        assert root.tag.endswith("math")
        assert "\\" not in "".join(root.itertext()), f"a command that is not understood in {formula}"


@EVERY
def test_a_theorem_has_controls_and_each_is_one_step_away(claim: Claim) -> None:
    assert claim.controls or claim.kind == "observation"
    slugs = [control.slug for control in claim.controls]
    assert len(set(slugs)) == len(slugs)
    for control in claim.controls:
        assert SLUG.fullmatch(control.slug) and control.says.endswith(".")
        assert control.variant != claim.variant, control.slug


def test_slugs_are_unique() -> None:
    assert len(CLAIMS) == sum(map(len, PARTS.values()))
