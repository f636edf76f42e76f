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
from saddle.training.step import loss_of
from saddle.training.ways.compiler import compiled_function
from saddle.training.ways.functions import Flat, Form, Function, Functions, NotCompiledError, in_parts, layout, may_draw
from saddle.training.ways.narrow_products import DECOMPOSITIONS
from saddle.training.ways.traced_updates import slots_of, traced

TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-9}
MIXED_TOLERANCE = 0.1  # where bfloat16 takes part: both sides round to eight bits, each in an order of its own
UPDATED_ALONG = 2**17  # numbers up to which an optimizer is compiled along; with more, a kernel of its own is faster


class Compiled:
    """Updates by compiled functions, made when a player first moves.

    Args:
        updating: whether optimizers are compiled along where that is possible; without, gradients are left in `.grad`.
        checked: whether a compiled update must first agree with the plain one, as in the warm-up before a run.
        functions: made before for another state of the same problem, and used where they fit.
        at_once: members of a population that one call updates, a divisor of their number; None for all. A call whose
            tensors fit into a processor's caches takes less time for each.

    Attributes:
        seconds: spent on compiling so far.
        functions: what may be used for another state.
    """

    def __init__(
        self, *, updating: bool, checked: bool, functions: Functions | None = None, at_once: int | None = None
    ) -> None:
        self.seconds = 0.0
        self.functions = dict(functions or {})
        self._updating, self._checked, self._at_once = updating, checked, at_once
        self._made: dict[str, tuple[Flat, Form]] = {}

    def __call__(self, player: Player, state: State, batch: Batch, noise: Tensors) -> Loss:
        """What `gradients` does, and the optimizer's step where `updates` says so.

        Raises:
            NotCompiledError: at a player's first update, with the reason.
        """
        self.prepare(player, state, batch, noise)
        function, form = self._made[player.name]
        fresh = _fresh(player, state, batch, noise, form)
        with torch.no_grad():
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
        inputs = [*form.parts[0], *form.shared(_fresh(player, state, batch, noise, form))[0]]
        function = self.functions.get(player.name)
        if function is None or function.layouts != [layout(one) for one in inputs]:
            function = self.functions[player.name] = self._compile(player, state, batch, noise, form, inputs)
        form.metrics, form.carry = function.metrics, function.carry
        self._made[player.name] = function.call, form
        self.seconds += perf_counter() - began

    def _compile(
        self, player: Player, state: State, batch: Batch, noise: Tensors, form: Form, inputs: list[Tensor]
    ) -> Function:
        flat = _flat(player, state, batch, noise, form)
        devices = [state.device] if state.device.type == "cuda" else []
        with warnings.catch_warnings(), torch.random.fork_rng(devices):  # the update itself draws after this
            warnings.simplefilter("ignore")  # torch's own, of its own ways
            compiled, graph = _compiled(player, flat, inputs)
            mixed = any("bfloat16" in str(node.meta.get("val", "")) for node in graph.graph.nodes)
            if self._checked:
                allowed = MIXED_TOLERANCE if mixed else TOLERANCE[state.dtype]
                for these in (inputs, _other(inputs, len(form.parts[0]))):
                    _require_agreement(player, state, form, compiled, flat, these, allowed)
        return Function(compiled, [layout(one) for one in inputs], form.metrics, form.carry, may_draw(graph))

    def updates(self, player: Player) -> bool:
        """Whether a call has moved the parameters already."""
        return self._made[player.name][1].update is not None

    def draws(self, player: Player) -> bool:
        """Whether an update may draw from torch's own generators; what comes after a compiled function might."""
        known = player.name in self._made and player.project is None and self.updates(player)
        return not known or self.functions[player.name].draws


def _fresh(player: Player, state: State, batch: Batch, noise: Tensors, form: Form) -> list[Tensor]:
    """The tensors of this update alone."""
    labels = [] if batch.y is None else [batch.y]
    numbers = [] if form.update is None else list(_numbers(player, state, form).values())
    return [*state.carry.values(), *noise.values(), *numbers, batch.x, *labels, batch.round]


def _numbers(player: Player, state: State, form: Form) -> Tensors:
    """What of the optimizer's step changes from round to round."""
    assert form.update is not None
    group = {**state.optimizers[player.name].param_groups[0], **player.schedule(state.round)}
    found = form.update.numbers(group, form.slots[0])
    if not form.numbers:
        form.numbers = {name: torch.zeros((), dtype=state.dtype) for name in found}
    return {name: form.numbers[name].fill_(number) for name, number in found.items()}


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


def _other(inputs: list[Tensor], held: int) -> list[Tensor]:
    """Other numbers for what an update sees anew, so that none of them can have become a constant."""
    fresh = [one + 1 if one.dtype == torch.int64 and not one.dim() else one for one in inputs[held:]]
    return [*inputs[:held], *(one.flip(0) if one.dim() else one for one in fresh)]


