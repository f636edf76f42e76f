"""Where the tests of the data layer keep pictures, and where real data come from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of decoded pictures for this test alone."""
    home = tmp_path / "cache"
    monkeypatch.setenv("SADDLE_CACHE", str(home))
    return home


@pytest.fixture
def real_data() -> Iterator[Path]:
    """The folder of real data sets."""
    folder = os.environ.get("SADDLE_DATA")
    if not folder:
        pytest.skip("needs real data: set SADDLE_DATA to their folder")
    yield Path(folder)
