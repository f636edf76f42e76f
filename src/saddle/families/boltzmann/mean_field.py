"""The posterior of the hidden layers given the visible one: exact for one layer, mean-field for more."""

from torch import Tensor

from saddle.families.boltzmann.machine import Machine, States


def bottom_up(machine: Machine, visible: Tensor, y: Tensor | None) -> States:
    """A first guess of the layers' means: one pass upwards.

    Inputs from below are doubled, since those from above are still missing; the top layer has none to miss.

    Reference: Salakhutdinov & Hinton 2009, section 3.3.
    """
    states = [visible]
    top = len(machine.sizes) - 1
    for layer in range(1, top + 1):
        below = machine.effect(layer - 1, states[-1]) @ machine.weights[layer - 1]
        states.append(machine.mean(layer, machine.bias(layer, y) + (below if layer == top else 2 * below)))
    return states


def mean_field(machine: Machine, visible: Tensor, y: Tensor | None, updates: int) -> States:
    """The layers' states: the visible one (n, d) as given, the means of the hidden ones under the posterior.

    With several hidden layers these are the means of the factorized law that maximizes the variational bound, after so
    many updates of first the odd, then the even layers; each update raises the bound. One hidden layer needs none.

    Reference: Salakhutdinov & Hinton 2009, equation 7.
    """
    states = bottom_up(machine, visible, y)
    if len(machine.sizes) == 2:
        return states
    # The input from the visible layer stays, and is the most expensive one.
    below = machine.effect(0, visible) @ machine.weights[0] + machine.bias(1, y)
    for _ in range(updates):
        for parity in (1, 0):
            for layer in machine.layers[1:]:
                if layer % 2 == parity:
                    from_above = layer == 1
                    total = below + states[2] @ machine.weights[1].mT if from_above else machine.input(layer, states, y)
                    states[layer] = machine.mean(layer, total)
    return states
