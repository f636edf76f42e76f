"""Reading the examples of a player's next update in the background, while this one trains."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor


class Ahead:
    """Reads what is asked for, and what will be asked for next before it is.

    What was read ahead is used only where the very same rows are asked for, so it changes no batch. It reads with one
    thread, which ends with this object; what goes wrong there is raised where the batch is asked for.
    """

    def __init__(self) -> None:
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="saddle-ahead")
        self._waiting: dict[str, tuple[Tensor, Future[Tensor]]] = {}

    def take(self, read: Callable[[Tensor], Tensor], who: str, rows: Tensor, following: Tensor) -> Tensor:
        """The examples of some rows; starts reading those that the same player will want next.

        Args:
            read: gives the examples of some rows, in either thread.
            who: the player's name.
            rows: whose examples are returned.
            following: those of its next update.
        """
        expected, coming = self._waiting.pop(who, (None, None))
        if coming is not None and expected is not None and torch.equal(expected, rows):
            found = coming.result()
        else:
            found = read(rows)
        self._waiting[who] = following, self._reader.submit(read, following)
        return found
