"""A player's update as one compiled function: its loss, the gradient, and what a common optimizer makes of it.

The update is written down by running it once with its backward pass (`make_fx`), alone or under `vmap`, so whatever a
loss or a network of the user's does in Python is done then and never again. The compiler gets plain tensor operations.
"""

import warnings
from time import perf_counter

import torch
from torch import Tensor
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from saddle.core.problem import Batch, Loss, Player
from saddle.training.state import State, Tensors
from saddle.training.ways.agreement import MIXED_TOLERANCE, TOLERANCE, copies, other_numbers, require_agreement
from saddle.training.ways.compiler import compiled_function
from saddle.training.ways.flat_updates import flat_update, fresh_of
from saddle.training.ways.functions import (
    Flat,
    Form,
    Function,
    Functions,
    NotCompiledError,
    in_parts,
    layout,
    may_draw,
)
from saddle.training.ways.narrow_products import DECOMPOSITIONS
from saddle.training.ways.shares import Shared, shares_of
from saddle.training.ways.traced_updates import slots_of, traced

UPDATED_ALONG = 2**17  # numbers up to which an optimizer is compiled along; with more, a kernel of its own is faster


class Compiled:
    """Updates by compiled functions, made when a player first moves.

    Args:
        updating: whether optimizers are compiled along where that is possible; without, gradients are left in `.grad`.
        checked: whether a compiled update must first agree with the plain one, as in the warm-up before a run.
        functions: made before for another state of the same problem, and used where they fit.
        at_once: members of a population that one call updates, a divisor of their number; None for all. A call whose
            tensors fit into a processor's caches takes less time for each.
        cores: so many share out the batches of a model alone, where its losses allow it.

    Attributes:
        seconds: spent on compiling so far.
        functions: what may be used for another state.
    """

    def __init__(
        self,
        *,
        updating: bool,
        checked: bool,
        functions: Functions | None = None,
        at_once: int | None = None,
        cores: int = 1,
    ) -> None:
        self.seconds = 0.0
        self.functions = dict(functions or {})
        self._updating, self._checked, self._at_once, self._cores = updating, checked, at_once, cores
        self._made: dict[str, tuple[Flat, Form]] = {}

    def __call__(self, player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
        """What `gradients` does, and the optimizer's step where `updates` says so.

        Raises:
            NotCompiledError: at a player's first update, with the reason.
        """
        self.prepare(player, state, batch, noise)
        function, form = self._made[player.name]
        fresh = fresh_of(player, state, batch, noise, form)
        with torch.no_grad():  # as when it was compiled, which some versions of torch would else do again
            if len(form.parts) == 1:
                value, *rest = function(*form.parts[0], *fresh)
            else:
                calls = zip(form.parts, form.shared(fresh), strict=True)
                value, *rest = _side_by_side([function(*held, *own) for held, own in calls])
        metrics = dict(zip(form.metrics, rest, strict=False))
        rest = rest[len(form.metrics) :]
        carry = dict(zip(form.carry, rest, strict=False))
        if form.update is None:
            for parameter, gradient in zip(state.learned(player.learns).values(), rest[len(form.carry) :], strict=True):
                parameter.grad = gradient
        return Loss(value, metrics, carry)

    def prepare(self, player: Player, state: State, batch: Batch, noise: Tensors) -> None:
        """Compile a player's update if that was not done yet; moves nothing.

        Raises:
            NotCompiledError: with the reason.
        """
        if player.name in self._made:
            return
        began = perf_counter()
        form = _form(player, state, updating=self._updating, at_once=self._at_once)
        inputs = [*form.parts[0], *form.shared(fresh_of(player, state, batch, noise, form))[0]]
        function = self.functions.get(player.name)
        if function is None or function.layouts != [layout(one) for one in inputs]:
            function = self.functions[player.name] = self._compile(player, state, batch, noise, form, inputs)
        form.metrics, form.carry = function.metrics, function.carry
        self._made[player.name] = function.call, form
        self.seconds += perf_counter() - began

    def _compile(
        self, player: Player, state: State, batch: Batch, noise: Tensors, form: Form, inputs: list[Tensor]
    ) -> Function:
        flat = flat_update(player, state, batch, noise, form)
        devices = [state.device] if state.device.type == "cuda" else []
        with warnings.catch_warnings(), torch.random.fork_rng(devices):  # the update itself draws after this
            warnings.simplefilter("ignore")  # torch's own, of its own ways
            count = 1 if form.update is None else shares_of(player, state, batch, noise, self._cores)
            if count > 1:
                compiled, graph = _shared(player, state, batch, noise, form, inputs, count)
            else:
                compiled, graph = _compiled(player, flat, inputs)
            mixed = any("bfloat16" in str(node.meta.get("val", "")) for node in graph.graph.nodes)
            if self._checked:
                allowed = MIXED_TOLERANCE if mixed else TOLERANCE[state.dtype]
                for these in (inputs, other_numbers(inputs, len(form.parts[0]))):
                    require_agreement(player, state, form, compiled, flat, these, allowed, metrics=count == 1)
        return Function(compiled, [layout(one) for one in inputs], form.metrics, form.carry, may_draw(graph))

    def updates(self, player: Player) -> bool:
        """Whether a call has moved the parameters already."""
        return self._made[player.name][1].update is not None

    def draws(self, player: Player) -> bool:
        """Whether an update may draw from torch's own generators; what comes after a compiled function might."""
        known = player.name in self._made and player.project is None and self.updates(player)
        return not known or self.functions[player.name].draws


def has_update_compiled_along(player: Player, state: State) -> bool:
    """Whether a player's optimizer is compiled along with its loss."""
    return _form(player, state, updating=True, at_once=None).update is not None


def _form(player: Player, state: State, *, updating: bool, at_once: int | None) -> Form:
    optimizer, members = state.optimizers[player.name], len(state.seeds)
    at_once = at_once or members
    count = sum(one.numel() for one in state.learned(player.learns).values()) * at_once // members
    update = traced(optimizer) if updating and count <= UPDATED_ALONG else None
    scheduled = player.schedule(state.round)
    idle = "momentum" in scheduled and not optimizer.param_groups[0].get("momentum")  # it may begin later
    if not scheduled.keys() <= {"lr", "momentum"} or idle:
        update = None
    slots = [] if update is None else slots_of(optimizer, update)
    networks = [one.detach() for one in (*state.params.values(), *state.buffers.values())]
    held = [*networks, *(tensor for slot in slots for tensor in slot.values())]
    return Form(in_parts(held, members // at_once), slots, update)


def _side_by_side(parts: list[list[Tensor]]) -> list[Tensor]:
    """What calls for some members each gave, as one for all of them would."""
    return [torch.cat(ones) for ones in zip(*parts, strict=True)]


def _shared(
    player: Player, state: State, batch: Batch, noise: Tensors, form: Form, inputs: list[Tensor], count: int
) -> tuple[Flat, GraphModule]:
    """The function as cores share it out, and what was traced of one of them."""
    try:
        found = Shared(player, state, batch, noise, form, inputs, count)
        with torch.no_grad():
            found(*copies(inputs))
    except Exception as error:
        reason = f"its batches are shared out among cores, for which {_reason(error)}"
        raise NotCompiledError(player.name, reason, built=False) from error
    return found, found.graph


def _compiled(player: Player, flat: Flat, inputs: list[Tensor]) -> tuple[Flat, GraphModule]:
    """The function, compiled, and what was traced of it."""
    try:
        graph = make_fx(flat, decomposition_table=DECOMPOSITIONS)(*copies(inputs))
        compiled = compiled_function(graph, copies(inputs))
        with torch.no_grad():
            compiled(*copies(inputs))
    except Exception as error:
        raise NotCompiledError(player.name, _reason(error)) from error
    return compiled, graph


def _reason(error: Exception) -> str:
    if "InvalidCxxCompiler" in f"{type(error).__name__}{error}":
        return "torch finds no C++ compiler here, such as g++, to compile it with"
    lines = str(error.__cause__ or error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".:")
