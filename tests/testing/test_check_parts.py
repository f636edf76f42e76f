"""The laws of regularizers, architectures, latents and optimizers name what is wrong."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.noise import Noise
from saddle.testing import check_architecture, check_latent, check_optimizer, check_regularizer


def penalty_of(function: Any) -> Any:
    return type("Wrong", (), {"at": "real", "penalty": lambda self, scores, gradient: function(gradient)})()


PENALTIES = {
    "fixed axes": (lambda g: g.square().sum([1, 2, 3]).mean(), "fails on gradients of shape (1, 2)"),
    "no mean": (lambda g: g.flatten(1).norm(dim=1), "must return a 0-d tensor"),
    "a root at zero": (lambda g: g.square().flatten(1).sum(1).sqrt().mean(), "slope that is not finite"),
    "cut off": (lambda g: g.detach().square().mean(), "cut off"),
    "noise": (lambda g: (g * torch.randn_like(g)).square().mean(), "different values"),
    "first input only": (lambda g: g[:, 0].square().mean(), "how the inputs of an example are arranged"),
    "in place": (lambda g: g.mul_(2).square().mean(), "changes its arguments in place"),
    "an item": (lambda g: g.square().mean() * g.square().mean().item(), "vmap"),
    "float64": (lambda g: g.double().square().mean(), "must keep torch.float32"),
    "infinite": (lambda g: g.square().mean() / 0, "is inf"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", PENALTIES)
def test_a_wrong_penalty_is_caught(name: str) -> None:
    function, sentence = PENALTIES[name]
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        check_regularizer(penalty_of(function))


PERTURBATIONS = {
    "own noise": (lambda x, noise, round: x + torch.randn_like(x), "random numbers of its own"),
    "one row": (lambda x, noise, round: (x + noise)[:1], "must keep the shape"),
    "in place": (lambda x, noise, round: x.add_(noise), "in place"),
    "cut off": (lambda x, noise, round: (x + noise).detach(), "cuts the generator off"),
    "a branch": (lambda x, noise, round: x if x.mean() > 0 else x + noise, "vmap"),
    "infinite": (lambda x, noise, round: x + noise / (round - round), "not finite"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_a_wrong_perturbation_is_caught(name: str) -> None:
    function, sentence = PERTURBATIONS[name]
    wrong: Any = type("Wrong", (), {"perturb": lambda self, x, noise, round: function(x, noise, round)})()
    with pytest.raises(AssertionError, match=sentence):
        check_regularizer(wrong)


def test_a_wrong_projection_is_caught() -> None:
    def project(self: Any, name: str, parameter: Tensor) -> None:
        parameter.div_(parameter.abs().sum() - parameter.abs().sum())

    with pytest.raises(AssertionError, match="not finite"):
        check_regularizer(type("Wrong", (), {"project": project})())


def test_a_value_that_is_no_regularizer_is_refused() -> None:
    with pytest.raises(AssertionError, match="no method perturb, penalty, difference, project or normalize"):
        check_regularizer(object())  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="`at` must be one of"):
        check_regularizer(type("Wrong", (), {"penalty": lambda self, s, g: g.sum()})())


def test_one_value_may_act_in_several_ways() -> None:
    class Both(saddle.WeightClipping):
        at = "fake"

        def penalty(self, scores: Tensor, gradient: Tensor) -> Tensor:
            return -scores.square().mean()

    found = check_regularizer(Both())  # type: ignore[arg-type]
    assert found.acts == ("penalty", "project") and found.nonnegative is False and found.idempotent is True


@dataclass(frozen=True)
class Broken:
    """An architecture of two layers with one thing wrong."""

    fault: str

    def generator(self, latent: int, shape: tuple[int, ...], classes: int) -> nn.Module:
        return saddle.MLP(8, 1).generator(latent, shape, classes)

    def critic(self, shape: tuple[int, ...], classes: int) -> nn.Module:
        return BrokenCritic(self.fault, shape, classes)


class BrokenCritic(nn.Module):
    def __init__(self, fault: str, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.fault = fault
        self.inner = saddle.MLP(8, 1).critic(shape, classes)
        if fault == "idle":
            self.idle = nn.Parameter(torch.zeros(2))
        if fault == "constant":
            for parameter in self.parameters():
                nn.init.constant_(parameter, 0.1)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        scores = self.inner(x, y)
        if self.fault == "column":
            return scores.unsqueeze(1)
        if self.fault == "blind" and y is not None:
            return self.inner(x, torch.zeros_like(y))
        if self.fault == "mixing":
            return scores - scores.mean()
        if self.fault == "dropout":
            return nn.functional.dropout(scores, 0.5, training=self.training)
        if self.fault == "always dropping":
            return scores * torch.rand_like(scores)
        if self.fault == "rebinding":
            self.calls = self.calls + 1
        return scores.float() if self.fault == "single" else scores


ARCHITECTURES = {
    "idle": "a parameter idle that its output does not depend on",
    "constant": "same parameters for every seed",
    "column": "must return shape (4,), and returned (4, 1)",
    "blind": "does not read its labels",
    "mixing": "mixes the examples of a batch in evaluation",
    "dropout": "vmap",
    "always dropping": "draws random numbers in evaluation",
    "rebinding": "does not update its buffer calls in place",
    "single": "must compute in its inputs' float64",
}


@pytest.mark.parametrize("fault", ARCHITECTURES)
def test_a_wrong_architecture_is_caught(fault: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(ARCHITECTURES[fault])):
        check_architecture(Broken(fault))


def test_a_right_architecture_passes() -> None:
    found = check_architecture(Broken("none"))
    assert found.points and found.pictures and not found.mixes_batch


@dataclass(frozen=True)
class Shell:
    """A latent whose second method is given."""

    values_of: Any
    dimension: int = 3

    def noise(self, count: int) -> Noise:
        return Noise("normal", (count, self.dimension))

    def values(self, noise: Tensor) -> Tensor:
        return self.values_of(noise)


def test_latents() -> None:
    check_latent(Shell(lambda z: z / (1e-6 + z.norm(dim=1, keepdim=True))))
    wrong = {
        "mixes rows": lambda z: z - z.mean(0),
        "random numbers of its own": torch.randn_like,
        "must have shape": lambda z: z[:, :2],
        "in place": lambda z: z.mul_(2),
        "must keep torch.float32": lambda z: z.double(),
        "vmap": lambda z: z * z.square().sum().item() ** 0,
    }
    for sentence, values in wrong.items():
        with pytest.raises(AssertionError, match=sentence):
            check_latent(Shell(values))


@dataclass(frozen=True)
class Spec:
    """An optimizer whose settings or kind is wrong."""

    kind: Any = torch.optim.SGD
    given: Any = None

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        return self.kind(parameters, lr=0.01)

    def settings(self, round: int) -> dict[str, float]:
        return {"lr": 0.01} if self.given is None else self.given(round)


class Normalized(torch.optim.SGD):
    """Divides a gradient by its norm, which in a population is the norm over all members."""

    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad /= parameter.grad.norm()
        return super().step(closure)


def test_optimizers() -> None:
    check_optimizer(Spec())
    with pytest.raises(AssertionError, match="does not step element by element"):
        check_optimizer(Spec(Normalized))
    with pytest.raises(AssertionError, match="which its parameter groups do not know"):
        check_optimizer(Spec(given=lambda round: {"rate": 0.1}))
    with pytest.raises(AssertionError, match="gives lr = inf in round 1000"):
        check_optimizer(Spec(given=lambda round: {"lr": 0.1 if round < 1000 else float("inf")}))
    with pytest.raises(AssertionError, match=r"must return a torch\.optim\.Optimizer"):
        check_optimizer(Spec(kind=lambda parameters, lr: None))
