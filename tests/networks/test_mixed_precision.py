"""Networks in bfloat16: close to float32 while they train, the same when they are sampled."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch

import saddle
from saddle.families.observer import Silent
from saddle.networks.mixed_precision import in_bfloat16, is_slower_in_bfloat16
from saddle.testing import Trial
from saddle.testing.trial import distance
from saddle.training.loop import Plan
from saddle.training.ways.planning import Cost

PICTURES = saddle.open(np.random.default_rng(0).random((40, 8, 8)))


def pair() -> tuple[torch.nn.Module, torch.nn.Module]:
    torch.manual_seed(0)
    plain = saddle.MLP(64, 2).critic((8, 8), 0)
    return plain, in_bfloat16(deepcopy(plain))


def test_training_rounds_to_eight_bits_and_evaluation_does_not() -> None:
    plain, mixed = pair()
    x = torch.randn(100, 8, 8)
    gap = ((mixed(x) - plain(x)).norm() / plain(x).norm()).item()
    assert 1e-4 < gap < 2e-2 and mixed(x).dtype == torch.float32
    assert torch.equal(mixed.eval()(x), plain(x))


def test_gradients_are_float32_and_near() -> None:
    plain, mixed = pair()
    x = torch.randn(100, 8, 8)
    for network in (plain, mixed):
        network(x).square().mean().backward()
    for ours, theirs in zip(mixed.parameters(), plain.parameters(), strict=True):
        assert ours.grad is not None and theirs.grad is not None and ours.grad.dtype == torch.float32
        assert (ours.grad - theirs.grad).norm() < 0.05 * theirs.grad.norm()


def test_a_copy_of_a_mixed_network_computes_with_its_own_weights() -> None:
    _, mixed = pair()
    other = deepcopy(mixed)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    x = torch.randn(5, 8, 8)
    assert bool((other(x) == 0).all()) and not bool((mixed(x) == 0).all())


@pytest.mark.parametrize("seeds", [1, 2])
@pytest.mark.parametrize("penalty", [(), saddle.GradientPenalty(10.0)])
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_a_model_trains_in_bfloat16(penalty: Any, seeds: int, normalization: Any) -> None:
    generator = saddle.MLP(32, 1, normalization=normalization)
    settings: dict[str, Any] = {"generator": generator, "critic": saddle.MLP(32, 1), "latent": 4, "batch": 16}
    settings |= {"regularizers": penalty, "seeds": seeds, "device": "cpu"}
    plain = Trial.of(saddle.GAN(**settings), PICTURES)
    mixed = Trial.of(saddle.GAN(**settings, precision="bfloat16"), PICTURES)
    assert torch.equal(plain.parameters(), mixed.parameters())
    gap = distance(mixed.play(10).parameters(), plain.play(10).parameters())
    assert 0 < gap < 5e-3 and mixed.parameters().dtype == torch.float32


def test_families_whose_networks_have_no_forward_pass_refuse_it() -> None:
    for model in (saddle.BoltzmannMachine, saddle.GSN, saddle.Autoencoder):
        with pytest.raises(saddle.InputError, match="precision"):
            model(precision="bfloat16").fit(PICTURES)


class Remarks(Silent):
    """Keeps what a run says of its cost."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def planned(self, cost: Cost, plan: Plan, start: int) -> None:
        self.found.append(cost.remark)


@pytest.mark.parametrize(
    ("machine", "units", "slower"), [("x86_64", False, True), ("AMD64", True, False), ("arm64", False, False)]
)
def test_a_processor_known_to_be_slower_so_is_told_of(
    machine: str, units: bool, slower: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: units)
    assert is_slower_in_bfloat16(torch.device("cpu")) == slower and not is_slower_in_bfloat16(torch.device("cuda"))
    for precision, told in (("bfloat16", slower), ("float32", False)):
        remarks = Remarks()
        model = saddle.GAN(
            generator=saddle.MLP(4, 1), critic=saddle.MLP(4, 1), precision=precision, rounds=1, device="cpu"
        )
        model.fit(PICTURES, observer=remarks)
        assert len(remarks.found) == 1 and ("bfloat16" in remarks.found[0]) == told
