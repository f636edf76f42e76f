"""Sampling from a trained model: what a sample may depend on, and what it may not."""

from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.core.randomness import Stream
from saddle.testing import Trial

POINTS = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
NAMES = np.array(["cat", "dog", "owl"])[np.arange(60) % 3]
LABELED = saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=NAMES)
TINY: dict[str, Any] = {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "latent": 3, "batch": 8}


def fit(data: saddle.Dataset = POINTS, **settings: Any) -> saddle.GAN:
    return saddle.GAN(**{**TINY, "rounds": 4, "threads": 1, "device": "cpu", **settings}).fit(data)


@pytest.fixture(scope="module")
def plain() -> saddle.GAN:
    return fit()


@pytest.fixture(scope="module")
def conditional() -> saddle.GAN:
    return fit(LABELED)


@pytest.mark.parametrize("n", [1, 2, 127, 128, 129, 300])
def test_sample_i_does_not_depend_on_n(plain: saddle.GAN, n: int) -> None:
    """Bit for bit, across the blocks in which latents are drawn."""
    whole = plain.sample(400, seed=7)
    assert np.array_equal(plain.sample(n, seed=7), whole[:n])


def test_seeds_repeat_and_no_seed_never_does(plain: saddle.GAN) -> None:
    assert np.array_equal(plain.sample(5, seed=1), plain.sample(5, seed=1))
    assert not np.array_equal(plain.sample(5, seed=1), plain.sample(5, seed=2))
    assert not np.array_equal(plain.sample(5), plain.sample(5))


def test_a_sample_is_the_generator_at_its_latent(plain: saddle.GAN) -> None:
    x, y = plain.sample_model(130, seed=3)
    blocks = [torch.randn(128, 3, generator=Stream(3, ("sample", i, "latent")).torch()) for i in range(2)]
    expected = plain.networks()["generator"](torch.cat(blocks))[:130]
    assert y is None and torch.allclose(x, expected, atol=1e-6)


def test_members_of_a_population_sample_alone(plain: saddle.GAN) -> None:
    several = fit(seeds=3)
    samples = [several.sample(4, seed=0, member=member) for member in range(3)]
    assert not np.array_equal(samples[0], samples[1]) and np.array_equal(several.sample(4, seed=0), samples[0])
    assert np.allclose(samples[0], plain.sample(4, seed=0), atol=1e-4)
    with pytest.raises(saddle.InputError, match="member must be from 0 to 2, and got 3"):
        several.sample(4, member=3)


@pytest.mark.parametrize("n", [0, -1])
def test_a_number_of_samples_below_one_is_refused(plain: saddle.GAN, n: int) -> None:
    with pytest.raises(saddle.InputError, match="at least 1"):
        plain.sample(n)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"n": "a"}, "number of samples must be a whole number, and got 'a'"),
        ({"n": 2.5}, "number of samples must be a whole number, and got 2.5"),
        ({"n": True}, "number of samples must be a whole number, and got True"),
        ({"n": "a", "y": "owl"}, "number of samples must be a whole number"),
        ({"n": 3, "seed": "x"}, "seed must be a whole number, and got 'x'"),
        ({"n": 3, "member": "x"}, "member must be a whole number, and got 'x'"),
        ({"n": 2, "y": {"owl": 1}}, "There is no label {'owl': 1}"),
        ({"n": 2, "y": [[1, 0], [0, 1]]}, "y needs one label for each"),
    ],
)
def test_what_is_no_whole_number_is_refused(conditional: saddle.GAN, settings: Any, sentence: str) -> None:
    with pytest.raises(saddle.InputError, match=sentence):
        conditional.sample(**settings)


def test_whole_numbers_of_other_libraries_are_whole_numbers(plain: saddle.GAN) -> None:
    """As a key, NumPy's 3 would be written np.int64(3) and draw other samples."""
    assert np.array_equal(plain.sample(np.int64(4), seed=np.int64(3)), plain.sample(4, seed=3))  # type: ignore[arg-type]


def test_only_words_are_suggested() -> None:
    """The nearest text to 11 is 1, and to 0.5 it is 0, which nobody meant."""
    model = fit(saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=np.arange(60) % 10), rounds=1)
    for y in (11, 0.5, "11"):
        with pytest.raises(saddle.InputError, match=r"There is no label .*; there is 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\."):
            model.sample(3, y=y)


