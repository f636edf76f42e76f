"""Random settings, twenty rounds each: they train, or say in one sentence why not.

    python benchmarks/random_configurations.py [--count 2000] [--seed 0] [--jobs 1] [--out docs/results]
    python benchmarks/random_configurations.py --only 137      # one configuration, printed, with its traceback
    python benchmarks/random_configurations.py --page          # random-configurations.md anew from its record

Each configuration draws an objective, up to two regularizers, networks, optimizers with rates over four decades, a
latent, packing, unrolling, precision, how many seeds, and one of five sets of data, and plays twenty rounds. It counts
as trained if all is finite afterwards; as refused if an `InputError` came before round 1; as stopped if a
`NonFiniteError` names the quantity. Anything else is a fault: another exception, or a number that is not finite and
that nobody noticed.
"""

import argparse
import json
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

import saddle
from provenance import made
from saddle.core.files import write_text
from saddle.core.randomness import Stream
from saddle.measures.share import share
from saddle.objectives import DISCREPANCIES, OBJECTIVES
from saddle.regularizers import REGULARIZERS

ROUNDS = 20
CARELESS = 0.2  # the share of configurations whose parts were not chosen to suit each other
MATCHED = 0.1  # the share that compares batches in place of scores
CLASSIFYING = 0.2  # the share, of those that can, with a critic that tells classes
KINDS = ("trained", "refused", "stopped", "fault")
NAME = "random-configurations"
SENTENCES = 12  # as many are shown, the most frequent first


@cache
def data_sets() -> dict[str, "saddle.Dataset"]:
    """Points, a table, labeled and plain pictures, and numbers of wild scales."""
    draw = np.random.default_rng(0)
    pictures = draw.integers(0, 256, (80, 6, 7), dtype=np.uint8)
    wild = draw.standard_normal((90, 3)) * [1e-6, 1.0, 1e6] + [0, 5, -1e7]
    return {
        "ring": saddle.open("ring", n=500),
        "labeled points": saddle.open(draw.standard_normal((70, 4)), y=np.arange(70) % 3),
        "pictures": saddle.open(pictures),
        "labeled pictures": saddle.open(pictures, y=np.arange(80) % 2),
        "wild scales": saddle.open(wild),
    }


def configuration(index: int, seed: int) -> tuple[str, dict[str, Any]]:
    """The name of the data and the settings of one GAN."""
    draw = Stream(seed, ("random configuration", index)).numpy()

    def pick(options: Any) -> Any:
        options = list(options)
        return options[int(draw.integers(len(options)))]

    objective: Any = pick(OBJECTIVES)
    if objective == "f-gan":
        rows = ("kl", "reverse-kl", "pearson", "neyman", "jeffreys", "squared-hellinger", "total-variation", "gan")
        objective = {"kind": "f-gan", "divergence": pick(rows), "form": pick(("non-saturating", "minimax"))}
    data = pick(("ring", "labeled points", "pictures", "labeled pictures", "wild scales"))
    careless = draw.random() < CARELESS
    fit = [one for one in REGULARIZERS if careless or "pictures" in data or one != "augmentation"]
    batch = pick((1, 2, 8, 32) if careless else (2, 8, 32))
    settings: dict[str, Any] = {
        "objective": objective,
        "regularizers": [pick(fit) for _ in range(int(draw.integers(3)))],
        "generator": network(pick, data),
        "critic": network(pick, data, critic=True),
        "generator_optimizer": optimizer(pick, draw),
        "critic_optimizer": optimizer(pick, draw),
        "latent": pick((1, 2, 16, {"kind": "uniform", "dimension": 5})),
        "batch": batch,
        "critic_updates": pick((1, 1, 1, 2)),
        "packing": pick((1, 1, 1, 1, 2)) if careless or ("labeled" not in data and batch > 2) else 1,
        "unrolled": pick((0, 0, 0, 0, 1, 2)),
        "average": pick((0.0, 0.9)),
        "seeds": pick((1, 1, 2)),
        "precision": pick(("float32", "float32", "float64", "bfloat16")),
        "compile": "off",
    }
    if draw.random() < MATCHED:
        return data, matching(settings, pick)
    if draw.random() < CLASSIFYING and (careless or ("labeled" in data and not settings["unrolled"])):
        # Such a critic makes several numbers of an example, which few networks of the list do.
        settings |= {"auxiliary": 1.0, "critic": settings["critic"] if careless else {"kind": "mlp", "width": 8}}
    return data, settings


