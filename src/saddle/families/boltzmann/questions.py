"""What a fitted Boltzmann machine answers: log Z, the likelihood of examples, and their reconstruction."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import torch

from saddle.core.whole_numbers import whole
from saddle.families.boltzmann.asking import Asked, chains_from_data, counts_of_annealing, stream_of
from saddle.families.boltzmann.enumeration import can_be_enumerated, exact_log_mass, exact_log_partition
from saddle.families.boltzmann.likelihood import enumerated, log_mass_bound, pessimistic
from saddle.families.boltzmann.mean_field import reconstructed
from saddle.families.boltzmann.partition import annealed_log_partition, known_log_partition, reverse_log_partition
from saddle.measures import Estimate


class Questions(ABC):
    """The methods of a Boltzmann machine that need it fitted."""

    @abstractmethod
    def _asked(self, member: int) -> Asked:
        """One member of the fitted machine; raises InputError when it is not fitted."""

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
            InputError: when the model is not fitted, or an argument is no number or out of range.
        """
        runs, temperatures = counts_of_annealing(runs, temperatures)
        asked = self._asked(member)
        y, stream = asked.label(label), stream_of(seed, "log partition")
        with torch.no_grad():
            machine = asked.machine(double=False)
            found = annealed_log_partition(machine, y, runs=runs, temperatures=temperatures, stream=stream)
        return asked.named(found, y)

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
        on average, as `log_partition` is too low, each by about half the variance of its own value, which are not
        alike. Chains that have not come to that law make it wrong to either side, so that it is no bound then. Where
        the two are far apart, at least one of them cannot be trusted; close together, they may still miss the same.

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
            InputError: when the model is not fitted, X does not fit it, or an argument is no number or out of range.
        """
        runs, temperatures = counts_of_annealing(runs, temperatures)
        steps = whole("gibbs_steps", gibbs_steps, least=0)
        asked, stream = self._asked(member), stream_of(seed, "log partition from data")
        machine, one = asked.machine(double=False), asked.label(label)
        with torch.no_grad():
            visible = asked.of_label(*asked.states(X, y, machine, stream), one)
            states = chains_from_data(machine, visible, one, runs=runs, steps=steps, stream=stream)
            back = stream.child("back")
            found = reverse_log_partition(machine, one, states, temperatures=temperatures, stream=back)
        return asked.named(found, one)

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
                for each label in X. None takes it exactly where `exact_log_partition` can, and else estimates it with
                `runs` and `temperatures`.
            runs: independent chains, at least 2.
            temperatures: laws between independent units and the machine.
            seed: of the bits and the chains.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, X does not fit it, `log_partition` is of another machine, or an
                argument is no number or out of range.
        """
        runs, temperatures = counts_of_annealing(runs, temperatures)
        asked, stream = self._asked(member), stream_of(seed, "log likelihood")
        machine = asked.machine(double=True)
        visible, labels = asked.states(X, y, machine, stream)
        with torch.no_grad():
            masses = log_mass_bound(machine, visible, labels)

        def partition(label: Any) -> Estimate:
            if log_partition is not None:
                return asked.given(log_partition, label)
            if can_be_enumerated(machine):
                return known_log_partition(self.exact_log_partition(label=label, member=member))
            return self.log_partition(runs=runs, temperatures=temperatures, label=label, seed=seed, member=member)

        partitions = {index: partition(label) for index, label in asked.labels_in(labels).items()}
        return asked.told(pessimistic(masses, labels, partitions, exact=len(machine.sizes) == 2), seed)

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
        asked, stream = self._asked(member), stream_of(seed, "log likelihood")
        machine = asked.machine(double=True)
        visible, labels = asked.states(X, y, machine, stream)
        partitions = {
            index: self.exact_log_partition(label=label, member=member)
            for index, label in asked.labels_in(labels).items()
        }
        with torch.no_grad():
            return asked.told(enumerated(exact_log_mass(machine, visible, labels), labels, partitions), seed)

    def reconstruct(self, X: Any, y: Any = None, *, steps: int = 1, seed: int = 0, member: int = 0) -> Any:
        """Examples from the means of their hidden units, in the data's own units and container.

        Args:
            X: a `Dataset` or anything that `saddle.open` takes.
            y: labels, where a model trained with labels needs them and X has none.
            steps: how often it goes up by mean field and down by means, at least 1; nothing is drawn on the way.
            seed: of the bits that pictures are binarized to.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, X does not fit it, or `steps` is no number of at least 1.
        """
        steps = whole("steps", steps, least=1)
        asked, stream = self._asked(member), stream_of(seed, "reconstruct")
        machine = asked.machine(double=False)
        visible, labels = asked.states(X, y, machine, stream)
        with torch.no_grad():
            visible = reconstructed(machine, visible, labels, steps=steps)
        return asked.own(machine.restored(visible), labels)
