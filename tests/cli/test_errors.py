"""Which sentence and exit code an error becomes."""

import errno

import pytest

from saddle.cli.main import explain
from saddle.core.errors import InputError, NonFiniteError


@pytest.mark.parametrize(
    ("error", "sentence", "code"),
    [
        (InputError("batch must be 1."), "batch must be 1.", 2),
        (NonFiniteError("A loss became nan."), "A loss became nan.", 1),
        (
            PermissionError(errno.EACCES, "Permission denied", "a/b"),
            "Reading or writing a/b failed: Permission denied.",
            2,
        ),
        (OSError("odd"), "Reading or writing failed: odd.", 2),
        (MemoryError(), "There is not enough memory for this; a smaller --set batch=N or network needs less.", 2),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
            "There is not enough memory for this; a smaller --set batch=N or network needs less.",
            2,
        ),
        (KeyError("x"), "This is a defect of saddle: KeyError: 'x' (--debug shows where).", 1),
    ],
)
def test_explain(error: Exception, sentence: str, code: int) -> None:
    assert explain(error) == (sentence, code)
