"""Whether models trained in bfloat16 are as good as those trained in float32: the same recipe, the same seeds.

    SADDLE_DATA=folder python benchmarks/precision.py [--rows digits-mlp,...] [--seeds 100] [--out docs/results]

Each row trains one recipe in both precisions from the same seeds, and compares the Fréchet distances of 5,000 samples
to all pictures, in pixels and in the features of a classifier of their labels. A ratio is the geometric mean over the
seeds of bfloat16's distance to float32's, with a 95 % interval of Student's t on the logarithms of the pairs; below 1
bfloat16 is better. The row on MNIST needs its idx files under SADDLE_DATA. Each row is kept in precision.json as soon
as it is there, and precision.md is written anew from all of them.
"""

import argparse
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import stats

import saddle
from saddle.core.files import read_record, write_record
from saddle.evaluation.features import find_features
from saddle.measures import frechet_distance

SAMPLES = 5000
PRECISIONS = ("float32", "bfloat16")
SMALL = saddle.MLP(128, 2, activation="leaky-relu")


@dataclass(frozen=True)
class Row:
    """One recipe.

    Attributes:
        label: for the table.
        data: opens the labeled pictures.
        settings: of the model.
        seeds: how many.
        together: whether all seeds train as one population, which is faster for perceptrons alone.
    """

    label: str
    data: Callable[[], saddle.Dataset]
    settings: dict[str, Any]
    seeds: int
    together: bool


def digits() -> saddle.Dataset:
    """Handwritten digits of 8x8."""
    return saddle.open("digits")


def mnist() -> saddle.Dataset:
    """5,000 pictures of MNIST."""
    data = saddle.open(Path(os.environ["SADDLE_DATA"]) / "mnist")
    return data.part(np.sort(np.random.default_rng(0).permutation(len(data))[:5000]))


def convolutional(base: int) -> dict[str, Any]:
    """Settings of a small DCGAN held by R1."""
    networks = {
        "generator": saddle.Convolutional(base, normalization="batch"),
        "critic": saddle.Convolutional(base, normalization="none"),
    }
    return {**networks, "regularizers": [saddle.R1(1.0)], "latent": 32, "batch": 64}


RATE = saddle.Adam(1e-3, beta1=0.5, beta2=0.99)
ROWS = {
    "digits-mlp": Row(
        "MLP 2x128 on digits",
        digits,
        {"generator": SMALL, "critic": SMALL, "regularizers": [saddle.R1(1.0)], "latent": 32, "batch": 64,
         "rounds": 2000}, 20, True),
    "digits-convolutional": Row(
        "DCGAN on digits, base 16", digits, {**convolutional(16), "rounds": 1000}, 5, False),
    "mnist-convolutional": Row(
        "DCGAN on 5,000 of MNIST, base 8", mnist, {**convolutional(8), "rounds": 800}, 5, False),
}  # fmt: skip


def trained(row: Row, data: saddle.Dataset, precision: str) -> list[torch.Tensor]:
    """Samples of each seed's model, in model units."""

    def fitted(seed: int, seeds: int) -> saddle.GAN:
        return saddle.GAN(
            **row.settings,
            generator_optimizer=RATE,
            critic_optimizer=RATE,
            average=0.995,
            seed=seed,
            seeds=seeds,
            precision=precision,
            threads=1,
            compile="off",
            device="cpu",
        ).fit(data)

    if row.together:
        model = fitted(0, row.seeds)
        return [model.sample_model(SAMPLES, seed=0, member=member)[0] for member in range(row.seeds)]
    return [fitted(seed, 1).sample_model(SAMPLES, seed=0)[0] for seed in range(row.seeds)]


