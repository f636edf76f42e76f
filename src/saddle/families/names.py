"""Which values each setting of a GAN may take, by their public names."""

from saddle.families.latent import LATENTS
from saddle.families.tables import Kinds
from saddle.networks import ARCHITECTURES
from saddle.objectives import OBJECTIVES
from saddle.regularizers import REGULARIZERS
from saddle.training.optimizers import OPTIMIZERS

KINDS: dict[str, Kinds] = {
    "objective": OBJECTIVES,
    "regularizers": REGULARIZERS,
    "generator": ARCHITECTURES,
    "critic": ARCHITECTURES,
    "latent": LATENTS,
    "generator_optimizer": OPTIMIZERS,
    "critic_optimizer": OPTIMIZERS,
}