def _require_agreement(
    player: Player, state: State, form: Form, compiled: Flat, flat: Flat, inputs: list[Tensor], allowed: float
) -> None:
    """Refuse a compiled update that gives other outputs, or changes what is held otherwise, than the plain one.

    Relative distances up to what is `allowed` may be.
    """
    ours, theirs = _copies(inputs), _copies(inputs)
    with torch.no_grad():
        found = compiled(*ours)
    wanted = flat(*theirs)
    if not all(bool(torch.isfinite(one).all()) for one in wanted if one.is_floating_point()):
        return  # the training itself will tell
    kept = len(form.metrics) + len(form.carry) + 1
    count, several = len(state.params), len(state.params) + len(state.buffers)
    names = [name for slot in form.slots for name in slot]
    changes = [[x.double() - y.double() for x, y in zip(side, inputs, strict=True)] for side in (ours, theirs)]
    groups: list[tuple[list[Tensor], list[Tensor], float]] = [
        *(([x], [y], allowed) for x, y in zip(found[:kept], wanted[:kept], strict=True)),
        (found[kept:], wanted[kept:], allowed),
        (changes[0][count:several], changes[1][count:several], allowed),
        # Adam's first steps are signs of gradients, and those of tiny ones are a matter of rounding.
        (changes[0][:count], changes[1][:count], max(allowed, 0.05)),
    ]
    for name in {*names} - {"step"}:
        places = [several + place for place, one in enumerate(names) if one == name]
        groups.append(([changes[0][i] for i in places], [changes[1][i] for i in places], allowed))
    for x, y, bound in groups:
        if not (gap := _gap(x, y)) < bound:
            raise NotCompiledError(player.name, f"its gradient comes out {gap:.1e} (relative) off")


def _compiled(player: Player, flat: Flat, inputs: list[Tensor]) -> tuple[Flat, GraphModule]:
    """The function, compiled, and what was traced of it."""
    try:
        graph = make_fx(flat, decomposition_table=DECOMPOSITIONS)(*_copies(inputs))
        compiled = compiled_function(graph, _copies(inputs))
        with torch.no_grad():
            compiled(*_copies(inputs))
    except Exception as error:
        reason = str(error.__cause__ or error).strip().splitlines() or [type(error).__name__]
        raise NotCompiledError(player.name, reason[0].rstrip(".:")) from error
    return compiled, graph


def _flat(player: Player, state: State, batch: Batch, noise: Tensors, form: Form) -> Flat:
    """Loss, metrics, carry and gradients of a player from a list of tensors; what is held is written in place."""
    names = list(_numbers(player, state, form)) if form.update else []
    group = state.optimizers[player.name].param_groups[0]
    kept = [len(slot) for slot in form.slots]
    counts = [len(state.params), len(state.buffers), *kept, len(state.carry), len(noise), len(names)]

    def flat(*inputs: Tensor) -> list[Tensor]:
        params, buffers, *memory, carry, draws, numbers, rest = _parted(list(inputs), counts)
        named = dict(zip(state.params, params, strict=True))
        own = {name: named[name].detach().requires_grad_() for name in state.learned(player.learns)}
        loss = loss_of(
            player,
            state,
            {**named, **own},
            dict(zip(state.buffers, buffers, strict=True)),
            Batch(rest[0], None if batch.y is None else rest[1], rest[-1]),
            dict(zip(noise, draws, strict=True)),
            dict(zip(state.carry, carry, strict=True)),
        )
        found = _gradients(loss.value, own)
        form.metrics, form.carry = list(loss.metrics), list(loss.carry)
        carry_out = [one.contiguous() for one in loss.carry.values()]
        made = [one.detach() for one in (loss.value, *loss.metrics.values(), *carry_out)]
        if form.update is None:
            return [*made, *found]
        given = dict(zip(names, numbers, strict=True))
        with torch.no_grad():
            for name, gradient, slot, tensors in zip(own, found, form.slots, memory, strict=True):
                form.update.apply(named[name], gradient, dict(zip(slot, tensors, strict=True)), group, given)
        return made

    return flat


def _gradients(value: Tensor, own: Tensors) -> list[Tensor]:
    found = torch.autograd.grad(value.sum(), list(own.values()), allow_unused=True)
    return [
        torch.zeros_like(one) if gradient is None else gradient.contiguous()
        for one, gradient in zip(own.values(), found, strict=True)
    ]


def _parted(values: list[Tensor], counts: list[int]) -> list[list[Tensor]]:
    parts: list[list[Tensor]] = []
    for count in counts:
        parts.append(values[:count])
        values = values[count:]
    return [*parts, values]


def _copies(tensors: list[Tensor]) -> list[Tensor]:
    return [tensor.clone() for tensor in tensors]


def _gap(found: list[Tensor], wanted: list[Tensor]) -> float:
    """The relative distance of all numbers together; 0 of none."""
    if not found:
        return 0.0
    x, y = (torch.cat([one.double().flatten() for one in side]) for side in (found, wanted))
    return (torch.linalg.vector_norm(x - y) / torch.linalg.vector_norm(y).clamp_min(1e-12)).item()
