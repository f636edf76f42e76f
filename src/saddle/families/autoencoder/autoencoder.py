"""The autoencoder as an estimator."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from torch import Tensor, nn

from saddle.core.errors import InputError
from saddle.core.sampling import Networks
from saddle.data import Layout
from saddle.families.autoencoder.layer import CodeActivation
from saddle.families.autoencoder.learning import Model, SamplerName
from saddle.families.autoencoder.settings import AutoencoderSettings, Weights
from saddle.families.autoencoder.stack import decoded, encoded, shown
from saddle.families.coders import decoder_factory, encoder_factory
from saddle.families.codes import Coding
from saddle.families.corruption import Corruption, SaltAndPepper
from saddle.families.estimator import Estimator
from saddle.families.factories import Factory
from saddle.families.fitted import Fitted, untrained
from saddle.families.settings import checked
from saddle.networks import Coder
from saddle.training.optimizers import Adam, OptimizerSpec
from saddle.training.ways.planning import Compile

Network = Coder | nn.Module | Callable[[], nn.Module]


class Autoencoder(Estimator):
    """An autoencoder, plain, denoising or contractive, of one layer or a stack of them.

    Each layer has an encoder h = s(W x + b) and a decoder of W' h + c, and learns to reconstruct the codes of the layer
    below, the first one the examples. All layers learn at the same time, each by its own loss. With an encoder and a
    decoder of any form there is one layer.

    Reference: Rifai et al. 2011, Contractive Auto-Encoders; Rifai, Bengio, Dauphin & Vincent 2012, A Generative Process
    for Sampling Contractive Auto-Encoders, arXiv 1206.6434; Vincent et al. 2010, Stacked Denoising Autoencoders; for
    the density of codes Ghosh et al. 2020, From Variational to Deterministic Autoencoders, arXiv 1903.12436.

    Args:
        layers: units of each layer, from the data upwards; one number makes a single layer.
        encoder: None for W x + b, or an architecture, a module or a function that returns one, from examples to as many
            numbers as the only layer has units; called as `encoder(x)`, or `encoder(x, y)` with labels.
        decoder: likewise, from codes to logits of gray levels or to numbers; with only one of the two given, the other
            is of convolutions for pictures and a multilayer perceptron otherwise.
        activation: s, the nonlinearity of the codes: "sigmoid", "tanh", "relu" or "linear"; None stands for "sigmoid",
            or for "linear" with an encoder or a decoder given.
        weights: "tied", W' is W transposed, or "untied".
        corruption: of each layer's inputs, such as `saddle.Masking(0.25)`, from which it learns to reconstruct the
            clean ones; None corrupts nothing.
        contraction: weight of the squared Frobenius norm of each encoder's Jacobian in its loss, beside a
            reconstruction error that is a sum over the numbers of an example; 0 leaves it out.
        sampler: "mixture" decodes codes from a Gaussian mixture fitted to those of up to 5,000 training examples, one
            for each class; "chain", for contractive autoencoders only, runs the chain of Rifai et al. 2012 from one of
            500 training examples that the model keeps. None takes the chain for pictures where there is one.
        components: Gaussians of the mixture, of each class where there are labels, at most; and at most 500 in all.
        sample_steps: steps of the chain before a sample is read.
        chain_deviation: standard deviation of the noise in the chain.
        batch: examples per update.
        optimizer: moves each layer.
        average: decay of the moving average of all layers that samples and codes come from; 0 keeps none.
        rounds: rounds of each `fit`; None stands for 5,000, or for no limit where `minutes` is given.
        minutes: limit of each `fit` in time; the rounds reached are recorded, so that the run can be repeated.
        holdout: share of the data that is measured against and never trained on.
        seed: decides everything random.
        seeds: how many seeds to train at once, counted from `seed`.
        device: "auto", "cpu", "cuda", ...; "auto" takes a GPU where there is one.
        precision: "float32" or "float64".
        threads: torch threads; None measures one against all and keeps the faster.
        compile: "on" compiles every loss with its gradient, "whole" too but shares no batch out among cores, "off"
            starts each operation alone, "graph" records rounds as graphs of kernels on a GPU, "auto" does that and
            compiles where the run is long enough to repay it.
        callback: called as `callback(round, model)` after every round; the model can be sampled there.
    """

    family = "autoencoder"
    called = "An autoencoder"
    settings_type = AutoencoderSettings

    def __init__(
        self,
        *,
        layers: int | Sequence[int] = (500, 500),
        encoder: Network | str | dict[str, Any] | None = None,
        decoder: Network | str | dict[str, Any] | None = None,
        activation: CodeActivation | None = None,
        weights: Weights = "tied",
        corruption: Corruption | str | dict[str, Any] | None = None,
        contraction: float = 0.0,
        sampler: SamplerName | None = None,
        components: int = 20,
        sample_steps: int = 20,
        chain_deviation: float = 1.5,
        batch: int = 100,
        optimizer: OptimizerSpec | str | dict[str, Any] = Adam(1e-3, beta1=0.9),  # noqa: B008 - a frozen value
        average: float = 0.0,
        rounds: int | None = None,
        minutes: float | None = None,
        holdout: float = 0.1,
        seed: int = 0,
        seeds: int = 1,
        device: str = "auto",
        precision: Literal["float32", "float64"] = "float32",
        threads: int | None = None,
        compile: Compile = "auto",
        callback: Callable[[int, "Autoencoder"], None] | None = None,
    ) -> None:
        self.layers = layers
        self.encoder = encoder
        self.decoder = decoder
        self.activation: CodeActivation | None = activation
        self.weights: Weights = weights
        self.corruption = corruption
        self.contraction = contraction
        self.sampler: SamplerName | None = sampler
        self.components = components
        self.sample_steps = sample_steps
        self.chain_deviation = chain_deviation
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
        """An untrained autoencoder for data of this form.

        Raises:
            InputError: when the sampler or the corruption does not fit.
        """
        settings = checked(AutoencoderSettings, self.settings(), self.called)
        return untrained(_model(settings, layout, shares).problem(), settings, layout, shares)

    def encode(self, X: Any, y: Any = None, *, member: int = 0) -> np.ndarray:
        """The last layer's codes of examples, shape (n, units).

        Args:
            X: examples, as `saddle.open` takes them.
            y: for a conditional model, one label for all or one for each, where X has none.
            member: which member of a population.

        Raises:
            InputError: when the model is not fitted, or the examples do not fit it.
        """
        return self._coding(member).encode(X, y)

    def decode(self, codes: Any, y: Any = None, *, member: int = 0) -> Any:
        """What codes (n, units) stand for, in the data's own units and container.

        Args:
            codes: of the last layer.
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
        fitted, settings = self.trained.fitted, checked(AutoencoderSettings, self.settings(), self.called)
        shape = fitted.layout.model_shape

        def decoder(networks: Networks, codes: Tensor, y: Tensor | None) -> Tensor:
            return shown(networks, decoded(networks, codes, y), shape)

        return Coding(fitted, member, settings.layers[-1], encoded, decoder)


