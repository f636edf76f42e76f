"""Live progress: a bar with what matters on a terminal, plain lines anywhere else."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

import saddle
from saddle.cli.durations import duration

if TYPE_CHECKING:
    from saddle.training.history import Row
    from saddle.training.loop import Plan
    from saddle.training.ways.planning import Cost

SHOWN = ("critic loss", "generator loss", "D(x)", "D(G(z))", "critic(x)", "critic(G(z))", "accuracy")
BETWEEN_BATCHES = "distance"  # of a game without scores, whose losses are this number up to its sign
OTHERS = 4  # numbers of a family without a critic
REFRESH_SECONDS = 0.125
LINE_SECONDS = (5.0, 60.0)
DISTANCE = "energy distance"
MEASURED = (DISTANCE, "energy coefficient", "coverage", "spread")  # beside the numbers of every family
STATES = ("collapsed", "collapsing", "oscillating")
MEASURED_SECONDS = 2.0  # from then on the speed is what was reached and no longer what the warm-up promised


class TrainingProgress:
    """Shows a training; an `Observer`.

    Args:
        console: where.
        folder: of a run that is new, which is named once it is there; None for one that goes on.
    """

    def __init__(self, console: Console, folder: Path | None = None) -> None:
        self._console = console
        self._folder = folder
        self._live: Live | None = None
        self._plan: Plan | None = None
        self._promised = 0.0
        self._members = 1
        self._latest: dict[str, float] = {}
        self._history: list[Row] = []
        self._fault = ""
        self._first: tuple[int, float] | None = None
        self._shown = 0.0

    def __enter__(self) -> "TrainingProgress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def planned(self, cost: "Cost", plan: "Plan", start: int) -> None:
        """Say where the run is and its cost, then begin to show."""
        if self._folder is not None:
            self._console.print(f"Run: {self._folder}", markup=False, highlight=False, soft_wrap=True)
        self._plan, self._promised, self._members = plan, cost.rounds_per_second, cost.members
        self._print(cost_sentence(cost, plan, start))
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()

    def logged(self, rows: "list[Row]") -> None:
        """Keep the first member's newest numbers; distances stay until the next."""
        self._latest |= {key: value for key, value in rows[0].items() if key not in ("round", "member", "seconds")}
        self._history.append(rows[0])
        if DISTANCE in rows[0]:
            self._fault = fault_so_far(self._history)

    def ticked(self, round: int, seconds: float) -> None:
        """Refresh, at most eight times a second on a terminal; elsewhere every few seconds, later every minute."""
        assert self._plan is not None
        now = time.perf_counter()
        if self._first is None:
            self._first, self._shown = (round, now), now
        last = round == self._plan.rounds
        if self._live is not None:
            if now - self._shown > REFRESH_SECONDS or last:
                self._live.update(self._view(self._plan, round, seconds), refresh=True)
                self._shown = now
            return
        soonest, latest = LINE_SECONDS
        if last or now - self._shown > min(max(soonest, (now - self._first[1]) / 12), latest):
            self._print(", ".join([*self._head(self._plan, round, seconds), *self._numbers()]))
            self._shown = now

    def saved(self, path: Path) -> None:
        """Not shown."""

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=not self._console.is_terminal)

    def _view(self, plan: "Plan", round: int, seconds: float) -> Group:
        bar = Table.grid(expand=True)
        bar.add_row(ProgressBar(total=1.0, completed=_share(plan, round, seconds)))
        width = self._console.width
        # The last line ends before the last column, so that the ^C of a terminal does not start a new one.
        return Group(_lines(self._head(plan, round, seconds), width), bar, _lines(self._numbers(), width - 3))

    def _head(self, plan: "Plan", round: int, seconds: float) -> list[str]:
        of = f" of {plan.rounds:,}" if plan.rounds else ""
        speed = self._speed(round)
        return [
            f"round {round:,}{of}",
            f"{speed:,.1f} rounds/s",
            f"{duration(_left(plan, round, seconds, speed))} left",
        ]

    def _numbers(self) -> list[str]:
        known = [BETWEEN_BATCHES] if BETWEEN_BATCHES in self._latest else [one for one in SHOWN if one in self._latest]
        others = [name for name in self._latest if not name.startswith(MEASURED)][:OTHERS]
        texts = [f"{name} {self._latest[name]:.3f}" for name in known or others]
        if DISTANCE in self._latest:
            error = self._latest.get("energy distance error", 0.0)
            texts.append(f"energy distance {self._latest['energy distance']:.4f} ± {error:.4f}")
        texts += [self._fault] if self._fault else []
        return [f"member 0 of {self._members}", *texts] if self._members > 1 else texts

    def _speed(self, round: int) -> float:
        if self._first is None:
            return self._promised
        start, began = self._first
        elapsed = time.perf_counter() - began
        return (round - start) / elapsed if elapsed > MEASURED_SECONDS else self._promised


