"""Settings as tables: what `run.toml` holds is what was given."""

import math
from typing import Any

import pytest

import saddle
from saddle.families.gan.settings import KINDS
from saddle.families.settings import from_table, override
from saddle.families.tables import decode, encode
from saddle.training.schedules import SCHEDULES

NEEDED: dict[str, dict[str, Any]] = {"torch": {"name": "NAdam", "options": {"momentum_decay": 0.1}}}
VALUES = [(setting, kind) for setting, kinds in KINDS.items() for kind in kinds]


@pytest.mark.parametrize(("setting", "kind"), VALUES)
def test_every_value_comes_back_from_its_table(setting: str, kind: str) -> None:
    value = KINDS[setting][kind](**NEEDED.get(kind, {}))
    table = encode(value, KINDS[setting])
    assert table["kind"] == kind and decode(table, KINDS[setting], setting) == value


@pytest.mark.parametrize(
    ("model", "match"),
    [
        (saddle.GAN(rounds=True), "rounds must be a number, and got True"),
        (saddle.GAN(batch=False), "batch must be a number, and got False"),
        (saddle.VAE(beta=True), "beta must be a number, and got True"),
        (saddle.VAE(beta=math.inf), "beta should be less than inf"),
        (saddle.BoltzmannMachine(weight_cost=math.inf), "weight_cost should be less than inf"),
        (saddle.GSN(hidden_noise=math.inf), "hidden_noise should be less than inf"),
        (saddle.Autoencoder(contraction=math.inf), "contraction should be less than inf"),
        (saddle.Autoencoder(corruption=saddle.GaussianNoise(math.inf)), "corruption.std should be less than inf"),
        (saddle.GAN(critic_optimizer=saddle.Adam(True)), "critic_optimizer.rate must be a number, and got True"),
        (saddle.GAN(critic=saddle.MLP(width=True)), "critic.width must be a number, and got True"),
    ],
)
def test_truth_values_and_infinities_are_no_numbers(model: Any, match: str) -> None:
    """Python counts True as 1, and an infinite factor would only come to light as a loss that is not finite."""
    with pytest.raises(saddle.InputError, match=match):
        model.checked()


def test_truth_values_are_settings_of_their_own() -> None:
    assert saddle.BoltzmannMachine(centered=False).checked().model_dump()["centered"] is False


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_comes_back_from_its_table(schedule: str) -> None:
    needed = {"linear": {"until": 5}, "cosine": {"until": 5}, "warmup": {"rounds": 3}}.get(schedule, {})
    value = saddle.Adam(schedule=SCHEDULES[schedule](**needed))
    assert decode(encode(value, KINDS["critic_optimizer"]), KINDS["critic_optimizer"], "critic_optimizer") == value


def test_a_whole_model_comes_back_from_its_table() -> None:
    model = saddle.GAN(
        objective=saddle.LeastSquares.pearson(),
        regularizers=["r1", {"kind": "instance-noise", "until": 7}],
        generator=saddle.Convolutional(8, "batch"),
        latent=saddle.Uniform(7, bound=2.0),
        critic_optimizer={"kind": "sgd", "rate": 0.3, "schedule": {"kind": "cosine", "until": 9}},
        seeds=3,
    )
    again = saddle.GAN.from_table(model.table(), {})
    assert again.checked() == model.checked()
    assert again.checked().regularizers == (saddle.R1(1.0), saddle.InstanceNoise(0.1, until=7))


def test_changes_are_merged_key_by_key() -> None:
    """A change of one key of a nested table must not reset the others; a change of its kind replaces it whole."""
    table = {"objective": {"kind": "least-squares", "a": -1.0, "b": 1.0, "c": 0.0}, "batch": 8}
    assert override(table, {"objective": {"c": 0.5}})["objective"] == {**table["objective"], "c": 0.5}  # type: ignore[dict-item]
    assert override(table, {"objective": {"kind": "minimax"}})["objective"] == {"kind": "minimax"}
    assert override(table, {"objective": "least-squares"}) == table
    assert override(table, {"objective": "wasserstein"}) == {"objective": "wasserstein", "batch": 8}
    assert table["objective"]["c"] == 0.0  # type: ignore[index]


class Own:
    """An objective of the user's own."""

    def critic(self, real: Any, fake: Any) -> Any:
        return (fake - real).mean()

    def generator(self, real: Any, fake: Any) -> Any:
        return -fake.mean()

    def __repr__(self) -> str:
        return "Own()"


def test_what_a_table_cannot_hold_is_named_and_supplied() -> None:
    model = saddle.GAN(objective=Own(), rounds=3)
    table = model.table()
    assert table["objective"] == {"kind": "custom", "is": "Own()"}
    assert from_table(table, model.settings(), list(table), "A GAN")["objective"] is model.objective
    with pytest.raises(saddle.InputError, match=r"objective of your own, Own\(\)"):
        from_table(table, {}, list(table), "A GAN")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"objective": "minmax"}, "There is no objective 'minmax'; did you mean minimax?"),
    ({"objective": {"kind": "least-squares", "d": 1}}, "objective.d does not exist in least-squares"),
    ({"objective": {"a": 1}}, "needs a kind"),
    ({"objective": 3}, "needs methods critic"),
    ({"regularizers": ["r3"]}, "There is no regularizer 'r3'; did you mean r"),
    ({"regularizers": [object()]}, "needs a method perturb, penalty, difference, project or normalize"),
    ({"regularizers": [saddle.WeightClipping(0.0)]}, "regularizer.bound should be greater than 0, and got 0.0"),
    ({"latent": 0}, "latent.dimension should be greater than or equal to 1"),
    ({"latent": "gaussian"}, "There is no latent 'gaussian'"),
    ({"critic_updates": 0}, "critic_updates should be greater than or equal to 1"),
    ({"batch": 2.5}, "batch should be a valid integer"),
    ({"average": 1.0}, "average should be less than 1"),
    ({"holdout": 0.0}, "holdout should be greater than 0"),
    ({"minutes": -1.0}, "minutes should be greater than 0"),
    ({"precision": "float16"}, "precision should be 'float32', 'float64' or 'bfloat16'"),
    ({"device": "abacus"}, "device 'abacus' cannot be used here"),
    ({"generator_optimizer": {"kind": "adam", "rate": "fast"}}, "generator_optimizer.rate should be a valid number"),
    ({"critic_optimizer": {"kind": "torch"}}, "needs a value for name"),
    ({"critic_optimizer": {"kind": "adam", "schedule": {"kind": "linear"}}}, "needs a value for until"),
    ({"generator": {"kind": "mlp", "width": 0}}, "generator.width should be greater than or equal to 1"),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD)
def test_what_is_wrong_is_said_in_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(saddle.InputError) as caught:
        saddle.GAN(**settings).checked()
    assert sentence in str(caught.value) and "\n" not in str(caught.value)
