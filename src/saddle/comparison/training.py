"""Training one recipe of a comparison: anew, on from where it was stopped, or not at all where it is finished."""

from saddle.comparison.entrants import Entrant
from saddle.comparison.kept import is_finished
from saddle.comparison.watching import Watching
from saddle.data import Dataset
from saddle.families import Estimator, load, resume


def trained(entrant: Entrant, data: Dataset, watching: Watching) -> Estimator:
    """The entrant's population, trained to its end, with its data at hand.

    Args:
        entrant: the recipe.
        data: to learn.
        watching: who is told.

    Raises:
        InputError: when a kept run is damaged.
        NonFiniteError: when a member's numbers stop being finite.
        KeyboardInterrupt: on Ctrl-C, after the run was saved.
    """
    folder, model, found = entrant.folder, entrant.model, entrant.found
    if folder is not None and is_finished(entrant):
        watching.kept(entrant.name)
        again = load(folder, like=model)
        again.reopen_data(data)
        return again
    with watching.training(entrant.name) as observer:
        if folder is not None and folder.exists():
            return resume(folder, data, observer=observer, like=model)
        return model.fit(data, folder=folder, observer=observer, recipe=found.note(), attachments=found.files())
