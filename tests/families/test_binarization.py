"""From gray to black and white, by each of the named ways."""

import numpy as np
import pytest
import torch

import saddle
from saddle.families.binarization import BINARIZATIONS, Binarization, binarized

GRAY = torch.rand(300, 1, 6, 5, generator=torch.Generator().manual_seed(0))


def uniform(seed: int) -> torch.Tensor:
    return torch.rand(GRAY.shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("how", [one for one in BINARIZATIONS if one != "none"])
def test_what_comes_out_is_black_or_white(how: str) -> None:
    found = binarized(GRAY, how, uniform(1))  # type: ignore[arg-type]
    assert found.shape == GRAY.shape and set(found.unique().tolist()) <= {0.0, 1.0}


def test_dynamic_is_drawn_anew_and_static_once() -> None:
    """Static does not depend on the draws it is given, nor on which other pictures are in the batch."""
    assert not torch.equal(binarized(GRAY, "dynamic", uniform(1)), binarized(GRAY, "dynamic", uniform(2)))
    static = binarized(GRAY, "static", None)
    assert torch.equal(static[:7], binarized(GRAY[:7], "static", None))
    assert torch.equal(static.double(), binarized(GRAY.double(), "static", None))
    assert not torch.equal(static[0], static[1])


@pytest.mark.parametrize("how", ["dynamic", "static"])
def test_a_pixel_is_white_as_often_as_it_is_gray(how: str) -> None:
    """A threshold in place of a draw, or the complement's probability, would show at either end."""
    for level in (0.0, 0.2, 0.5, 0.9, 1.0):
        many = torch.full((2000, 1, 5, 5), level) + torch.arange(2000).reshape(-1, 1, 1, 1) * 0.0
        many[:, 0, 0, 0] = torch.linspace(0, 1, 2000)  # so that no two pictures are the same
        many[:, 0, 1, 0] = torch.linspace(0, 1, 2000).square()
        draws = torch.rand(many.shape, generator=torch.Generator().manual_seed(3))
        white = binarized(many, how, draws)[:, 0, 2:].flatten()  # type: ignore[arg-type]
        assert abs(white.mean().item() - level) < 4 * (level * (1 - level) / len(white)) ** 0.5 + 1e-9


def test_static_draws_are_uniform_and_unrelated() -> None:
    """Neighboring pixels and pictures that differ in one gray level are drawn independently."""
    base = torch.full((1, 1, 20, 20), 0.5).repeat(256, 1, 1, 1)
    base[:, 0, 0, 0] = torch.arange(256) / 255
    drawn = binarized(base, "static", None).flatten(1)[:, 1:]
    between = torch.corrcoef(drawn[:40])
    assert (between - torch.eye(40)).abs().max() < 0.3
    assert abs(torch.corrcoef(torch.stack([drawn[:, :-1].flatten(), drawn[:, 1:].flatten()]))[0, 1].item()) < 0.02


def test_none_and_threshold() -> None:
    assert torch.equal(binarized(GRAY, "none", None), GRAY)
    assert torch.equal(binarized(GRAY, "threshold", None), (GRAY >= 0.5).float())


SAID = {"dynamic": "Binarization dynamic, seed 3.", "static": "Binarization static.", "none": "this is no likelihood"}


@pytest.mark.parametrize("how", SAID)
def test_likelihoods_say_how_their_pictures_were_binarized(how: Binarization) -> None:
    """Of every family that has one: figures under different binarizations do not compare."""
    pictures = np.random.default_rng(0).integers(0, 256, (30, 3, 3), np.uint8)
    machine = saddle.BoltzmannMachine(hidden=2, binarize=how, rounds=1, threads=1).fit(pictures)
    vae = saddle.VAE(latent=1, encoder="mlp", decoder="mlp", binarize=how, rounds=1, threads=1).fit(pictures)
    for found in (
        machine.exact_log_likelihood(pictures, seed=3),
        machine.log_likelihood_bound(pictures, seed=3),
        vae.log_likelihood(pictures, samples=2, seed=3),
        vae.bound(pictures, samples=2, seed=3),
    ):
        assert SAID[how] in found.note
        assert ("no likelihood" in found.note) == (how == "none")
    assert "low in expectation" in vae.log_likelihood(pictures, samples=2).note
    assert "without bias" in vae.bound(pictures, samples=2).note


def test_densities_of_points_are_not_of_bits() -> None:
    machine = saddle.BoltzmannMachine(hidden=2, rounds=1, threads=1).fit("ring")
    assert "inarization" not in machine.exact_log_likelihood(np.zeros((2, 2))).note
