"""The game over a distance between batches: its losses by hand, what it refuses, and that it trains and is told of."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import saddle
from saddle.core.noise import draw
from saddle.core.problem import Batch, Loss
from saddle.core.randomness import Stream
from saddle.families.gan.matching import joint
from saddle.recipes import configured, find_recipe
from saddle.testing import Trial

DRAW = np.random.default_rng(0)
LABELED = saddle.open(DRAW.standard_normal((60, 2)), y=np.arange(60) % 3)
PLAIN = saddle.open(DRAW.standard_normal((60, 2)))
PICTURES = saddle.open(DRAW.integers(0, 256, (60, 4, 4), dtype=np.uint8), y=np.arange(60) % 2)
TINY: dict[str, Any] = {"generator": saddle.MLP(8, 1), "latent": 3, "batch": 8, "precision": "float64"}
QUICK = saddle.Sinkhorn(0.1, 10)


def losses(data: saddle.Dataset, **settings: Any) -> tuple[dict[str, Loss], dict[str, tuple[Tensor, ...]], Trial]:
    """Each player's first loss, and the batch that it saw: data, samples and labels, from the same draws."""
    trial = Trial.of(saddle.GAN(**TINY, **settings), data)
    networks = trial.fitted.state.networks
    found, seen = {}, {}
    for player in trial.fitted.problem.players:
        noise = draw(player.noise, Stream(0, (player.name, 0, 0)), torch.float64, torch.device("cpu"))
        x, y = trial.feed.one(0, player.name, 0)
        found[player.name] = player.loss(networks, Batch(x, y, torch.tensor(0)), noise, {})
        given = () if y is None else (y,)
        seen[player.name] = (x, networks["generator"](noise["latent"], *given), *given)
    return found, seen, trial


@pytest.mark.parametrize("objective", [saddle.MMD(), QUICK])
def test_without_features_the_generator_is_alone_and_lowers_the_distance(objective: Any) -> None:
    found, seen, trial = losses(PLAIN, objective=objective)
    assert list(found) == ["generator"] and list(trial.fitted.state.networks) == ["generator"]
    assert torch.allclose(found["generator"].value, objective.distance(*seen["generator"]))
    assert torch.equal(found["generator"].metrics["distance"], found["generator"].value)


@pytest.mark.parametrize("objective", [saddle.MMD(features=4), saddle.Sinkhorn(0.1, 10, features=4)])
def test_with_features_a_critic_raises_what_the_generator_lowers(objective: Any) -> None:
    """Of another batch each; features of samples under other labels, or of the examples themselves, would show."""
    found, seen, trial = losses(LABELED, objective=objective, critic=saddle.MLP(8, 1))
    critic = trial.fitted.state.networks["critic"]
    for player, sign in (("critic", -1), ("generator", 1)):
        x, fake, y = seen[player]
        assert critic(x, y).shape == (8, 4)
        assert torch.allclose(found[player].value, sign * objective.distance(critic(x, y), critic(fake, y)))


@pytest.mark.parametrize("data", [LABELED, PICTURES])
def test_labels_are_matched_with_the_examples(data: saddle.Dataset) -> None:
    """As one vector each, where two labels differ by as much as two real examples do in root mean square."""
    objective = saddle.MMD()
    found, seen, _ = losses(data, objective=objective)
    x, fake, y = seen["generator"]
    real, made = joint(x, fake, y, len(data.classes or ()))
    assert torch.allclose(found["generator"].value, objective.distance(real, made))
    flat = x.flatten(1)
    assert torch.equal(real[:, : flat.shape[1]], flat) and torch.equal(made[:, : flat.shape[1]], fake.flatten(1))
    labels, pairs = real[:, flat.shape[1] :], torch.pdist(flat).square().mean()
    apart = torch.cdist(labels, labels).square()
    assert torch.equal(labels, made[:, flat.shape[1] :])
    assert torch.allclose(apart, pairs * (y[:, None] != y))


