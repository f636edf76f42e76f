"""Training planted runs, each kept in its folder with the record of its truth."""

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from shutil import rmtree
from typing import Any

import saddle
from diagnosing.data import SOURCES, Source
from diagnosing.planting import Plant
from diagnosing.truth import OCCURRED, Trained, Watch
from saddle.core.files import read_record, write_record

LONGER = 8
KIND, VERSION = "planted-run", 1


def source_of(plant: Plant) -> Source:
    """The plant's data, the same every time."""
    return SOURCES[plant.data](plant.examples, plant.seed)


def truth_of(plant: Plant, folder: Path) -> dict[str, Any]:
    """Train a plant in a folder, unless it is there, and give the record of what is true of it."""
    record = folder / "truth.json"
    if not record.exists():
        rmtree(folder, ignore_errors=True)
        trained = _trained(plant, folder)
        occurred = OCCURRED[plant.verdict](trained)
        looks = [{name: _plain(value) for name, value in asdict(look).items()} for look in trained.looks]
        told = {"verdict": plant.verdict, "seed": plant.seed, "recipe": plant.recipe, "data": plant.data}
        write_record(record, KIND, VERSION, {**told, "occurred": occurred, "trouble": trained.trouble, "looks": looks})
    return read_record(record, KIND, VERSION)


def _trained(plant: Plant, folder: Path) -> Trained:
    source = source_of(plant)
    rounds = plant.settings["rounds"]
    watch, trouble = Watch(source, rounds), None
    model = plant.model(callback=watch.callback)
    try:
        model.fit(source.data, folder=folder)
    except saddle.NonFiniteError as error:
        trouble = str(error)
    longer = None
    if plant.verdict == "under-trained":
        other = Watch(source, LONGER * rounds)
        with suppress(saddle.NonFiniteError):
            plant.model(rounds=LONGER * rounds, callback=other.callback).fit(source.data)
            longer = other.looks[-1]
    return Trained(model, source, tuple(watch.looks), trouble, longer)


def _plain(value: float | None) -> float | None:
    return None if value is None or value - value != 0 else round(value, 5)
