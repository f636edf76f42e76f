"""Randomness is a function of seed and path."""

import numpy as np
import pytest
import torch

from saddle.core.noise import Noise, draw
from saddle.core.randomness import Stream


def test_equal_paths_give_equal_numbers_whatever_was_drawn_before() -> None:
    one, other = Stream(3).child("critic", 12), Stream(3, ("critic",)).child(12)
    torch.manual_seed(0)
    first = torch.randn(5, generator=one.torch())
    torch.randn(100)
    assert torch.equal(first, torch.randn(5, generator=other.torch())) and one == other
    assert np.array_equal(one.numpy().standard_normal(5), other.numpy().standard_normal(5))


def test_numbers_are_the_same_on_every_machine() -> None:
    """A change of the hash would silently break every run that is to be resumed or repeated."""
    assert Stream(0).integer() == 2631537505891389924
    assert Stream(7, ("critic", 12, 0, "latent")).integer() == 1696548825977879494


def test_seeds_and_paths_are_told_apart() -> None:
    """Names and numbers that only look alike are different, and so are paths cut at different places."""
    paths = [(), ("1",), (1,), ("a", "b"), ("ab",), ("a', 'b",), ("b", "a"), (1, 0), (0, 1), (10,)]
    streams = [Stream(seed, path) for seed in (0, 1, -1, 10) for path in paths]
    assert len({one.integer() for one in streams}) == len(streams)
    assert all(0 <= one.integer() < 2**63 for one in streams)


def test_streams_of_neighboring_paths_are_uncorrelated() -> None:
    """Between 60 neighbors, no correlation of 2,000 numbers beyond what chance gives the largest of 1,770 pairs."""
    count = 2000
    paths = [("critic", round, repeat) for round in range(15) for repeat in range(4)]
    rows = torch.stack([torch.randn(count, generator=Stream(0, path).torch()) for path in paths])
    correlations = torch.corrcoef(rows) - torch.eye(len(paths))
    assert correlations.abs().max() < 5 / count**0.5
    assert rows.mean().abs() < 4 / rows.numel() ** 0.5 and rows.var().item() == pytest.approx(1, abs=0.02)


def test_seeds_are_uncorrelated() -> None:
    rows = torch.stack([torch.randn(2000, generator=Stream(seed, ("critic", 0)).torch()) for seed in range(40)])
    assert (torch.corrcoef(rows) - torch.eye(40)).abs().max() < 5 / 2000**0.5


def test_governing_torch_gives_the_generator_back() -> None:
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    with Stream(1).governing_torch():
        inside = torch.randn(3)
    assert torch.equal(torch.randn(3), expected)
    with Stream(1).governing_torch():
        assert torch.equal(torch.randn(3), inside)


def test_named_noise_does_not_depend_on_what_else_is_drawn() -> None:
    noise = {"latent": Noise("normal", (4, 2)), "mix": Noise("uniform", (4,))}
    both = draw(noise, Stream(0), torch.float64, torch.device("cpu"))
    alone = draw({"mix": noise["mix"]}, Stream(0), torch.float64, torch.device("cpu"))
    assert torch.equal(both["mix"], alone["mix"]) and both["latent"].dtype == torch.float64


def test_the_laws_of_noise() -> None:
    """Mean and variance of each kind, within four standard errors, and the range of the uniform one."""
    n = 100_000
    normal = Noise("normal", (n,)).draw(Stream(0).torch(), torch.float64, torch.device("cpu"))
    uniform = Noise("uniform", (n,)).draw(Stream(0).torch(), torch.float64, torch.device("cpu"))
    assert normal.mean().abs() < 4 / n**0.5 and normal.var().item() == pytest.approx(1, abs=4 * (2 / n) ** 0.5)
    assert uniform.min() >= 0 and uniform.max() < 1
    assert uniform.mean().item() == pytest.approx(0.5, abs=4 * (1 / 12 / n) ** 0.5)
