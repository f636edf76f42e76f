"""The course: every claim in the order in which the page tells them, under four headings."""

from saddle.claims.claim import Claim
from saddle.claims.information import entropy
from saddle.claims.original import (
    algorithm_1,
    conditional,
    one_update,
    optimal_discriminator,
    posterior,
    value_of_the_game,
)

TITLE = "GANs from entropy to Wasserstein"

PARTS: dict[str, tuple[Claim, ...]] = {
    "Information": (entropy.CLAIM,),
    "The original GAN": (
        optimal_discriminator.CLAIM,
        value_of_the_game.CLAIM,
        algorithm_1.CLAIM,
        one_update.CLAIM,
        posterior.CLAIM,
        conditional.CLAIM,
    ),
}

CLAIMS: dict[str, Claim] = {claim.slug: claim for claims in PARTS.values() for claim in claims}
"""All claims by their slugs, in order."""


def part_of(slug: str) -> str:
    """The heading a claim stands under; one of the user's own has a heading of its own."""
    for part, claims in PARTS.items():
        if any(claim.slug == slug for claim in claims):
            return part
    return "Your own"
