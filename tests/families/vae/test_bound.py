"""The bound of a VAE against models whose likelihood is known in closed form."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch
from saddle.core.randomness import Stream
from saddle.families.vae.bound import Codes, encoded, log_likelihood_given, log_posterior, log_prior
from saddle.testing import Trial

D, K = 5, 2
LINEAR = saddle.MLP(depth=0)


def linear(samples: int = 1, **settings: Any) -> tuple[saddle.VAE, Trial]:
    """A VAE whose maps are linear: x = W z + b + deviation * noise, and q(z|x) = N(V x + c, diag)."""
    vae = saddle.VAE(
        latent=K,
        encoder=LINEAR,
        decoder=LINEAR,
        samples=samples,
        batch=40,
        precision="float64",
        device="cpu",
        **settings,
    )
    return vae, Trial.of(vae, saddle.open(np.random.default_rng(0).standard_normal((60, D))))


def parts(trial: Trial) -> tuple[Tensor, Tensor, Tensor]:
    """W (D, K), b (D,) and the deviations (D,) of a linear model."""
    networks = trial.fitted.state.networks
    last: Any = networks["decoder"].layers[0]
    return last.weight.detach(), last.bias.detach(), networks["observation"].deviation().detach()


def exact(trial: Trial, x: Tensor) -> Tensor:
    """log N(x; b, W W' + diag(deviation^2)), the likelihood of a linear model."""
    weight, bias, deviation = parts(trial)
    law = torch.distributions.MultivariateNormal(bias, weight @ weight.T + torch.diag(deviation.square()))
    return law.log_prob(x)


def closed_form_bound(trial: Trial, x: Tensor) -> Tensor:
    """E_q log p(x|z) - KL(q || p) of a linear model, no code drawn: E|x - W z - b|^2 adds the variance W diag W'."""
    weight, bias, deviation = parts(trial)
    codes = encoded(trial.fitted.state.networks, x, None)
    squares = (x - codes.mean @ weight.T - bias).square() + codes.log_variance.exp() @ weight.square().T
    inside = -0.5 * (squares / deviation.square()).sum(-1) - deviation.log().sum() - D / 2 * math.log(2 * math.pi)
    return inside - codes.divergence()


def set_to_optimum(trial: Trial) -> None:
    """A decoder with orthogonal columns and one deviation, and the encoder that is its posterior."""
    networks, deviation = trial.fitted.state.networks, 0.5
    columns = torch.linalg.qr(torch.randn(D, K, generator=torch.Generator().manual_seed(1)).double())[0]
    weight = columns * torch.tensor([2.0, 0.7], dtype=torch.float64)
    decoder, encoder = networks["decoder"].layers[0], networks["encoder"].layers[0]  # type: ignore[union-attr,index]
    precision = 1 + weight.square().sum(0) / deviation**2  # diagonal, since the columns are orthogonal
    with torch.no_grad():
        decoder.weight.copy_(weight)  # type: ignore[union-attr]
        networks["observation"].log_deviation.fill_(math.log(deviation))  # type: ignore[union-attr,operator]
        rows = weight.T / deviation**2 / precision[:, None]
        encoder.weight.copy_(torch.cat([rows, torch.zeros_like(rows)]))  # type: ignore[union-attr]
        encoder.bias.copy_(torch.cat([-rows @ decoder.bias, -precision.log()]))  # type: ignore[union-attr,operator]


def test_the_bound_never_exceeds_the_likelihood_and_touches_it_at_the_posterior() -> None:
    """In closed form. A divergence of half the size, or of the other sign, would rise above the likelihood."""
    x = torch.randn(200, D, generator=torch.Generator().manual_seed(2)).double()
    _, trial = linear()
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for value in trial.fitted.state.params.values():
                value.copy_(0.7 * torch.randn(value.shape, generator=generator))
        gap = exact(trial, x) - closed_form_bound(trial, x)
        assert gap.min() > 0 and gap.mean() > 0.05
    set_to_optimum(trial)
    gap = exact(trial, x) - closed_form_bound(trial, x)
    assert gap.abs().max() < 1e-10


def test_the_loss_is_minus_the_bound_on_average() -> None:
    """Over draws of the code the loss has the closed form's mean; with codes of the wrong deviation it has not."""
    _, trial = linear()
    player, networks = trial.fitted.problem.players[0], trial.fitted.state.networks
    x = torch.randn(40, D, generator=torch.Generator().manual_seed(3)).double()
    values = []
    for repeat in range(400):
        noise = draw(player.noise, Stream(repeat), torch.float64, torch.device("cpu"))
        values.append(player.loss(networks, Batch(x, None, torch.tensor(0)), noise, {}).value.item())
    wanted = -closed_form_bound(trial, x).mean().item()
    assert abs(np.mean(values) - wanted) < 4 * np.std(values) / math.sqrt(len(values))


def test_loss_and_gradient_are_the_textbooks() -> None:
    """At one fixed code for each example: the value, and what the encoder learns from it."""
    _, trial = linear()
    player, state = trial.fitted.problem.players[0], trial.fitted.state
    x = torch.randn(40, D, generator=torch.Generator().manual_seed(4)).double()
    noise = draw(player.noise, Stream(0), torch.float64, torch.device("cpu"))
    value = player.loss(state.networks, Batch(x, None, torch.tensor(0)), noise, {}).value
    weight, bias, deviation = parts(trial)
    codes = encoded(state.networks, x, None)
    z = codes.mean + (0.5 * codes.log_variance).exp() * noise["code"][:, 0]
    law = torch.distributions.Normal(z @ weight.T + bias, deviation)
    divergence = torch.distributions.kl_divergence(
        torch.distributions.Normal(codes.mean, (0.5 * codes.log_variance).exp()),
        torch.distributions.Normal(torch.zeros_like(codes.mean), torch.ones_like(codes.mean)),
    )
    wanted = (divergence.sum(-1) - law.log_prob(x).sum(-1)).mean()
    assert value.item() == pytest.approx(wanted.item(), abs=1e-10)
    own = list(state.networks["encoder"].parameters())
    for found, expected in zip(torch.autograd.grad(value, own), torch.autograd.grad(wanted, own), strict=True):
        assert torch.allclose(found, expected, atol=1e-10) and expected.abs().max() > 0


def gradients(trial: Trial, x: Tensor, repeat: int) -> Tensor:
    """The loss's gradient by all parameters of the encoder, at one draw of the codes."""
    player, networks = trial.fitted.problem.players[0], trial.fitted.state.networks
    noise = draw(player.noise, Stream(repeat), torch.float64, torch.device("cpu"))
    value = player.loss(networks, Batch(x, None, torch.tensor(0)), noise, {}).value
    found = torch.autograd.grad(value, list(networks["encoder"].parameters()))
    return torch.cat([one.flatten() for one in found])


@pytest.mark.parametrize(("samples", "beta"), [(1, 1.0), (3, 1.0), (3, 0.5)])
def test_the_path_gradient_agrees_with_the_closed_one_on_average(samples: int, beta: float) -> None:
    """Without log q it would be biased; with more samples it would be, if slopes were not scaled by the shares."""
    x = torch.randn(40, D, generator=torch.Generator().manual_seed(6)).double()
    both = [
        torch.stack([gradients(linear(samples, beta=beta, divergence=divergence)[1], x, i) for i in range(400)])
        for divergence in ("closed", "path")
    ]
    difference = both[0] - both[1]
    error = difference.std(0) / math.sqrt(len(difference))
    assert (difference.mean(0).abs() < 4.5 * error + 1e-12).all()
    assert difference.std() > 0.01


@pytest.mark.parametrize("samples", [1, 3])
def test_the_path_gradient_is_still_at_the_posterior(samples: int) -> None:
    """With q's parameters left attached it would keep its noise there."""
    x = torch.randn(40, D, generator=torch.Generator().manual_seed(6)).double()
    for divergence in ("closed", "path"):
        _, trial = linear(samples, divergence=divergence)
        set_to_optimum(trial)
        noise = gradients(trial, x, 0).abs().max().item()
        assert (noise < 1e-12) == (divergence == "path"), noise


def test_more_samples_tighten_the_bound_towards_the_likelihood() -> None:
    """E log of the mean weight rises with k and stays below log p(x) (Burda et al. 2016, theorem 1).

    Weights without the posterior's density, or a sum in place of the mean, would pass the likelihood.
    """
    x = torch.randn(40, D, generator=torch.Generator().manual_seed(5)).double()
    bounds = []
    for samples in (2, 10, 100):
        _, trial = linear(samples)
        player = trial.fitted.problem.players[0]
        found = [
            -player.loss(
                trial.fitted.state.networks,
                Batch(x, None, torch.tensor(0)),
                draw(player.noise, Stream(repeat), torch.float64, torch.device("cpu")),
                {},
            ).value.item()
            for repeat in range(50)
        ]
        bounds.append(np.mean(found))
        top = exact(trial, x).mean().item()
    assert closed_form_bound(trial, x).mean().item() < bounds[0] < bounds[1] < bounds[2] < top + 0.02
    assert top - bounds[2] < 0.1


def test_importance_sampling_finds_the_exact_likelihood() -> None:
    vae, trial = linear(rounds=40, threads=1)
    data = np.random.default_rng(1).standard_normal((50, D))
    vae.fit(saddle.open(np.random.default_rng(0).standard_normal((60, D))))
    fitted = vae.trained.fitted
    x = fitted.layout.transform.encode(data)
    law = Trial(fitted, trial.feed)
    found = vae.log_likelihood(data, samples=4000)
    assert found.value == pytest.approx(exact(law, x.double()).mean().item(), abs=0.02)
    assert found.n == 50 and found.error is not None and "low in expectation" in found.note
    assert vae.log_likelihood(data, samples=1, seed=1).value < found.value


def test_the_bound_of_given_data_is_the_closed_forms() -> None:
    """Fitted with half the divergence, to see that its weight counts for nothing here.

    One code more or less, or the mean of weights in place of the mean of logarithms, would not come out.
    """
    vae, trial = linear(rounds=40, threads=1, beta=0.5)
    data = np.random.default_rng(1).standard_normal((50, D))
    vae.fit(saddle.open(np.random.default_rng(0).standard_normal((60, D))))
    fitted = vae.trained.fitted
    law, x = Trial(fitted, trial.feed), fitted.layout.transform.encode(data).double()
    wanted = closed_form_bound(law, x)
    found = vae.bound(data, samples=4000)
    assert found.value == pytest.approx(wanted.mean().item(), abs=0.01) and found.n == 50
    assert found.error == pytest.approx(wanted.std().item() / math.sqrt(50), rel=0.05)
    assert vae.bound(data, samples=4000, seed=1).value != found.value
    few = [vae.bound(data, samples=1, seed=seed).value for seed in range(200)]
    assert abs(np.mean(few) - wanted.mean().item()) < 4 * np.std(few) / math.sqrt(200)
    assert found.value < vae.log_likelihood(data, samples=1000).value
    assert vae.bound(data[:1]).error is None and vae.bound(data[:1]).n == 1


def test_codes_and_their_densities() -> None:
    """log q(z|x) and log p(z) up to the constant that both leave out; twice the log variance would show."""
    codes = Codes(torch.randn(3, 2).double(), torch.randn(3, 2).double())
    noise = torch.randn(3, 4, 2).double()
    z = codes.at(noise)
    law = torch.distributions.Normal(codes.mean.unsqueeze(1), (codes.log_variance / 2).exp().unsqueeze(1))
    constant = math.log(2 * math.pi)
    assert torch.allclose(log_posterior(noise, codes), law.log_prob(z).sum(-1) + constant)
    standard = torch.distributions.Normal(torch.zeros(2).double(), torch.ones(2).double())
    assert torch.allclose(log_prior(z), standard.log_prob(z).sum(-1) + constant)


def test_the_weight_of_the_divergence_rises_over_the_warm_up() -> None:
    """At round 4 of 10 it is half of beta; the metrics stay those of the bound."""
    _, plain = linear(beta=2.0)
    _, warm = linear(beta=2.0, warm_up=10)
    x = torch.randn(40, D).double()
    noise = draw(plain.fitted.problem.players[0].noise, Stream(0), torch.float64, torch.device("cpu"))
    networks = plain.fitted.state.networks
    first = plain.fitted.problem.players[0].loss(networks, Batch(x, None, torch.tensor(4)), noise, {})
    second = warm.fitted.problem.players[0].loss(networks, Batch(x, None, torch.tensor(4)), noise, {})
    assert first.value.item() - second.value.item() == pytest.approx(first.metrics["KL"].item(), rel=1e-9)
    late = warm.fitted.problem.players[0].loss(networks, Batch(x, None, torch.tensor(50)), noise, {})
    assert late.value.item() == pytest.approx(first.value.item(), rel=1e-12)


def test_bernoulli_log_likelihood_is_the_cross_entropy_of_each_picture() -> None:
    vae = saddle.VAE(latent=3, encoder=saddle.MLP(8, 1), decoder=saddle.MLP(8, 1), batch=6, precision="float64")
    trial = Trial.of(vae, saddle.open("digits"))
    x = torch.rand(6, 1, 8, 8).double().round()
    z = torch.randn(6, 2, 3).double()
    networks = trial.fitted.state.networks
    found = log_likelihood_given(networks, z, x, torch.zeros(6, dtype=torch.int64))
    logits = torch.stack([networks["decoder"](z[:, k], torch.zeros(6, dtype=torch.int64)) for k in range(2)], dim=1)
    law = torch.distributions.Bernoulli(logits=logits)
    assert torch.allclose(found, law.log_prob(x.unsqueeze(1)).flatten(2).sum(-1))


def test_the_decoder_begins_at_the_data_means() -> None:
    trial = Trial.of(saddle.VAE(latent=3, encoder=saddle.MLP(8, 1), decoder=saddle.MLP(8, 1)), saddle.open("digits"))
    bias: Any = trial.fitted.state.networks["decoder"].layers[-2].bias  # type: ignore[union-attr,index]
    mean = (saddle.open("digits").batch(torch.arange(1797)).flatten(1).mean(0) + 1) / 2
    middle = (mean > 0.1) & (mean < 0.9)
    assert torch.allclose(bias.sigmoid()[middle], mean[middle], atol=0.05)


def test_the_encoder_sees_pictures_less_their_mean() -> None:
    vae = saddle.VAE(latent=3, encoder=saddle.MLP(8, 1), decoder=saddle.MLP(8, 1), binarize="none", rounds=1, threads=1)
    vae.fit(saddle.open("digits"))
    law: Any = vae.networks()["observation"]
    x = law.seen(saddle.open("digits").batch(torch.arange(1797)))
    inputs = law.inputs(x)
    assert inputs.mean(0).abs().max() < 0.05  # the mean is of what it learned from, a part of all
    assert torch.allclose(inputs.std(0), 2 * x.std(0), atol=1e-6)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(saddle.InputError, match="'bernoulli' is for pictures"):
        saddle.VAE(likelihood="bernoulli", rounds=1).fit("ring")
    with pytest.raises(saddle.InputError, match="encoder maps examples"):
        saddle.VAE(latent=3, encoder=lambda: torch.nn.Linear(2, 3), rounds=1).fit("ring")
    with pytest.raises(saddle.InputError, match="decoder maps codes"):
        saddle.VAE(latent=3, decoder=lambda: torch.nn.Linear(3, 4), rounds=1).fit("ring")
    vae = saddle.VAE(latent=2, rounds=1, threads=1).fit("ring")
    for ask in (vae.log_likelihood, vae.bound):
        for settings, sentence in (
            ({"samples": 0}, "samples must be at least 1"),
            ({"samples": "x"}, "samples must be a whole number, and got 'x'"),
            ({"seed": 0.5}, "seed must be a whole number"),
        ):
            with pytest.raises(saddle.InputError, match=sentence):
                ask("ring", **settings)
    with pytest.raises(saddle.InputError, match="shape"):
        vae.log_likelihood(np.zeros((5, 3)))
