"""The ways to play rounds compute the same thing."""

import signal
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import saddle
from saddle.core.errors import InputError, NonFiniteError
from saddle.core.problem import Batch, Loss, Player
from saddle.testing import Trial
from saddle.training.step import inputs_of
from saddle.training.ways import compiler, compiling, flat_updates, planning
from saddle.training.ways.compiling import Compiled
from saddle.training.ways.device_rounds import DeviceRounds
from saddle.training.ways.functions import NotCompiledError
from saddle.training.ways.planning import measure_cost
from saddle.training.ways.rounds import HostRounds, can_be_recorded, members_a_call, rounds_of

POINTS = saddle.open(np.random.default_rng(0).standard_normal((60, 2)))
LABELED = saddle.open(np.random.default_rng(0).standard_normal((60, 2)), y=np.arange(60) % 3)
PICTURES = saddle.open(np.random.default_rng(0).random((40, 8, 8)) > 0.5)
SMALL: dict[str, Any] = {"precision": "float64", "device": "cpu", "batch": 8, "average": 0.9}
MLP = saddle.MLP(4, 1)
MODELS: dict[str, tuple[Any, Any]] = {
    "gan": (lambda **k: saddle.GAN(generator=MLP, critic=MLP, latent=2, **k), POINTS),
    "conditional gan": (lambda **k: saddle.GAN(generator=MLP, critic=MLP, latent=2, **k), LABELED),
    "clipped, three critic updates": (
        lambda **k: saddle.GAN(objective="wasserstein", regularizers=saddle.WeightClipping(0.01), generator=MLP,
                               critic=MLP, latent=2, critic_updates=3, **k), POINTS),
    "penalty and batch normalization": (
        lambda **k: saddle.GAN(regularizers=saddle.GradientPenalty(10.0), latent=2, critic=MLP,
                               generator=saddle.MLP(4, 1, normalization="batch"), **k), POINTS),
    "noise, R1 and a falling momentum": (
        lambda **k: saddle.GAN(regularizers=(saddle.InstanceNoise(0.3), saddle.R1(1.0)), latent=2, critic=MLP,
                               generator=MLP,
                               critic_optimizer=saddle.SGD(momentum=0.5, final_momentum=0.7), **k), POINTS),
    "vae": (lambda **k: saddle.VAE(encoder=MLP, decoder=MLP, **k), PICTURES),
    "autoencoder": (lambda **k: saddle.Autoencoder(**k), PICTURES),
    "boltzmann": (lambda **k: saddle.BoltzmannMachine(hidden=(5, 4), chains=6, **k), PICTURES),
    "gsn": (lambda **k: saddle.GSN(hidden=6, **k), PICTURES),
}  # fmt: skip


def trial(name: str, **settings: Any) -> Trial:
    make, data = MODELS[name]
    return Trial.of(make(**SMALL, **settings), data)


def numbers(one: Trial) -> Tensor:
    state = one.fitted.state
    held = (*state.params.values(), *state.buffers.values(), *state.averages.values(), *state.carry.values())
    return torch.cat([tensor.detach().double().flatten() for tensor in held])


def close(one: Trial, other: Trial, tolerance: float) -> bool:
    gap = torch.linalg.vector_norm(numbers(one) - numbers(other)) / torch.linalg.vector_norm(numbers(other))
    return bool(gap < tolerance)


@pytest.mark.parametrize("seeds", [1, 2])
@pytest.mark.parametrize("name", MODELS)
def test_rounds_on_the_device_are_the_rounds_of_the_host(name: str, seeds: int) -> None:
    """More than a window of 64, so that rates, weights, noise and rows are sent anew; rates go there in float32."""
    host, device = trial(name, seeds=seeds).play(70), trial(name, seeds=seeds)
    with torch.random.fork_rng():
        rounds = DeviceRounds(device.fitted.problem, device.fitted.state, device.feed)
        metrics = [rounds.play(logged=True) for _ in range(70)][-1]
        rounds.raise_deferred()
    assert device.fitted.state.round == 70 and close(device, host, 1e-6)
    assert all(value.shape == (() if seeds == 1 else (seeds,)) for value in metrics.values())
    settings = [group["lr"] for one in device.fitted.state.optimizers.values() for group in one.param_groups]
    assert all(isinstance(rate, float) for rate in settings), "a checkpoint would hold a tensor of the device"


