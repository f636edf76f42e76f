"""Opening a run of whichever family it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saddle.core.errors import InputError
from saddle.families.autoencoder import Autoencoder
from saddle.families.boltzmann import BoltzmannMachine
from saddle.families.estimator import Estimator
from saddle.families.gan import GAN
from saddle.families.gsn import GSN
from saddle.families.observer import Observer
from saddle.families.run_table import Table, read_table
from saddle.families.tables import nearest
from saddle.families.vae import VAE
from saddle.training.folder import RunFolder

FAMILIES: Mapping[str, type[Estimator]] = {one.family: one for one in (GAN, VAE, GSN, BoltzmannMachine, Autoencoder)}


def load(path: str | Path, *, round: int | None = None, like: Estimator | None = None) -> Estimator:
    """A trained model of any family from its run folder; see `Estimator.load`."""
    return family_in(path).load(path, round=round, like=like)


def resume(
    path: str | Path,
    data: Any = None,
    *,
    rounds: int | None = None,
    minutes: float | None = None,
    observer: Observer | None = None,
    like: Estimator | None = None,
) -> Estimator:
    """Go on with a stopped run of any family; see `Estimator.resume`."""
    return family_in(path).resume(path, data, rounds=rounds, minutes=minutes, observer=observer, like=like)


def family_in(path: str | Path) -> type[Estimator]:
    """The family of the model in a run folder.

    Raises:
        InputError: when the folder is no run, or names a family that this saddle does not have.
    """
    settings = RunFolder.opened(path).settings
    return family_of(read_table(settings), settings)


def family_of(table: Table, path: Path) -> type[Estimator]:
    """The family that the content of a `run.toml` names.

    Raises:
        InputError: when this saddle does not have it.
    """
    name = str(table.get("family"))
    if name not in FAMILIES:
        raise InputError(f"{path} names the family {name!r}, which does not exist{nearest(name, list(FAMILIES))}")
    return FAMILIES[name]
