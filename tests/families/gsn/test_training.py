"""Training and sampling against the chain that can be written out: four pixels, two by two."""

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.sampling import Chain
from saddle.families.fitted import Fitted
from saddle.families.gsn.enumeration import (
    corruption_matrix,
    exact_conditional,
    factorial,
    network_conditional,
    states,
    stationary,
    transition_matrix,
    walked_corruption,
)
from saddle.families.gsn.walkback import network_of
from saddle.measures import total_variation
from saddle.testing import Trial
from saddle.training.schedules import Cosine

SHARE, STEPS, ROUNDS = 0.2, 2, 1500
NUMBER = torch.tensor([8.0, 4.0, 2.0, 1.0], dtype=torch.float64)


def weakly_coupled() -> Tensor:
    """Bits in a row that like to equal their neighbor, exp(s1 s2 + s2 s3 + s3 s4) / 4 with two fields."""
    s = 2 * states(4) - 1
    weight = torch.exp(0.25 * (s[:, :-1] * s[:, 1:]).sum(1) + 0.3 * s[:, 0] - 0.2 * s[:, 2])
    return weight / weight.sum()


def pictures() -> saddle.Dataset:
    chosen = np.random.default_rng(0).choice(16, size=40_000, p=weakly_coupled().numpy())
    return saddle.open((255 * states(4)[chosen].reshape(-1, 2, 2)).numpy().astype(np.uint8))


def numbered(x: Tensor) -> Tensor:
    """The state of each picture in model units, shape (n,)."""
    return ((x.flatten(1).double() > 0).double() @ NUMBER).long()


def model() -> saddle.GSN:
    return saddle.GSN(
        hidden=(32,),
        hidden_noise=0.0,
        walkback=STEPS,
        corruption=saddle.SaltAndPepper(SHARE),
        sample_steps=40,
        read="sample",
        batch=500,
        optimizer=saddle.Adam(0.02, beta1=0.9, schedule=Cosine(until=ROUNDS)),
        average=0.0,
        device="cpu",
        threads=1,
    )


def chain_of(fitted: Fitted) -> Tensor:
    return transition_matrix(
        corruption_matrix(saddle.SaltAndPepper(SHARE), 4), network_conditional(network_of(fitted.networks()))
    )


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial.of(model(), pictures())


@pytest.fixture(scope="module")
def trained(trial: Trial) -> tuple[list[float], Fitted]:
    """Total variation of the chain's law to the training data's at rounds 0, 20 and 1,500; the trained model."""
    distances = []
    for rounds in (0, 20, ROUNDS - 20):
        trial.play(rounds)
        distances.append(float(total_variation(stationary(chain_of(trial.fitted)), weakly_coupled())))
    return distances, trial.fitted


def test_the_chain_comes_closer_to_the_data_with_training(trained: tuple[list[float], Fitted]) -> None:
    """From .37 down to the .069 that the best independent bits given x~ reach, which the enumeration knows.

    Without the walk that limit would be .038.
    """
    distances, _ = trained
    p, corruption = weakly_coupled(), corruption_matrix(saddle.SaltAndPepper(SHARE), 4)
    best = factorial(exact_conditional(p, corruption))
    for _ in range(200):
        best = factorial(exact_conditional(p, walked_corruption(corruption, best, STEPS)))
    limit = float(total_variation(stationary(transition_matrix(corruption, best)), p))
    assert distances[0] > distances[1] + 0.03 > distances[2] + 0.06
    assert abs(distances[2] - limit) < 0.01


def test_sampling_steps_have_the_written_transition_matrix(trained: tuple[list[float], Fitted]) -> None:
    """10,000 chains from each of the 16 states, one step of the sampler: total variation to every row of T.

    Sampling error alone is .013; hidden units that read clean bits, or bits read off before they are drawn, miss by .1.
    """
    _, fitted = trained
    sampler, networks, each = fitted.problem.sampler, fitted.networks(), 10_000
    assert isinstance(sampler, Chain)
    generator = torch.Generator().manual_seed(1)
    noise = {name: torch.rand(one.shape, generator=generator) for name, one in sampler.step_noise(16 * each).items()}
    v = states(4).float().repeat_interleave(each, 0)
    with torch.no_grad():
        moved = sampler.step(networks, {"v": v, "mean": v}, noise, None, 0)
    found = numbered(2 * moved["v"] - 1).reshape(16, each)
    rows = torch.stack([torch.bincount(row, minlength=16) / each for row in found]).double()
    assert float(total_variation(rows, chain_of(fitted)).max()) < 0.03


def test_samples_have_the_stationary_law(trained: tuple[list[float], Fitted]) -> None:
    """20,000 independent chains after 40 steps from noise; an untrained chain's law is .35 away."""
    _, fitted = trained
    x, _ = fitted.sample(20_000, seed=3)
    frequencies = torch.bincount(numbered(x), minlength=16).double() / len(x)
    assert float(total_variation(frequencies, stationary(chain_of(fitted)))) < 0.02


def test_one_width_makes_one_layer() -> None:
    one, same = (saddle.GSN(hidden=hidden, rounds=2, threads=1).fit("ring") for hidden in (5, (5,)))
    assert np.array_equal(one.sample(4, seed=0), same.sample(4, seed=0))
    for bad in (True, (), 0, "5"):
        with pytest.raises(saddle.InputError, match="hidden must be the units of one layer"):
            saddle.GSN(hidden=bad, rounds=1).fit("ring")  # pyright: ignore[reportArgumentType]
