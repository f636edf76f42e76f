"""The laws of latents, for saddle's own and for yours."""

import torch
from torch.func import vmap

from saddle.core.noise import Noise
from saddle.families import Latent
from saddle.testing.demand import attempt, demand
from saddle.testing.trial import demand_training


def check_latent(latent: Latent) -> None:
    """Prove that a value is a law of latents.

    It must turn noise into as many finite latents of its dimension, each from its own row of the noise alone, so that
    sample i does not depend on how many are drawn; and a GAN must train with it.

    Raises:
        AssertionError: in one sentence, the first law that is broken.
    """
    kind = type(latent).__name__
    demand(isinstance(latent, Latent), f"{kind} needs an attribute dimension and methods noise(count), values(noise).")
    for dtype in (torch.float32, torch.float64):
        for count in (1, 8):
            noise = latent.noise(count)
            demand(isinstance(noise, Noise), f"{kind}.noise must return saddle.core.problem.Noise.")
            demand(noise.shape[:1] == (count,), f"{kind}.noise({count}) has shape {noise.shape}, not ({count}, ...).")
            drawn = noise.draw(torch.Generator().manual_seed(0), dtype, torch.device("cpu"))
            seen = drawn.clone()
            z = attempt(lambda seen=seen: latent.values(seen), f"{kind}.values fails on its own noise")
            shape = (count, latent.dimension)
            demand(tuple(z.shape) == shape, f"{kind}.values must have shape {shape}, and has {tuple(z.shape)}.")
            demand(z.dtype == dtype, f"{kind}.values must keep {dtype}, and returned {z.dtype}.")
            demand(bool(torch.isfinite(z).all()), f"{kind}.values holds numbers that are not finite.")
            demand(torch.equal(seen, drawn), f"{kind}.values changes the noise in place.")
            demand(torch.equal(z, latent.values(drawn)), f"{kind}.values draws random numbers of its own.")
            alone = torch.cat([latent.values(row) for row in drawn.split(1)])
            close = torch.allclose(alone, z, rtol=1e-5, atol=1e-6)
            demand(close, f"{kind}.values mixes rows: latent i must be a function of row i of the noise.")
            attempt(
                lambda drawn=drawn: vmap(latent.values)(torch.stack([drawn, drawn])),
                f"{kind}.values cannot run under torch.func.vmap, so no population can train with it",
            )
    demand_training(kind, {"latent": latent})
