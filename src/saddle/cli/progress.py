"""Live progress: a bar with what matters on a terminal, plain lines anywhere else."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

if TYPE_CHECKING:
    from saddle.training.history import Row
    from saddle.training.loop import Plan
    from saddle.training.planning import Cost

SHOWN = ("critic loss", "generator loss", "D(x)", "D(G(z))", "critic(x)", "critic(G(z))", "accuracy")
LINE_SECONDS = 5.0


def duration(seconds: float) -> str:
    """Seconds as "42 s", "3 min 20 s" or "2 h 05 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


class TrainingProgress:
    """Shows a training; an `Observer`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._bar = Progress(TextColumn("{task.description}"), BarColumn(bar_width=None), console=console)
        self._task = self._bar.add_task("", total=1.0)
        self._began = time.perf_counter()
        self._start = 0
        self._latest: dict[str, float] = {}
        self._rounds: int | None = None
        self._seconds: float | None = None
        self._shown = 0.0
        self._first = (0, 0.0)

    def __enter__(self) -> "TrainingProgress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def planned(self, cost: "Cost", plan: "Plan", start: int) -> None:
        """Say the cost, then begin to show."""
        self._rounds, self._seconds, self._start = plan.rounds, plan.seconds, start
        self._console.print(self._cost(cost, plan, start), highlight=False)
        if self._console.is_terminal:
            self._live = Live(self._view(start, 0.0), console=self._console, refresh_per_second=8)
            self._live.start()
        self._began, self._first = time.perf_counter(), (start, 0.0)

    def logged(self, rows: "list[Row]") -> None:
        """Keep the first member's newest numbers; distances stay until the next."""
        self._latest |= {key: value for key, value in rows[0].items() if key not in ("round", "member", "seconds")}

    def ticked(self, round: int, seconds: float) -> None:
        """Refresh, at most eight times a second on a terminal and every five seconds elsewhere."""
        now = time.perf_counter()
        last = round == self._rounds
        if self._live is not None:
            if now - self._shown > 0.125 or last:
                self._live.update(self._view(round, seconds))
                self._shown = now
        elif now - self._shown > LINE_SECONDS or last:
            self._console.print(self._line(round, seconds), highlight=False, soft_wrap=True)
            self._shown = now

    def saved(self, path: Path) -> None:
        """Not shown."""

    def _cost(self, cost: "Cost", plan: "Plan", start: int) -> str:
        networks = ", ".join(f"{name} {count:,}" for name, count in cost.parameters.items())
        members = f" x {cost.members} members" if cost.members > 1 else ""
        speed = f"{cost.rounds_per_second:,.1f} rounds/s on {cost.threads} thread{'s' if cost.threads > 1 else ''}"
        limits: list[str] = []
        if plan.rounds is not None:
            seconds = (plan.rounds - start) / cost.rounds_per_second
            limits.append(f"{plan.rounds - start:,} rounds, about {duration(seconds)}")
        if plan.seconds is not None:
            limits.append(f"at most {duration(plan.seconds)}")
        memory = f"{cost.memory_bytes / 2**20:,.0f} MiB"
        return f"Parameters: {networks}{members}. {speed}. {'; '.join(limits)}. Memory: {memory}."

    def _speed(self, round: int) -> float:
        elapsed = time.perf_counter() - self._began
        return (round - self._start) / elapsed if elapsed > 0 else 0.0

    def _left(self, round: int, seconds: float) -> float:
        speed = self._speed(round)
        lefts = []
        if self._rounds is not None and speed > 0:
            lefts.append((self._rounds - round) / speed)
        if self._seconds is not None:
            lefts.append(max(self._seconds - seconds, 0.0))
        return min(lefts, default=0.0)

    def _share(self, round: int, seconds: float) -> float:
        shares = [round / self._rounds] if self._rounds else []
        shares += [seconds / self._seconds] if self._seconds else []
        return min(max(shares, default=0.0), 1.0)

    def _head(self, round: int, seconds: float) -> str:
        of = f" of {self._rounds:,}" if self._rounds else ""
        return f"round {round:,}{of}, {self._speed(round):,.1f} rounds/s, {duration(self._left(round, seconds))} left"

    def _numbers(self) -> list[tuple[str, str]]:
        pairs = [(name, f"{self._latest[name]:.3f}") for name in SHOWN if name in self._latest]
        if "energy distance" in self._latest:
            error = self._latest.get("energy distance error", 0.0)
            pairs.append(("energy distance", f"{self._latest['energy distance']:.4f} ± {error:.4f}"))
        return pairs

    def _line(self, round: int, seconds: float) -> str:
        return ", ".join([self._head(round, seconds), *(f"{name} {text}" for name, text in self._numbers())])

    def _view(self, round: int, seconds: float) -> Table:
        self._bar.update(self._task, completed=self._share(round, seconds), description=self._head(round, seconds))
        grid = Table.grid(padding=(0, 2))
        for name, _ in self._numbers():
            grid.add_column(name)
        grid.add_row(*(f"[dim]{name}[/dim] {text}" for name, text in self._numbers()))
        whole = Table.grid()
        whole.add_row(self._bar)
        whole.add_row(grid)
        return whole
