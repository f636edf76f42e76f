"""An update whose batch the cores share out among them.

With one function for all cores each operation is shared out anew, and its tensors move from core to core. Where the
loss of a batch is the mean of those of its parts, each core computes loss and gradient of its share alone, and a second
function averages them and moves the parameters. Both are called from C (`shares.cpp`), without Python in between.
"""

import ctypes
import weakref
from operator import is_
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from saddle.core.problem import Batch, Player
from saddle.training.state import State, Tensors
from saddle.training.ways.agreement import copies
from saddle.training.ways.ahead_of_time import Address, built, library
from saddle.training.ways.flat_updates import apply, flat_update, parted
from saddle.training.ways.functions import Flat, Form
from saddle.training.ways.narrow_products import DECOMPOSITIONS

LEAST = 32  # examples of a share: with few, there is little to do between starting operations
MOST_DIMENSIONS = 8  # as in shares.cpp


def shares_of(player: Player, state: State, batch: Batch, noise: Tensors, cores: int) -> int:
    """In how many shares an update with its optimizer compiled along is computed; 1 where it is not shared out."""
    if cores == 1 or not player.separates or state.stacked or state.buffers or state.carry:
        return 1
    split = [*noise.values(), batch.x, *([] if batch.y is None else [batch.y])]
    size = len(batch.x)
    alike = all(one.shape[:1] == (size,) and one.is_contiguous() and one.dim() <= MOST_DIMENSIONS for one in split)
    return cores if alike and size % cores == 0 and size // cores >= LEAST else 1


class Shared:
    """A flat update that cores share out, with the inputs and outputs of the whole one.

    Args:
        player: whose update.
        state: of one seed.
        batch: an example.
        noise: an example.
        form: how inputs are put together, its optimizer compiled along.
        inputs: an example.
        count: shares.

    Attributes:
        graph: what a core does.

    Raises:
        OSError: when a library cannot be loaded; whatever compilers raise when they cannot make one.
    """

    def __init__(
        self, player: Player, state: State, batch: Batch, noise: Tensors, form: Form, inputs: list[Tensor], count: int
    ) -> None:
        self._driver = built(Path(__file__).with_name("shares.cpp"))  # the first to fail where nothing can be compiled
        alone = Form([[]], [], None)
        places = _places(state, noise, form, len(inputs))
        own = [_share(inputs[place], 0, count) if split else inputs[place].clone() for place, split in places]
        self.graph = make_fx(flat_update(player, state, batch, noise, alone), decomposition_table=DECOMPOSITIONS)(*own)
        used = _without_idle_inputs(self.graph)
        places, own = [places[one] for one in used], [own[one] for one in used]
        outputs = [one.detach() for one in self.graph(*own)]
        form.metrics, form.carry = alone.metrics, []
        self._results = torch.zeros(1 + len(form.metrics), dtype=state.dtype)
        kept = [0, *(1 + place for place in _joined_places(player, state, form))]
        given = copies([*([self._results, *inputs][place] for place in kept), *outputs * count])  # each another tensor
        joined = make_fx(_joined(player, state, form, count, len(outputs)))(*given)
        self._share = library(self.graph, own, at_once=count, threads=1)
        self._join = library(joined, given, at_once=1, threads=1)
        self._held = len(form.parts[0]) + len(form.numbers)
        self._fresh = [place for place, _ in places if place >= self._held]
        self._views = self._results.unbind()
        self._plan = _Update(
            share_run=self._share.run,
            share=self._share.container,
            inputs=len(places),
            input=_array(_Input, [_input(1 + place, inputs[place], count if split else 0) for place, split in places]),
            given=len(outputs),
            joined_run=self._join.run,
            joined=self._join.container,
            kept=len(kept),
            keep=_array(ctypes.c_int64, kept),
            shares=count,
            held=1 + self._held,
        )
        self._known: list[Tensor] = []
        self._handles = (Address * (1 + len(inputs)))()
        weakref.finalize(self, _let_go, self._driver, self._handles, 1 + self._held).atexit = False

    def __call__(self, *inputs: Tensor) -> list[Tensor]:
        """The loss and the metrics; what is learned, and the optimizer's memory of it, is written in place.

        Results lie where the next call writes its own.

        Raises:
            RuntimeError: when the compiled functions fail, which say why to the standard error.
        """
        held = inputs[: self._held]
        if not (self._known and all(map(is_, self._known, held))):
            self._known = []  # until all handles are there, in case somebody interrupts
            _let_go(self._driver, self._handles, 1 + self._held)
            for place, one in enumerate((self._results, *held)):
                self._handles[place] = _handle(one)
            self._known = list(held)
        for place in self._fresh:
            self._handles[1 + place] = _handle(inputs[place])
        if self._driver.saddle_update(ctypes.byref(self._plan), self._handles, ctypes.c_int64(1 + len(inputs))):
            raise RuntimeError("A compiled update failed.")
        return list(self._views)


