"""The generative stochastic network as an estimator."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from saddle.core.errors import InputError
from saddle.data import Layout
from saddle.families.chain_mixing import Mixing, mixing
from saddle.families.corruption import Corruption, GaussianNoise, SaltAndPepper
from saddle.families.estimator import Estimator
from saddle.families.fitted import Fitted, untrained
from saddle.families.gsn.network import StochasticNetwork
from saddle.families.gsn.settings import GSNSettings
from saddle.families.gsn.walkback import Walkback
from saddle.families.settings import checked
from saddle.networks.activations import Activation
from saddle.training.optimizers import Adam, OptimizerSpec
from saddle.training.ways.planning import Compile


class GSN(Estimator):
    """A generative stochastic network: a Markov chain that is trained to walk back to the data from its own noise.

    One step of the chain corrupts the visibles, updates the odd hidden layers from their neighbors, then the even ones,
    and draws new visibles from P(x | h1). Training starts the chain at examples and asks every step for the
    reconstruction of the example it started from; samples are read off the chain after many steps. One hidden layer and
    no hidden noise make it the walkback denoising autoencoder.

    Reference: Bengio, Laufer, Alain & Yosinski 2014, Deep Generative Stochastic Networks Trainable by Backprop, arXiv
    1306.1091; Bengio, Yao, Alain & Vincent 2013, Generalized Denoising Auto-Encoders as Generative Models, arXiv
    1305.6663.

    Args:
        hidden: the widths of the hidden layers, from the visibles up; one number makes a single layer. Weights are
            tied, W_l up and its transpose down.
        activation: the nonlinearity of hidden layers, such as "tanh", "sigmoid" or "relu".
        walkback: the steps N of the chain in each update; twice the number of hidden layers lets what the visibles
            say reach the top and come back.
        corruption: of the visibles at every step, such as `saddle.SaltAndPepper(0.4)`; None takes salt-and-pepper
            noise of .4 for pictures and normal noise of standard deviation .4, in model units, for anything else.
        hidden_noise: standard deviation of the normal noise on the top layer, before and after its nonlinearity.
        sample_steps: transitions of each chain, from noise, before a sample is read off it.
        read: "mean" reads the mean of P(x | h1), "sample" a draw from it; None takes the mean for pictures and a draw
            for anything else.
        batch: examples per update.
        optimizer: moves the network.
        average: decay of the moving average of the network that samples come from; 0 keeps none.
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
        callback: called as `callback(round, gsn)` after every round.

    Example:
        >>> gsn = GSN(hidden=(16, 16), rounds=2)
        >>> gsn.fit("digits").sample(3, seed=0).shape
        (3, 8, 8)
    """

    family = "gsn"
    called = "A GSN"
    settings_type = GSNSettings

    def __init__(
        self,
        *,
        hidden: int | Sequence[int] = (1500, 1500),
        activation: Activation = "tanh",
        walkback: int = 4,
        corruption: Corruption | str | dict[str, Any] | None = None,
        hidden_noise: float = 2.0,
        sample_steps: int = 100,
        read: Literal["mean", "sample"] | None = None,
        batch: int = 100,
        optimizer: OptimizerSpec | str | dict[str, Any] = Adam(1e-3, beta1=0.9),  # noqa: B008 - a frozen value
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
        callback: Callable[[int, "GSN"], None] | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.walkback = walkback
        self.corruption = corruption
        self.hidden_noise = hidden_noise
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
        """An untrained GSN for data of this form.

        Raises:
            InputError: when the corruption does not fit the data.
        """
        settings = checked(GSNSettings, self.settings(), self.called)
        shape, classes, pictures = layout.model_shape, len(shares or ()), layout.kind == "images"
        corruption = settings.corruption or (SaltAndPepper() if pictures else GaussianNoise())
        if isinstance(corruption, SaltAndPepper) and not pictures:
            raise InputError(
                f"Salt-and-pepper corruption needs pictures, whose pixels have a least and a greatest value, and "
                f"{layout.name} is of kind {layout.kind}; use saddle.GaussianNoise."
            )
        walkback = Walkback(
            lambda: StochasticNetwork(shape, settings.hidden, settings.activation, settings.hidden_noise, classes),
            corruption,
            settings.walkback,
            settings.optimizer,
            settings.batch,
            settings.average,
            settings.sample_steps,
            settings.read or ("mean" if pictures else "sample"),
        )
        return untrained(walkback.problem(), settings, layout, shares)

    def mixing(self, *, chains: int = 64, steps: int = 250, seed: int = 0, member: int = 0) -> Mixing:
        """How fast the sampling chain forgets where it was: its integrated autocorrelation time, in steps.

        Args:
            chains: independent chains, each past its `sample_steps`.
            steps: of each that are looked at; at least ten times the autocorrelation time.
            seed: of the chains.
            member: of a population.

        Raises:
            InputError: when the model is not fitted, or there are too few chains or steps.
        """
        return mixing(self.trained.fitted, chains=chains, steps=steps, seed=seed, member=member)
