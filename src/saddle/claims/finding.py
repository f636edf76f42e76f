"""A claim by its name: a slug of ours, or one in a file of the user's."""

from pathlib import Path

from saddle.claims.claim import Claim
from saddle.claims.course import CLAIMS
from saddle.core.errors import InputError
from saddle.core.own_code import value_from


def find_claim(name: str) -> Claim:
    """The claim called `entropy`, or that of `my_file.py:my_claim`.

    Raises:
        InputError: when there is none of that name, the file holds no claim, or one with a slug of ours.
    """
    path, colon, variable = name.rpartition(":")
    if colon:
        found = value_from(Path(path), variable, what="the claim")
        if not isinstance(found, Claim):
            raise InputError(f"{variable} of {path} must be a saddle.claims.Claim; found {type(found).__name__}.")
        if found.slug in CLAIMS:
            raise InputError(
                f"{variable} of {path} must have a slug of its own; {found.slug!r} is a claim of saddle's."
            )
        return found
    if name not in CLAIMS:
        raise InputError(f"There is no claim {name!r}; there are {', '.join(CLAIMS)}, or my_file.py:my_claim.")
    return CLAIMS[name]
