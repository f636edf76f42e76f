"""The Boltzmann machine as an estimator."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from saddle.core.whole_numbers import whole
from saddle.data import Dataset, Layout
from saddle.families.binarization import Binarization
from saddle.families.boltzmann.asking import Asked
from saddle.families.boltzmann.learning import learning_of
from saddle.families.boltzmann.pretraining import require_rounds_after
from saddle.families.boltzmann.questions import Questions
from saddle.families.boltzmann.sampling import Reading
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.visible import VisibleName, visible_units
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted, untrained
from saddle.families.run import Run
from saddle.families.run_table import Table
from saddle.families.settings import checked
from saddle.families.warm_start import WarmStart
from saddle.training.optimizers import SGD, OptimizerSpec
from saddle.training.ways.planning import Compile


class BoltzmannMachine(Questions, Estimator):
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
        pretrain: of `rounds`, how many each pair of layers, from below, learns by itself; the machine as a whole learns
            in those that the pairs leave, of which there must be some. 0 for none.
        centered: whether steps are centered, for which large deep machines need no pretraining.
        weight_cost: the factor of half the squared weights in the loss.
        sample_steps: Gibbs steps before an example is read: in the first half the law passes from independent units
            to the machine's, in the second it stays.
        read: whether samples are the means of the visible units given the layer above, the custom for pictures, or are
            drawn from their law, which alone follows the model's; None takes means for Bernoulli units and draws for
            Gaussian ones.
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
        compile: "on" compiles every loss with its gradient, "whole" too but shares no batch out among cores, "off"
            starts each operation alone, "graph" records rounds as graphs of kernels on a GPU, "auto" does that and
            compiles where the run is long enough to repay it.
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
        read: Reading | None = None,
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
        compile: Compile = "auto",
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
        self.read = read
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
        self.compile = compile
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

    def _asked(self, member: int) -> Asked:
        fitted, settings = self.trained.fitted, checked(BoltzmannSettings, self.settings(), self.called)
        visible = visible_units(settings.visible, settings.binarize, fitted.layout)
        return Asked(fitted, visible, whole("member", member))

    def _new_run(self, data: Dataset, folder: str | Path | None, recipe: Table, start: WarmStart | None) -> Run:
        require_rounds_after(checked(BoltzmannSettings, self.settings(), self.called))
        return super()._new_run(data, folder, recipe, start)
