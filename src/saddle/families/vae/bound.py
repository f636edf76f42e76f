"""The evidence lower bound and its importance-weighted tightening, as a `Problem`."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Direct, Networks
from saddle.families.binarization import Binarization, binarized
from saddle.families.observation import Bernoulli, Observation, set_output
from saddle.training.optimizers import OptimizerSpec

Shape = tuple[int, ...]
DivergenceName = Literal["closed", "path"]
LOG_RANGE = 7.0  # of the log variance of a code: its scale stays between exp(-7/2) and exp(7/2) of the prior's


class Codes(NamedTuple):
    """The encoder's answer: the mean and the log variance of each example's code, both (n, d)."""

    mean: Tensor
    log_variance: Tensor

    def at(self, noise: Tensor) -> Tensor:
        """Codes (n, k, d) from standard normal noise of that shape."""
        return self.mean.unsqueeze(1) + (self.log_variance / 2).exp().unsqueeze(1) * noise

    def detached(self) -> "Codes":
        """The same numbers as constants."""
        return Codes(self.mean.detach(), self.log_variance.detach())

    def log_density(self, z: Tensor) -> Tensor:
        """log q(z|x) at codes (n, k, d), without the constant that `log_prior` leaves out too; shape (n, k)."""
        apart = (z - self.mean.unsqueeze(1)).square() * (-self.log_variance).exp().unsqueeze(1)
        return -0.5 * (apart.sum(-1) + self.log_variance.sum(-1).unsqueeze(-1))

    def divergence(self) -> Tensor:
        """KL(q(z|x) || N(0, 1)) of each example in nats, shape (n,), in closed form (Kingma & Welling, appendix B)."""
        return 0.5 * (self.mean.square() + self.log_variance.exp() - 1 - self.log_variance).sum(-1)


@dataclass(frozen=True)
class Model:
    """What a VAE is made of; `problem` writes it down for the engine.

    Attributes:
        encoder: a factory of encoders, to 2 d numbers.
        decoder: a factory of decoders, from d numbers.
        observation: a factory of laws of examples given the decoder's output.
        latent: d, numbers in a code.
        shape: of one example, in model units.
        binarize: how pictures under a Bernoulli law become black and white.
        samples: codes drawn per example; 1 is the VAE, more the importance-weighted autoencoder.
        divergence: how the encoder's gradient is found.
        beta: weight of the divergence.
        warm_up: rounds over which the weight rises to `beta`.
        read: whether samples are means of p(x|z) or drawn from it.
        optimizer: moves all of it.
        batch: examples per update.
        average: decay of the moving average; 0 keeps none.
    """

    encoder: Callable[[], nn.Module]
    decoder: Callable[[], nn.Module]
    observation: Callable[[], Observation]
    latent: int
    shape: Shape
    binarize: Binarization
    samples: int
    divergence: DivergenceName
    beta: float
    warm_up: int
    read: Literal["mean", "sample"]
    optimizer: OptimizerSpec
    batch: int
    average: float

    @property
    def black_and_white(self) -> bool:
        """Whether examples are pictures under a Bernoulli law."""
        return isinstance(self.observation(), Bernoulli)

    def problem(self) -> Problem:
        """One player that learns encoder, decoder and observation together."""
        names = ("encoder", "decoder", "observation")
        player = Player(
            "model", names, self.loss, self.optimizer.build, self._noise(), schedule=self.optimizer.settings
        )
        parts = (self.encoder, self.decoder, self.observation)
        return Problem(
            networks=lambda: nn.ModuleDict({name: make() for name, make in zip(names, parts, strict=True)}),
            players=(player,),
            sampler=Direct(self._sample_noise, self._sample),
            averaged=dict.fromkeys(names, self.average) if self.average else {},
            begin=self._begin,
        )

    def loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """Minus the bound, a mean over examples in nats."""
        x = self.prepared(networks, batch.x, noise.get("binarize"))
        codes = encoded(networks, x, batch.y)
        z = codes.at(noise["code"])
        weight = self.beta * ((batch.round + 1) / self.warm_up).clamp(max=1) if self.warm_up else self.beta

        def log_weights(z: Tensor, codes: Codes) -> tuple[Tensor, Tensor]:
            likelihood = log_likelihood_given(networks, z, x, batch.y)
            return likelihood, likelihood + weight * (log_prior(z) - codes.log_density(z))

        if self.divergence == "path" and self.samples > 1:
            with torch.no_grad():
                shares = log_weights(z, codes)[1].softmax(1).unsqueeze(-1)
            # The same codes, but slopes towards the encoder are scaled: Tucker et al. 2019, equation 8, for weight 1.
            z = z.detach() + (z - z.detach()) * (1 + weight * (shares - 1))
        likelihood, weights = log_weights(z, codes.detached() if self.divergence == "path" else codes)
        metrics = {"reconstruction": -likelihood.mean(), "KL": codes.divergence().mean()}
        if self.samples == 1 and self.divergence == "closed":
            return Loss(weight * codes.divergence().mean() - likelihood.mean(), metrics, {})
        bound = (torch.logsumexp(weights, 1) - math.log(self.samples)).mean()
        return Loss(-bound, metrics, {})

    def prepared(self, networks: Networks, x: Tensor, uniform: Tensor | None) -> Tensor:
        """Examples as their law sees them: model units to gray levels to black and white."""
        seen = law_of(networks).seen(x)
        return binarized(seen, self.binarize, uniform) if self.black_and_white else seen

    def mean_codes(self, networks: Networks, x: Tensor, y: Tensor | None) -> Tensor:
        """The means (n, d) of q(z|x) for examples (n, ...) in model units.

        Nothing is drawn: where pictures are binarized anew at each presentation, the encoder is given their grays.
        """
        drawn = self.black_and_white and self.binarize == "dynamic"
        seen = law_of(networks).seen(x) if drawn else self.prepared(networks, x, None)
        return encoded(networks, seen, y).mean

    def mean_examples(self, networks: Networks, z: Tensor, y: Tensor | None) -> Tensor:
        """The means (n, ...) of p(x|z), in model units, for codes (n, d)."""
        return law_of(networks).mean(decoded(networks, z.unsqueeze(1), y).squeeze(1))

    def _noise(self) -> dict[str, Noise]:
        noise = {"code": Noise("normal", (self.batch, self.samples, self.latent))}
        if self.black_and_white and self.binarize == "dynamic":
            noise["binarize"] = Noise("uniform", (self.batch, *self.shape))
        return noise

    def _sample_noise(self, count: int) -> Mapping[str, Noise]:
        noise = {"code": Noise("normal", (count, self.latent))}
        if self.read == "sample":
            noise["observation"] = Noise("uniform" if self.black_and_white else "normal", (count, *self.shape))
        return noise

    def _sample(self, networks: Networks, noise: Draws, y: Tensor | None) -> Tensor:
        output = decoded(networks, noise["code"].unsqueeze(1), y).squeeze(1)
        law = law_of(networks)
        return law.draw(output, noise["observation"]) if self.read == "sample" else law.mean(output)

    def _begin(self, networks: Networks, x: Tensor, y: Tensor | None) -> None:
        law = law_of(networks)
        mean = law.seen(x).mean(0)
        law.look(mean)
        set_output(networks["decoder"], law.start(mean))


def law_of(networks: Networks) -> Observation:
    """p(x | z) given the decoder's output."""
    law = networks["observation"]
    assert isinstance(law, Observation)
    return law