def test_examples_are_perturbed_before_they_are_compared() -> None:
    plain, _, _ = losses(PLAIN, objective="mmd")
    noisy, _, _ = losses(PLAIN, objective="mmd", regularizers=[saddle.InstanceNoise(1.0)])
    assert noisy["generator"].value.item() != pytest.approx(plain["generator"].value.item(), rel=0.01)


def test_what_holds_a_critic_holds_that_of_features() -> None:
    held = Trial.of(saddle.GAN(**TINY, objective=saddle.MMD(features=4), regularizers=["weight-clipping"]), PLAIN)
    held.play(3)
    critic = held.fitted.state.networks["critic"]
    assert max(one.abs().max().item() for one in critic.parameters()) <= saddle.WeightClipping().bound
    normalized = saddle.GAN(**TINY, objective=saddle.MMD(features=4), regularizers=["spectral-normalization"])
    layers = Trial.of(normalized, PLAIN).fitted.state.networks["critic"].modules()
    norms = [torch.linalg.matrix_norm(one.weight, 2).item() for one in layers if isinstance(one, torch.nn.Linear)]
    assert norms == pytest.approx([1.0] * len(norms), abs=0.1)


ALONE, CRITIC = {"objective": "mmd"}, {"objective": saddle.MMD(features=4)}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "packing": ({**ALONE, "packing": 2}, "packing must be 1 with objective MMD"),
    "unrolled": ({**CRITIC, "unrolled": 2}, "unrolled must be 0 with objective MMD"),
    "one example": ({**ALONE, "batch": 1}, "batch must be at least 2"),
    "a penalty": ({**CRITIC, "regularizers": ["r1"]}, "R1 acts through the scores"),
    "an invariance": ({**CRITIC, "regularizers": ["consistency"]}, "Consistency acts through the scores"),
    "a projection of nothing": ({**ALONE, "regularizers": ["weight-clipping"]}, "WeightClipping acts on a critic"),
    "a normalization of nothing": ({**ALONE, "regularizers": ["spectral-normalization"]}, "acts on a critic"),
    "a critic of nothing": ({**ALONE, "critic": saddle.MLP()}, "critic must be left out with objective MMD"),
    "updates of nothing": ({**ALONE, "critic_updates": 3}, "critic_updates must be 1"),
    "no features to be had": ({**CRITIC, "critic": "maxout"}, "critic must be able to make features"),
    "scores for features": (
        {**CRITIC, "critic": lambda: torch.nn.Linear(2, 1)},
        r"not to \(2, 4\): features",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_in_one_sentence(name: str) -> None:
    settings, sentence = REFUSED[name]
    with pytest.raises(saddle.InputError, match=sentence) as caught:
        Trial.of(saddle.GAN(**{**TINY, **settings}), PLAIN)
    assert "\n" not in str(caught.value)


class Moments:
    """A distance of the user's own."""

    features = 0

    def distance(self, real: Tensor, fake: Tensor) -> Tensor:
        return (real.mean(0) - fake.mean(0)).square().sum()


def test_a_distance_of_ones_own_trains() -> None:
    found, seen, _ = losses(PLAIN, objective=Moments())
    real, fake = seen["generator"]
    assert found["generator"].value.item() == pytest.approx((real.mean(0) - fake.mean(0)).square().sum().item())


@pytest.mark.parametrize("recipe", ["default", "wgan", "pacgan", "unrolled", "sngan"])
@pytest.mark.parametrize("features", [0, 3])
def test_a_recipe_leaves_out_what_is_for_scores_when_a_distance_is_chosen(recipe: str, features: int) -> None:
    changes = {"objective": {"kind": "mmd", "features": features}, "rounds": 10}
    model = configured(find_recipe(recipe), PLAIN.layout, changes)
    Trial.of(model, PLAIN).play(1)
    kept = {type(one).__name__ for one in model.checked().regularizers}  # type: ignore[attr-defined]
    held = {"wgan": {"WeightClipping"}, "sngan": {"SpectralNormalization"}}
    assert kept == (held.get(recipe, set()) if features else set())


def test_what_is_named_is_not_left_out() -> None:
    model = configured(find_recipe("default"), PLAIN.layout, {"objective": "mmd", "regularizers": ["r1"]})
    with pytest.raises(saddle.InputError, match="R1 acts through the scores"):
        Trial.of(model, PLAIN)


def mixture() -> saddle.Dataset:
    """Two clumps of unequal weight, labeled."""
    draw = np.random.default_rng(1)
    y = (draw.random(600) < 0.3).astype(int)
    return saddle.open(np.where(y[:, None] == 1, 2.0, -2.0) + 0.3 * draw.standard_normal((600, 2)), y=y)


FAST = saddle.Adam(0.01, beta1=0.0, beta2=0.99)
TRAINED: dict[str, dict[str, Any]] = {
    "mmd": {"objective": "mmd"},
    "sinkhorn": {"objective": saddle.Sinkhorn(0.05, 10)},
    "mmd of features": {
        "objective": saddle.MMD(features=4),
        "critic": saddle.MLP(16, 1),
        "regularizers": ["spectral-normalization"],
    },
}


@pytest.mark.parametrize("name", TRAINED)
def test_it_trains_conditionally_and_is_told_of(name: str, tmp_path: Path) -> None:
    """Samples come near the data, each label's to its own clump: of margins matched apart both would be mixtures."""
    data, settings = mixture(), TRAINED[name]
    settings = {**settings, "generator": saddle.MLP(16, 1), "latent": 2, "batch": 64, "average": 0.9, "threads": 1}
    settings |= {"generator_optimizer": FAST, "rounds": 200, "compile": "off"}
    model = saddle.GAN(**settings).fit(data, folder=tmp_path / "run")
    apart = [row["energy distance"] for row in model.history if "energy distance" in row]
    assert apart[-1] < apart[0] / 20
    for label, center in ((0, -2.0), (1, 2.0)):
        assert np.asarray(model.sample(500, y=label, seed=0)).mean(0) == pytest.approx([center] * 2, abs=0.3)
    assert "distance" in model.history[-1]
    alone = not model.trained.settings.objective.features  # type: ignore[attr-defined]
    page = saddle.reports.write_report(model).read_text()
    assert "Distance between batches" in page and "The critic's landscape" not in page
    again = saddle.load(tmp_path / "run")
    assert np.array_equal(np.asarray(again.sample(5, seed=1)), np.asarray(model.sample(5, seed=1)))
    if alone:
        assert "critic" not in str(saddle.diagnose(tmp_path / "run")).lower()


def test_a_stopped_run_ends_where_the_unbroken_one_does(tmp_path: Path) -> None:
    def stop(round: int, model: Any) -> None:
        if round == 5:
            raise KeyboardInterrupt

    settings = {**TINY, "rounds": 12, "objective": QUICK, "seeds": 2}
    whole = saddle.GAN(**settings).fit(LABELED)
    with pytest.raises(KeyboardInterrupt):
        saddle.GAN(**settings, callback=stop).fit(LABELED, folder=tmp_path / "run")
    resumed = saddle.resume(tmp_path / "run", LABELED)
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()


@pytest.mark.parametrize("objective", [saddle.MMD(), saddle.MMD(features=3), QUICK])
def test_networks_in_bfloat16_leave_the_distance_exact(objective: Any) -> None:
    settings = {**TINY, "objective": objective, "precision": "bfloat16", "rounds": 3, "compile": "off"}
    model = saddle.GAN(**settings).fit(PLAIN)
    assert all(one.dtype == torch.float32 for one in model.trained.fitted.state.params.values())
    assert np.isfinite(np.asarray(model.sample(3, seed=0))).all() and np.isfinite(model.history[-1]["distance"])
