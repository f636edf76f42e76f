"""Greedy pretraining: which parameters move when, towards what, and what it is good for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch
from saddle.core.randomness import Stream
from saddle.families.boltzmann.machine import NETWORK, Machine
from saddle.families.boltzmann.pretraining import Pretraining
from saddle.families.boltzmann.visible import Visible
from saddle.testing import Trial
from saddle.testing.trial import distance

Make = Callable[..., Machine]
SIZES, BATCH = (4, 3, 2), 20_000


def bits(count: int) -> Tensor:
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * count).reshape(-1, count)


def pair_law(machine: Machine, below: int) -> tuple[Tensor, Tensor, Tensor]:
    """The pair as the paper draws it: its layers doubled with tied weights, and the law of one copy of each.

    Of v1, v2 above which h stands, E = -(v1 + v2) W h - ..., or likewise with two copies of h; the middle pair of a
    deeper machine would have both.
    """
    weight = machine.weights[below]
    lower, upper = weight.shape
    one, other, top = (part for part in bits(2 * lower + upper).split([lower, lower, upper], dim=1))
    if below > 0:  # the top pair: two copies of the upper layer instead
        top, second, one = (part for part in bits(2 * upper + lower).split([upper, upper, lower], dim=1))
        logs = ((one @ weight) * (top + second)).sum(1) + (top + second) @ machine.biases[below + 1]
        return torch.softmax(logs + one @ machine.biases[below], 0), one, top
    logs = (((one + other) @ weight) * top).sum(1) + (one + other) @ machine.biases[below]
    return torch.softmax(logs + top @ machine.biases[below + 1], 0), one, top


@pytest.mark.parametrize("below", [0, 1])
def test_a_pair_descends_towards_the_law_with_doubled_layers(below: int, make_machine: Make) -> None:
    """After 40 steps from 20,000 examples the model's phase has the statistics of that law, by enumeration.

    Catches inputs doubled in the wrong direction, and one draw counted twice in place of two.
    """
    machine = make_machine(*SIZES, scale=0.8)
    visible = Visible((SIZES[0],), False, "none")
    pretraining = Pretraining(below, SIZES, visible, 5, BATCH, 40, False, saddle.SGD())
    noise = draw(pretraining.player().noise, Stream(0), torch.float64, torch.device("cpu"))
    x = (torch.rand(BATCH, SIZES[0], generator=torch.Generator().manual_seed(0), dtype=torch.float64) < 0.3).double()
    networks = torch.nn.ModuleDict({NETWORK: machine})
    loss = pretraining.loss(networks, Batch(2 * x - 1, None, torch.tensor(0)), noise, {})
    wanted = [machine.weights[below], machine.biases[below], machine.biases[below + 1]]
    found = torch.autograd.grad(loss.value, wanted)

    with torch.no_grad():
        first = torch.sigmoid((2 * x) @ machine.weights[0] + machine.biases[1])
        data = (x, first) if below == 0 else (first, torch.sigmoid(first @ machine.weights[1] + machine.biases[2]))
        chances, lower, upper = pair_law(machine, below)
        model = (lower.T @ (chances.unsqueeze(1) * upper), chances @ lower, chances @ upper)
        seen = (data[0].T @ data[1] / BATCH, data[0].mean(0), data[1].mean(0))
    for one, theirs, ours in zip(found, model, seen, strict=True):
        torch.testing.assert_close(-one, ours - theirs, rtol=0, atol=0.02)


def test_pairs_move_one_after_the_other_and_then_all_together() -> None:
    data = saddle.open("digits", labels=False)
    settings: dict[str, Any] = {"hidden": (6, 5), "pretrain": 3, "chains": 5, "batch": 10, "device": "cpu"}
    trial = Trial.of(saddle.BoltzmannMachine(**settings), data)

    def weights() -> list[Tensor]:
        return [trial.fitted.state.params[f"{NETWORK}.weights.{pair}"].detach().clone() for pair in (0, 1)]

    moved = []
    for rounds in (3, 3, 1):
        before = weights()
        trial.play(rounds)
        moved.append([not torch.equal(one, two) for one, two in zip(before, weights(), strict=True)])
    assert moved == [[True, False], [False, True], [True, True]]


def test_it_brings_a_deep_machine_on_its_way() -> None:
    """A machine whose pairs have learned is better on digits by more than a nat after one round of all than without."""
    digits = saddle.open("digits", labels=False)
    bounds = []
    for pretrain, rounds in ((0, 1), (200, 401)):
        model = saddle.BoltzmannMachine(
            hidden=(20, 10),
            pretrain=pretrain,
            rounds=rounds,
            optimizer=saddle.SGD(0.02, momentum=0.9),
            average=0.0,
            device="cpu",
            threads=1,
            sample_steps=20,
        ).fit(digits)
        bounds.append(model.log_likelihood_bound(digits, temperatures=300).value)
    assert bounds[1] > bounds[0] + 1


def test_one_layer_has_nothing_to_pretrain() -> None:
    with pytest.raises(saddle.InputError, match="pretrain is for several hidden layers"):
        saddle.BoltzmannMachine(hidden=4, pretrain=2, rounds=1, device="cpu").fit("ring")


def test_a_run_that_ends_in_pretraining_is_refused() -> None:
    """Catches a rule that takes `pretrain` for the rounds of all pairs together, and one that forgets the default."""
    settings: dict[str, Any] = {"hidden": (3, 2), "chains": 4, "batch": 8, "device": "cpu", "threads": 1}
    for pretrain, rounds, needed in ((100, 5, "200 rounds"), (3, 6, "6 rounds"), (2500, None, "5000 rounds")):
        with pytest.raises(saddle.InputError, match=f"takes {needed} for 2 pairs .* rounds must be more") as caught:
            saddle.BoltzmannMachine(**settings, pretrain=pretrain, rounds=rounds).fit("ring")
        assert "\n" not in str(caught.value)
    saddle.BoltzmannMachine(**settings, pretrain=10**6, minutes=0.001).fit("ring")  # has no limit of rounds


def test_a_run_past_its_pretraining_goes_on_for_a_few_rounds(tmp_path: Path) -> None:
    """Catches a refusal that asks every fit for rounds beyond pretraining, or a run that was saved before it."""
    settings: dict[str, Any] = {"hidden": (3, 2), "chains": 4, "batch": 8, "device": "cpu", "threads": 1}
    model = saddle.BoltzmannMachine(**settings, pretrain=3, rounds=7).fit("ring", folder=tmp_path / "run")
    model.rounds = 2
    assert model.fit("ring").trained.fitted.state.round == 9
    again = saddle.load(tmp_path / "run")
    again.rounds = 1
    assert again.fit("ring").trained.fitted.state.round == 10


def test_pretraining_resumes_exactly_and_is_the_same_in_a_population() -> None:
    """Stopped within the first pair's rounds and within the second's. Catches momentum lost where players change."""
    settings: dict[str, Any] = {"hidden": (5, 4), "pretrain": 3, "chains": 6, "gibbs_steps": 2, "batch": 8}
    data = saddle.open("digits", labels=False)

    def trial(seed: int, seeds: int = 1) -> Trial:
        model = saddle.BoltzmannMachine(**settings, seed=seed, seeds=seeds, precision="float64", device="cpu")
        return Trial.of(model, data)

    alone = [trial(seed).play(9) for seed in (5, 6)]
    together = trial(5, 2).play(9)
    assert all(distance(together.parameters(i), one.parameters()) < 1e-11 for i, one in enumerate(alone))
    for stop in (2, 5):
        resumed = trial(5).play(stop).resumed_in(trial(5)).play(9 - stop)
        assert resumed.fitted.state.digest() == alone[0].fitted.state.digest()
