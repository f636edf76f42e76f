"""Batches that cores share out among them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch._inductor.config
from torch import Tensor

import saddle
from saddle.testing import Trial, check_objective
from saddle.training.step import inputs_of
from saddle.training.ways import compiling, shares
from saddle.training.ways.compiling import Compiled
from saddle.training.ways.rounds import HostRounds, can_be_shared, prepare
from saddle.training.ways.shares import LEAST, Shared

POINTS = np.random.default_rng(0).standard_normal((200, 2))
LABELED = saddle.open(POINTS, y=np.arange(200) % 3)
MLP = saddle.MLP(4, 1)
BATCH = 2 * LEAST
COMMON: dict[str, Any] = {
    "generator": MLP, "critic": MLP, "latent": 2, "batch": BATCH, "precision": "float64", "device": "cpu",
}  # fmt: skip


def game(data: Any = POINTS, **settings: Any) -> Trial:
    return Trial.of(saddle.GAN(**{**COMMON, **settings}), data if data is LABELED else saddle.open(data))


PENALIZED: dict[str, Any] = {"data": LABELED, "regularizers": saddle.GradientPenalty(1.0), "average": 0.9}
PAIRED: dict[str, Any] = {
    "objective": "relativistic", "regularizers": (saddle.InstanceNoise(0.3, until=4), saddle.R1(1.0)),
    "critic_optimizer": saddle.SGD(0.05, momentum=0.5, final_momentum=0.7),
}  # fmt: skip

CLIPPED: dict[str, Any] = {
    "objective": "wasserstein", "regularizers": saddle.WeightClipping(0.1), "critic_updates": 2,
    "critic_optimizer": saddle.RMSProp(0.01), "generator_optimizer": saddle.RMSProp(0.01),
}  # fmt: skip


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def numbers(one: Trial) -> Tensor:
    state = one.fitted.state
    memory = [kept for optimizer in state.optimizers.values() for kept in optimizer.state.values()]
    held = [*state.params.values(), *state.averages.values(), *(value for kept in memory for value in kept.values())]
    return torch.cat([tensor.detach().double().flatten() for tensor in held if isinstance(tensor, Tensor)])


@pytest.fixture
def soon_compiled() -> Iterator[None]:
    with torch._inductor.config.patch({"aot_inductor.compile_wrapper_opt_level": "O0"}):
        yield


def demand_the_plain_update(settings: dict[str, Any]) -> None:
    plain, shared = game(**settings).play(6), game(**settings)
    compiled = Compiled(updating=True, checked=True, cores=2)
    rounds = HostRounds(shared.fitted.problem, shared.fitted.state, shared.feed, compiled=compiled)
    with torch.random.fork_rng():
        metrics = [rounds.play(logged=True) for _ in range(6)][-1]
    assert all(isinstance(one.call, Shared) for one in compiled.functions.values())
    assert torch.allclose(numbers(shared), numbers(plain), rtol=1e-10, atol=1e-12)
    assert 0 < metrics["accuracy"] < 1 and len({id(one) for one in metrics.values()}) == len(metrics)


@pytest.mark.usefixtures("soon_compiled")
def test_a_generator_that_sees_data_and_numbers_that_change() -> None:
    demand_the_plain_update(PAIRED)


@pytest.mark.usefixtures("soon_compiled")
def test_clipping_after_each_of_several_updates_and_a_generator_that_sees_nothing() -> None:
    demand_the_plain_update(CLIPPED)


@pytest.mark.usefixtures("soon_compiled")
def test_labels_and_noise_of_several_kinds_and_an_exact_resume(tmp_path: Any) -> None:
    """One test, since both compile the same functions."""
    demand_the_plain_update(PENALIZED)
    settings = {**COMMON, **PENALIZED, "threads": 2, "compile": "on"}
    data = settings.pop("data")
    whole = saddle.GAN(**settings, rounds=6).fit(data)
    assert whole.trained.table["resolved"]["way"] == "compiled in shares"
    saddle.GAN(**settings, rounds=3).fit(data, folder=tmp_path / "run")
    resumed = saddle.GAN.resume(tmp_path / "run", data, rounds=6)
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()


@pytest.mark.parametrize(
    ("settings", "shared"),
    [({}, True), (PENALIZED, True), (PAIRED, True), ({"objective": "wasserstein", "critic_updates": 2}, True),
     ({"regularizers": saddle.WeightClipping(0.1)}, True), ({"objective": "relativistic-average"}, False),
     ({"regularizers": saddle.DRAGAN()}, False), ({"regularizers": saddle.SpectralNormalization()}, False),
     ({"critic_optimizer": saddle.Adam(weight_decay=0.1), "generator_optimizer": saddle.Adam(weight_decay=0.1)}, False),
     ({"critic": saddle.MLP(512, 2), "generator": saddle.MLP(512, 2)}, False), ({"packing": 2}, False),
     ({"unrolled": 1}, False), ({"seeds": 2}, False), ({"batch": BATCH - 2}, False),
     ({"batch": BATCH + 1}, False), ({"generator": saddle.MLP(4, 1, normalization="batch")}, False),
     ({"critic": saddle.MLP(4, 1, minibatch_deviation=True)}, False)],
)  # fmt: skip
def test_only_means_over_examples_are_shared_out(settings: dict[str, Any], shared: bool) -> None:
    one = game(**settings)
    parts = one.fitted.problem, one.fitted.state, one.feed
    assert can_be_shared(*parts, 2) is shared and not can_be_shared(*parts, 1)


class Lying:
    """An objective of the users' own that says it is a mean over examples, and is not."""

    separates = True

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return (fake.mean() - real.mean()).exp()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -fake.mean()


