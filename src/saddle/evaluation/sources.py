"""Measuring one source of data against another, with no model in sight."""

from dataclasses import replace
from typing import Any

from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.data import Dataset
from saddle.data import open as open_data
from saddle.evaluation.alike import in_units_of, require_different
from saddle.evaluation.choice import Wanted, chosen
from saddle.evaluation.features import Features
from saddle.evaluation.rows import Evaluation, Row
from saddle.evaluation.sets import some
from saddle.evaluation.table import compare

FEWEST = 10
COPYING = "copying"
"""Nothing was trained on A, so whether B copies it is measured on request only."""


class Drawn:
    """Examples of a source in place of a model's samples."""

    def __init__(self, made: Dataset) -> None:
        self.made = made

    def sample_model(self, n: int, *, y: Tensor | None = None, seed: int | None = None) -> tuple[Tensor, Tensor | None]:
        """Some n of the examples, chosen by the seed."""
        return some(self.made, n, seed or 0), None


def measure(
    a: Any,
    b: Any,
    *,
    of: Wanted = None,
    features: str | Features | None = None,
    n: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """How far one source of data is from another, beside how far the first is from itself.

    A is split by the seed: n of its examples are what B is compared with, and n others take B's place in the
    reference. All are measured in A's model units, as a model trained on A would be.

    Args:
        a: the data, anything that `saddle.open` takes.
        b: what is compared with them, of the same form.
        of: names of measures; by default those that suit the data, "all" for every one.
        features: in what to compare; see `find_features`.
        n: examples of each side, at least 10; cut down to what B and each half of A hold.
        seed: of the split and the choice of examples.

    Raises:
        InputError: when a source cannot be opened, the two differ in form or hold the same examples, or are too small.
    """
    if n < FEWEST:
        raise InputError(f"n must be at least {FEWEST}; found {n}.")
    data, other = open_data(a), open_data(b)
    other, drawn = drawn_anew(data, other)
    made = in_units_of(data, other)
    require_different(data, other)
    equal = min(n, len(made), len(data) // 2)
    if equal < FEWEST:
        raise InputError(
            f"A must hold at least {2 * FEWEST} examples and B {FEWEST}; found {len(data)} in {data.name} "
            f"and {len(made)} in {made.name}."
        )
    order = Stream(seed).child("evaluation", "halves").numpy().permutation(len(data))
    held_out, rest = data.part(order[:equal]), data.part(order[equal:])
    offers = chosen(of, data, features=features is not None and features != "pixels")
    names = of if of is not None else [name for name in offers if name != COPYING]
    found = compare(Drawn(made), held_out, rest, n=equal, seed=seed, features=features, of=names)
    rows = tuple(_of_sources(row) for row in found.rows)
    note = () if equal == n else (f"{equal:,} examples of each side are measured, as many as they allow.",)
    return replace(found, rows=rows, notes=drawn + note + found.notes, made=made.name, real=f"{data.name} itself")


def _of_sources(row: Row) -> Row:
    """A row without talk of training, as there was none."""
    against = row.against.replace("training data", "other examples of A")
    name = row.name.replace("training data", "the rest of A").replace("held-out data", "other examples of A")
    return replace(row, name=name, against=against)


def drawn_anew(data: Dataset, made: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """The second source, drawn with another seed where it is the same draw of a built-in law as the first."""
    if data.density is None or not made.reopen or data.fingerprint() != made.fingerprint():
        return made, ()
    again = open_data(**{**made.reopen, "seed": made.reopen.get("seed", 0) + 1})
    return again, (f"B is another draw of {made.name}.",)
