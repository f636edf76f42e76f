"""The variational autoencoder as an estimator."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from torch import nn

from saddle.core.randomness import Stream
from saddle.core.whole_numbers import whole
from saddle.data import Layout
from saddle.families.binarization import Binarization, as_told
from saddle.families.coders import decoder_factory, encoder_factory
from saddle.families.codes import Coding
from saddle.families.estimator import Estimator
from saddle.families.examples import examples_for
from saddle.families.fitted import Fitted, untrained
from saddle.families.observation import ObservationName, observation, observation_name
from saddle.families.settings import Precision, checked
from saddle.families.vae.bound import DivergenceName, Model
from saddle.families.vae.likelihood import PerExample, as_estimate, importance_sampled, lower_bound
from saddle.families.vae.settings import VAESettings
from saddle.measures import Estimate
from saddle.networks import Coder
from saddle.training.optimizers import Adam, OptimizerSpec
from saddle.training.ways.planning import Compile

Network = Coder | nn.Module | Callable[[], nn.Module]


class VAE(Estimator):
    """A variational autoencoder: codes z ~ N(0, 1), a decoder p(x|z), an encoder q(z|x), one bound for both.

    With `samples` above 1 the bound is the tighter one of the importance-weighted autoencoder (IWAE).

    Reference: Kingma & Welling 2014, Auto-Encoding Variational Bayes, arXiv 1312.6114; Burda, Grosse & Salakhutdinov
    2016, Importance Weighted Autoencoders, arXiv 1509.00519; for `beta` Higgins et al. 2017, beta-VAE; for the path
    Roeder, Wu & Duvenaud 2017, Sticking the Landing, arXiv 1703.09194, and Tucker et al. 2019, Doubly Reparameterized
    Gradient Estimators for Monte Carlo Objectives, arXiv 1810.04152.

    Args:
        latent: numbers in a code.
        encoder: an architecture, a module or a function that returns one, from examples to the means and log variances
            of codes, 2 * latent numbers; None takes convolutions for pictures and a multilayer perceptron otherwise.
            Called as `encoder(x)`, or `encoder(x, y)` with labels.
        decoder: likewise, from codes to logits of pixels or means of numbers; called as `decoder(z)`, `decoder(z, y)`.
        likelihood: "bernoulli" (pictures only) or "gaussian", whose deviations are learned, one for each number; None
            takes the former for pictures.
        binarize: how pictures become black and white for a Bernoulli law: "dynamic" (drawn anew at each presentation),
            "static" (drawn once for each picture), "threshold" or "none". Figures of different ways do not compare.
        samples: codes drawn per example and update, the k of IWAE.
        divergence: whether the encoder's gradient is that of the divergence in closed form, or with `samples` above 1
            of the bound as it stands ("closed"), or follows only the path by which the codes depend on the encoder
            ("path"): the same in expectation, and its noise vanishes as the encoder approaches the posterior. With
            `samples` above 1 that is the doubly reparameterized gradient, for one more pass through the decoder.
        beta: weight of the divergence; at other values than 1 what is minimized is no bound of the likelihood.
        warm_up: rounds over which the weight rises from 0 to `beta`, which keeps more of the code in use.
        read: whether samples are the means of p(x|z), the custom for pictures, or are drawn from it, which alone
            follows the model's law; None takes means under a Bernoulli law and draws under a Gaussian one.
        batch: examples per update.
        optimizer: moves encoder, decoder and deviations.
        average: decay of the moving average of all networks that samples and likelihoods come from; 0 keeps none.
        rounds: rounds of each `fit`; None stands for 5,000, or for no limit where `minutes` is given.
        minutes: limit of each `fit` in time; the rounds reached are recorded, so that the run can be repeated.
        holdout: the share of the data that is held out and measured against.
        seed: of the start, the data's order, the noise and the split.
        seeds: how many members with seeds `seed`, `seed` + 1, ... are trained at once as a population.
        device: "auto", "cpu", "cuda" or any other that torch knows.
        precision: "float32", "float64", or "bfloat16", in which networks compute while they train, beside float32;
            slower on a processor without units for it.
        threads: CPU threads, or None to choose by measurement.
        compile: "on" compiles every loss with its gradient, "whole" too but shares no batch out among cores, "off"
            starts each operation alone, "graph" records rounds as graphs of kernels on a GPU, "auto" does that and
            compiles where the run is long enough to repay it.
        callback: called as `callback(round, vae)` after every round.

    Example:
        >>> vae = VAE(latent=2, encoder="mlp", decoder="mlp", rounds=2)
        >>> vae.fit("ring").sample(3, seed=0).shape
        (3, 2)
    """

    family = "vae"
    called = "A VAE"
    settings_type = VAESettings

    def __init__(
        self,
        *,
        latent: int = 50,
        encoder: Network | str | dict[str, Any] | None = None,
        decoder: Network | str | dict[str, Any] | None = None,
        likelihood: ObservationName | None = None,
        binarize: Binarization = "dynamic",
        samples: int = 1,
        divergence: DivergenceName = "closed",
        beta: float = 1.0,
        warm_up: int = 0,
        read: Literal["mean", "sample"] | None = None,
        batch: int = 100,
        optimizer: OptimizerSpec | str | dict[str, Any] = Adam(1e-3, beta1=0.9),  # noqa: B008 - a frozen value
        average: float = 0.0,
        rounds: int | None = None,
        minutes: float | None = None,
        holdout: float = 0.1,
        seed: int = 0,
        seeds: int = 1,
        device: str = "auto",
        precision: Precision = "float32",
        threads: int | None = None,
        compile: Compile = "auto",
        callback: Callable[[int, "VAE"], None] | None = None,
    ) -> None:
        self.latent = latent
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
        self.binarize = binarize
        self.samples = samples
        self.divergence = divergence
        self.beta = beta
        self.warm_up = warm_up
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
        """An untrained VAE for data of this form.

        Raises:
            InputError: when a network or the likelihood does not fit the data.
        """
        settings = checked(VAESettings, self.settings(), self.called)
        return untrained(self._model(settings, layout, shares).problem(), settings, layout, shares)

    def log_likelihood(self, X: Any, y: Any = None, *, samples: int = 5000, seed: int = 0, member: int = 0) -> Estimate:
        """The mean log-likelihood of examples in nats by importance sampling, a mean over all of them.

        Of binarized pictures in nats per picture, binarized as in training; under a Gaussian likelihood of densities in
        model units. Each example's number is low in expectation, the less the more samples; what that comes to can be
        seen by comparing two numbers of samples. Memory and time go block by block: 10,000 pictures of MNIST with 5,000
        samples take minutes on two CPU cores.

        Reference: Burda et al. 2016, section 5, where samples = 5000.

        Args:
            X: examples, as `saddle.open` takes them.
            y: for a conditional model, one label for all or one for each, where X has none.
            samples: importance samples of each example.
            seed: of the binarization and of the samples.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, the examples do not fit it, or an argument is out of range.
        """
        note = "Each example's number is low in expectation."
        return self._estimated(importance_sampled, "importance sampling", note, X, y, samples, seed, member)

    def bound(self, X: Any, y: Any = None, *, samples: int = 100, seed: int = 0, member: int = 0) -> Estimate:
        """The mean evidence lower bound of examples in nats: E_q log p(x|z) - KL(q(z|x) || N(0, 1)), whatever `beta`.

        The divergence is in closed form, the other term a mean over codes drawn from q, without bias at any number of
        them. Examples count as in `log_likelihood` and are binarized alike at the same seed, so that the difference of
        the two is what the encoder lacks of the posterior.

        Args:
            X: examples, as `saddle.open` takes them.
            y: for a conditional model, one label for all or one for each, where X has none.
            samples: codes drawn for each example.
            seed: of the binarization and of the codes.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, the examples do not fit it, or an argument is out of range.
        """
        note = "Each example's number is without bias, and a lower bound of its log-likelihood."
        return self._estimated(lower_bound, "evidence lower bound", note, X, y, samples, seed, member)

    def encode(self, X: Any, y: Any = None, *, member: int = 0) -> np.ndarray:
        """The means of q(z|x), shape (n, latent).

        Nothing is drawn: of pictures that training binarizes anew at each presentation, the encoder is given the grays.

        Args:
            X: examples, as `saddle.open` takes them.
            y: for a conditional model, one label for all or one for each, where X has none.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, or the examples do not fit it.
        """
        return self._coding(member).encode(X, y)

    def decode(self, codes: Any, y: Any = None, *, member: int = 0) -> Any:
        """The means of p(x|z) at codes (n, latent), in the data's own units and container.

        Args:
            codes: values of z.
            y: for a conditional model one label for all or one for each, in the user's own terms.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, the codes have another shape, or labels are missing.
        """
        return self._coding(member).decode(codes, y)

    def reconstruct(self, X: Any, y: Any = None, *, member: int = 0) -> Any:
        """Examples encoded and decoded again, in the data's own units and container; see `encode`."""
        return self._coding(member).reconstruct(X, y)

    def _coding(self, member: int) -> Coding:
        fitted, model = self.trained.fitted, self._fitted_model()
        return Coding(fitted, member, model.latent, model.mean_codes, model.mean_examples)

    def _estimated(
        self, of_examples: PerExample, name: str, note: str, X: Any, y: Any, samples: int, seed: int, member: int
    ) -> Estimate:
        samples, seed = whole("samples", samples, least=1), whole("seed", seed)
        fitted, model = self.trained.fitted, self._fitted_model()
        x, indices = examples_for(fitted, X, y)
        stream = Stream(seed, ("likelihood",))
        values = of_examples(model, fitted.networks(member), x, indices, samples=samples, stream=stream)
        if model.black_and_white:
            note = f"{as_told(model.binarize, seed)} {note}"
        return as_estimate(values, f"{name}, {samples:,} codes an example; std/√n over examples", note)

    def _fitted_model(self) -> Model:
        fitted = self.trained.fitted
        return self._model(checked(VAESettings, self.settings(), self.called), fitted.layout, fitted.shares)

    def _model(self, settings: VAESettings, layout: Layout, shares: tuple[float, ...] | None) -> Model:
        shape, classes, members = layout.model_shape, len(shares or ()), settings.seeds
        name = observation_name(settings.likelihood, layout)
        return Model(
            encoder=encoder_factory(settings.encoder, shape, 2 * settings.latent, classes, members=members),
            decoder=decoder_factory(settings.decoder, settings.latent, shape, classes, members=members),
            observation=lambda: observation(name, shape),
            latent=settings.latent,
            shape=shape,
            binarize=settings.binarize,
            samples=settings.samples,
            divergence=settings.divergence,
            beta=settings.beta,
            warm_up=settings.warm_up,
            read=settings.read or ("mean" if name == "bernoulli" else "sample"),
            optimizer=settings.optimizer,
            batch=settings.batch,
            average=settings.average,
        )
