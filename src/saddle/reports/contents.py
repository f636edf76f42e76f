"""What a report shows, as plain arrays, records and sentences: no model and no file is needed to build one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from saddle.diagnosis import Diagnosis
from saddle.evaluation.rows import Row
from saddle.measures import Estimate


@dataclass(frozen=True)
class NearestExamples:
    """Some samples, each with the training examples nearest to it.

    Attributes:
        samples: shape (k, ...), own units.
        neighbors: shape (k, m, ...), own units, nearest first.
        distances: shape (k, m).
        usual: the same distance for held-out data, on average, beside which the others are judged.
    """

    samples: np.ndarray
    neighbors: np.ndarray
    distances: np.ndarray
    usual: Estimate | None = None


@dataclass(frozen=True)
class Landscape:
    """The critic's scores over the plane of two-dimensional data.

    Attributes:
        xs: shape (w,), ascending, own units.
        ys: shape (h,), ascending, own units.
        scores: shape (h, w); `scores[j, i]` at `(xs[i], ys[j])`.
        undecided: the score at which the critic takes no side, such as a logit of zero; None where scores have no zero.
        label: for which label the scores are, where the critic is told labels.
    """

    xs: np.ndarray
    ys: np.ndarray
    scores: np.ndarray
    undecided: float | None = None
    label: Any = None


@dataclass(frozen=True)
class ReportContents:
    """Everything a report may show; what is empty or None leaves its section out.

    Attributes:
        title: what was trained on what.
        kind: of the data.
        samples: from the model, own units, shape (n, ...); for tables (n, columns).
        data: held-out examples, own units, like `samples`.
        training: as many training examples, to compare held-out data with.
        columns: names, for tables (and points where they have any).
        sample_labels: one per sample, for conditional models.
        data_labels: one per example of `data`.
        settings: what was trained, name to value, as text.
        repeat: the command lines that repeat the run and go on from it.
        nearest: samples beside their nearest training examples.
        walk: shape (lines, steps, ...), samples along paths between latents: great circles for normal ones, else lines;
            of a model that samples by a Markov chain, successive steps of chains.
        chained: whether the model samples by a Markov chain.
        mixing: the integrated autocorrelation time of that chain, in steps.
        over_time: round and samples drawn then from the same latents, first to last.
        history: rows of the run's history.
        member: the one of a population that is shown.
        rows: measured numbers with their references.
        untrained: the same numbers for the untrained generator, by row name.
        landscape: the critic's, for two-dimensional data.
        cost: what the run took, name to value, as text.
        diagnosis: what is wrong with the run, if anything.
        remarks: further sentences about it, each with its numbers.
        notes: sentences about what the report leaves out.
    """

    title: str
    kind: Literal["points", "images", "table"]
    samples: Any
    data: Any
    training: Any = None
    columns: tuple[str, ...] | None = None
    sample_labels: tuple[Any, ...] | None = None
    data_labels: tuple[Any, ...] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    repeat: tuple[str, ...] = ()
    nearest: NearestExamples | None = None
    walk: np.ndarray | None = None
    chained: bool = False
    mixing: Estimate | None = None
    over_time: tuple[tuple[int, Any], ...] = ()
    history: tuple[dict[str, Any], ...] = ()
    member: int = 0
    rows: tuple[Row, ...] = ()
    untrained: Mapping[str, Estimate] = field(default_factory=dict)
    landscape: Landscape | None = None
    cost: Mapping[str, str] = field(default_factory=dict)
    diagnosis: Diagnosis | None = None
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