def measured(row: Row) -> dict[str, Any]:
    """Distances of every seed in both precisions and both kinds of features."""
    labeled = row.data()
    real = labeled.batch(torch.arange(len(labeled)))
    classifier = find_features("classifier", labeled)
    assert classifier is not None
    kinds = {"pixels": lambda x: x.flatten(1), "classifier's features": classifier}
    found: dict[str, dict[str, list[float]]] = {kind: {} for kind in kinds}
    for precision in PRECISIONS:
        samples = trained(row, labeled.without_labels(), precision)
        for kind, features in kinds.items():
            pairs = [frechet_distance(features(x), features(real)).corrected.value for x in samples]
            found[kind][precision] = pairs
            print(row.label, kind, precision, [round(one, 3) for one in pairs], flush=True)
    return {"label": row.label, "rounds": row.settings["rounds"], "distances": found, **made()}


def made() -> dict[str, str]:
    """When and with what."""
    return {"date": datetime.now(UTC).date().isoformat(), "torch": version("torch"), "saddle": version("saddle")}


def ratio(ours: list[float], theirs: list[float]) -> tuple[float, float, float]:
    """The geometric mean of paired ratios, with a 95 % interval of Student's t on their logarithms."""
    logs = np.log(np.array(ours) / np.array(theirs))
    half = float(stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / math.sqrt(len(logs)))
    mean = float(logs.mean())
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def page(rows: dict[str, Any]) -> str:
    """Markdown of everything."""
    lines = [
        "# bfloat16 beside float32: quality",
        "",
        "Made by `benchmarks/precision.py`; `precision.json` beside this page holds the distance of every seed.",
        "Fréchet distances of 5,000 samples to all pictures, bias removed: geometric means over the seeds, and in",
        "brackets by how much one seed differs from another in float32 (standard deviation of the logarithm). The",
        "ratio is bfloat16's to float32's over the same seeds, with a 95 % interval; below 1 bfloat16 is better.",
        "*A pair* is by how much that ratio differs from seed to seed: where it is as large as the spread between",
        "seeds, the two trainings of a seed have parted ways, and only more seeds make the interval narrower.",
        "",
        "| recipe | distance in | float32 | bfloat16 | ratio | a pair | within 0.95 to 1.05 | seeds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in ROWS:
        if name not in rows:
            continue
        for kind, one in rows[name]["distances"].items():
            plain, mixed = (np.array(one[precision]) for precision in PRECISIONS)
            middle, low, high = ratio(one["bfloat16"], one["float32"])
            lines.append(
                f"| {rows[name]['label']}, {rows[name]['rounds']:,} rounds | {kind} "
                f"| {stats.gmean(plain):.3g} ({np.log(plain).std(ddof=1):.0%}) | {stats.gmean(mixed):.3g} "
                f"| {middle:.3f} [{low:.3f}, {high:.3f}] | {np.log(mixed / plain).std(ddof=1):.0%} "
                f"| {_verdict(low, high)} | {len(plain)} |"
            )
    lines += ["", *sorted({f"{one['date']}; torch {one['torch']}." for one in rows.values()}), ""]
    return "\n".join(lines)


def _verdict(low: float, high: float) -> str:
    """Whether all of an interval, none of it, or a part of it lies there."""
    if low >= 0.95 and high <= 1.05:
        return "yes"
    return "no" if high < 0.95 or low > 1.05 else "undecided"


def main() -> None:
    """Train the rows asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default=",".join(ROWS), help="names, separated by commas")
    parser.add_argument("--seeds", type=int, help="of each row, in place of its own number")
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    options = parser.parse_args()
    path = options.out / "precision.json"
    rows: dict[str, Any] = read_record(path, "precision", 1)["rows"] if path.exists() else {}
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.rows.split(","):
        row = ROWS[name]
        rows[name] = measured(row if options.seeds is None else replace(row, seeds=options.seeds))
        write_record(path, "precision", 1, {"rows": rows})
        (options.out / "precision.md").write_text(page(rows))
    print(f"Table: {options.out / 'precision.md'}")


if __name__ == "__main__":
    main()
