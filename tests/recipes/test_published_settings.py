"""Recipes have the settings that the papers and their published code have."""

import numpy as np
from torch import nn

import saddle
from saddle.recipes import pacgan, ttur, wgan_gp_paper

PICTURES = saddle.open(np.zeros((20, 28, 28), dtype=np.uint8)).layout


def test_ttur_has_the_rates_of_dcgan_in_table_1() -> None:
    """On CIFAR-10: b = 1e-4 is the discriminator's and a = 5e-4 the generator's; exchanged, it is no row there."""
    table = ttur(PICTURES).table()
    assert (table["generator_optimizer"]["rate"], table["critic_optimizer"]["rate"]) == (5e-4, 1e-4)


def test_wgan_gp_on_mnist() -> None:
    game = wgan_gp_paper(PICTURES)
    table = game.table()
    for player in ("generator", "critic"):
        optimizer = table[f"{player}_optimizer"]
        assert (optimizer["rate"], optimizer["beta1"], optimizer["beta2"]) == (1e-4, 0.5, 0.9)
    assert (table["batch"], table["rounds"], table["critic_updates"]) == (50, 200_000, 5)
    assert table["latent"] == {"kind": "normal", "dimension": 128}
    assert isinstance(game.generator, saddle.Convolutional)
    generator = game.generator.generator(128, PICTURES.model_shape, 0)
    assert not [one for one in generator.modules() if isinstance(one, nn.BatchNorm2d)]


def test_pacgan_judges_64_packs_of_pictures() -> None:
    """The batch counts examples, so that 64 would be 32 packs."""
    game = pacgan(PICTURES)
    assert (game.packing, game.batch / game.packing) == (2, 64)