@pytest.mark.parametrize(
    "name", ["conditional gan", "penalty and batch normalization", "noise, R1 and a falling momentum"]
)
def test_compiled_rounds_are_the_plain_ones(name: str) -> None:
    plain, compiled = trial(name, seeds=2).play(5), trial(name, seeds=2)
    with torch.random.fork_rng():
        rounds = rounds_of("compiled", compiled.fitted.problem, compiled.fitted.state, compiled.feed)
        for _ in range(5):
            rounds.play(logged=False)
    assert close(compiled, plain, 1e-12)


@pytest.mark.parametrize(
    ("name", "along"),
    [("conditional gan", True), ("conditional gan", False), ("penalty and batch normalization", True),
     ("noise, R1 and a falling momentum", False), ("boltzmann", True)],
)  # fmt: skip
def test_a_population_in_parts_is_the_population(name: str, along: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls of two members: with the optimizer compiled along, whose count of steps only one may change."""
    monkeypatch.setattr(compiling, "UPDATED_ALONG", 2**17 if along else 0)
    whole, parts = trial(name, seeds=4).play(5), trial(name, seeds=4)
    with torch.random.fork_rng():
        compiled = Compiled(updating=True, checked=False, at_once=2)
        rounds = HostRounds(parts.fitted.problem, parts.fitted.state, parts.feed, compiled=compiled)
        metrics = [rounds.play(logged=True) for _ in range(5)][-1]
    assert close(parts, whole, 1e-12) and all(value.shape == (4,) for value in metrics.values())
    for ours, theirs in zip(memory(parts), memory(whole), strict=True):
        assert torch.allclose(ours, theirs)


def memory(one: Trial) -> list[Tensor]:
    optimizers = one.fitted.state.optimizers.values()
    states = [state for optimizer in optimizers for state in optimizer.state.values()]
    return [value for state in states for _, value in sorted(state.items()) if isinstance(value, Tensor)]


def test_a_call_updates_an_equal_part_of_a_large_population() -> None:
    found = {members: members_a_call(members) for members in (1, 8, 15, 16, 17, 20, 30, 256)}
    assert found == {1: 1, 8: 8, 15: 15, 16: 8, 17: 17, 20: 5, 30: 6, 256: 8}


def test_a_large_population_resumes_exactly(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []
    real = compiling._form
    monkeypatch.setattr(compiling, "_form", lambda *of, **how: asked.append(how["at_once"]) or real(*of, **how))
    settings: dict[str, Any] = {"generator": MLP, "critic": MLP, "latent": 2, "threads": 1, "compile": "on"}
    settings |= {"seeds": 16}
    whole = saddle.GAN(**settings, rounds=6).fit(POINTS)
    saddle.GAN(**settings, rounds=3).fit(POINTS, folder=tmp_path / "run")
    resumed = saddle.GAN.resume(tmp_path / "run", POINTS, rounds=6)
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()
    assert set(asked) == {8}


def test_a_torch_that_compiles_in_another_way_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> Any:
        raise AttributeError("standalone_compile")

    monkeypatch.setattr(compiler, "_straight", missing)
    plain, compiled = trial("gan").play(4), trial("gan")
    with torch.random.fork_rng():
        rounds = rounds_of("compiled", compiled.fitted.problem, compiled.fitted.state, compiled.feed)
        for _ in range(4):
            rounds.play(logged=False)
    assert close(compiled, plain, 1e-12)


class Bad(nn.Module):
    """Looks at a number, which no compiler can know beforehand."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        scores = self.layer(x).squeeze(-1)
        return scores if scores.detach().sum().item() > 0 else 2 * scores


def test_what_cannot_be_compiled_is_refused_or_left() -> None:
    settings: dict[str, Any] = {"critic": Bad(), "generator": MLP, "latent": 2, "rounds": 2, "threads": 1}
    with pytest.raises(InputError, match=r"The critic's loss cannot be compiled: .*; set compile to 'off'\."):
        saddle.GAN(**settings, compile="on").fit(POINTS)
    assert saddle.GAN(**settings, compile="auto").fit(POINTS).trained.table["resolved"]["way"] == "eager"


def test_auto_says_why_nothing_was_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "REPAYS", 0.0)
    settings: dict[str, Any] = {"critic": Bad(), "generator": MLP, "latent": 2, "rounds": 2, "threads": 1}
    resolved = saddle.GAN(**settings, compile="auto").fit(POINTS).trained.table["resolved"]
    assert resolved["way"] == "eager" and resolved["not_compiled"].startswith("The critic's loss cannot be compiled: ")
    assert resolved["not_compiled"].endswith(", so nothing is compiled.")


