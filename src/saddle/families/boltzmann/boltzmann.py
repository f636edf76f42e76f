"""The Boltzmann machine as an estimator."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import torch

from saddle.core.randomness import Stream
from saddle.data import Layout
from saddle.families.binarization import Binarization
from saddle.families.boltzmann.asking import Asked, chains_from_data, require_at_least, require_runs
from saddle.families.boltzmann.enumeration import exact_log_mass, exact_log_partition
from saddle.families.boltzmann.learning import learning_of
from saddle.families.boltzmann.likelihood import log_mass_bound, pessimistic
from saddle.families.boltzmann.mean_field import reconstructed
from saddle.families.boltzmann.partition import annealed_log_partition, reverse_log_partition
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.visible import VisibleName, visible_units
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted, untrained
from saddle.families.settings import checked
from saddle.measures import Estimate
from saddle.training.optimizers import SGD, OptimizerSpec


class BoltzmannMachine(Estimator):
    """A layered Boltzmann machine: restricted with one hidden layer, deep with more.

    The constructor stores its arguments, `fit` checks them. Labels make it conditional: each class shifts the biases
    of every layer.

    References: Smolensky 1986; Hinton 2002, Training Products of Experts by Minimizing Contrastive Divergence;
    Salakhutdinov & Hinton 2009, Deep Boltzmann Machines; Montavon & Mueller 2012, arXiv 1203.4416.

    Args:
        hidden: units of each hidden layer, from below; one number makes a restricted machine.
        visible: "bernoulli" for pictures, "gaussian" with learned variances for anything; None takes the first for
            pictures and the second otherwise.
        binarize: how a picture's grays become the bits of Bernoulli units: "dynamic" draws a bit with that chance at
            each use, "static" likewise but every time the same, "threshold" cuts at one half, "none" takes the gray
            itself as the state.
        chains: persistent chains, independent of `batch`; at least as many as there are classes.
        gibbs_steps: steps of each chain per update.
        mean_field: updates of the hidden layers' means per update of the parameters; one hidden layer needs none.
        pretrain: of `rounds`, those in which each pair of layers learns by itself, from below; 0 for none.
        centered: whether steps are centered, for which large deep machines need no pretraining.
        weight_cost: the factor of half the squared weights in the loss.
        sample_steps: Gibbs steps before an example is read: in the first half the law passes from independent units
            to the machine's, in the second it stays.
        batch: examples per update.
        optimizer: moves the parameters.
        average: decay of the moving average of the parameters, from which samples and likelihoods come; 0 keeps none.
        rounds: rounds of each `fit`; None stands for 5,000, or for no limit where `minutes` is given.
        minutes: limit of each `fit` in time; the rounds reached are recorded, so that the run can be repeated.
        holdout: the share of the data that is held out and measured against.
        seed: of the start, the data's order, the noise and the split.
        seeds: how many members with seeds `seed`, `seed` + 1, ... are trained at once as a population.
        device: "auto", "cpu", "cuda" or any other that torch knows.
        precision: "float32" or "float64".
        threads: CPU threads, or None to choose by measurement.
        callback: called as `callback(round, machine)` after every round, or None.

    Example:
        >>> machine = BoltzmannMachine(hidden=(16, 8), rounds=2)
        >>> machine.fit("digits").sample(3, seed=0).shape
        (3, 8, 8)
    """

    family = "boltzmann"
    called = "A Boltzmann machine"
    settings_type = BoltzmannSettings

    def __init__(
        self,
        *,
        hidden: int | Sequence[int] = (256, 256),
        visible: VisibleName | None = None,
        binarize: Binarization = "dynamic",
        chains: int = 100,
        gibbs_steps: int = 5,
        mean_field: int = 10,
        pretrain: int = 0,
        centered: bool = True,
        weight_cost: float = 0.0,
        sample_steps: int = 200,
        batch: int = 100,
        optimizer: OptimizerSpec | str | dict[str, Any] = SGD(0.005, momentum=0.9),  # noqa: B008 - a frozen value
        average: float = 0.999,
        rounds: int | None = None,
        minutes: float | None = None,
        holdout: float = 0.1,
        seed: int = 0,
        seeds: int = 1,
        device: str = "auto",
        precision: Literal["float32", "float64"] = "float32",
        threads: int | None = None,
        callback: Callable[[int, "BoltzmannMachine"], None] | None = None,
    ) -> None:
        self.hidden = hidden
        self.visible = visible
        self.binarize = binarize
        self.chains = chains
        self.gibbs_steps = gibbs_steps
        self.mean_field = mean_field
        self.pretrain = pretrain
        self.centered = centered
        self.weight_cost = weight_cost
        self.sample_steps = sample_steps
        self.batch = batch
        self.optimizer = optimizer
        self.average = average
        self.rounds = rounds
        self.minutes = minutes
        self.holdout = holdout
        self.seed = seed
        self.seeds = seeds
        self.device = device
        self.precision = precision
        self.threads = threads
        self.callback = callback

    def build(self, layout: Layout, shares: tuple[float, ...] | None) -> Fitted:
        """An untrained machine for data of this form.

        Raises:
            InputError: when Bernoulli units are asked for data that are not pictures, or there are fewer chains than
                classes.
        """
        settings = checked(BoltzmannSettings, self.settings(), self.called)
        visible = visible_units(settings.visible, settings.binarize, layout)
        return untrained(learning_of(settings, visible, len(shares or ())).problem(), settings, layout, shares)

    def log_partition(
        self, *, runs: int = 100, temperatures: int = 20_000, label: Any = None, seed: int = 0, member: int = 0
    ) -> Estimate:
        """log Z in nats by annealed importance sampling from independent units with the data's means.

        Its 95 % interval holds where chains mix well; where they do not, the value is too low. Twice the temperatures
        and `log_partition_from_data` show whether they do. Compare log-likelihoods, never log Z: it depends on how the
        energy is written.

        Args:
            runs: independent chains, at least 2.
            temperatures: laws between independent units and the machine.
            label: of which class, in the user's own terms, for a model trained with labels.
            seed: of the chains.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, or an argument is out of range.
        """
        require_runs(runs, temperatures)
        asked = self._asked(member)
        y, stream = asked.label(label), Stream(seed, ("log partition",))
        with torch.no_grad():
            machine = asked.machine(double=False)
            return annealed_log_partition(machine, y, runs=runs, temperatures=temperatures, stream=stream)

    def log_partition_from_data(
        self,
        X: Any,
        y: Any = None,
        *,
        runs: int = 100,
        temperatures: int = 20_000,
        gibbs_steps: int = 1_000,
        label: Any = None,
        seed: int = 0,
        member: int = 0,
    ) -> Estimate:
        """log Z in nats by annealed importance sampling backwards: from the machine to independent units.

        Chains start at examples and take Gibbs steps to come to the machine's own law. Where they do, this is too high
        by as much as `log_partition` is too low; far apart, the two show that neither can be trusted.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, where a model trained with labels needs them and X has none.
            runs: independent chains, at least 2.
            temperatures: laws between the machine and independent units.
            gibbs_steps: steps before the way back begins.
            label: of which class, in the user's own terms, for a model trained with labels; chains start at its
                examples.
            seed: of the chains.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, X does not fit it, or an argument is out of range.
        """
        require_runs(runs, temperatures)
        require_at_least(0, gibbs_steps=gibbs_steps)
        asked, stream = self._asked(member), Stream(seed, ("log partition from data",))
        machine, one = asked.machine(double=False), asked.label(label)
        with torch.no_grad():
            visible = asked.of_label(*asked.states(X, y, machine, stream), one)
            states = chains_from_data(machine, visible, one, runs=runs, steps=gibbs_steps, stream=stream)
            return reverse_log_partition(machine, one, states, temperatures=temperatures, stream=stream.child("back"))

    def exact_log_partition(self, *, label: Any = None, member: int = 0) -> float:
        """log Z in nats, exactly, for machines with at most 20 units in every other layer.

        Args:
            label: of which class, in the user's own terms, for a model trained with labels.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, or is too large.
        """
        asked = self._asked(member)
        with torch.no_grad():
            return exact_log_partition(asked.machine(double=True), asked.label(label))

    def log_likelihood_bound(
        self,
        X: Any,
        y: Any = None,
        *,
        log_partition: Estimate | Mapping[Any, Estimate] | None = None,
        runs: int = 100,
        temperatures: int = 20_000,
        seed: int = 0,
        member: int = 0,
    ) -> Estimate:
        """The mean log-likelihood of examples in nats: with one hidden layer as it is, with more a lower bound.

        The bound is that of converged mean field. log Z enters by the upper end of its interval. Pictures count as
        bits, binarized as in training; other data have a density in model units.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, where a model trained with labels needs them and X has none.
            log_partition: log Z where it is known, as `log_partition` returns it; of a model trained with labels one
                for each label in X. None estimates it with `runs` and `temperatures`.
            runs: independent chains, at least 2.
            temperatures: laws between independent units and the machine.
            seed: of the bits and the chains.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, X does not fit it, or an argument is out of range.
        """
        asked = self._asked(member)
        machine = asked.machine(double=True)
        visible, labels = asked.states(X, y, machine, Stream(seed, ("log likelihood",)))
        with torch.no_grad():
            masses = log_mass_bound(machine, visible, labels)
        partitions = {
            index: self.log_partition(runs=runs, temperatures=temperatures, label=label, seed=seed, member=member)
            if log_partition is None
            else asked.given(log_partition, label)
            for index, label in asked.labels_in(labels).items()
        }
        return pessimistic(masses, labels, partitions, exact=len(machine.sizes) == 2)

    def exact_log_likelihood(self, X: Any, y: Any = None, *, seed: int = 0, member: int = 0) -> Estimate:
        """The mean log-likelihood of examples in nats, exactly, for machines small enough; units as in the bound.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, where a model trained with labels needs them and X has none.
            seed: of the bits, the same as those of `log_likelihood_bound`.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted or is too large, or X does not fit it.
        """
        asked = self._asked(member)
        machine = asked.machine(double=True)
        visible, labels = asked.states(X, y, machine, Stream(seed, ("log likelihood",)))
        partitions = {
            index: Estimate(self.exact_log_partition(label=label, member=member), 0.0, None, "enumeration", 0)
            for index, label in asked.labels_in(labels).items()
        }
        with torch.no_grad():
            return pessimistic(exact_log_mass(machine, visible, labels), labels, partitions, exact=True)

    def reconstruct(self, X: Any, y: Any = None, *, steps: int = 1, seed: int = 0, member: int = 0) -> Any:
        """Examples from the means of their hidden units, in the data's own units and container.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, where a model trained with labels needs them and X has none.
            steps: how often it goes up by mean field and down by means, at least 1; nothing is drawn on the way.
            seed: of the bits that pictures are binarized to.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, X does not fit it, or `steps` is less than 1.
        """
        require_at_least(1, steps=steps)
        asked = self._asked(member)
        machine = asked.machine(double=False)
        visible, labels = asked.states(X, y, machine, Stream(seed, ("reconstruct",)))
        with torch.no_grad():
            visible = reconstructed(machine, visible, labels, steps=steps)
        return asked.own(machine.restored(visible), labels)

    def _asked(self, member: int) -> Asked:
        fitted, settings = self.trained.fitted, checked(BoltzmannSettings, self.settings(), self.called)
        return Asked(fitted, visible_units(settings.visible, settings.binarize, fitted.layout), member)
