"""What may be claimed of a divergence whose two laws change places, or that is taken by way of a third."""

from saddle.claims.check import Check, at_least, at_most, equal


def agree(what: str, difference: float) -> Check:
    """Its two directions are equal; `difference` is the greatest found."""
    return equal(what, difference, 0)


def differ(what: str, difference: float) -> Check:
    """For some laws its two directions are apart, by more than rounding."""
    return at_least(what, difference, 0.01)


def shortened(what: str, excess: float) -> Check:
    """The straight way exceeds one through a third law, by more than rounding: it is no distance."""
    return at_least(what, excess, 0.01)


def never_shortened(what: str, excess: float) -> Check:
    """No way through a third law is shorter than the straight one."""
    return at_most(what, excess, 0, within=1e-9)
