"""Codes of a VAE and what they stand for, against its own networks."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import saddle

TINY: dict[str, Any] = {"encoder": saddle.MLP(8, 1), "decoder": saddle.MLP(8, 1), "rounds": 3, "threads": 1}
PICTURES = np.random.default_rng(0).integers(0, 256, (60, 6, 6)).astype(np.uint8)
LABELS = np.arange(60) % 3


@pytest.mark.parametrize("binarize", ["dynamic", "none", "threshold", "static"])
def test_codes_are_the_posteriors_means_and_come_back_as_the_laws_means(binarize: Any) -> None:
    """Told from: log variances in place of means, gray levels in model units, logits in place of means."""
    vae = saddle.VAE(latent=4, binarize=binarize, **TINY).fit(PICTURES)
    networks: Any = vae.networks()
    gray = torch.from_numpy(PICTURES / 255).float().unsqueeze(1)
    codes, back = vae.encode(PICTURES), vae.reconstruct(PICTURES)
    assert codes.shape == (60, 4) and np.array_equal(codes, vae.encode(PICTURES))
    if binarize != "static":
        seen = (gray >= 0.5).float() if binarize == "threshold" else gray
        output = networks["encoder"](2 * (seen - networks["observation"].center))
        assert np.allclose(codes, output[:, :4].numpy(), atol=1e-5)
    means = networks["decoder"](torch.from_numpy(codes)).sigmoid().squeeze(1).numpy()
    assert back.dtype == np.uint8 and np.abs(back - 255 * means).max() < 0.51
    assert np.array_equal(vae.decode(codes), back)


def test_what_is_drawn_from_is_decoded_to_its_mean() -> None:
    """A table's samples are draws; decoding one code twice gives the same row, in its own columns."""
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"count": generator.poisson(400, 80), "size": generator.gamma(2.0, size=80)})
    vae = saddle.VAE(latent=2, **TINY).fit(frame)
    back = vae.decode(np.zeros((3, 2)))
    assert list(back.columns) == ["count", "size"] and len(back.drop_duplicates()) == 1
    assert list(vae.reconstruct(frame.head(1)).columns) == ["count", "size"]


def test_labels_reach_encoder_and_decoder() -> None:
    vae = saddle.VAE(latent=2, **TINY).fit(PICTURES, LABELS)
    assert np.array_equal(vae.encode(PICTURES[:4], 2), vae.encode(PICTURES[:4], [2, 2, 2, 2]))
    assert not np.allclose(vae.encode(PICTURES[:4], 2), vae.encode(PICTURES[:4], 1))
    assert vae.decode(np.zeros((3, 2)), y=1).shape == (3, 6, 6)
    assert vae.bound(PICTURES[:1], 1).n == 1
    with pytest.raises(saddle.InputError, match="give y, one for all"):
        vae.decode(np.zeros((3, 2)))


def test_codes_that_are_none_are_refused() -> None:
    vae = saddle.VAE(latent=2, **TINY)
    with pytest.raises(saddle.InputError, match="not fitted"):
        vae.encode(PICTURES)
    vae.fit(PICTURES)
    for codes, sentence in (
        ("x", "codes must be numbers of shape \\(n, 2\\), and got 'x'"),
        (None, "codes must be numbers of shape \\(n, 2\\), and got None"),
        ([[1.0], [1.0, 2.0]], "different lengths"),
        (np.zeros((3, 5)), "codes need the shape \\(n, 2\\)"),
        ([[np.nan, 0.0]], "finite"),
    ):
        with pytest.raises(saddle.InputError, match=sentence):
            vae.decode(codes)
    assert vae.decode(torch.zeros(1, 2, requires_grad=True)).shape == (1, 6, 6)