def _model(settings: AutoencoderSettings, layout: Layout, shares: tuple[float, ...] | None) -> Model:
    pictures, classes = layout.kind == "images", len(shares or ())
    coders = _coders(settings, layout, classes)
    activation = settings.activation or ("linear" if coders else "sigmoid")
    _require_fitting(settings, layout, activation)
    return Model(
        shape=layout.model_shape,
        pictures=pictures,
        classes=classes,
        layers=settings.layers,
        activation=activation,
        tied=settings.weights == "tied",
        coders=coders,
        corruption=settings.corruption,
        contraction=settings.contraction,
        sampler=settings.sampler or ("chain" if settings.contraction and pictures else "mixture"),
        components=settings.components,
        steps=settings.sample_steps,
        deviation=settings.chain_deviation,
        optimizer=settings.optimizer,
        batch=settings.batch,
        average=settings.average,
    )


def _coders(settings: AutoencoderSettings, layout: Layout, classes: int) -> tuple[Factory, Factory] | None:
    """Factories of the encoder and the decoder, where one is given."""
    if settings.encoder is None and settings.decoder is None:
        return None
    shape, units, members = layout.model_shape, settings.layers[-1], settings.seeds
    if len(settings.layers) > 1:
        raise InputError(f"With an encoder or a decoder there is one layer, and layers has {len(settings.layers)}.")
    if settings.contraction:
        raise InputError("contraction is for layers W x + b; leave encoder and decoder out, or set contraction to 0.")
    return (
        encoder_factory(settings.encoder, shape, units, classes, members=members),
        decoder_factory(settings.decoder, units, shape, classes, members=members),
    )


def _require_fitting(settings: AutoencoderSettings, layout: Layout, activation: CodeActivation) -> None:
    if settings.sampler == "chain" and not settings.contraction:
        raise InputError(
            "sampler 'chain' moves where a contractive encoder is sensitive, so contraction must be above 0, "
            "and got 0; take 'mixture'."
        )
    unit_codes = len(settings.layers) == 1 or activation == "sigmoid"
    if isinstance(settings.corruption, SaltAndPepper) and not (layout.kind == "images" and unit_codes):
        raise InputError(
            "corruption 'salt-and-pepper' sets numbers to 0 or 1, so it is for pictures and sigmoid codes; "
            f"{layout.name} is of kind {layout.kind} and the activation is {activation!r}."
        )
