"""The chain of a generative stochastic network over a few bits, written out as a matrix.

With d binary visibles there are 2^d states, in the order of `states`: what is proven of the chain can be computed.
"""

import math

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.families.corruption import SaltAndPepper
from saddle.families.gsn.network import StochasticNetwork

LARGEST = 12


def states(bits: int) -> Tensor:
    """All vectors of so many bits in the order of the numbers they spell, first bit highest, shape (2^bits, bits).

    Raises:
        InputError: for no bits, or more than 12.
    """
    if not 1 <= bits <= LARGEST:
        raise InputError(f"bits must be from 1 to {LARGEST}, since the chain has 2^bits states, and got {bits}.")
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * bits).reshape(-1, bits)


def corruption_matrix(corruption: SaltAndPepper, bits: int) -> Tensor:
    """C(x~ | x), shape (2^bits, 2^bits), a row for each x: a bit stays with probability 1 - share / 2."""
    every = states(bits)
    changed = (every[:, None] != every[None]).sum(-1).double()
    kept, flipped = math.log1p(-corruption.share / 2), math.log(corruption.share / 2)
    return ((bits - changed) * kept + changed * flipped).exp()


def exact_conditional(law: Tensor, corruption: Tensor) -> Tensor:
    """Bayes: P(x | x~) proportional to p(x) C(x~ | x), shape (2^bits, 2^bits), a row for each x~.

    Args:
        law: p, shape (2^bits,).
        corruption: a row for each x; of a whole walkback, the mean over its steps.
    """
    joint = law[:, None] * corruption
    return (joint / joint.sum(0)).T


def factorial(conditional: Tensor) -> Tensor:
    """The nearest conditional, in likelihood, whose bits are independent: the product of its marginals."""
    every = states(round(math.log2(len(conditional))))
    marginals = (conditional @ every)[:, None]
    return torch.where(every == 1, marginals, 1 - marginals).prod(-1)


def network_conditional(network: StochasticNetwork) -> Tensor:
    """P(x | x~) of a trained network of one hidden layer without noise, in double precision, a row for each x~.

    Raises:
        InputError: when the network has more layers, hidden noise or labels: then x~ alone does not determine P.
    """
    if network.depth > 1 or network.hidden_noise or network.classes:
        raise InputError("Only one hidden layer, without noise and without labels, gives P(x | x~) in closed form.")
    every = states(network.widths[0])
    with torch.no_grad():
        offsets = network.offsets(None)
        hidden = network.hidden(1, {0: every.to(offsets[0])}, offsets, None)
        on = network.visible.mean(network.output(hidden, offsets)).double()[:, None]
    return torch.where(every == 1, on, 1 - on).prod(-1)


def transition_matrix(corruption: Tensor, conditional: Tensor) -> Tensor:
    """T(x' | x) = sum over x~ of C(x~ | x) P(x' | x~), a row for each x (Bengio et al. 2013, arXiv 1305.6663)."""
    return corruption @ conditional


def walked_corruption(corruption: Tensor, conditional: Tensor, steps: int) -> Tensor:
    """The law of x~ given the example over the steps of a walkback: the mean of T^t C over t = 0 ... steps - 1."""
    transition = transition_matrix(corruption, conditional)
    power, total = torch.eye(len(corruption), dtype=corruption.dtype), torch.zeros_like(corruption)
    for _ in range(steps):
        total += power @ corruption
        power = power @ transition
    return total / steps


def stationary(transition: Tensor) -> Tensor:
    """The law that a chain with one such law leaves as it is, shape (n,): the solution of pi T = pi with sum 1."""
    n = len(transition)
    system = torch.cat([transition.T - torch.eye(n, dtype=transition.dtype), transition.new_ones(1, n)])
    right = torch.cat([transition.new_zeros(n), transition.new_ones(1)])
    return torch.linalg.lstsq(system, right[:, None], driver="gelsd").solution[:, 0].clamp(min=0)
