"""The one place that calls torch's compiler."""

from typing import Any

import torch
from torch import Tensor
from torch.fx import GraphModule

from saddle.training.ways.functions import Flat

CPP = {"cpp_wrapper": True}  # the function's own loop over its kernels in C++


def compiled_function(graph: GraphModule, inputs: list[Tensor]) -> Flat:
    """One function of a graph of tensor operations, for inputs like these; the first call may be what compiles.

    On a CPU the graph goes straight to the code generator where this torch lets it: what `torch.compile` puts before
    it looks at every call for changes that cannot be here, which takes as long as a small network's matrix products.
    """
    if inputs[0].device.type != "cpu":
        return torch.compile(graph, fullgraph=True, dynamic=False, options=_unguarded())
    try:
        return _straight(graph, inputs)
    except (ImportError, AttributeError, TypeError):  # another torch, without it or with other arguments
        return torch.compile(graph, fullgraph=True, dynamic=False, options=_unguarded() | CPP)


def _straight(graph: GraphModule, inputs: list[Tensor]) -> Flat:
    import torch._inductor as inductor  # takes a while, and only a compiled training needs it

    return inductor.standalone_compile(
        graph, [*inputs], dynamic_shapes="from_example_inputs", options={"config_patches": CPP}
    )


def _unguarded() -> dict[str, Any]:
    """Called with tensors of the same shapes and kinds for the whole run, a function needs no guards."""
    skip = getattr(torch.compiler, "skip_all_guards_unsafe", None)
    return {} if skip is None else {"guard_filter_fn": skip}
