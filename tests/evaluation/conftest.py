"""A cache of their own for these tests."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that SADDLE_CACHE names."""
    folder = tmp_path_factory.mktemp("cache")
    pytest.MonkeyPatch().setenv("SADDLE_CACHE", str(folder))
    return folder
