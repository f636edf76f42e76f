"""What the loss descends is the likelihood, or with several hidden layers its bound: by enumeration."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch
from saddle.core.randomness import Stream
from saddle.families.boltzmann.energy import entropy, log_mass
from saddle.families.boltzmann.gradient import descent, offsets, scale_descent, statistics
from saddle.families.boltzmann.learning import learning_of
from saddle.families.boltzmann.machine import NETWORK, Machine
from saddle.families.boltzmann.mean_field import converged
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.visible import Visible

Make = Callable[..., Machine]
Law = Callable[[Any], Any]
ONES = 12  # examples


def examples(size: int, count: int = ONES) -> Tensor:
    return (torch.rand(count, size, generator=torch.Generator().manual_seed(3)) < 0.4).double()


def model_phase(law: Any, y: Tensor | None = None) -> tuple[list[Tensor], Tensor, Tensor | None]:
    """All states with their probabilities; with labels those of each class, weighing as much as in y."""
    if y is None:
        return law.states, law.probabilities().detach().unsqueeze(1), None
    classes = law.machine.classes
    shares = [float((y == label).double().mean()) for label in range(classes)]
    weights = [share * law.probabilities(label).detach() for label, share in enumerate(shares)]
    states = [torch.cat([state] * classes) for state in law.states]
    labels = torch.arange(classes).repeat_interleave(len(law.states[0]))
    return states, torch.cat(weights).unsqueeze(1), labels


def gap_of(machine: Machine, law: Any, visible: Tensor, y: Tensor | None, *, centered: bool) -> Tensor:
    """The loss with exact statistics of the model."""
    with torch.no_grad():
        taken_off = offsets(machine, centered=centered)
        states, weights, labels = model_phase(law, y)
        each = torch.full((len(visible), 1), 1 / len(visible), dtype=torch.float64)
        data = statistics(machine, converged(machine, visible, y), y, each, taken_off)
        gap = data - statistics(machine, states, labels, weights, taken_off)
    return descent(machine, gap, taken_off)


def gradients(machine: Machine, value: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad(value, list(machine.parameters())))


def test_with_one_hidden_layer_it_is_the_exact_gradient_of_the_likelihood(make_machine: Make, enumerated: Law) -> None:
    """Catches swapped phases, sampled in place of mean hidden units in the data's phase, and a missing 1/n."""
    machine = make_machine(4, 3)
    law, visible = enumerated(machine), examples(4)
    found = gradients(machine, gap_of(machine, law, visible, None, centered=False))
    wanted = gradients(machine, -law.log_likelihood(visible).mean())
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


