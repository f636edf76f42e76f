"""The posterior of the hidden layers given the visible one: exact for one layer, mean-field for more."""

from torch import Tensor

from saddle.families.boltzmann.machine import Machine, States

TOLERANCE, MOST_UPDATES = 1e-6, 1_000


def mean_field(machine: Machine, visible: Tensor, y: Tensor | None, updates: int) -> States:
    """The layers' states: the visible one (n, d) as given, the means of the hidden ones under the posterior.

    With several hidden layers these are the means of the factorized law that maximizes the variational bound, after so
    many updates of first the odd, then the even layers; each update raises the bound. One hidden layer needs none.

    Reference: Salakhutdinov & Hinton 2009, equation 7.
    """
    states = bottom_up(machine, visible, y)
    if len(machine.sizes) == 2:
        return states
    from_visible = _from_visible(machine, visible, y)
    for _ in range(updates):
        states = _updated(machine, states, y, from_visible)
    return states


def converged(machine: Machine, visible: Tensor, y: Tensor | None) -> States:
    """The same when updates no longer change anything: no mean by more than 1e-6, or after 1,000 updates."""
    states = bottom_up(machine, visible, y)
    if len(machine.sizes) == 2:
        return states
    from_visible = _from_visible(machine, visible, y)
    for _ in range(MOST_UPDATES):
        before, states = states, _updated(machine, states, y, from_visible)
        if all(float((old - new).abs().max()) < TOLERANCE for old, new in zip(before, states, strict=True)):
            break
    return states


def reconstructed(machine: Machine, visible: Tensor, y: Tensor | None, *, steps: int) -> Tensor:
    """The means of the visible units, shape (n, d), after so many passes up by converged mean field and down again."""
    for _ in range(steps):
        states = converged(machine, visible, y)
        visible = machine.mean(0, machine.input(0, states, y))
    return visible


def bottom_up(machine: Machine, visible: Tensor, y: Tensor | None) -> States:
    """A first guess of the layers' means: one pass upwards.

    Inputs from below are doubled, since those from above are still missing; the top layer has none to miss.

    Reference: Salakhutdinov & Hinton 2009, section 3.3.
    """
    states = [visible]
    top = len(machine.sizes) - 1
    for layer in range(1, top + 1):
        below = states[-1] @ machine.weights[layer - 1]
        states.append(machine.mean(layer, machine.bias(layer, y) + (below if layer == top else 2 * below)))
    return states


def _from_visible(machine: Machine, visible: Tensor, y: Tensor | None) -> Tensor:
    """The part of the first hidden layer's input that stays, and is the most expensive one."""
    return visible @ machine.weights[0] + machine.bias(1, y)


def _updated(machine: Machine, states: States, y: Tensor | None, from_visible: Tensor) -> States:
    """All odd hidden layers' means given the even ones', then the even ones' given the odd ones'."""
    states = list(states)
    for parity in (1, 0):
        for layer in machine.layers[1:]:
            if layer % 2 != parity:
                continue
            upper = layer > 1
            total = machine.input(layer, states, y) if upper else from_visible + states[2] @ machine.weights[1].mT
            states[layer] = machine.mean(layer, total)
    return states
