"""How a Boltzmann machine learns, as a `Problem`: mean field against persistent chains.

References: Tieleman 2008, Training Restricted Boltzmann Machines Using Approximations to the Likelihood Gradient;
Salakhutdinov & Hinton 2009, Deep Boltzmann Machines, Algorithm 1.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Networks
from saddle.families.boltzmann.gibbs import EVEN, ODD, drawn, expected, name_of, noise_of
from saddle.families.boltzmann.gradient import Statistics, descent, offsets, scale_descent, statistics
from saddle.families.boltzmann.machine import GREATEST_VARIANCE, LEAST_VARIANCE, NETWORK, Machine, States, machine_of
from saddle.families.boltzmann.mean_field import mean_field
from saddle.families.boltzmann.pretraining import Pretraining
from saddle.families.boltzmann.running_means import move_means
from saddle.families.boltzmann.sampling import Annealed
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.start import set_from_data
from saddle.families.boltzmann.visible import Visible
from saddle.networks.labels import one_hot
from saddle.training.optimizers import OptimizerSpec


@dataclass(frozen=True)
class Learning:
    """Everything that makes up one Boltzmann machine; `problem` writes it down for the engine.

    Attributes:
        visible: how examples become states.
        hidden: units of each hidden layer, from below.
        classes: how many labels there are; 0 for none.
        batch: examples per update.
        chains: persistent chains; with labels chain i has label i modulo `classes`.
        gibbs_steps: steps of the chains per update.
        mean_field: updates of each hidden layer's means per update.
        pretrain: rounds of each pair of layers before the machine learns as a whole; 0 for none.
        centered: whether steps are centered.
        weight_cost: the factor of half the squared weights in the loss.
        optimizer: moves the machine.
        average: decay of the moving average of the parameters; 0 keeps none.
        sampler: how examples are drawn from the trained machine.
    """

    visible: Visible
    hidden: tuple[int, ...]
    classes: int
    batch: int
    chains: int
    gibbs_steps: int
    mean_field: int
    pretrain: int
    centered: bool
    weight_cost: float
    optimizer: OptimizerSpec
    average: float
    sampler: Annealed

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, the visible one first."""
        return (self.visible.size, *self.hidden)

    def problem(self) -> Problem:
        """One player, whose carry is its chains; before it, where asked for, one for each pair of layers."""
        player = Player(
            NETWORK,
            (NETWORK,),
            self.loss,
            self.optimizer.build,
            self._noise(),
            project=_keep_variance,
            schedule=self.optimizer.settings,
            active=lambda round: round >= len(self.hidden) * self.pretrain,
        )
        return Problem(
            networks=lambda: nn.ModuleDict({NETWORK: self.machine()}),
            players=(*self._pretraining(), player),
            sampler=self.sampler.chain(self.sizes),
            carry=self._first_chains,
            averaged={NETWORK: self.average} if self.average else {},
            begin=lambda networks, x, y: set_from_data(machine_of(networks), self.visible.means(x), y),
        )

    def machine(self) -> Machine:
        """An untrained machine."""
        return Machine(self.sizes, gaussian=self.visible.gaussian, classes=self.classes)

    def loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """The energy gap between data and chains, which goes on for `gibbs_steps`; see `descent` for its gradient."""
        machine = machine_of(networks)
        with torch.no_grad():
            visible = machine.standardized(self.visible.states(batch.x, noise.get("binarize")))
            data = mean_field(machine, visible, batch.y, self.mean_field)
            model, chains = self._walked(machine, noise, carry)
            taken_off = [one.clone() for one in offsets(machine, centered=self.centered)]
            gap = self._gap(machine, data, batch.y, model, taken_off)
            metrics = self._metrics(machine, data, batch.y)
            move_means(machine, {layer: data[layer] for layer in machine.layers[1:]})
        value = descent(machine, gap, taken_off)
        if machine.gaussian:
            value = value + scale_descent(machine, data, batch.y)
        if self.weight_cost:
            squares = torch.stack([weight.square().sum() for weight in machine.weights])
            value = value + self.weight_cost / 2 * squares.sum()
        return Loss(value, metrics, chains)

    def _walked(self, machine: Machine, noise: Draws, carry: dict[str, Tensor]) -> tuple[States, dict[str, Tensor]]:
        """Even layers drawn beside the means of odd ones after all steps, and the chains to go on from."""
        states = [carry.get(name_of(layer), machine.usual(layer)) for layer in machine.layers]
        y = self.chain_labels(states[1].device)
        for step in range(self.gibbs_steps):
            now = {name_of(layer): noise[name_of(layer)][step] for layer in machine.layers}
            states = drawn(machine, states, y, now, EVEN)
            if step < self.gibbs_steps - 1:
                states = drawn(machine, states, y, now, ODD)
        model = expected(machine, states, y, ODD)
        ends = {name: (noise[name][-1] < model[layer]).to(model[layer].dtype) for layer, name in self._kept()}
        return model, ends

    def _gap(
        self, machine: Machine, data: States, y: Tensor | None, model: States, taken_off: list[Tensor]
    ) -> Statistics:
        """Statistics of the data less those of the chains, each class weighing as much among these as in the batch."""
        each = data[0].new_full((len(data[0]), 1), 1 / len(data[0]))
        chain_labels = self.chain_labels(data[0].device)
        weights = data[0].new_full((self.chains, 1), 1 / self.chains)
        if y is not None and chain_labels is not None:
            rows = one_hot(chain_labels, self.classes, each.dtype)
            share = one_hot(y, self.classes, each.dtype).mean(0)
            weights = (rows @ (share / rows.sum(0))).unsqueeze(1)
        return statistics(machine, data, y, each, taken_off) - statistics(
            machine, model, chain_labels, weights, taken_off
        )

    def _metrics(self, machine: Machine, data: States, y: Tensor | None) -> dict[str, Tensor]:
        again = machine.mean(0, machine.input(0, data, y))
        activity = torch.stack([state.mean() for state in data[1:]]).mean()
        return {"reconstruction error": (again - data[0]).square().mean(), "hidden activity": activity}

    def chain_labels(self, device: torch.device) -> Tensor | None:
        """The class of each chain, or None without labels."""
        return torch.arange(self.chains, device=device) % self.classes if self.classes else None

    def _kept(self) -> list[tuple[int, str]]:
        """The layers that chains keep: the odd ones, from which the even ones are drawn first."""
        return [(layer, name_of(layer)) for layer in range(1, len(self.sizes), 2)]

    def _pretraining(self) -> list[Player]:
        pairs = range(len(self.hidden)) if self.pretrain else ()
        return [
            Pretraining(
                below,
                self.sizes,
                self.visible,
                self.pretrain,
                self.batch,
                self.gibbs_steps,
                self.centered,
                self.optimizer,
            ).player()
            for below in pairs
        ]

    def _first_chains(self, stream: Stream) -> dict[str, Tensor]:
        sizes = {name: self.sizes[layer] for layer, name in self._kept()}
        return {
            name: torch.randint(2, (self.chains, size), generator=stream.child(name).torch()).float()
            for name, size in sizes.items()
        }

    def _noise(self) -> dict[str, Noise]:
        noise = noise_of(self.sizes, gaussian=self.visible.gaussian, leading=(self.gibbs_steps, self.chains))
        if self.visible.drawn:
            noise["binarize"] = Noise("uniform", (self.batch, self.visible.size))
        return noise


def _keep_variance(name: str, parameter: Tensor) -> None:
    """Keep the variances of Gaussian units where numbers stay finite."""
    if name.endswith("log_variance"):
        low, high = torch.tensor([LEAST_VARIANCE, GREATEST_VARIANCE]).log().tolist()
        parameter.clamp_(low, high)


def learning_of(settings: BoltzmannSettings, visible: Visible, classes: int) -> Learning:
    """How the machine of these settings learns, with so many labels.

    Raises:
        InputError: when there are fewer chains than labels, or nothing to pretrain.
    """
    if settings.pretrain and len(settings.hidden) == 1:
        raise InputError(f"pretrain is for several hidden layers; with one it must be 0, and got {settings.pretrain}.")
    if settings.chains < classes:
        raise InputError(f"chains must be at least the number of classes, {classes}, and got {settings.chains}.")
    return Learning(
        visible,
        settings.hidden,
        classes,
        settings.batch,
        settings.chains,
        settings.gibbs_steps,
        settings.mean_field,
        settings.pretrain,
        settings.centered,
        settings.weight_cost,
        settings.optimizer,
        settings.average,
        Annealed(visible, settings.sample_steps, settings.read or ("sample" if visible.gaussian else "mean")),
    )