def test_an_objective_that_lies_is_noticed() -> None:
    with pytest.raises(AssertionError, match="says that it separates, but"):
        check_objective(Lying())


def test_without_a_compiler_of_c_batches_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def missing(*_: Any) -> Any:
        raise FileNotFoundError("no compiler")

    monkeypatch.setattr(shares, "built", missing)
    monkeypatch.setattr(shares, "library", lambda *_, **__: made.append(1))
    monkeypatch.setattr(compiling, "compiled_function", lambda graph, inputs: graph)
    model = saddle.GAN(**COMMON, threads=2, compile="on", rounds=2).fit(POINTS)
    assert model.trained.table["resolved"]["way"] == "compiled" and not made


def test_a_run_may_keep_its_batches_whole() -> None:
    with torch.random.fork_rng():
        model = saddle.GAN(**COMMON, threads=2, compile="whole", rounds=2).fit(POINTS)
    assert model.trained.table["resolved"]["way"] == "compiled"


def test_players_that_do_not_separate_may_draw_single_numbers() -> None:
    """Catches a look at the length of noise that has none."""
    one = game(objective="relativistic-average")
    player = one.fitted.problem.players[0]
    draws = {"number": torch.zeros(())}
    batch = inputs_of(player, one.fitted.state, one.feed, 0, logged=False)[0]
    assert shares.shares_of(player, one.fitted.state, batch, draws, 2) == 1
    assert shares.shares_of(replace(player, separates=True), one.fitted.state, batch, draws, 2) == 1


@pytest.mark.usefixtures("soon_compiled")
def test_an_interruption_between_two_handles_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches handles that are taken for those of what is held before they are made: the process would end."""
    plain, one = game(**CLIPPED).play(3), game(**CLIPPED)
    compiled = Compiled(updating=True, checked=False, cores=2)
    rounds = HostRounds(one.fitted.problem, one.fitted.state, one.feed, compiled=compiled)
    prepare(rounds, one.fitted.problem, one.fitted.state, one.feed)
    whole, calls = shares._handle, []

    def interrupted(tensor: Tensor) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(tensor)

    monkeypatch.setattr(shares, "_handle", interrupted)
    with torch.random.fork_rng():
        with pytest.raises(KeyboardInterrupt):
            rounds.play(logged=False)
        for _ in range(3):
            rounds.play(logged=False)
    assert torch.allclose(numbers(one), numbers(plain), rtol=1e-10, atol=1e-12)
