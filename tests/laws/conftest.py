"""The tables of the law suite, built from the public lists: a test gets a row for every member it names."""

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

import saddle
from saddle.data.layout import Kind
from saddle.families import FAMILIES, LATENTS
from saddle.networks import ARCHITECTURES
from saddle.objectives import DISCREPANCIES, OBJECTIVES
from saddle.recipes import RECIPES
from saddle.regularizers import REGULARIZERS
from saddle.training.optimizers import OPTIMIZERS
from saddle.training.schedules import SCHEDULES

PUBLIC: dict[str, dict[str, Any]] = {
    "objective": OBJECTIVES,
    "discrepancy": DISCREPANCIES,
    "regularizer": REGULARIZERS,
    "architecture": ARCHITECTURES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "latent": LATENTS,
    "family": FAMILIES,
    "recipe": RECIPES,
    "kind": dict.fromkeys(get_args(Kind)),
}

# Members that have no default for something, or whose default is too large for a test.
SETTINGS: dict[str, dict[str, Any]] = {
    "mmd": {"bandwidths": (0.5, 2.0)},  # narrow kernels send two paths apart that rounding began
    "sinkhorn": {"epsilon": 0.2, "iterations": 3},
    "mlp": {"width": 8, "depth": 1},
    "convolutional": {"base": 2},
    "maxout": {"rectifiers": 8, "units": 6, "pieces": 2},
    "conditional-maxout": {
        **dict.fromkeys(("latent_rectifiers", "label_rectifiers", "rectifiers", "units", "label_units"), 6),
        "joint_units": 6,
    },
    "reconstruction": {"width": 8, "depth": 1},
    "torch": {"name": "NAdam"},
    "linear": {"until": 50},
    "cosine": {"until": 50},
    "warmup": {"rounds": 20},
    "normal": {"dimension": 3},
    "uniform": {"dimension": 3},
}


# A tiny model of each family for any kind of data.
FAMILY_SETTINGS: dict[str, dict[str, Any]] = {
    "gan": {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1), "latent": 3},
    "autoencoder": {"layers": (6, 4), "contraction": 0.1, "sample_steps": 3},
    "vae": {"encoder": saddle.MLP(8, 1), "decoder": saddle.MLP(8, 1), "latent": 3},
    "gsn": {"hidden": (8, 6), "sample_steps": 3},
    "boltzmann": {"hidden": (5, 4), "chains": 6, "gibbs_steps": 2, "mean_field": 3, "sample_steps": 6},
}


def points() -> saddle.Dataset:
    """Points of no particular law, without labels."""
    return saddle.open(np.random.default_rng(0).standard_normal((60, 2)))


def images() -> saddle.Dataset:
    """Labeled pictures with a constant background, where clipped weights cancel exactly."""
    generator = np.random.default_rng(1)
    pictures = np.zeros((60, 8, 8), dtype=np.uint8)
    pictures[:, 2:6, 2:6] = generator.integers(0, 256, (60, 4, 4))
    return saddle.open(pictures, y=np.arange(60) % 3)


def table() -> saddle.Dataset:
    """Whole and real numbers in labeled rows."""
    generator = np.random.default_rng(2)
    frame = pd.DataFrame({"count": generator.poisson(4, 60), "size": generator.gamma(2.0, size=60)})
    frame["ratio"] = frame["count"] / (1 + frame["size"])
    return saddle.open(frame, y=np.arange(60) % 2)


DATA: dict[str, Callable[[], saddle.Dataset]] = {"points": points, "images": images, "table": table}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Rows for every public member that a test's arguments name."""
    if "game" in metafunc.fixturenames:
        metafunc.parametrize("game", games(), ids="-".join)
    if "matching" in metafunc.fixturenames:
        metafunc.parametrize("matching", matchings(), ids="-".join)
    for name, members in PUBLIC.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, rows(name, members))


# Regularizers that act through the scores of single examples.
OF_SCORES = tuple(one for one in REGULARIZERS.values() if hasattr(one, "penalty") or hasattr(one, "difference"))


def rows(name: str, members: dict[str, Any]) -> list[str]:
    """The names of the rows: every member, and no regularizer at all as one more."""
    return [*(["none"] if name == "regularizer" else []), *members]


def games() -> list[tuple[str, str, str]]:
    """Objectives, regularizers and kinds: every pair on points; on other kinds each member with one plain partner."""
    pairs = [(objective, one) for objective in OBJECTIVES for one in rows("regularizer", REGULARIZERS)]
    plain = [pair for pair in pairs if "non-saturating" in pair or "none" in pair]
    return [(*pair, kind) for kind in DATA for pair in (pairs if kind == "points" else plain)]


def matchings() -> list[tuple[str, str, str]]:
    """Distances between batches, regularizers that go with them, and kinds: every pair on points, else each alone."""
    rest = [one for one in rows("regularizer", REGULARIZERS) if REGULARIZERS.get(one) not in OF_SCORES]
    pairs = [(distance, one) for distance in DISCREPANCIES for one in rest]
    return [(*pair, kind) for kind in DATA for pair in pairs if kind == "points" or pair[1] in ("none", "augmentation")]


@pytest.fixture
def data(kind: str) -> saddle.Dataset:
    """Sixty examples of the kind."""
    return DATA[kind]()


@pytest.fixture
def data_of() -> dict[str, Callable[[], saddle.Dataset]]:
    """Sixty examples of each kind."""
    return DATA


@pytest.fixture
def value() -> Callable[[str, str], Any]:
    """A public member, by the name of its list and its own."""
    return lambda name, member: PUBLIC[name][member](**SETTINGS.get(member, {}))


@pytest.fixture
def public() -> dict[str, dict[str, Any]]:
    """The public lists."""
    return PUBLIC


@pytest.fixture
def tabled() -> Callable[[str], list[str]]:
    """The rows that a test over one of the lists gets."""
    return lambda name: rows(name, PUBLIC[name])


def tiny_gan(kind: str) -> dict[str, Any]:
    """Settings of a tiny GAN for the kind; its generator has batch normalization where there are labels."""
    networks: dict[str, dict[str, Any]] = {
        "points": {"generator": saddle.MLP(8, 1), "critic": saddle.MLP(8, 1)},
        "images": {"generator": saddle.Convolutional(2, "batch"), "critic": saddle.Convolutional(2)},
        "table": {"generator": saddle.MLP(8, 1, normalization="batch"), "critic": saddle.MLP(8, 1)},
    }
    return {"latent": 3, "batch": 8, "precision": "float64", "average": 0.9, "device": "cpu", **networks[kind]}


@pytest.fixture
def tiny(kind: str) -> dict[str, Any]:
    """Settings of a tiny GAN for the kind."""
    return tiny_gan(kind)


@pytest.fixture
def tiny_of() -> Callable[[str], dict[str, Any]]:
    """Settings of a tiny GAN for each kind."""
    return tiny_gan


@pytest.fixture
def family_settings() -> dict[str, dict[str, Any]]:
    """The table of tiny models, one for each family."""
    return FAMILY_SETTINGS