def matching(settings: dict[str, Any], pick: Any) -> dict[str, Any]:
    """The settings with a distance between batches as objective, most of what is for scores left out."""
    features = pick((0, 3))
    fit = ("instance-noise", "weight-clipping", "spectral-normalization") if features else ("instance-noise", "r1")
    changed = {"objective": {"kind": pick(DISCREPANCIES), "features": features}, "packing": 1, "unrolled": 0}
    changed["regularizers"] = [one for one in settings["regularizers"] if one in fit]
    changed |= {} if features else {"critic": None, "critic_updates": 1}
    return {**settings, **changed}


def network(pick: Any, data: str, *, critic: bool = False) -> dict[str, Any]:
    """An architecture; convolutions for points too now and then, which is refused."""
    kinds = ("mlp", "mlp", "convolutional", "maxout") if "pictures" in data else ("mlp",) * 40 + ("convolutional",)
    kind = pick(kinds)
    if kind == "maxout":
        return {"kind": kind, "rectifiers": 8, "units": 6, "pieces": 2}
    deviation = critic and pick((False, False, True))
    normalization = pick(("none", "none", "batch"))
    shared = {"kind": kind, "normalization": normalization, "minibatch_deviation": deviation}
    if kind == "convolutional":
        return {**shared, "base": 2}
    return {**shared, "width": 8, "depth": pick((0, 1, 3)), "activation": pick(("relu", "tanh", "silu", "softplus"))}


def optimizer(pick: Any, draw: np.random.Generator) -> dict[str, Any]:
    """An optimizer with a rate between 1e-5 and 1e-1."""
    kind = pick(("adam", "adam", "rmsprop", "sgd", "torch"))
    named = {"name": pick(("NAdam", "AdamW", "RAdam", "Adagrad"))} if kind == "torch" else {}
    return {"kind": kind, "rate": float(10 ** draw.uniform(-5, -1)), **named}


def outcome(data: "saddle.Dataset", settings: dict[str, Any]) -> tuple[str, str]:
    """What became of a configuration, and the sentence that says why."""
    try:
        model = saddle.GAN(**settings, rounds=ROUNDS, threads=1, device="cpu")
        model.fit(data)
        members = range(settings["seeds"])
        drawn = [model.sample_model(20, seed=0, **({"member": one} if len(members) > 1 else {}))[0] for one in members]
    except saddle.InputError as error:
        return "refused", str(error)
    except saddle.NonFiniteError as error:
        return "stopped", str(error)
    except Exception as error:
        return "fault", f"{type(error).__name__}: {error}"
    state = model.trained.fitted.state
    tensors = [*state.params.values(), *state.averages.values(), *drawn]
    finite = all(bool(torch.isfinite(one).all()) for one in tensors if one.is_floating_point())
    return ("trained", "") if finite else ("fault", "a number is not finite, and nothing was said")


def main() -> None:
    """Play them all, and say what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="how many are played at once")
    parser.add_argument("--only", type=int, default=None, help="the number of one configuration")
    parser.add_argument("--out", type=Path, default=None, help=f"a folder for {NAME}.json and its page")
    parser.add_argument("--page", action="store_true", help="write the page of the record in --out, and play nothing")
    options = parser.parse_args()
    if options.page:
        write_page(options.out or Path("docs/results"))
        return
    if options.only is not None:
        data, settings = configuration(options.only, options.seed)
        print(data, json.dumps(settings, indent=1))
        saddle.GAN(**settings, rounds=ROUNDS, threads=1, device="cpu").fit(data_sets()[data])
        return
    report(played(options), options)


def played(options: argparse.Namespace) -> list[tuple[int, str, str]]:
    """The number of every configuration with its outcome, in as many processes as jobs are allowed."""
    found: list[tuple[int, str, str]] = []
    context = get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context, initializer=prepare) as pool:
        for one in pool.map(play, range(options.count), repeat(options.seed), chunksize=10):
            found.append(one)
            if len(found) % 100 == 0:
                print(f"{len(found):,} of {options.count:,}", flush=True)
    return found


def prepare() -> None:
    """What a process does before it plays."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")


