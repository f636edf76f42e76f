"""Networks of the user's own, as modules, as functions, conditional, and what is refused."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.testing import Trial

POINTS = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
LABELED = saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=np.arange(60) % 3)
SHORT: dict[str, Any] = {"latent": 3, "batch": 8, "device": "cpu"}


def generator() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 2))


def critic() -> nn.Module:
    """Its scores are (n, 1), as most people write them."""
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))


class Conditional(nn.Module):
    """Any module that takes the label second."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.inner, self.classes = nn.Linear(inputs, outputs), nn.Embedding(3, outputs)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.inner(x) + self.classes(y)


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("regularizer", ["r1", "gradient-penalty"])
def test_functions_that_return_modules_train(seeds: int, regularizer: str) -> None:
    gan = saddle.GAN(**SHORT, generator=generator, critic=critic, seeds=seeds, regularizers=[regularizer])
    Trial.of(gan, POINTS).play(3)


def test_a_column_of_scores_trains_as_a_vector_does() -> None:
    """Scores (n, 1) that met scores (n,) would broadcast to (n, n) and train something else."""

    class Flat(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = critic()

        def forward(self, x: Tensor) -> Tensor:
            return self.inner(x).squeeze(1)

    for objective in ("non-saturating", "least-squares"):
        column = Trial.of(saddle.GAN(**SHORT, generator=generator, critic=critic, objective=objective), POINTS).play(5)
        flat = Trial.of(saddle.GAN(**SHORT, generator=generator, critic=Flat, objective=objective), POINTS).play(5)
        assert torch.equal(column.parameters(), flat.parameters())


def test_a_module_is_not_changed_by_training() -> None:
    own = generator()
    before = [parameter.detach().clone() for parameter in own.parameters()]
    gan = saddle.GAN(**SHORT, generator=own, critic=critic())
    trial = Trial.of(gan, POINTS)
    start = trial.fitted.state.params["generator.0.weight"].detach().clone()
    trial.play(3)
    assert torch.equal(start, before[0]) and not torch.equal(trial.fitted.state.params["generator.0.weight"], start)
    assert all(torch.equal(a, b) for a, b in zip(own.parameters(), before, strict=True))


def test_conditional_modules_train_and_sample() -> None:
    gan = saddle.GAN(**SHORT, generator=lambda: Conditional(3, 2), critic=lambda: Conditional(2, 1))
    fitted = Trial.of(gan, LABELED).play(2).fitted
    same, _ = fitted.sample(2, y=torch.tensor([0, 0]), seed=0)
    other, _ = fitted.sample(2, y=torch.tensor([0, 1]), seed=0)
    assert torch.equal(same[0], other[0]) and not torch.equal(same[1], other[1])


BAD: list[tuple[dict[str, Any], saddle.Dataset, str]] = [
    ({"generator": nn.Linear(3, 5)}, POINTS, "maps latents (2, 3) to (2, 5); the data need (2, 2)"),
    ({"generator": nn.Linear(4, 2)}, POINTS, "The generator fails on inputs (2, 3)"),
    ({"critic": nn.Linear(2, 2)}, POINTS, "maps examples (2, 2) to (2, 2); scores are (2,)"),
    ({"critic": nn.Linear(3, 1)}, POINTS, "The critic fails on inputs (2, 2)"),
    ({"critic": critic}, LABELED, "with labels (2,)"),
    ({"critic": critic(), "seeds": 2}, POINTS, "give critic as a function that returns a new module"),
    ({"critic": lambda: 3}, POINTS, "must return a torch module, and returned 3"),
    ({"generator": 3.0}, POINTS, "generator must be an architecture such as saddle.MLP()"),
    ({"critic": lambda: nn.Sequential(critic(), nn.Dropout(0.5)), "seeds": 2}, POINTS, "torch's Dropout at '1'"),
    (
        {"critic": lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(2, 1)), "seeds": 2},
        POINTS,
        "has a parametrization",
    ),
    ({"generator": saddle.Convolutional(2)}, POINTS, "need pictures"),
]


@pytest.mark.parametrize(("settings", "data", "sentence"), BAD)
def test_networks_that_do_not_fit_are_refused_in_one_sentence(
    settings: dict[str, Any], data: saddle.Dataset, sentence: str
) -> None:
    tiny: dict[str, Any] = {"generator": saddle.MLP(4, 1), "critic": saddle.MLP(4, 1)}
    with pytest.raises(saddle.InputError) as caught:
        Trial.of(saddle.GAN(**{**SHORT, **tiny, **settings}), data)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("settings", [{"batch": 1}, {"batch": 2, "packing": 2}])
def test_batch_normalization_of_one_example_is_refused_before_round_1(settings: dict[str, Any]) -> None:
    """Torch says so only in training, which would end in a traceback in round 1."""
    critic = saddle.MLP(8, 1, normalization="batch")
    with pytest.raises(saddle.InputError, match=r"The critic fails on inputs .* more than 1 value per channel"):
        saddle.GAN(critic=critic, generator=saddle.MLP(8, 1), rounds=2, **settings).fit("ring")
