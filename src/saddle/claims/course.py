"""The course: every claim in the order in which the page tells them, under four headings."""

from saddle.claims.claim import Claim
from saddle.claims.information import cross_entropy, entropy, js_divergence, kl_divergence, manifold
from saddle.claims.original import (
    algorithm_1,
    conditional,
    one_update,
    optimal_discriminator,
    posterior,
    value_of_the_game,
)
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
from saddle.claims.solutions import (
    architectures,
    clipping,
    duality,
    earth_mover,
    f_gan,
    generator_gradient,
    least_squares,
    loss_and_quality,
    momentum,
    noise_on_both,
    noise_on_model,
    topologies,
    two_gaussians,
    vae_and_gan,
)

TITLE = "GANs from entropy to Wasserstein"

PARTS: dict[str, tuple[Claim, ...]] = {
    "Information": (
        entropy.CLAIM,
        cross_entropy.CLAIM,
        kl_divergence.CLAIM,
        js_divergence.CLAIM,
        manifold.CLAIM,
    ),
    "The original GAN": (
        optimal_discriminator.CLAIM,
        value_of_the_game.CLAIM,
        algorithm_1.CLAIM,
        one_update.CLAIM,
        posterior.CLAIM,
        conditional.CLAIM,
    ),
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
    "Solutions": (
        noise_on_model.CLAIM,
        noise_on_both.CLAIM,
        earth_mover.CLAIM,
        topologies.CLAIM,
        duality.CLAIM,
        generator_gradient.CLAIM,
        two_gaussians.CLAIM,
        loss_and_quality.CLAIM,
        architectures.CLAIM,
        momentum.CLAIM,
        clipping.CLAIM,
        least_squares.CLAIM,
        f_gan.CLAIM,
        vae_and_gan.CLAIM,
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
