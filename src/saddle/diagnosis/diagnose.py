"""From a run, in its folder or in memory, to its diagnosis."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from saddle.core.errors import InputError
from saddle.core.sampling import Chain
from saddle.diagnosis.diagnosis import Diagnosis
from saddle.diagnosis.evidence import Nearness, in_history
from saddle.diagnosis.nearness import nearness_of
from saddle.diagnosis.ranking import findings
from saddle.families import Estimator, load
from saddle.training.history import read_rows

SAMPLES, CHAINS = 1000, 256
SEED = 1  # of samples; the history has measured those of seed 0


def diagnose(
    run: "Estimator | str | Path", data: Any = None, *, member: int = 0, like: Estimator | None = None
) -> Diagnosis:
    """What is wrong with a run, if anything, by fixed rules over its history and its last samples.

    Args:
        run: a fitted model of any family, or the folder of a run, finished or not.
        data: those it was trained on, where `run.toml` does not say how to open them again.
        member: which model of a population.
        like: supplies what `run.toml` cannot hold, such as networks of the user's own.

    Returns:
        One verdict of `saddle.diagnosis.VERDICTS` with its evidence and what to change. Whether samples are copies of
        training examples is looked at only where the data are at hand; a note says where they are not.

    Raises:
        InputError: when the folder is no run, is damaged, or has no such member, or the data are not those of the run.
    """
    model = run if isinstance(run, Estimator) else load(run, like=like)
    trained = model.trained
    trained.fitted.seed(member)
    history, trouble = trained.history, _trouble(trained.table.get("result", {}), member)
    if trouble is not None and trained.folder is not None:
        history = read_rows(trained.folder.history)  # also what was logged after the last good checkpoint
    nearness, note = (None, None) if trouble else _nearness(model, data, member)
    evidence = in_history(history, member=member, trouble=trouble, nearness=nearness)
    return Diagnosis(findings(evidence), evidence, () if note is None else (note,))


def from_history(history: Iterable[dict[str, Any]], *, member: int = 0) -> Diagnosis:
    """The same from the rows of a history alone, as while a run is trained; blind to copies of training examples."""
    evidence = in_history(history, member=member)
    return Diagnosis(findings(evidence), evidence)


def _trouble(result: dict[str, Any], member: int) -> str | None:
    """What ended the run, where that was a number of this member's, or of the only one, that was not finite."""
    told = result.get("trouble")
    return told if told is None or " of member " not in told or f" of member {member} " in told else None


def _nearness(model: Estimator, data: Any, member: int) -> tuple[Nearness | None, str | None]:
    blind = "Whether samples are copies of training examples was not looked at:"
    if data is None and model.trained.dataset is None and "reopen" not in model.trained.table["data"]:
        return None, f"{blind} the data were given in memory; give them again from Python."
    try:
        train, held_out = model.divided(data, member=member)
    except InputError as error:
        if data is not None:
            raise
        return None, f"{blind} {error}"
    chained = isinstance(model.trained.fitted.problem.sampler, Chain)
    samples, _ = model.sample_model(CHAINS if chained else SAMPLES, seed=SEED, member=member)
    if not bool(torch.isfinite(samples).all()):
        return None, f"{blind} samples are not finite."
    found = nearness_of(samples, train, held_out)
    return found, None if found else f"{blind} only {len(held_out)} examples are held out."
