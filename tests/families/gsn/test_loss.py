"""The walkback loss against its formula in NumPy."""

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch, Player
from saddle.core.randomness import Stream
from saddle.core.sampling import Networks
from saddle.families.fitted import Fitted
from saddle.families.gsn.walkback import network_of
from saddle.testing import Trial

BATCH, STEPS = 5, 3
Arrays = dict[str, np.ndarray]


def fitted(data: saddle.Dataset, hidden: tuple[int, ...], noise: float) -> Fitted:
    settings = {"batch": BATCH, "precision": "float64", "device": "cpu", "average": 0.0}
    model = saddle.GSN(hidden=hidden, hidden_noise=noise, walkback=STEPS, **settings)
    return Trial.of(model, data).play(3).fitted


def pictures(labels: bool) -> saddle.Dataset:
    generator = np.random.default_rng(0)
    y = np.arange(60) % 3 if labels else None
    return saddle.open(generator.integers(0, 256, (60, 3, 3)).astype(np.uint8), y=y)


def batch_of(data: saddle.Dataset) -> Batch:
    rows = torch.arange(BATCH)
    return Batch(data.batch(rows).double(), data.labels_of(rows), torch.tensor(0))


def drawn(player: Player) -> dict[str, Tensor]:
    return draw(player.noise, Stream(4), torch.float64, torch.device("cpu"))


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def terms(networks: Networks, batch: Batch, noise: dict[str, Tensor], *, wrong: str = "") -> list[float]:
    """The cross-entropy of each walkback step for two hidden layers over Bernoulli pixels; `wrong` names a mistake."""
    network = network_of(networks)
    w1, w2 = (one.detach().numpy() for one in network.weights)
    b0, b1, b2 = (one.detach().numpy() for one in network.biases)
    if batch.y is not None:
        b0, b1, b2 = (
            b + own.detach().numpy()[batch.y.numpy()] for b, own in zip((b0, b1, b2), network.label_biases, strict=True)
        )
    n = {name: value.numpy() for name, value in noise.items()}
    target = v = (batch.x.flatten(1).numpy() + 1) / 2
    h2, found = np.zeros((BATCH, w2.shape[0])), []
    for step in range(STEPS):
        u = n[f"corruption {step}"]
        corrupted = np.where(u < 0.2, 1.0, np.where(u < 0.4, 0.0, v))
        h1 = np.tanh(corrupted @ w1.T + h2 @ w2 + b1)
        p = sigmoid(h1 @ w1 + b0)
        goal = v if wrong == "target" else target
        found.append(float(-(goal * np.log(p) + (1 - goal) * np.log(1 - p)).sum(1).mean()))
        if step < STEPS - 1:
            before, after = n[f"before {step}"], n[f"after {step}"]
            below = np.tanh(corrupted @ w1.T + b1) if wrong == "stale" else h1
            h2 = np.tanh(below @ w2.T + b2 + 0.5 * before) + (0.0 if wrong == "noise" else 0.5) * after
            v = p if wrong == "mean" else (n[f"drawn {step}"] < p).astype(float)
    return found


@pytest.mark.parametrize("labels", [False, True])
def test_the_loss_is_the_sum_over_steps(labels: bool) -> None:
    """Told from: the drawn bits as target, the mean handed on undrawn, the last step alone, the average over steps, top
    noise on one side of the nonlinearity only, and an upper layer that reads h1 before its own feedback.
    """
    data = pictures(labels)
    model = fitted(data, (6, 4), 0.5)
    player, networks, batch = model.problem.players[0], model.networks(), batch_of(data)
    noise = drawn(player)
    loss = player.loss(networks, batch, noise, {})
    right = terms(networks, batch, noise)
    assert abs(float(loss.value) - sum(right)) < 1e-11
    assert abs(float(loss.metrics["cross-entropy of step 1"]) - right[0]) < 1e-11
    assert abs(float(loss.metrics[f"cross-entropy of step {STEPS}"]) - right[-1]) < 1e-11
    wrong = [sum(terms(networks, batch, noise, wrong=how)) for how in ("target", "mean", "noise", "stale")]
    assert min(abs(float(loss.value) - one) for one in [*wrong, right[-1], sum(right) / STEPS]) > 1e-4


