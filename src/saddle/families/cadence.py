"""What a run decides by timing before round 1, and keeps for good: threads, device, and when to log and save."""

from typing import Any

from saddle.core.errors import InputError
from saddle.core.problem import Problem
from saddle.core.sampling import Chain
from saddle.families.run_table import require_limits
from saddle.families.settings import TrainingSettings, find_device
from saddle.networks.mixed_precision import is_slower_in_bfloat16
from saddle.training.feed import Feed
from saddle.training.loop import Plan
from saddle.training.state import State
from saddle.training.ways.functions import Functions
from saddle.training.ways.planning import Cost, measure_cost

DEFAULT_ROUNDS = 5000
SLOWER = (
    "precision = 'bfloat16' is usually slower than 'float32' on a processor without units for it (AVX512-BF16 or AMX), "
    "as this one."
)
LOGS, WATCHES, SAVES = 240, 40, 10
SETTLING = 50  # rounds


def resolve(settings: TrainingSettings, problem: Problem, state: State, feed: Feed) -> tuple[dict[str, Any], Functions]:
    """The `[resolved]` table of a run, from a warm-up that does not touch the state, and what that compiled.

    Raises:
        InputError: when the rates are zero before the rounds that the settings ask for are done.
    """
    require_ahead(problem, *further(settings, 0, 0.0), done=0)
    device = find_device(settings.device)
    cost = measure_cost(
        problem,
        feed,
        state.seeds,
        device=device,
        dtype=settings.dtype,
        threads=settings.threads,
        compile=settings.compile,
        rounds=lambda speed: _expected_rounds(settings, speed),
    )
    rounds = _expected_rounds(settings, cost.rounds_per_second)
    log_every = max(1, rounds // LOGS)
    table = {
        "device": str(device),
        "threads": cost.threads,
        "way": cost.way,
        "compile_seconds": round(cost.compile_seconds, 1),
        "rounds_per_second": round(cost.rounds_per_second, 2),
        "memory_bytes": cost.memory_bytes,
        "parameters": cost.parameters,
        "log_every": log_every,
        "watch_every": log_every * max(1, round(_apart(problem, rounds) / log_every)),
        "save_every": max(1, rounds // SAVES),
    }
    if cost.remark:
        table["not_compiled"] = cost.remark
    return table, cost.functions


def cost_of(table: dict[str, Any], state: State, functions: Functions) -> Cost:
    """The cost that the `[resolved]` table of a run records, with what was compiled for it, if anything was."""
    resolved, mixed = table["resolved"], table["model"].get("precision") == "bfloat16"
    slower = SLOWER if mixed and is_slower_in_bfloat16(state.device) else ""
    return Cost(
        resolved["parameters"],
        len(state.seeds),
        resolved["rounds_per_second"],
        resolved["threads"],
        resolved["memory_bytes"],
        resolved.get("way", "eager"),
        resolved.get("compile_seconds", 0.0),
        functions,
        " ".join(filter(None, (slower, resolved.get("not_compiled")))),
    )


def make_plan(resolved: dict[str, Any], rounds: int | None, minutes: float | None) -> Plan:
    """A plan whose end counts from the beginning of the run."""
    if rounds is None and minutes is None:
        rounds = DEFAULT_ROUNDS
    return Plan(
        rounds,
        None if minutes is None else 60 * minutes,
        resolved["log_every"],
        resolved["watch_every"],
        resolved["save_every"],
    )


def require_ahead(problem: Problem, rounds: int | None, minutes: float | None, *, done: int) -> None:
    """Refuse an end that a run with so many rounds done cannot have, or that it would reach at a rate of zero.

    How many rounds fit into minutes is not known before, so of an end in minutes only the next round is looked at.

    Raises:
        InputError: when a limit is no positive number, that many rounds are past, or rates are zero before them.
    """
    require_limits(rounds, minutes, done=done)
    last = done if rounds is None else max(done, rounds - 1)
    moving = next((round for round in range(last, -1, -1) if not _rests(problem, round)), -1)
    if moving < last:
        raise InputError(
            f"The rates are zero from round {moving + 1:,} on, so that the networks would stand still after it; train "
            "no longer, or begin with schedules that end later (`saddle train --rounds N` stretches those of a recipe)."
        )


def _rests(problem: Problem, round: int) -> bool:
    """Whether no player moves in this round."""
    return all(player.schedule(round).get("lr", 1.0) == 0 for player in problem.players)


def further(settings: TrainingSettings, done: int, spent: float) -> tuple[int | None, float | None]:
    """Where a run ends that trains on for as long as the settings say: rounds and minutes from its beginning."""
    rounds, minutes = settings.rounds, settings.minutes
    if rounds is None and minutes is None:
        rounds = DEFAULT_ROUNDS
    return None if rounds is None else done + rounds, None if minutes is None else spent / 60 + minutes


def _apart(problem: Problem, rounds: int) -> float:
    """Rounds between measured distances: a 40th of all, but no fewer than measuring costs.

    A sample at the end of a chain costs about as much as one example in as many rounds as it takes steps, and a
    density of codes, which is fitted anew to be sampled, as much as some rounds.
    """
    fitted = 1 if problem.settle is None else SETTLING
    return max(rounds / WATCHES, problem.sampler.steps if isinstance(problem.sampler, Chain) else fitted)


def _expected_rounds(settings: TrainingSettings, speed: float) -> int:
    """By the settings or, where time limits the run, by its speed."""
    if settings.minutes is None:
        return settings.rounds or DEFAULT_ROUNDS
    by_time = max(1, int(settings.minutes * 60 * speed))
    return min(by_time, settings.rounds or by_time)
