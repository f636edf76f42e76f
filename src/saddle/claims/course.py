"""The course: every claim in the order in which the page tells them, under four headings."""

from saddle.claims.claim import Claim
from saddle.claims.information import entropy
from saddle.claims.original import optimal_discriminator
from saddle.claims.problems import (
    dirac_gan,
    heavy_tails,
    log_d,
    log_d_updates,
    mode_collapse,
    parallel_lines,
    perfect_discriminator,
    vanishing_gradient,
)

TITLE = "GANs from entropy to Wasserstein"

PARTS: dict[str, tuple[Claim, ...]] = {
    "Information": (entropy.CLAIM,),
    "The original GAN": (optimal_discriminator.CLAIM,),
    "Its problems": (
        parallel_lines.CLAIM,
        vanishing_gradient.CLAIM,
        perfect_discriminator.CLAIM,
        log_d.CLAIM,
        heavy_tails.CLAIM,
        log_d_updates.CLAIM,
        dirac_gan.CLAIM,
        mode_collapse.CLAIM,
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
