"""What all tests share: one thread, shapes checked, and where real data come from."""

import os
from pathlib import Path

import pytest
import torch
from jaxtyping import install_import_hook

# Shapes in the signatures of these packages are checked at every call. This must precede their first import.
install_import_hook(["saddle.objectives", "saddle.regularizers"], "beartype.beartype")
torch.set_num_threads(1)


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets."""
    folder = os.environ.get("SADDLE_DATA")
    if not folder:
        pytest.skip("needs SADDLE_DATA")
    return Path(folder)
