"""`check_objective` accepts what is right and names what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import softplus

from saddle.testing import check_objective


@dataclass(frozen=True)
class Margin:
    """Critic keeps real above fake by `gap`; generator closes it."""

    gap: float = 1.0

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return torch.relu(self.gap - (real - fake)).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return (real - fake).mean()


@dataclass(frozen=True)
class RelativisticAverage:
    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(-(real - fake.mean())).mean() + softplus(fake - real.mean()).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return self.critic(fake, real)


@dataclass(frozen=True)
class Exponential:
    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return fake.exp().mean() - real.mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -fake.exp().mean()


def test_properties_of_a_paired_objective() -> None:
    found = check_objective(Margin(0.5))
    assert found.separates and found.pairs and found.monotone and found.reads_real and found.frozen
    assert not found.saturates and found.finite_at_100


def test_properties_of_an_objective_that_does_not_separate() -> None:
    found = check_objective(RelativisticAverage())
    assert not found.separates and not found.pairs and found.reads_real and found.monotone


def test_properties_of_an_objective_that_overflows_and_saturates() -> None:
    found = check_objective(Exponential())
    assert not found.finite_at_100 and found.saturates and not found.reads_real


def test_an_objective_needs_to_be_no_dataclass() -> None:
    class Plain:
        critic = Margin(1.0).critic
        generator = Margin(1.0).generator

    assert not check_objective(Plain()).frozen


Loss = Callable[[Any, Tensor, Tensor], Any]


def noisy(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return (fake - real + 0.01 * torch.randn(())).mean()


def drawing_in_vain(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    torch.randn(())
    return (fake - real).mean()


def in_place(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    with torch.no_grad():
        real -= real.mean()
    return (fake.square() - real).mean()


def remembering(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    self.calls = getattr(self, "calls", 0) + 1
    return (fake - real).mean() * self.calls


def branching(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return (fake - real).mean() if real.mean() > 0 else fake.mean() - 2 * real.mean()


def unreduced(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return fake - real


def one_element(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return (fake - real).mean().reshape(1)


def columns(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return (fake[:, 0] - real[:, 0]).mean()


def across_members(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return torch.as_tensor(np.mean(fake.detach().numpy() - real.detach().numpy()))


def double(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return ((fake - real) * torch.tensor([2.0], dtype=torch.float64)).mean()


def log_of_sigmoid(self: Any, real: Tensor, fake: Tensor) -> Tensor:
    return -torch.log(torch.sigmoid(20 * real)).mean() - torch.log(1 - torch.sigmoid(20 * fake)).mean()


WRONG: dict[str, tuple[Loss, str]] = {
    "a tensor of all losses": (unreduced, "must return a 0-d tensor, and returned shape (1,)"),
    "a tensor of shape (1,)": (one_element, "must return a 0-d tensor, and returned shape (1,)"),
    "scores taken for columns": (columns, "fails on scores of shape (1,)"),
    "a number": (lambda self, real, fake: (fake - real).mean().item(), "must return a tensor, and returned a float"),
    "NumPy": (lambda self, real, fake: (fake - real).mean().numpy(), "must return a tensor"),
    "NumPy inside": (across_members, "cut off from the scores"),
    "detached": (lambda self, real, fake: (fake - real).mean().detach(), "cut off from the scores"),
    "noise": (noisy, "draws random numbers"),
    "noise that is not used": (drawing_in_vain, "draws random numbers"),
    "a memory": (remembering, "different values for the same scores"),
    "in place": (in_place, "changes its arguments in place"),
    "an item": (lambda self, real, fake: fake.mean() * real.mean().item() - real.mean(), "vmap"),
    "a branch": (branching, "vmap"),
    "another dtype": (double, "must keep the scores' torch.float32, and returned torch.float64"),
    "a deviation of one score": (lambda self, real, fake: fake.std() - real.mean(), "is nan on 1 ordinary scores"),
    "logarithms of sigmoids": (log_of_sigmoid, "is inf on"),
    "a root at zero": (
        lambda self, real, fake: fake.norm() - real.square().sum().sqrt(),
        "gradient that is not finite",
    ),
    "no real scores": (lambda self, real, fake: fake.mean(), "no gradient by the real scores"),
    "no fake scores": (lambda self, real, fake: -real.mean(), "no gradient by the fake scores"),
    "a step": (lambda self, real, fake: (fake - real).sign().mean() + 0 * fake.mean(), "no gradient by the real"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_critic_is_caught(name: str) -> None:
    loss, sentence = WRONG[name]
    wrong: Any = type("Wrong", (), {"critic": loss, "generator": Margin(1.0).generator})()
    with pytest.raises(AssertionError, match=re.escape(sentence)) as caught:
        check_objective(wrong)
    assert str(caught.value).startswith("Wrong.critic") and "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", [name for name in WRONG if name not in ("no real scores", "a step")])
def test_a_wrong_generator_is_caught(name: str) -> None:
    loss, _ = WRONG[name]
    wrong: Any = type("Wrong", (), {"critic": Margin(1.0).critic, "generator": loss})()
    with pytest.raises(AssertionError, match=r"^Wrong\.generator"):
        check_objective(wrong)


def test_all_pairs_are_a_legitimate_loss() -> None:
    """A broadcast over all pairs that is meant, of vectors, is no fault."""

    class Ranking:
        def critic(self, real: Tensor, fake: Tensor) -> Tensor:
            return softplus(fake.unsqueeze(0) - real.unsqueeze(1)).mean()

        def generator(self, real: Tensor, fake: Tensor) -> Tensor:
            return softplus(real.unsqueeze(1) - fake.unsqueeze(0)).mean()

    assert not check_objective(Ranking()).separates


def test_what_is_no_objective_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"no method critic\(real, fake\)"):
        check_objective(object())  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="not the class"):
        check_objective(Margin)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Forgetful(Margin):
    """Its text does not say its gap."""

    gap: float = field(default=1.0, repr=False)


@dataclass(frozen=True)
class Unreadable(Margin):
    def __repr__(self) -> str:
        return "<a margin>"


def test_the_text_of_a_dataclass_rebuilds_it() -> None:
    with pytest.raises(AssertionError, match="rebuilds a different value"):
        check_objective(Forgetful(2.0))
    with pytest.raises(AssertionError, match="cannot be evaluated"):
        check_objective(Unreadable(2.0))


def test_a_loss_that_is_not_finite_in_training_is_caught() -> None:
    class Explosive(Margin):
        """Fine on the scores that are tried, and infinite in the batches of the tiny training."""

        def critic(self, real: Tensor, fake: Tensor) -> Tensor:
            return super().critic(real, fake) * (1e308 if len(real) == 8 else 1.0) * 10

    with pytest.raises(AssertionError, match="not finite in round"):
        check_objective(Explosive())


def test_the_generators_of_the_caller_are_left_alone() -> None:
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    check_objective(Margin())
    assert torch.equal(before, torch.random.get_rng_state())
