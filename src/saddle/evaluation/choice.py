"""Which measures are wanted: those that suit the data, some of the menu by name, or the user's own."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path

from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.own_code import function_from
from saddle.data import Dataset
from saddle.evaluation.menu import MENU, Offer, single
from saddle.measures import Estimate

Own = Callable[[Tensor, Tensor], Estimate]
Wanted = str | Own | Iterable[str | Own] | None


def chosen(of: Wanted, data: Dataset, *, features: bool) -> dict[str, Offer]:
    """The measures that are asked for, or those that suit the data.

    Args:
        of: names, or one text of names with commas between; "all" for every one; None for those that suit. A measure of
            one's own, a function of two samples that gives an `Estimate`, is given as it is or as
            `my_file.py:my_function`.
        data: what is compared against.
        features: whether features are compared.

    Raises:
        InputError: for a name that is not on the menu, with the nearest that is.
    """
    if of is None:
        modes = hasattr(data.density, "means") and hasattr(data.density, "std")
        return {
            name: offer
            for name, offer in MENU.items()
            if (offer.of_features and features)
            or (data.kind in offer.kinds and (not features or name == "copying"))
            or (name == "mode_coverage" and modes)
        }
    words = of.split(",") if isinstance(of, str) else [of] if callable(of) else list(of)
    wanted = [word for word in words if not (isinstance(word, str) and not word.strip())]
    if not wanted:
        raise InputError(f"of must name at least one measure; there are {', '.join(MENU)}.")
    found = dict(_offer(word) for word in wanted if word != "all")
    return {**MENU, **found} if "all" in wanted else found


def _offer(word: str | Own) -> tuple[str, Offer]:
    """A measure by its name or file, or the user's own."""
    if not isinstance(word, str):
        return _own(getattr(word, "__name__", type(word).__name__), word)
    file, colon, function = word.strip().rpartition(":")
    if colon and file.endswith(".py"):
        found, _ = function_from(Path(file), function, what="the measure")
        return _own(f"{Path(file).name}:{function}", found)
    name = word.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in MENU:
        close = get_close_matches(name, MENU, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(MENU)}."
        raise InputError(f"There is no measure {word.strip()!r} of two sets; {hint}")
    return name, MENU[name]


def _own(name: str, function: Own) -> tuple[str, Offer]:
    def measure(x: Tensor, y: Tensor) -> Estimate:
        try:
            found = function(x, y)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"The measure {name} fails with {type(error).__name__}: {error}.") from error
        if not isinstance(found, Estimate):
            raise InputError(f"The measure {name} must return a saddle.measures.Estimate, and returned {found!r}.")
        return found

    return name, Offer("of one's own", single(name.rpartition(":")[2].replace("_", " "), measure, "near"))
