"""From a trained model with its data to the contents of its report."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.files import write_text
from saddle.core.randomness import Stream
from saddle.core.sampling import Chain
from saddle.data import Dataset
from saddle.diagnosis import diagnose
from saddle.evaluation import Evaluation, compare, remarks, untrained_rows
from saddle.families.chain_mixing import mixing
from saddle.families.sample_record import read_samples
from saddle.measures import Estimate, nearest
from saddle.objectives import Discrepancy, Discriminating
from saddle.reports.build import build
from saddle.reports.contents import Landscape, NearestExamples, ReportContents

if TYPE_CHECKING:
    from saddle.families import Estimator
    from saddle.families.fitted import Fitted
    from saddle.families.run import Run

SHOWN = {"images": 100, "points": 2500, "table": 2000}
SEED = 0
NEIGHBORS = 4
NEAREST_SHOWN = 12
NEAREST_WITHIN = 20_000
WALKS, STEPS = 6, 12
GRID = 120


def write_report(model: "Estimator", *, member: int = 0, path: Path | None = None) -> Path:
    """Write a fitted model's report, by default as `report.html` in its run folder.

    Args:
        model: fitted, with its data at hand.
        member: of a population.
        path: where to write instead.

    Raises:
        InputError: when the model has no data at hand, or neither a folder nor a path is there to write to.
    """
    run = model.trained
    target = path or (run.folder.report if run.folder else Path("report.html"))
    write_text(target, build(contents_of(model, member=member)))
    return target


def contents_of(model: "Estimator", *, member: int = 0, evaluation: Evaluation | None = None) -> ReportContents:
    """What the report of a fitted model shows."""
    run = model.trained
    train, held_out = run.data(member)
    kind = train.kind
    count = SHOWN[kind]
    x, y = model.sample_model(count, seed=SEED, member=member)
    chosen = _some(held_out, count)
    rows = evaluation or compare(model.member(member), held_out, train, seed=SEED)
    history = tuple(run.history)
    layout = run.fitted.layout
    return ReportContents(
        title=_title(run, train, member),
        kind=kind,
        samples=layout.own(x, y),
        data=held_out.own(held_out.batch(chosen), held_out.labels_of(chosen)),
        training=train.own(*_batch(train, count)),
        columns=None if layout.columns is None else tuple(str(column.name) for column in layout.columns),
        sample_labels=None if y is None else tuple(layout.labels(y)),
        data_labels=_labels(held_out, chosen),
        settings=settings_text(run.table),
        repeat=_repeat(run),
        nearest=_nearest(x, y, train, held_out),
        walk=_walks(model, member),
        chained=isinstance(run.fitted.problem.sampler, Chain),
        mixing=_mixing(run, member),
        over_time=_over_time(run, member),
        history=history,
        member=member,
        rows=rows.rows,
        untrained=untrained_rows(history, member),
        landscape=_landscape(model, x, held_out, member),
        cost=cost_text(run),
        diagnosis=diagnose(model, member=member),
        remarks=remarks(history, member=member, rows=rows.rows),
    )


def _mixing(run: "Run", member: int) -> Estimate | None:
    """The autocorrelation time of a sampling chain; None where there is none, or where every sample is the same."""
    if not isinstance(run.fitted.problem.sampler, Chain):
        return None
    try:
        return mixing(run.fitted, chains=max(64, 4 * len(run.fitted.shares or ())), seed=SEED, member=member).time
    except InputError:
        return None


def _title(run: "Run", train: Dataset, member: int) -> str:
    members = len(run.fitted.state.seeds)
    which = f", member {member} of {members}" if members > 1 else ""
    return f"{run.table['recipe']['name']} on {train.name}{which}"


def _some(data: Dataset, count: int) -> Tensor:
    order = Stream(SEED, ("report", "examples")).numpy().permutation(len(data))[:count]
    return torch.from_numpy(order)


def _batch(data: Dataset, count: int) -> tuple[Tensor, Tensor | None]:
    chosen = _some(data, count)
    return data.batch(chosen), data.labels_of(chosen)


def _labels(data: Dataset, chosen: Tensor) -> tuple[Any, ...] | None:
    y = data.labels_of(chosen)
    return None if y is None else tuple(data.layout.labels(y))


def _nearest(x: Tensor, y: Tensor | None, train: Dataset, held_out: Dataset) -> NearestExamples:
    """Samples beside their nearest training examples, and how near held-out examples have theirs."""
    rows = _some(train, NEAREST_WITHIN)
    known = train.batch(rows).flatten(1)
    k = min(NEIGHBORS, len(rows))
    shown, labels = x[:NEAREST_SHOWN], None if y is None else y[:NEAREST_SHOWN]
    found = nearest(shown.flatten(1), known, k)
    chosen = rows[found.indices.flatten()]
    arrays = np.asarray(train.own(train.batch(chosen), train.labels_of(chosen)))
    others = held_out.batch(_some(held_out, 500)).flatten(1)
    usual = nearest(others, known, 1).distances.flatten().double()
    error = (usual.std() / len(usual) ** 0.5).item() if len(usual) > 1 else None
    estimate = Estimate(usual.mean().item(), error, None, "mean over held-out examples", len(usual))
    return NearestExamples(
        samples=np.asarray(train.own(shown, labels)),
        neighbors=arrays.reshape(-1, k, *arrays.shape[1:]),
        distances=found.distances.numpy(),
        usual=estimate,
    )


def _walks(model: "Estimator", member: int) -> np.ndarray:
    fitted = model.trained.fitted
    lines = []
    for line in range(WALKS):
        x, y = fitted.walk(STEPS, anchors=2, seed=SEED + line, member=member)
        lines.append(np.asarray(fitted.own(x, y)))
    return np.stack(lines)


def _over_time(run: "Run", member: int) -> tuple[tuple[int, Any], ...]:
    if run.folder is None:
        return ()
    last = run.fitted.state.round
    found = []
    for path in sorted(run.folder.samples.glob("*.npz")):
        if path.stem.isdigit() and int(path.stem) <= last:
            found.append((int(path.stem), run.fitted.own(*read_samples(path, member))))
    return tuple(found)


def _landscape(model: "Estimator", x: Tensor, held_out: Dataset, member: int) -> Landscape | None:
    """The critic's scores over the plane of two-dimensional points; with labels, those for the commonest one."""
    fitted = model.trained.fitted
    if fitted.layout.kind != "points" or fitted.layout.model_shape != (2,):
        return None
    own = np.concatenate([np.asarray(fitted.own(x, None)), held_out.take(_some(held_out, 2500))]).astype(float)
    low, high = own.min(0), own.max(0)
    low, high = low - 0.15 * (high - low), high + 0.15 * (high - low)
    xs, ys = np.linspace(low[0], high[0], GRID), np.linspace(low[1], high[1], GRID)
    plane = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    y, label = _commonest(fitted, len(plane))
    networks = model.networks(member)
    settings = dict(model.trained.settings)
    if "critic" not in networks or settings.get("packing", 1) > 1:  # packs have no place in a plane
        return None
    if isinstance(settings["objective"], Discrepancy):  # its critic makes features, and no scores
        return None
    critic = networks["critic"]
    first = next(critic.parameters())
    with torch.no_grad():
        places = fitted.layout.transform.encode(plane).to(first.device, first.dtype)
        scores = critic(places) if y is None else critic(places, y.to(first.device))
    logits = isinstance(settings["objective"], Discriminating)
    heights = scores.flatten().float().cpu().numpy().reshape(GRID, GRID)
    return Landscape(xs, ys, heights, 0.0 if logits else None, label)