def fault_so_far(history: "Sequence[Row]") -> str:
    """The verdict on what has been trained so far, in a word or two; empty for what more training may mend."""
    measured = sum(DISTANCE in row for row in history)
    verdict = saddle.diagnosis.from_history(history).verdict if measured >= saddle.diagnosis.ENOUGH else "under-trained"
    return "" if verdict in ("under-trained", "converged") else f"looks {verdict}" if verdict in STATES else verdict


def cost_sentence(cost: "Cost", plan: "Plan", start: int) -> str:
    """What a training will cost, before it starts."""
    networks = ", ".join(f"{name} {count:,}" for name, count in cost.parameters.items())
    members = f", for each of {cost.members} members" if cost.members > 1 else ""
    threads = f"{cost.threads} thread{'s' if cost.threads > 1 else ''}"
    if plan.rounds is not None and plan.rounds <= start:
        return (
            f"The run has reached its {start:,} rounds; --rounds with a larger number takes it further, unless its "
            "rates have fallen to zero."
        )
    limits: list[str] = []
    if plan.rounds is not None:
        rounds = plan.rounds - start
        took = duration(rounds / cost.rounds_per_second)
        limits.append(f"{rounds:,} rounds{' more' if start else ''}, about {took} plus measuring")
    if plan.seconds is not None:
        limits.append(f"at most {duration(plan.seconds)}{' in all' if start else ''}")
    memory = f"{cost.memory_bytes / 2**20:,.0f} MiB"
    return (
        f"Cost: {'; '.join(limits)}, at {cost.rounds_per_second:,.1f} rounds/s on {threads}{_way(cost)}; "
        f"memory {memory}. "
        f"Parameters: {networks}{members}.{cost.remark and ' ' + cost.remark}"
    )


def _way(cost: "Cost") -> str:
    """How rounds are played, and what compiling took, whether it was kept or not."""
    took = f" in {cost.compile_seconds:.0f} s" if cost.compile_seconds else ""
    if cost.way == "eager":
        return f"; compiled{took}, which was no faster" if took else ""
    compiled = f", compiled{took}"
    ways = {"compiled in shares": f"{compiled}, batches shared out among the cores", "graph": ", as graphs"}
    return ({"compiled": compiled, "compiled graph": f"{compiled}, as graphs"} | ways)[cost.way]


def _left(plan: "Plan", round: int, seconds: float, speed: float) -> float:
    """Seconds until the first limit."""
    lefts = [(plan.rounds - round) / speed] if plan.rounds is not None and speed > 0 else []
    lefts += [] if plan.seconds is None else [max(plan.seconds - seconds, 0.0)]
    return min(lefts, default=0.0)


def _share(plan: "Plan", round: int, seconds: float) -> float:
    """How much of the way to the nearest limit is gone, from 0 to 1."""
    shares = [round / plan.rounds] if plan.rounds else []
    shares += [seconds / plan.seconds] if plan.seconds else []
    return min(max(shares, default=0.0), 1.0)


def _lines(parts: list[str], width: int) -> Text:
    """Parts side by side, on lines that break between them only."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= width:
            lines[-1] += f"  {part}"
        else:
            lines.append(part)
    return Text("\n".join(lines))
