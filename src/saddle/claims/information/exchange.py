"""What may be claimed of a divergence whose two laws change places."""

from saddle.claims.check import Check, at_least, equal


def agree(what: str, difference: float) -> Check:
    """Its two directions are equal; `difference` is the greatest found."""
    return equal(what, difference, 0)


def differ(what: str, difference: float) -> Check:
    """For some laws its two directions are apart, by more than rounding."""
    return at_least(what, difference, 0.01)
