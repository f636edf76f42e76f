"""Samples against the machine's exact law, and what `read` makes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.randomness import Stream
from saddle.families.boltzmann.learning import learning_of
from saddle.families.boltzmann.machine import NETWORK, Machine, machine_of
from saddle.families.boltzmann.sampling import Annealed
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.visible import Visible, visible_units
from saddle.families.estimator import Estimator

Make = Callable[..., Machine]
COUNT = 20_000
TINY: dict[str, Any] = {"hidden": 3, "rounds": 3, "sample_steps": 6, "chains": 4, "device": "cpu", "threads": 1}


def points() -> np.ndarray:
    """Two columns of different means and deviations."""
    return np.random.default_rng(0).normal(size=(3000, 2)) * [1, 3] + [5, -2]


def moments(machine: Machine, label: int | None = None) -> tuple[Tensor, Tensor]:
    """Mean and covariance of Gaussian visible units, by going through every hidden state.

    Given hidden states v is normal with mean m + sigma (b_0 + W_0 h1) and variance sigma^2, and the share of h is
    exp(sum_l b_l h_l + sum_l h_l W_l h_{l+1} + |b_0 + W_0 h1|^2 / 2).
    """
    assert machine.log_variance is not None
    hidden = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * sum(machine.sizes[1:]))
    layers = hidden.split(machine.sizes[1:], dim=1)
    biases = [machine.biases[n] + (0 if label is None else machine.class_biases[n][label]) for n in machine.layers]
    inputs = biases[0] + layers[0] @ machine.weights[0].T
    logs = 0.5 * inputs.square().sum(1) + sum(h @ b for h, b in zip(layers, biases[1:], strict=True))
    for below, weight, above in zip(layers, list(machine.weights)[1:], layers[1:], strict=False):
        logs = logs + ((below @ weight) * above).sum(1)
    shares = torch.softmax(logs, 0)
    deviation = (0.5 * machine.log_variance).exp()
    means = machine.usual(0) + deviation * inputs
    mean = shares @ means
    apart = means - mean
    return mean, apart.T @ (shares.unsqueeze(1) * apart) + deviation.square().diag()


def miss(x: Tensor, mean: Tensor, covariance: Tensor) -> float:
    """The greatest distance of the moments of independent samples (n, d) from these, in standard errors."""
    n, apart = len(x), x - mean
    products = apart.unsqueeze(1) * apart.unsqueeze(2)
    first = apart.mean(0).abs() / (x.std(0) / n**0.5)
    second = (products.mean(0) - covariance).abs() / (products.std(0) / n**0.5)
    return max(float(first.max()), float(second.max()))


@torch.no_grad()
@pytest.mark.parametrize(("sizes", "label"), [((2, 3), None), ((2, 3, 2), None), ((2, 3), 1)])
def test_draws_of_gaussian_units_have_the_machines_law(
    sizes: tuple[int, ...], label: int | None, make_machine: Make
) -> None:
    """Mean and covariance within five errors; means of v given h, which lack its variance, are more than 20 away."""
    machine = make_machine(*sizes, gaussian=True, scale=0.6, classes=0 if label is None else 2)
    wanted = moments(machine, label)
    networks, y = torch.nn.ModuleDict({NETWORK: machine}), None if label is None else torch.full((COUNT,), label)

    def drawn(read: Any) -> Tensor:
        chain = Annealed(Visible((2,), True, "none"), 60, read).chain(sizes)
        return chain.draw(networks, Stream(1), COUNT, y)

    assert miss(drawn("sample"), *wanted) < 5
    assert miss(drawn("mean"), *wanted) > 20


def test_samples_of_points_follow_the_fitted_law() -> None:
    """By default and in the data's own units, where means alone have a tenth of the data's deviation."""
    model = saddle.BoltzmannMachine(
        hidden=4, rounds=200, sample_steps=60, precision="float64", device="cpu", threads=1
    ).fit(points())
    machine = machine_of(model.networks())
    x = model.sample_model(COUNT, seed=0)[0].double()
    assert miss(x, *moments(machine)) < 5
    own = np.asarray(model.sample(2000, seed=0))
    np.testing.assert_allclose(own.std(0), points().std(0), rtol=0.1)


def test_means_are_the_custom_for_bits_and_draws_for_all_else() -> None:
    """Catches a default by the kind of data alone: Gaussian units of pictures are drawn. Bits are black or white."""

    def read_of(data: Any, **more: Any) -> str:
        settings = saddle.BoltzmannMachine(**{**TINY, **more}).checked()
        assert isinstance(settings, BoltzmannSettings)
        visible = visible_units(settings.visible, settings.binarize, saddle.open(data).layout)
        return learning_of(settings, visible, 0).sampler.read

    assert read_of("digits") == "mean" and read_of("ring") == "sample"
    assert read_of("digits", visible="gaussian") == "sample"
    assert read_of("digits", read="sample") == "sample" and read_of("ring", read="mean") == "mean"
    bits = saddle.BoltzmannMachine(**TINY, read="sample").fit(saddle.open("digits", labels=False))
    assert set(np.unique(bits.sample_model(5, seed=0)[0])) == {-1.0, 1.0}
    with pytest.raises(saddle.InputError, match="read"):
        read_of("ring", read="median")


@pytest.mark.parametrize("read", ["mean", "sample"])
def test_a_sample_depends_on_seed_and_place_alone(read: Any, tmp_path: Path) -> None:
    """Not on how many there are, on a stop and a resume, or on the population. Catches noise drawn for n at once."""
    settings: dict[str, Any] = {**TINY, "precision": "float64", "read": read}

    def shown(model: Estimator, n: int = 5, member: int = 0) -> Tensor:
        return model.sample_model(n, seed=1, member=member)[0]

    def stop(round: int, model: Any) -> None:
        if round == 2:
            raise KeyboardInterrupt

    alone = [saddle.BoltzmannMachine(**settings, seed=seed).fit(points()) for seed in (3, 4)]
    together = saddle.BoltzmannMachine(**settings, seed=3, seeds=2).fit(points())
    for member, one in enumerate(alone):
        torch.testing.assert_close(shown(together, member=member), shown(one))
    assert torch.equal(shown(alone[0], 130)[:5], shown(alone[0]))
    with pytest.raises(KeyboardInterrupt):
        saddle.BoltzmannMachine(**settings, seed=3, callback=stop).fit(points(), folder=tmp_path / "run")
    resumed = saddle.resume(tmp_path / "run", points())
    assert isinstance(resumed, saddle.BoltzmannMachine) and resumed.read == read
    assert torch.equal(shown(resumed), shown(alone[0]))