def test_a_missing_compiler_of_c_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a sentence that says the user's loss is at fault."""

    class InvalidCxxCompiler(Exception):  # noqa: N818 - as torch calls it
        pass

    def missing(*_: Any) -> Any:
        raise InvalidCxxCompiler("No working C++ compiler found in torch._inductor.config.cpp.cxx")

    monkeypatch.setattr(compiling, "compiled_function", missing)
    settings: dict[str, Any] = {"critic": MLP, "generator": MLP, "latent": 2, "rounds": 2, "threads": 1}
    with pytest.raises(InputError, match=r"torch finds no C\+\+ compiler here, such as g\+\+"):
        saddle.GAN(**settings, compile="on").fit(POINTS)


class Off(nn.Module):
    """What a compiler must not make of a graph."""

    def __init__(self, traced: Any) -> None:
        super().__init__()
        self.traced, self.graph = traced, traced.graph

    def forward(self, *inputs: Tensor) -> list[Tensor]:
        return [1.001 * out for out in self.traced(*inputs)]


def test_a_gradient_that_comes_out_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = trial("gan")
    state, player = one.fitted.state, one.fitted.problem.players[0]
    supply = one.feed.supply(player, state.seeds)
    x, y = one.feed.examples(supply.rows.at(0, 0))
    noise = {name: block.at(0, 0) for name, block in supply.noise.items()}
    monkeypatch.setattr(compiling, "compiled_function", lambda graph, inputs: Off(graph))
    with pytest.raises(NotCompiledError, match=r"1\.0e-03 \(relative\) off"):
        Compiled(updating=False, checked=True)(player, state, Batch(x, y, torch.tensor(0)), noise)


def test_short_runs_are_not_compiled_and_long_ones_keep_the_faster_way() -> None:
    one = trial("gan")
    settings: dict[str, Any] = {"device": torch.device("cpu"), "dtype": torch.float64, "threads": 1, "compile": "auto"}
    problem, feed = one.fitted.problem, one.feed
    assert measure_cost(problem, feed, (0,), **settings, rounds=lambda speed: 100).way == "eager"
    long = measure_cost(problem, feed, (0,), **settings, rounds=lambda speed: 10**7)
    assert long.compile_seconds > 0 and long.way in ("eager", "compiled")


def test_a_compiled_run_resumes_exactly(tmp_path: Any) -> None:
    settings: dict[str, Any] = {"generator": MLP, "critic": MLP, "latent": 2, "threads": 1, "compile": "on"}
    whole = saddle.GAN(**settings, rounds=6).fit(POINTS)
    saddle.GAN(**settings, rounds=3).fit(POINTS, folder=tmp_path / "run")
    resumed = saddle.GAN.resume(tmp_path / "run", POINTS, rounds=6)
    assert resumed.trained.table["resolved"]["way"] == "compiled"
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()


def test_a_run_takes_over_what_its_warm_up_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = compiling._compiled
    monkeypatch.setattr(compiling, "_compiled", lambda player, *rest: made.append(player.name) or real(player, *rest))
    settings: dict[str, Any] = {"generator": MLP, "critic": MLP, "latent": 2, "threads": 1, "compile": "on"}
    model = saddle.GAN(**settings, rounds=4).fit(POINTS)
    assert sorted(made) == ["critic", "generator"] and model.trained.table["resolved"]["compile_seconds"] > 0
    model.fit(POINTS)
    assert len(made) == 2 and model.trained.fitted.state.round == 8


