"""Commands run in this process, in a folder of small data and of runs trained on them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import PERCEPTRONS, SMALL, Answer, Saddle

from saddle.cli.main import main
from saddle.training.ways import planning


@pytest.fixture(scope="session")
def saddle_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with data and with the runs "points", "pictures" (conditional), "table" and "population"."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SADDLE_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(planning, "WARM_UP_SECONDS", 0.02)
        patch.chdir(home)
        _write_data(home)
        for words in (
            ("points.npy", "--out", "points"),
            ("pictures.npz", "--out", "pictures"),
            ("table.csv", "--target", "kind", "--out", "table"),
            ("points.npy", "--out", "population", "--seeds", "2"),
        ):
            assert main(["train", *words, *PERCEPTRONS, *SMALL]) == 0
        yield home


@pytest.fixture
def home(saddle_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder for this test, as the working folder."""
    place = tmp_path / "home"
    shutil.copytree(saddle_home, place)
    for run in place.glob("*/run.toml"):
        run.write_text(run.read_text().replace(str(saddle_home), str(place)))
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def saddle(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Saddle:
    """Runs a command line and gives what it came to."""
    monkeypatch.setattr(planning, "WARM_UP_SECONDS", 0.02)

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


def _write_data(home: Path) -> None:
    chance = np.random.default_rng(0)
    np.save(home / "points.npy", chance.normal(size=(300, 2)))
    pictures = chance.integers(0, 256, (120, 8, 8), dtype=np.uint8)
    np.savez(home / "pictures.npz", x=pictures, y=np.arange(120) % 3)
    frame = pd.DataFrame(
        {
            "weight in g": chance.normal(10, 2, 200),
            "kind": np.where(np.arange(200) % 4 == 0, "pear", "apple"),
            "pips": chance.integers(0, 9, 200),
            "size": chance.gamma(2.0, size=200),
        }
    )
    frame.to_csv(home / "table.csv", index=False)
