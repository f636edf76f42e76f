"""What a fitted machine is asked with: the machine itself, states of its visible units, and labels, checked."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.core.whole_numbers import whole
from saddle.families.binarization import as_told
from saddle.families.boltzmann.gibbs import EVEN, ODD, drawn, name_of, noise_of
from saddle.families.boltzmann.machine import Machine, States, machine_of
from saddle.families.boltzmann.mean_field import mean_field
from saddle.families.boltzmann.visible import Visible
from saddle.families.examples import examples_for
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices
from saddle.measures import Estimate

OF_MACHINE = "Of machine "


@dataclass(frozen=True)
class Asked:
    """One member of a fitted model, and how it sees examples.

    Attributes:
        fitted: the model.
        visible: how examples become states.
        member: which of a population.
    """

    fitted: Fitted
    visible: Visible
    member: int

    def machine(self, *, double: bool) -> Machine:
        """The trained machine, in double precision where asked."""
        machine = machine_of(self.fitted.networks(self.member))
        return machine.double() if double else machine

    def states(self, X: Any, y: Any, machine: Machine, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """States (n, d) of all examples, standardized, and their class indices (n,) or None.

        Raises:
            InputError: when the examples do not fit the model.
        """
        x, labels = examples_for(self.fitted, X, y)
        like = machine.biases[0]
        uniform = None
        if self.visible.drawn:
            shape = (len(x), self.visible.size)
            uniform = torch.rand(shape, generator=stream.child("binarize").torch())
        states = machine.standardized(self.visible.states(x, uniform).to(like))
        return states, None if labels is None else labels.to(like.device)

    def own(self, visible: Tensor, labels: Tensor | None) -> Any:
        """Examples in the data's own units and container from states (n, d), not standardized."""
        x = self.visible.examples(visible).float().cpu()
        return self.fitted.own(x, None if labels is None else labels.cpu())

    def of_label(self, states: Tensor, labels: Tensor | None, y: Tensor | None) -> Tensor:
        """Those of the states (n, d) that have the label `y`, shape (1,); all without labels.

        Raises:
            InputError: when there is none.
        """
        if labels is None or y is None:
            return states
        own = states[labels == y]
        if not len(own):
            raise InputError(f"X has no example of the label {self.fitted.layout.labels(y)[0]!r}.")
        return own

    def labels_in(self, labels: Tensor | None) -> dict[int, Any]:
        """The class indices that occur with the user's own label of each; 0 with None without labels."""
        if labels is None:
            return {0: None}
        found = labels.unique().cpu()
        return dict(zip(found.tolist(), self.fitted.layout.labels(found), strict=True))

    def told(self, likelihood: Estimate, seed: int) -> Estimate:
        """A likelihood of examples that says how they were binarized, with the seed of it, where they are bits."""
        if self.visible.gaussian:
            return likelihood
        return replace(likelihood, note=f"{as_told(self.visible.binarize, seed)} {likelihood.note}")

    def named(self, partition: Estimate, y: Tensor | None) -> Estimate:
        """An estimate of log Z that says of which machine it is, so that no other machine takes it for its own."""
        return replace(partition, note=f"{partition.note} {self._name(y)}".strip())

    def _name(self, y: Tensor | None) -> str:
        """A sentence that only this machine, and this class of it, has."""
        digest = sha256(repr(None if y is None else y.tolist()).encode())
        for parameter in self.fitted.networks(self.member).parameters():
            digest.update(parameter.detach().cpu().numpy().tobytes())
        return f"{OF_MACHINE}{digest.hexdigest()[:8]}."

    def given(self, log_partition: Estimate | Mapping[Any, Estimate], label: Any) -> Estimate:
        """The log Z of a label from what the user gave.

        Raises:
            InputError: when there is none, the form does not suit the model, or it says that it is of another one.
        """
        if not isinstance(log_partition, Estimate if label is None else Mapping):
            wants = "one Estimate for each label" if label is not None else "one Estimate"
            raise InputError(f"log_partition must be {wants} for this model, and got {type(log_partition).__name__}.")
        found = log_partition
        if isinstance(found, Mapping):
            found = found.get(label, found.get(str(label)))
        if not isinstance(found, Estimate):
            had = "none" if found is None else repr(found)
            raise InputError(f"log_partition needs an Estimate for each label in X, and has {had} for {label!r}.")
        if OF_MACHINE in found.note and self._name(self.label(label)) not in found.note:
            which = "" if label is None else f" or another label than {label!r}"
            raise InputError(f"log_partition is of another machine than this one as it is now{which}.")
        return found

    def label(self, label: Any) -> Tensor | None:
        """The class index, shape (1,), that log Z is asked of, or None for a model without labels.

        Raises:
            InputError: when a label is missing, not wanted or unknown.
        """
        if self.fitted.shares is None:
            if label is not None:
                raise InputError(f"label is for a model trained with labels, which this is not, and got {label!r}.")
            return None
        if label is None:
            raise InputError("A model trained with labels has a log Z for each; give one as label.")
        if not isinstance(label, Hashable):
            raise InputError(f"label must be one label, and got {label!r}.")
        device = next(iter(self.fitted.state.params.values())).device
        return class_indices(label, 1, self.fitted.layout).to(device)


def chains_from_data(
    machine: Machine, visible: Tensor, y: Tensor | None, *, runs: int, steps: int, stream: Stream
) -> States:
    """States of so many chains that started at examples, drawn with replacement, and took so many Gibbs steps."""
    chosen = torch.randint(len(visible), (runs,), generator=stream.child("rows").torch()).to(visible.device)
    labels = None if y is None else y[:1]
    states = mean_field(machine, visible[chosen], labels, 10)
    for step in range(steps + 1):
        noise = {
            name: one.draw(stream.child(step, name).torch(), visible.dtype, torch.device("cpu")).to(visible.device)
            for name, one in noise_of(machine.sizes, gaussian=machine.gaussian, leading=(runs,)).items()
        }
        if step > 0:
            states = drawn(machine, states, y=labels, noise=noise, parity=EVEN)
            states = drawn(machine, states, y=labels, noise=noise, parity=ODD)
        else:  # hidden units drawn from their means
            hidden = [(noise[name_of(layer)] < states[layer]).to(visible.dtype) for layer in machine.layers[1:]]
            states = [states[0], *hidden]
    return states


def counts_of_annealing(runs: int, temperatures: int) -> tuple[int, int]:
    """The runs and temperatures of annealed importance sampling.

    Raises:
        InputError: when one is no whole number or too small.
    """
    return whole("runs", runs, least=2), whole("temperatures", temperatures, least=1)


def stream_of(seed: int, purpose: str) -> Stream:
    """The randomness of one question.

    Raises:
        InputError: when the seed is no whole number.
    """
    return Stream(whole("seed", seed), (purpose,))
