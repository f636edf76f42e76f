"""The contract: a statement of theory that runs, draws its picture and is judged, beside variants that are false."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from saddle.claims.check import Check
from saddle.claims.fingerprint import fingerprint
from saddle.claims.record import Record, made
from saddle.claims.threads import one_thread
from saddle.claims.verdict import Kind, Verdict, judge
from saddle.core.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Budget = Literal["quick", "full"]
BUDGETS: tuple[Budget, ...] = ("quick", "full")
SEEDS = (0, 1, 2, 3, 4)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Trial(NamedTuple):
    """How much an experiment may spend, and on which seeds."""

    budget: Budget
    seeds: tuple[int, ...]

    def pick(self, quick: Any, full: Any) -> Any:
        """One of two sizes, by the budget."""
        return quick if self.budget == "quick" else full


@dataclass(frozen=True)
class Result:
    """What an experiment found.

    Attributes:
        checks: the numbers that decide.
        series: what the picture is drawn from: names with numbers, lists of numbers, or words.
    """

    checks: tuple[Check, ...]
    series: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Control:
    """A false statement, which differs from the true one by a sign, a factor or a term, or says in what else.

    Attributes:
        slug: its name, unique among the claim's controls.
        says: the false statement in words.
        variant: what the experiment is given in place of the claim's own.
        formula: the false formula in LaTeX, or empty.
        misprint: whether it is found in print.
    """

    slug: str
    says: str
    variant: Any
    formula: str = ""
    misprint: bool = False


@dataclass(frozen=True)
class Claim:
    r"""A statement of theory as an experiment.

    Args:
        slug: its name on the command line and of its files: lower-case letters and digits, with hyphens between.
        title: one line.
        statement: paragraphs that a second-year student follows, divided by empty lines; LaTeX between dollar signs.
        formulas: what is claimed, in LaTeX.
        reference: paper and place.
        experiment: called with a variant and a `Trial`; gives a `Result`.
        variant: what the experiment is given for the statement itself, such as the true formula.
        controls: variants in which the statement is false.
        draw: draws on an empty matplotlib figure from the series of a record; None draws nothing.
        kind: "theorem", which holds or is refuted, or "observation", which is found.
        listing: code or an algorithm to print beside the picture, or empty.
        size: of the picture, in inches.

    Example:
        >>> from saddle.claims import Claim, Control, Result, equal
        >>> def experiment(power, trial):
        ...     return Result((equal("3 squared", 3.0**power, 9.0),))
        >>> square = Claim(
        ...     "square", "Three squared is nine", "$3^2 = 9$.", (r"3^2 = 9",), "Euclid", experiment, variant=2,
        ...     controls=(Control("cube", "3 cubed is 9", 3),)
        ... )
        >>> print(square.judge(square.run()), square.judge(square.run(control="cube")))
        holds refuted
    """

    slug: str
    title: str
    statement: str
    formulas: tuple[str, ...]
    reference: str
    experiment: Callable[[Any, Trial], Result]
    variant: Any = None
    controls: tuple[Control, ...] = ()
    draw: "Callable[[Figure, dict[str, Any]], None] | None" = None
    kind: Kind = "theorem"
    listing: str = ""
    size: tuple[float, float] = (8.0, 3.2)

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise InputError(
                f"slug of a claim must be lower-case letters and digits with hyphens between; found {self.slug!r}."
            )

    @property
    def code(self) -> str:
        """The fingerprint of what its experiment is made of, which its records carry."""
        return fingerprint(self.experiment, [self.variant, *(control.variant for control in self.controls)])

    def run(self, budget: Budget = "quick", seeds: Sequence[int] = SEEDS, *, control: str | None = None) -> Record:
        """Run the experiment, for the statement itself or for a control.

        Args:
            budget: "quick" or "full"; both are judged alike.
            seeds: of the experiment; those that draw nothing ignore them.
            control: the slug of a control, or None for the statement.

        Raises:
            InputError: for an unknown budget or control, no seeds, or an experiment that returns something else.
        """
        if budget not in BUDGETS:
            raise InputError(f"budget must be one of {', '.join(BUDGETS)}; found {budget!r}.")
        if not seeds:
            raise InputError("seeds must hold at least one seed; found none.")
        variant = self.variant if control is None else self.control(control).variant
        code, began = self.code, perf_counter()
        with one_thread():
            result = self.experiment(variant, Trial(budget, tuple(seeds)))
        seconds = round(perf_counter() - began, 2)
        if not isinstance(result, Result):
            raise InputError(f"The experiment of {self.slug} must return a saddle.claims.Result; found {result!r}.")
        return Record(self.slug, control, budget, tuple(seeds), result.checks, result.series, seconds, made(), code)

    def judge(self, record: Record) -> Verdict:
        """What the numbers of a record say; of a control, which must be refuted, by the same rule."""
        return judge("theorem" if record.control else self.kind, record.checks)

    def control(self, slug: str) -> Control:
        """A control by its slug.

        Raises:
            InputError: when there is none of that name.
        """
        for one in self.controls:
            if one.slug == slug:
                return one
        raise InputError(f"{self.slug} has no control {slug!r}; it has {', '.join(c.slug for c in self.controls)}.")