def play(index: int, seed: int) -> tuple[int, str, str]:
    """One configuration, by its number."""
    data, settings = configuration(index, seed)
    return index, *outcome(data_sets()[data], settings)


def report(found: list[tuple[int, str, str]], options: argparse.Namespace) -> None:
    """Shares, the sentences by how often they came, and every fault."""
    counts = Counter(kind for _, kind, _ in found)
    print("; ".join(f"{kind} {counts[kind]} ({counts[kind] / len(found):.1%})" for kind in KINDS))
    sentences = {kind: Counter(text for _, one, text in found if one == kind) for kind in KINDS[1:]}
    for kind in ("refused", "stopped"):
        for text, count in sentences[kind].most_common(SENTENCES):
            print(f"  {kind} {count:4}  {text}")
    for index, kind, text in found:
        if kind == "fault":
            print(f"  fault, configuration {index}: {text}")
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        record = {"seed": options.seed, "count": len(found), "rounds": ROUNDS, **{kind: counts[kind] for kind in KINDS}}
        record |= {"sentences": {kind: dict(texts) for kind, texts in sentences.items()}, **made()}
        write_text(options.out / f"{NAME}.json", json.dumps(record, indent=1) + "\n")
        write_page(options.out)


def write_page(folder: Path) -> None:
    """The page of the record in a folder, beside it."""
    write_text(folder / f"{NAME}.md", page(json.loads((folder / f"{NAME}.json").read_text())))


def page(record: dict[str, Any]) -> str:
    """Markdown of a record."""
    count, origin = record["count"], record["made"]
    low, high = share(record["trained"], count).interval or (0.0, 1.0)
    meanings = {
        "trained": f"all is finite after {record['rounds']} rounds, samples among it",
        "refused": "before round 1, in a sentence that names the setting or the network",
        "stopped": "at a number that is not finite, in a sentence that says where",
        "fault": "anything else: another exception, or a number that is not finite and that nobody noticed",
    }
    lines = [
        "# Random configurations",
        "",
        f"Made by `python benchmarks/random_configurations.py --count {count} --seed {record['seed']} --out "
        f"docs/results`; `{NAME}.json` beside this page holds every sentence.",
        f"Objective, regularizers, networks, optimizers and their rates, latent, batch, packing, unrolling, precision, "
        f"seeds and data of {count:,} GANs are drawn at random, each with a chance of {100 * CARELESS:.0f} % without "
        f"regard for what goes together, and {record['rounds']} rounds are played. That says whether a configuration "
        "trains or says why not, and nothing of how well it learns.",
        "",
        "| outcome | of them | share | meaning |",
        "|---|---|---|---|",
        *(f"| {kind} | {record[kind]:,} | {record[kind] / count:.2%} | {meanings[kind]} |" for kind in KINDS),
        "",
        f"{100 * record['trained'] / count:.1f} % train, with a 95 % interval of Wilson from {100 * low:.1f} to "
        f"{100 * high:.1f} %: of configurations that are drawn in this way.",
        "",
        *(line for kind in KINDS[1:] for line in _said(record["sentences"][kind], kind)),
        f"{origin['date']}; saddle {origin['saddle']}, torch {origin['torch']}, Python {origin['python']}; "
        f"{origin['machine']}.",
        "",
    ]
    return "\n".join(lines)


def _said(sentences: dict[str, int], kind: str) -> list[str]:
    """A table of the sentences of one outcome, the most frequent first; nothing where there is none."""
    if not sentences:
        return []
    shown = Counter(sentences).most_common(SENTENCES)
    rows = [f"| {times} | {text.replace('|', chr(92) + '|')} |" for text, times in shown]
    rest = len(sentences) - len(shown)
    left = sum(sentences.values()) - sum(times for _, times in shown)
    more = [f"{rest} more sentences came {left} times.", ""] if rest else []
    return [f"## What was said: {kind}", "", "| times | sentence |", "|---|---|", *rows, "", *more]


if __name__ == "__main__":
    main()
