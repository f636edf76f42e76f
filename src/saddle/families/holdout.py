"""Whether enough data are held out to measure a training against."""

from saddle.core.errors import InputError
from saddle.data import Dataset


def require_measurable(data: Dataset, holdout: float) -> None:
    """Refuse a split whose second part is too small: a distance with an error needs two examples.

    Raises:
        InputError: naming a share that would do.
    """
    count = len(data)
    held = len(data.split_indices(holdout)[1])
    if held < 2:
        enough = min(2.5 / count, 0.5)
        raise InputError(
            f"holdout must keep at least 2 examples to measure against, as holdout={enough:.2f} would here; found "
            f"{holdout}, which of {count} examples keeps {held}."
        )
