"""Recipes for Boltzmann machines: restricted, and deep without pretraining."""

from saddle.data import Layout
from saddle.families import BoltzmannMachine
from saddle.training.optimizers import SGD
from saddle.training.schedules import Linear

EPOCH = 540  # rounds: 54,000 of MNIST's pictures in batches of 100


def rbm(layout: Layout) -> BoltzmannMachine:
    """A restricted Boltzmann machine with persistent chains, for pictures 500 hidden units, 64 for anything else.

    Steps are centered and the rate falls to zero, where the average of the parameters settles.

    Reference: Tieleman 2008, Training Restricted Boltzmann Machines Using Approximations to the Likelihood Gradient;
    Melchior, Fischer & Wiskott 2016, How to Center Deep Boltzmann Machines, arXiv 1311.1354.
    """
    return _machine((500,) if layout.kind == "images" else (64,), layout, epochs=40)


def dbm(layout: Layout) -> BoltzmannMachine:
    """A deep Boltzmann machine of two hidden layers, trained from a random start.

    For pictures the paper's 500 and 1,000 units, five Gibbs steps, ten mean-field updates and weight cost. In place of
    its layer-by-layer pretraining steps are centered, and the rate is ten times the paper's at first and falls to zero.

    Reference: Salakhutdinov & Hinton 2009, Deep Boltzmann Machines; Montavon & Mueller 2012, Deep Boltzmann Machines
    and the Centering Trick, arXiv 1203.4416.
    """
    return _machine((500, 1_000) if layout.kind == "images" else (64, 64), layout, epochs=100)


def _machine(hidden: tuple[int, ...], layout: Layout, *, epochs: int) -> BoltzmannMachine:
    pictures = layout.kind == "images"
    rounds = epochs * EPOCH if pictures else 10_000
    return BoltzmannMachine(
        hidden=hidden,
        optimizer=SGD(0.01 if pictures else 0.002, momentum=0.9, schedule=Linear(until=rounds)),
        weight_cost=2e-4,
        average=0.999,
        rounds=rounds,
    )