def test_labels_may_be_one_or_many_in_the_users_terms(conditional: saddle.GAN) -> None:
    one = conditional.sample_model(6, y="owl", seed=0)
    assert one[1] is not None and one[1].tolist() == [2] * 6
    many = conditional.sample_model(3, y=["dog", "cat", "owl"], seed=0)
    assert many[1] is not None and many[1].tolist() == [1, 0, 2]
    assert torch.equal(many[0][2], one[0][2]) and not torch.equal(many[0][0], one[0][0])


def test_labels_that_do_not_fit_are_refused(conditional: saddle.GAN, plain: saddle.GAN) -> None:
    for model, y, sentence in (
        (conditional, "owk", "did you mean owl"),
        (conditional, ["cat", "dog"], "one label for each of the 3 samples, and has 2"),
        (plain, "cat", "trained without labels"),
    ):
        with pytest.raises(saddle.InputError, match=sentence):
            model.sample(3, y=y)


def test_labels_come_as_often_as_in_the_data() -> None:
    y = np.repeat([0, 1, 2], [30, 20, 10])
    model = fit(saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=y), rounds=1)
    drawn = model.sample_model(6000, seed=0)[1]
    assert drawn is not None
    shares = np.bincount(drawn.numpy(), minlength=3) / 6000
    assert np.abs(shares - [1 / 2, 1 / 3, 1 / 6]).max() < 4 * (0.25 / 6000) ** 0.5
    fewer = model.sample_model(500, seed=0)[1]
    assert fewer is not None and torch.equal(fewer, drawn[:500])


def test_a_walk_passes_through_drawn_latents(plain: saddle.GAN) -> None:
    """With 4 anchors on 10 places, place 3 j is the generator at drawn latent j."""
    walk, _ = plain.walk_model(10, seed=3)
    found = plain.trained.fitted
    block = torch.randn(128, 3, generator=Stream(3, ("sample", 0, "latent")).torch(), dtype=torch.float64)
    anchors = block[:4]
    expected = found.from_noise(found.networks(), found.problem.sampler, {"latent": anchors}, None)
    assert torch.allclose(walk[[0, 3, 6, 9]], expected, atol=1e-5)


def test_a_walk_between_normal_latents_keeps_to_great_circles(plain: saddle.GAN) -> None:
    """Halfway between two latents the length is the mean of theirs; a straight line would cut the corner."""
    fitted = plain.trained.fitted
    seen: list[torch.Tensor] = []
    original = fitted.from_noise

    def watched(networks: Any, sampler: Any, noise: dict[str, torch.Tensor], y: Any) -> torch.Tensor:
        seen.append(noise["latent"])
        return original(networks, sampler, noise, y)

    fitted.from_noise = watched  # type: ignore[method-assign]
    try:
        fitted.walk(3, anchors=2, seed=0)
    finally:
        del fitted.from_noise
    start, middle, end = seen[0]
    assert middle.norm().item() == pytest.approx(((start.norm() + end.norm()) / 2).item())
    angles = [torch.acos(torch.dot(a, b) / a.norm() / b.norm()).item() for a, b in ((start, middle), (middle, end))]
    assert angles[0] == pytest.approx(angles[1])


def test_a_walk_between_uniform_latents_is_straight() -> None:
    trial = Trial.of(saddle.GAN(**{**TINY, "latent": saddle.Uniform(3), "generator": saddle.MLP(8, 0)}), POINTS)
    walk, _ = trial.fitted.walk(5, anchors=2, seed=0)
    assert torch.allclose(walk[2], (walk[0] + walk[4]) / 2, atol=1e-6)
    assert torch.allclose(walk[1], 0.75 * walk[0] + 0.25 * walk[4], atol=1e-6)


def test_a_walk_has_one_label(conditional: saddle.GAN) -> None:
    walk, y = conditional.walk_model(7, seed=0)
    assert walk.shape == (7, 2) and y is not None and len(set(y.tolist())) == 1
    for arguments in ({"n": 1}, {"n": 5, "anchors": 1}):
        with pytest.raises(saddle.InputError, match="at least 2"):
            conditional.walk_model(**arguments)


def test_latents_have_the_law_they_say() -> None:
    """Uniform(3, bound=b) has variance b^2/3 and stays within the bound."""
    spec = saddle.Uniform(3, bound=3**0.5)
    noise = spec.noise(50_000).draw(Stream(0).torch(), torch.float64, torch.device("cpu"))
    z = spec.values(noise)
    assert z.abs().max() <= 3**0.5 and z.var(0).mean().item() == pytest.approx(1, abs=0.02)
    assert z.mean().abs() < 4 / z.numel() ** 0.5