def test_no_gradient_passes_through_the_drawn_visibles() -> None:
    """For real numbers, whose draw would pass one: the gradient is that with the draws held as constants."""
    data = saddle.open(np.random.default_rng(1).standard_normal((60, 3)))
    model = fitted(data, (5,), 0.0)
    player, batch = model.problem.players[0], batch_of(data)
    noise = drawn(player)
    networks = model.networks().requires_grad_(True)
    network = network_of(networks)
    player.loss(networks, batch, noise, {}).value.backward()
    v, total = batch.x, torch.zeros(())
    spread = (network.visible.log_variance / 2).exp()
    for step in range(STEPS):
        corrupted = v + 0.4 * noise[f"corruption {step}"]
        mean = torch.tanh(corrupted @ network.weights[0].T + network.biases[1]) @ network.weights[0] + network.biases[0]
        total = total - torch.distributions.Normal(mean, spread).log_prob(batch.x).sum(1).mean()
        if step < STEPS - 1:
            v = (mean + spread * noise[f"drawn {step}"]).detach()
    by_hand = torch.autograd.grad(total, [network.weights[0], network.visible.log_variance])
    assert torch.allclose(network.weights[0].grad, by_hand[0], rtol=0, atol=1e-12)
    assert torch.allclose(network.visible.log_variance.grad, by_hand[1], rtol=0, atol=1e-12)


def test_training_begins_at_the_means_of_the_data() -> None:
    """Bias for bias: a network that knows nothing else gives the mean picture, constant pixels within a hundredth."""
    white = np.zeros((60, 2, 2), dtype=np.uint8)
    white[:, 0], white[:20, 1] = 255, 255
    model = saddle.GSN(hidden=(4,), device="cpu").build(saddle.open(white).layout, None)
    trial = Trial.of(saddle.GSN(hidden=(4,), device="cpu"), saddle.open(white))
    assert torch.equal(network_of(model.networks()).biases[0], torch.zeros(4))
    mean = network_of(trial.fitted.networks()).biases[0].sigmoid()
    assert torch.allclose(mean[:2], torch.tensor(0.99)) and bool(((mean[2:] - 1 / 3).abs() < 0.05).all())


def test_the_corruption_must_fit_the_data() -> None:
    with pytest.raises(saddle.InputError, match="Salt-and-pepper corruption needs pictures"):
        saddle.GSN(corruption=saddle.SaltAndPepper(), hidden=(4,), rounds=1).fit("ring")
    for bad in ({"corruption": "salt"}, {"corruption": 3}, {"hidden": ()}, {"hidden": (0,)}, {"read": "mode"}):
        with pytest.raises(saddle.InputError, match=next(iter(bad))):
            saddle.GSN(**{"rounds": 1, **bad}).fit("ring")


@pytest.mark.parametrize("hidden", [(6,), (6, 5, 4), (6, 5, 4, 3)])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_any_depth_trains_alone_and_in_a_population(hidden: tuple[int, ...], noise: float) -> None:
    """Layers that nothing has reached yet have one value for all examples; they must not break stacked members."""
    settings = {"hidden": hidden, "hidden_noise": noise, "batch": BATCH, "precision": "float64", "device": "cpu"}
    together = Trial.of(saddle.GSN(**settings, sample_steps=2, seed=1, seeds=2), pictures(True)).play(3)
    alone = Trial.of(saddle.GSN(**settings, sample_steps=2, seed=2), pictures(True)).play(3)
    gap = float((together.parameters(1) - alone.parameters()).abs().max())
    assert gap < 1e-12 and bool(torch.isfinite(alone.fitted.sample(3, seed=0)[0]).all())
