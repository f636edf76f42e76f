"""Training a row, or going on with one that was stopped, and measuring it."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.cluster import MiniBatchKMeans
from torch import Tensor

import saddle
from provenance import made
from saddle.families import Estimator
from saddle.training.folder import RunFolder
from year_2014.measuring import Protocol, model_units
from year_2014.rows import REFERENCES, ROWS, Row


def trained_and_measured(
    name: str, row: Row, seed: int, rules: Protocol, work: Path, device: str = ""
) -> dict[str, Any]:
    """The record of a row with one seed, trained on a device; the row's own without one."""
    data = rules.everything if row.everything else rules.train
    data = data if row.labeled else clustered(data.without_labels(), row.clusters)
    start = finished(work / f"{row.start}-{seed}", ROWS[row.start], seed, data, rules, device) if row.start else None
    model = finished(work / f"{name}-{seed}", row, seed, data, rules, device, start)
    began = time.perf_counter()
    x = samples_of(model, rules.samples, row)
    drawn = time.perf_counter() - began
    table = model.trained.table
    return {
        "row": name,
        "seed": seed,
        "label": row.label,
        "start": row.start,
        **rules.measure(x),
        "likelihood": {} if row.likelihood is None else row.likelihood(model, rules),
        "curve": curve(model),
        "cost": {
            "seconds": table["result"]["seconds"],
            "rounds": table["result"]["rounds"],
            "threads": table["resolved"]["threads"],
            "device": table["resolved"]["device"],
            "parameters": sum(table["resolved"]["parameters"].values()),
            "sampling seconds": round(drawn, 1),
        },
        "settings": {key: value for key, value in table["model"].items() if key not in ("seed", "seeds")},
        "trained on": table["data"]["examples"],
        **made(table["resolved"]["device"]),
    }


def clustered(data: "saddle.Dataset", clusters: int) -> "saddle.Dataset":
    """The data with the k-means cluster of each picture as its label; as they are for no clusters."""
    if not clusters:
        return data
    pixels = model_units(data).flatten(1).numpy()
    found = MiniBatchKMeans(min(clusters, len(data) // 20), random_state=0, n_init=1, batch_size=4096).fit(pixels)
    return data.relabelled(found.labels_)


def finished(
    folder: Path,
    row: Row,
    seed: int,
    data: "saddle.Dataset",
    rules: Protocol,
    device: str = "",
    start: Estimator | None = None,
) -> Estimator:
    """The row's model, trained to its end in a run folder; a run of fewer rounds than the row has now goes on."""
    wanted = row.make(data.layout, rules.quick)
    if not folder.exists():
        model = wanted
        model.seed = seed
        model.holdout = 0.01
        model.device = device or model.device
        folder.parent.mkdir(parents=True, exist_ok=True)
        return model.fit(data, folder=folder, recipe={"name": row.label}, start=start)
    model = saddle.load(folder) if RunFolder(folder).rounds() else None
    result = {} if model is None else model.trained.table.get("result", {})
    if model is not None and result.get("ending") == "done" and result["rounds"] >= wanted.rounds:
        return model
    return saddle.resume(folder, data, rounds=wanted.rounds)


def samples_of(model: Estimator, count: int, row: Row) -> Tensor:
    """Samples in model units; of a conditional model equally many of each class."""
    classes = model.trained.fitted.layout.classes
    if classes is None or not row.labeled:
        return model.sample_model(count, seed=1)[0]
    each = count // len(classes)
    return torch.cat([model.sample_model(each, y=label, seed=1)[0] for label in classes])


def curve(model: Estimator) -> list[list[float]]:
    """Seconds of training and energy distance to held-out pictures, from the run's history."""
    rows = [row for row in model.history if "energy distance" in row]
    return [[row["seconds"], round(row["energy distance"], 5)] for row in rows]


def measured_reference(name: str, rules: Protocol) -> dict[str, Any]:
    """The record of a row of pictures or cluster centers instead of samples."""
    row = REFERENCES[name]
    pictures = model_units(rules.train)
    x = row.make(pictures, np.random.default_rng(0), rules.quick)
    cost = {"seconds": 0.0}
    return {"row": name, "seed": 0, "label": row.label, **rules.measure(x), "cost": cost, **made()}