def test_labels_shift_biases_and_each_class_has_its_own_log_partition(make_machine: Make, enumerated: Law) -> None:
    """Catches one model phase for all classes together, whose gradient is that of the joint law."""
    machine = make_machine(4, 3, classes=2)
    law, visible, y = enumerated(machine), examples(4), torch.arange(ONES) // 8
    likelihood = torch.cat([law.log_likelihood(visible[y == label], label) for label in range(2)])
    found = gradients(machine, gap_of(machine, law, visible, y, centered=False))
    for one, other in zip(found, gradients(machine, -likelihood.mean()), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sizes", [(4, 3, 2), (3, 2, 3, 2)])
def test_with_more_layers_it_is_the_gradient_of_the_bound(
    sizes: tuple[int, ...], make_machine: Make, enumerated: Law
) -> None:
    """Against differences of the bound, its means found anew at each side.

    Catches means that have not converged, whose own change would enter, and layers paired with the wrong neighbor.
    """
    machine = make_machine(*sizes, scale=0.7)
    law, visible = enumerated(machine), examples(sizes[0])
    found = gradients(machine, gap_of(machine, law, visible, None, centered=False))

    @torch.no_grad()
    def bound() -> float:
        states = converged(machine, visible, None)
        return float((law.minus_energy(states) + entropy(states[1:])).mean() - law.log_partition())

    step = 1e-4
    with torch.no_grad():
        for parameter, gradient in zip(machine.parameters(), found, strict=True):
            direction = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
            parameter.add_(step * direction)
            above = bound()
            parameter.sub_(2 * step * direction)
            slope = (above - bound()) / (2 * step)
            parameter.add_(step * direction)
            assert slope == pytest.approx(-float((gradient * direction).sum()), abs=2e-6)


@pytest.mark.parametrize("sizes", [(4, 3), (3, 2, 3, 2)])
def test_a_centered_step_is_a_plain_step_in_centered_parameters(
    sizes: tuple[int, ...], make_machine: Make, enumerated: Law
) -> None:
    """Of E(s) = -sum (s_l - m_l) W_l (s_{l+1} - m_{l+1}) - sum c_l s_l, with b_l = c_l - W_l m_{l+1} - m_{l-1} W_{l-1}.

    A step along the gradient by (W, c), written in (W, b), catches corrections of biases by the wrong neighbor's mean,
    with the wrong sign or from one phase only.
    """
    machine = make_machine(*sizes)
    visible, rate = examples(sizes[0]), 0.1
    means = [machine.usual(layer) for layer in machine.layers]
    loss = gap_of(machine, enumerated(machine), visible, None, centered=True)
    steps = gradients(machine, loss)

    def moved_by_means(layer: int, weights: list[Tensor]) -> Tensor:
        above = weights[layer] @ means[layer + 1] if layer < len(weights) else torch.zeros_like(means[layer])
        below = means[layer - 1] @ weights[layer - 1] if layer > 0 else torch.zeros_like(means[layer])
        return above + below

    weights = [weight.detach().clone().requires_grad_() for weight in machine.weights]
    biases = [
        (bias + moved_by_means(layer, weights)).detach().requires_grad_() for layer, bias in enumerate(machine.biases)
    ]
    plain = [bias - moved_by_means(layer, weights) for layer, bias in enumerate(biases)]
    law = enumerated(SimpleNamespace(sizes=sizes, weights=weights, biases=plain))
    with torch.no_grad():
        states = converged(machine, visible, None)
    bound_less_entropy = law.minus_energy(states).mean() - law.log_partition()
    slopes = torch.autograd.grad(-bound_less_entropy, [*weights, *biases])
    with torch.no_grad():
        new = [one - rate * slope for one, slope in zip([*weights, *biases], slopes, strict=True)]
        new_weights, new_biases = new[: len(weights)], new[len(weights) :]
        wanted = [*new_weights, *(one - moved_by_means(layer, new_weights) for layer, one in enumerate(new_biases))]
        for parameter, step, other in zip(machine.parameters(), steps, wanted, strict=True):
            torch.testing.assert_close(parameter - rate * step, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("centered", [True, False])
def test_the_value_is_the_gap_of_mean_energies(centered: bool, make_machine: Make, enumerated: Law) -> None:
    """Catches a value that is the linear form itself, which no energy is once centered."""
    machine = make_machine(4, 3, 2)
    law, visible = enumerated(machine), examples(4)
    with torch.no_grad():
        states = converged(machine, visible, None)
    found = gap_of(machine, law, visible, None, centered=centered).detach()
    with torch.no_grad():
        wanted = (law.probabilities() * law.minus_energy(law.states)).sum() - law.minus_energy(states).mean()
    assert float(found) == pytest.approx(float(wanted), abs=1e-12)


def test_gaussian_units_have_the_exact_gradient_too(make_machine: Make) -> None:
    """p(v) is a mixture of normals of means m + sigma (b_0 + W_0 h), its shares in closed form.

    Catches a variance taken for a precision or a deviation, and a lost Jacobian. The model's phase is every hidden
    state beside the nine points of Gauss and Hermite, whose moments are those of v given h to the fifth order.
    """
    machine = make_machine(2, 3, gaussian=True, scale=0.6)
    assert machine.log_variance is not None
    visible = torch.randn(ONES, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    hidden = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 3)
    inputs = machine.biases[0] + hidden @ machine.weights[0].T
    logs = hidden @ machine.biases[1] + 0.5 * inputs.square().sum(1)
    deviation = (0.5 * machine.log_variance).exp()
    normal = torch.distributions.Normal(machine.usual(0) + deviation * inputs, deviation.expand(8, 2))
    each = torch.log_softmax(logs, 0) + normal.log_prob(visible.unsqueeze(1)).sum(-1)
    wanted = gradients(machine, -each.logsumexp(1).mean())

    with torch.no_grad():
        offset = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64) * 3**0.5
        mass = torch.tensor([1 / 6, 2 / 3, 1 / 6], dtype=torch.float64)
        points, masses = torch.cartesian_prod(offset, offset), torch.cartesian_prod(mass, mass).prod(1)
        u = (inputs.unsqueeze(1) + points).flatten(0, 1)
        states = [u, hidden.unsqueeze(1).expand(-1, 9, -1).flatten(0, 1)]
        weights = (torch.softmax(logs, 0).unsqueeze(1) * masses).reshape(-1, 1)
        data = converged(machine, machine.standardized(visible), None)
        taken_off = offsets(machine, centered=False)
        share = torch.full((ONES, 1), 1 / ONES, dtype=torch.float64)
        gap = statistics(machine, data, None, share, taken_off) - statistics(machine, states, None, weights, taken_off)
        energies = weights.flatten() @ log_mass(machine, states, None) - log_mass(machine, data, None).mean()
    loss = descent(machine, gap, taken_off) + scale_descent(machine, data, None)
    assert float(loss.detach()) == pytest.approx(float(energies), abs=1e-12)
    for one, other in zip(gradients(machine, loss), wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("sizes", "classes"), [((4, 3), 0), ((4, 3, 2), 0), ((4, 3), 2)])
def test_its_chains_give_that_gradient_on_average(
    sizes: tuple[int, ...], classes: int, make_machine: Make, enumerated: Law
) -> None:
    """20,000 chains after 30 steps, within five standard errors of a difference of bits' moments.

    Catches chains that read the states of one step beside the means of another, and classes that weigh as much among
    the chains, where they are as many, as in a batch, where they are not.
    """
    machine, chains = make_machine(*sizes, scale=0.7, classes=classes), 20_000
    y = torch.arange(ONES) // 10 if classes else None
    model = saddle.BoltzmannMachine(
        hidden=sizes[1:], chains=chains, gibbs_steps=30, mean_field=200, centered=False, binarize="none", batch=ONES
    )
    settings = model.checked()
    assert isinstance(settings, BoltzmannSettings)
    learning = learning_of(settings, Visible((sizes[0],), False, "none"), classes)
    problem = learning.problem()
    noise = draw(problem.players[0].noise, Stream(0), torch.float64, torch.device("cpu"))
    carry = {name: one.double() for name, one in problem.carry(Stream(1)).items()}
    visible = examples(sizes[0])
    wanted = gradients(machine, gap_of(machine, enumerated(machine), visible, y, centered=False))
    networks = torch.nn.ModuleDict({NETWORK: machine})
    loss = learning.loss(networks, Batch(2 * visible - 1, y, torch.tensor(0)), noise, carry)
    for one, other in zip(gradients(machine, loss.value), wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=5 * 0.5 / chains**0.5)