def _let_go(driver: ctypes.CDLL, handles: Any, count: int) -> None:
    """Give back the handles of what was held until now."""
    for place in range(count):
        if handles[place]:
            driver.aoti_torch_delete_tensor_object(Address(handles[place]))
            handles[place] = None


def _share(one: Tensor, which: int, count: int) -> Tensor:
    return one.chunk(count)[which].clone()


def _without_idle_inputs(graph: GraphModule) -> list[int]:
    """Take inputs that nothing is computed from out of a graph; the places of those that stay."""
    inputs = [node for node in graph.graph.nodes if node.op == "placeholder"]
    for node in inputs:
        if not node.users:
            graph.graph.erase_node(node)
    graph.recompile()
    return [place for place, node in enumerate(inputs) if node.users]


def _places(state: State, noise: Tensors, form: Form, count: int) -> list[tuple[int, bool]]:
    """Where a share finds its inputs among those of the update, and whether it gets a part of each or all."""
    first = len(form.parts[0]) + len(form.numbers)
    draws = range(first, first + len(noise))
    batch = range(draws.stop, count - 1)
    whole = [(place, False) for place in range(len(state.params) + len(state.buffers))]
    return [*whole, *((place, True) for place in (*draws, *batch)), (count - 1, False)]


def _joined_places(player: Player, state: State, form: Form) -> list[int]:
    """Where the joined function finds what is learned, the optimizer's memory and the numbers of its step."""
    learned = state.learned(player.learns)
    own = [place for place, name in enumerate(state.params) if name in learned]
    networks = len(state.params) + len(state.buffers)
    return [*own, *range(networks, len(form.parts[0]) + len(form.numbers))]


def _joined(player: Player, state: State, form: Form, count: int, given: int) -> Flat:
    """From results, what is learned, memory, numbers and every share's outputs: all of them written in place."""
    group, names = state.optimizers[player.name].param_groups[0], list(form.numbers)
    counts = [1, len(form.slots), *(len(slot) for slot in form.slots), len(names)]

    def flat(*inputs: Tensor) -> list[Tensor]:
        (results,), learned, *memory, numbers, outputs = parted(list(inputs), counts)
        shares = [outputs[start : start + given] for start in range(0, count * given, given)]
        means = [torch.stack(ones).mean(0) for ones in zip(*shares, strict=True)]
        logged = len(results)
        apply(form, learned, means[logged:], memory, group, dict(zip(names, numbers, strict=True)))
        results.copy_(torch.stack(means[:logged]))
        return []

    return flat


class _Input(ctypes.Structure):
    """As in shares.cpp."""

    _fields_ = (
        ("place", ctypes.c_int64),
        ("split", ctypes.c_int64),
        ("step", ctypes.c_int64),
        ("dimensions", ctypes.c_int64),
        ("sizes", ctypes.c_int64 * MOST_DIMENSIONS),
        ("strides", ctypes.c_int64 * MOST_DIMENSIONS),
    )


class _Update(ctypes.Structure):
    """As in shares.cpp."""

    _fields_ = (
        ("share_run", Address),
        ("share", Address),
        ("inputs", ctypes.c_int64),
        ("input", ctypes.POINTER(_Input)),
        ("given", ctypes.c_int64),
        ("joined_run", Address),
        ("joined", Address),
        ("kept", ctypes.c_int64),
        ("keep", ctypes.POINTER(ctypes.c_int64)),
        ("shares", ctypes.c_int64),
        ("held", ctypes.c_int64),
    )


def _input(place: int, one: Tensor, count: int) -> _Input:
    if not count:
        return _Input(place=place)
    size = len(one) // count
    sizes = (ctypes.c_int64 * MOST_DIMENSIONS)(size, *one.shape[1:])
    strides = (ctypes.c_int64 * MOST_DIMENSIONS)(*one.stride())
    return _Input(place=place, split=1, step=size * one.stride(0), dimensions=one.dim(), sizes=sizes, strides=strides)


def _array(kind: Any, values: list[Any]) -> Any:
    return (kind * len(values))(*values)


def _handle(one: Tensor) -> int:
    """A new handle of torch's C interface."""
    return _POINTER(torch._C._aoti.unsafe_alloc_void_ptr_from_tensor(one), None)  # type: ignore[attr-defined]


_POINTER = ctypes.pythonapi["PyCapsule_GetPointer"]  # of our own: what others say of its arguments stays theirs
_POINTER.restype, _POINTER.argtypes = Address, (ctypes.py_object, ctypes.c_char_p)
