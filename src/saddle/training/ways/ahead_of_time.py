"""Functions compiled ahead of time: libraries that threads run without Python, kept on disk between runs."""

import ctypes
import hashlib
import platform
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.fx import GraphModule

from saddle.training.ways.functions import layout

Address = ctypes.c_void_p


@dataclass(frozen=True)
class Library:
    """A compiled function.

    Attributes:
        run: the address of what runs it.
        container: what `run` is given to know which.
        loaded: keeps it in memory.
    """

    run: Address
    container: Address
    loaded: ctypes.CDLL


def library(graph: GraphModule, inputs: list[Tensor], *, at_once: int, threads: int) -> Library:
    """The function of a graph of tensor operations, for inputs like these; compiled if no run before has done it.

    Args:
        graph: left as it is.
        inputs: examples.
        at_once: how many threads may run it at the same time.
        threads: how many it uses by itself.

    Raises:
        OSError: when it cannot be loaded; whatever torch raises when it cannot be compiled.
    """
    key = [
        _written(graph),
        repr([layout(one) for one in inputs]),
        str(threads),
        _options(),
    ]
    loaded = ctypes.CDLL(str(_kept("".join(key), lambda path: _compile(graph, inputs, threads, path))))
    container = Address()
    failed = loaded.AOTInductorModelContainerCreateWithDevice(
        ctypes.byref(container), ctypes.c_size_t(at_once), b"cpu", None
    )
    if failed:
        raise OSError("a compiled function cannot be set up")
    return Library(ctypes.cast(loaded.AOTInductorModelContainerRun, Address), container, loaded)


def built(source: Path) -> ctypes.CDLL:
    """A file of C++ that calls torch's C interface, as a library; compiled if no run before has done it.

    Raises:
        OSError: when it cannot be, in a sentence.
    """
    from torch._inductor.cpp_builder import get_cpp_compiler

    torches = Path(torch.__file__).parent / "lib"
    flags = ["-std=c++17", "-O2", "-fopenmp", "-shared", "-fPIC"]
    where = [f"-L{torches}", f"-Wl,-rpath,{torches}", "-ltorch_cpu"]

    def build(path: Path) -> None:
        command = [*shlex.split(get_cpp_compiler()), *flags, str(source), "-o", str(path), *where]
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode:
            lines = made.stderr.strip().splitlines() or ["no reason given"]
            raise OSError(f"{command[0]} must compile a file of C++, and cannot: {lines[0]}")

    return ctypes.CDLL(str(_kept(source.read_text() + " ".join(flags + where), build)))


def _compile(graph: GraphModule, inputs: list[Tensor], threads: int, path: Path) -> None:
    import torch._inductor as inductor  # takes a while, and only a compiled training needs it

    graph = deepcopy(graph)
    for node in graph.graph.nodes:  # examples of another trace, which the compiler would take for those of its own
        node.meta.pop("val", None)
        node.meta.pop("tensor_meta", None)
    options: dict[str, Any] = {"aot_inductor.output_path": str(path), "cpp.threads": threads}
    with torch.no_grad():
        inductor.aot_compile(graph, tuple(inputs), options=options)


def _written(graph: GraphModule) -> str:
    """All that a graph computes: its code, and the tensors that it holds."""
    held = [(node.target, getattr(graph, node.target)) for node in graph.graph.nodes if node.op == "get_attr"]
    return graph.code + "".join(f"{name}{one.dtype, one.tolist()}" for name, one in held)


def _options() -> str:
    """What else decides what torch's compiler makes: how its wrapper is compiled."""
    from torch._inductor import config

    return repr(getattr(config.aot_inductor, "compile_wrapper_opt_level", ""))


def _machine() -> str:
    """What a library is made for: compilers are told to use all that this processor has."""
    from torch._inductor.cpp_builder import get_cpp_compiler

    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), platform.processor())
    return f"{torch.__version__} {platform.machine()} {flags} {get_cpp_compiler()}"


def _kept(key: str, make: Callable[[Path], None]) -> Path:
    """A library from where torch keeps compiled functions, made there if it is missing."""
    from torch._inductor.runtime.cache_dir_utils import cache_dir

    digest = hashlib.sha256(f"{_machine()} {key}".encode()).hexdigest()
    path = Path(cache_dir()) / "saddle" / f"{digest}.so"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            made = Path(folder) / "made.so"
            make(made)
            made.replace(path)
    return path
