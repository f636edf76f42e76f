"""The one-page GAN, an independent plain loop that imports only torch, and saddle agree to rounding."""

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import rounds_at_once
from saddle.core.randomness import Stream

PAGE = Path(__file__).parents[2] / "examples" / "one_page_gan.py"
PLAIN: dict[str, Any] = runpy.run_path(str(PAGE))
SEED, BATCH, DIMENSION, ROUNDS, K, RATE = 3, 16, 4, 220, 2, 1e-3


@pytest.fixture(scope="module")
def data() -> saddle.Dataset:
    return saddle.open("ring")


def model(objective: str, rounds: int) -> saddle.GAN:
    adam = saddle.Adam(RATE, beta1=0.5, beta2=0.999)
    return saddle.GAN(
        objective=objective,
        generator=saddle.MLP(16, 2),
        critic=saddle.MLP(16, 2),
        latent=DIMENSION,
        critic_updates=K,
        batch=BATCH,
        generator_optimizer=adam,
        critic_optimizer=adam,
        average=0.0,
        rounds=rounds,
        seed=SEED,
        precision="float64",
        device="cpu",
        threads=1,
    )


def latents(k: int) -> Iterator[Tensor]:
    """Saddle's latents in the order in which the plain loop asks for them."""
    for round in range(ROUNDS):
        for player, repeat in [*(("critic", repeat) for repeat in range(k)), ("generator", 0)]:
            repeats = k if player == "critic" else 1
            at_once = rounds_at_once(repeats, (BATCH, DIMENSION))
            generator = Stream(SEED, (player, "noise", round // at_once, "latent")).torch()
            shape = (at_once, repeats, BATCH, DIMENSION)
            yield torch.randn(shape, generator=generator, dtype=torch.float64)[round % at_once, repeat]


def batches(data: saddle.Dataset, k: int) -> Iterator[Tensor]:
    """Saddle's batches for the critic: every epoch a permutation, cut into whole batches."""
    rows = torch.from_numpy(data.split_indices(seed=SEED)[0])
    per_epoch = len(rows) // BATCH
    for step in range(ROUNDS * k):
        epoch, place = divmod(step, per_epoch)
        order = torch.randperm(len(rows), generator=Stream(SEED, ("data", "critic", epoch)).torch())
        yield data.batch(rows[order[place * BATCH : (place + 1) * BATCH]]).double()


def started(network: torch.nn.Module, plain: torch.nn.Sequential) -> torch.nn.Sequential:
    """A plain network with the other's initial weights."""
    plain = plain.double()
    with torch.no_grad():
        for own, given in zip(plain.parameters(), network.parameters(), strict=True):
            own.copy_(given)
    return plain


class Scores(torch.nn.Module):
    """A plain critic whose scores are (n,), as saddle's are."""

    def __init__(self, layers: torch.nn.Sequential) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).squeeze(1)


def gap(objective: str, data: saddle.Dataset, *, saturating: bool, k: int = K, rate: float = RATE) -> float:
    """The largest relative distance between the two, over both networks."""
    start = model(objective, ROUNDS).build(data.layout, None).state.networks
    generator = started(start["generator"], PLAIN["perceptron"](DIMENSION, 2, width=16))
    critic = Scores(started(start["critic"], PLAIN["perceptron"](2, 1, width=16)))
    plain = PLAIN["train"](
        generator, critic, batches(data, k), latents(k), rounds=ROUNDS, k=k, rate=rate, saturating=saturating
    )
    assert len(list(plain)) == ROUNDS
    fitted = model(objective, ROUNDS).fit(data).networks()
    distances = []
    for own, other in ((generator, fitted["generator"]), (critic, fitted["critic"])):
        a, b = (torch.cat([one.detach().flatten() for one in net.parameters()]) for net in (own, other))
        distances.append(((a - b).norm() / b.norm()).item())
    return max(distances)


@pytest.mark.parametrize(("objective", "saturating"), [("minimax", True), ("non-saturating", False)])
def test_it_agrees_with_saddle(objective: str, saturating: bool, data: saddle.Dataset) -> None:
    assert gap(objective, data, saturating=saturating) < 1e-10


@pytest.mark.parametrize("change", [{"k": 1}, {"rate": 1.001e-3}, {"saturating": True}])
def test_a_small_change_breaks_the_agreement(change: dict[str, Any], data: saddle.Dataset) -> None:
    assert gap("non-saturating", data, **{"saturating": False, **change}) > 1e-5


def test_it_imports_only_torch() -> None:
    tree = ast.parse(PAGE.read_text())
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in imported} == {"torch", "collections"}
    assert len(PAGE.read_text().splitlines()) < 120


def test_it_runs_as_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    PLAIN["main"](rounds=12)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and lines[0].startswith("round") and " of 8" in lines[-2]