def _commonest(fitted: "Fitted", count: int) -> tuple[Tensor | None, Any]:
    """The commonest class, its index so many times and the user's label; nothing for a model without labels."""
    if fitted.shares is None:
        return None, None
    y = torch.full((count,), int(np.argmax(fitted.shares)))
    return y, fitted.layout.labels(y[:1])[0]


def settings_text(table: dict[str, Any]) -> dict[str, str]:
    """The settings in the content of a `run.toml`, each as text."""
    return {name: _text(value) for name, value in table["model"].items()}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        kind = f"{value['kind']} " if "kind" in value else ""
        return (kind + ", ".join(f"{key} {_text(one)}" for key, one in value.items() if key != "kind")).strip()
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value) or "none"
    return str(value)


def _repeat(run: "Run") -> tuple[str, ...]:
    if run.folder is None:
        return ()
    return (
        run.table["made"]["command"],
        f"saddle train --resume {run.folder.path}",
        f"saddle sample {run.folder.path} -n 64 --out samples.png",
    )


def cost_text(run: "Run") -> dict[str, str]:
    """What a run took and on what, name to value, as text."""
    resolved, result, made = run.table["resolved"], run.table.get("result", {}), run.table["made"]
    rounds, seconds = run.fitted.state.round, run.seconds
    if result.get("rounds") != rounds:  # it tells how another round ended
        result = {}
    return {
        "rounds": f"{rounds:,}",
        "training time": f"{seconds:,.0f} s ({result.get('ending', 'unfinished')})",
        "speed": f"{rounds / max(seconds, 0.1):,.1f} rounds/s",
        "computed on": f"{resolved['threads']} thread{'s' if resolved['threads'] > 1 else ''}, {resolved['device']}"
        + (f", {way}" if (way := resolved.get("way", "eager")) != "eager" else ""),
        "parameters": ", ".join(f"{name} {count:,}" for name, count in resolved["parameters"].items()),
        "memory": f"{resolved['memory_bytes'] / 2**20:,.0f} MiB",
        "planned speed": f"{resolved['rounds_per_second']:,} rounds/s",
        "date": made["date"],
        "software": ", ".join(f"{name} {made[name]}" for name in ("saddle", "torch", "python")),
        "machine": made["machine"],
        "sha256 of the parameters": result.get("parameters_sha256", "unfinished"),
    }