def test_compiled_functions_serve_another_state_only_where_its_tensors_lie_alike() -> None:
    """As those of another seed do, and those of another batch do not."""
    first = trial("gan")
    rounds = rounds_of("compiled", first.fitted.problem, first.fitted.state, first.feed)
    with torch.random.fork_rng():
        rounds.play(logged=False)
    assert rounds.compiled is not None
    functions = rounds.compiled.functions
    for settings, same in (({"seed": 5}, True), ({"batch": 7}, False)):
        make, data = MODELS["gan"]
        plain, other = (Trial.of(make(**{**SMALL, **settings}), data) for _ in range(2))
        taken = rounds_of("compiled", other.fitted.problem, other.fitted.state, other.feed, functions=functions)
        with torch.random.fork_rng():
            for _ in range(5):
                taken.play(logged=False)
        assert taken.compiled is not None and close(other, plain.play(5), 1e-12)
        assert all((taken.compiled.functions[name] is one) is same for name, one in functions.items())


def test_a_compiled_run_logs_the_same_wherever_it_was_resumed(tmp_path: Any) -> None:
    """Rows every other round, so that a first round that nobody logs must not decide what is compiled."""
    settings: dict[str, Any] = {"generator": MLP, "critic": MLP, "latent": 2, "threads": 1, "compile": "on"}
    whole = saddle.GAN(**settings, rounds=500).fit(POINTS)
    assert whole.trained.table["resolved"]["log_every"] == 2 and "accuracy" in whole.history[-1]
    model = saddle.GAN(**settings, rounds=500, callback=lambda round, model: stop_at(3, round))
    with pytest.raises(KeyboardInterrupt):
        model.fit(POINTS, folder=tmp_path / "run")
    resumed = saddle.GAN.resume(tmp_path / "run", POINTS)
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()
    assert resumed.history[-1].keys() == whole.history[-1].keys()


def stop_at(wanted: int, round: int) -> None:
    if round == wanted:
        signal.raise_signal(signal.SIGINT)


def test_a_momentum_that_begins_at_zero_is_not_left_there() -> None:
    name, growing = "gan", saddle.SGD(0.05, momentum=0.0, final_momentum=0.9, momentum_until=4)
    plain, compiled = (trial(name, critic_optimizer=growing) for _ in range(2))
    with torch.random.fork_rng():
        rounds = rounds_of("compiled", compiled.fitted.problem, compiled.fitted.state, compiled.feed)
        for _ in range(6):
            rounds.play(logged=False)
    assert close(compiled, plain.play(6), 1e-12)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_gradient_of_the_wrong_sign_is_noticed_where_the_optimizer_is_compiled_along(
    optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = trial("gan", critic_optimizer=saddle.SGD(0.1, momentum=0.0) if optimizer == "sgd" else saddle.Adam())
    state, player = one.fitted.state, one.fitted.problem.players[0]
    batch, noise = inputs_of(player, state, one.feed, 0, logged=True)
    real = flat_updates.gradients_of
    calls: list[int] = []

    def turned(value: Tensor, own: Any) -> list[Tensor]:
        calls.append(1)
        return [-gradient for gradient in real(value, own)] if len(calls) == 1 else real(value, own)

    monkeypatch.setattr(flat_updates, "gradients_of", turned)  # wrong in what is compiled, right in what it is held to
    with pytest.raises(NotCompiledError, match=r"\(relative\) off"):
        Compiled(updating=True, checked=True)(player, state, batch, noise)


def test_a_graph_tells_which_member_failed_first_and_when() -> None:
    def loss(networks: Any, batch: Batch, noise: Any, carry: Any) -> Loss:
        score = networks["critic"](batch.x).mean()
        return Loss(torch.where(batch.round >= 4, score.abs().detach() / 0.0 + score, score), {}, {})

    one = trial("gan")
    player = one.fitted.problem.players[0]
    problem = type(one.fitted.problem)(
        one.fitted.problem.networks,
        (Player("critic", ("critic",), loss, player.optimizer, {}),),
        one.fitted.problem.sampler,
    )
    rounds = DeviceRounds(problem, one.fitted.state, one.feed)
    for _ in range(4):
        rounds.play(logged=False)
    rounds.raise_deferred()
    for _ in range(4):
        rounds.play(logged=False)
    with pytest.raises(NonFiniteError, match=r"The critic's loss became inf in round 5\."):
        rounds.raise_deferred()


def test_nothing_is_recorded_without_a_gpu() -> None:
    one = trial("gan")
    assert not can_be_recorded(one.fitted.problem, one.fitted.state, one.feed)