def encoded(networks: Networks, x: Tensor, y: Tensor | None) -> Codes:
    """q(z|x) of examples as their law sees them."""
    seen = law_of(networks).inputs(x)
    output = networks["encoder"](seen) if y is None else networks["encoder"](seen, y)
    mean, log_variance = output.chunk(2, dim=-1)
    return Codes(mean, log_variance.clamp(-LOG_RANGE, LOG_RANGE))


def decoded(networks: Networks, z: Tensor, y: Tensor | None) -> Tensor:
    """The decoder's outputs (n, k, ...) for codes (n, k, d); each example's codes share its label."""
    n, k = z.shape[:2]
    flat = z.flatten(0, 1)
    output = networks["decoder"](flat) if y is None else networks["decoder"](flat, y.repeat_interleave(k))
    return output.reshape(n, k, *output.shape[1:])


def log_likelihood_given(networks: Networks, z: Tensor, x: Tensor, y: Tensor | None) -> Tensor:
    """log p(x|z) in nats, shape (n, k), of examples under k codes each."""
    return law_of(networks).log_prob(x, decoded(networks, z, y))


def log_prior(z: Tensor) -> Tensor:
    """log N(z; 0, 1), without the constant that `log_posterior` leaves out too."""
    return -0.5 * z.square().sum(-1)


def log_posterior(noise: Tensor, codes: Codes) -> Tensor:
    """log q(z|x) at z = mean + deviation * noise, without the constant that `log_prior` leaves out too."""
    return -0.5 * (noise.square().sum(-1) + codes.log_variance.sum(-1).unsqueeze(-1))
