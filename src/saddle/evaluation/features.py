"""In what pictures are compared: pixels, a classifier of the user's labels, a network on disk, or a function."""

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.own_code import function_from
from saddle.data import Dataset
from saddle.evaluation.alike import KINDS
from saddle.evaluation.classifier import remembered_classifier

Features = Callable[[Tensor], Tensor]
CHUNK = 250
SCRIPTED = (".pt", ".pth", ".ts", ".jit")


@dataclass(frozen=True, eq=False)
class Extractor:
    """A function of examples in model units, with a name for the rows that use it.

    Attributes:
        name: such as "classifier features".
        function: maps (n, *model_shape) to (n, d).
        identity: what it is made of, so that its output on real data can be kept; None where that is unknown.
        note: what a reader must know of it, or empty.
        prepare: what the function is given instead of model units.
    """

    name: str
    function: Features
    identity: str | None = None
    note: str = ""
    prepare: Features = lambda x: x

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Tensor:
        """Features of shape (n, d), float32, computed in parts.

        Raises:
            InputError: when the function fails or does not give one row per example.
        """
        parts = []
        for part in x.split(CHUNK):
            given = self.prepare(part)
            try:
                found = torch.as_tensor(self.function(given))
            except Exception as error:
                lines = str(error).strip().splitlines() or ["no reason given"]
                raise InputError(
                    f"{self.name} cannot be computed of {str(given.dtype).removeprefix('torch.')} examples of shape "
                    f"{tuple(given.shape[1:])}: {lines[-1].strip().rstrip('.')}."
                ) from error
            if found.ndim < 2 or len(found) != len(part):
                raise InputError(
                    f"{self.name} must have shape (n, d), a row per example; found {tuple(found.shape)} "
                    f"for {len(part)} examples."
                )
            parts.append(found.flatten(1).float())
        return torch.cat(parts)


def find_features(wanted: "str | Features | None", train: Dataset, *, seed: int = 0) -> Extractor | None:
    """The extractor that is meant, or None for the examples themselves.

    Args:
        wanted: None or "pixels" for the examples themselves; "classifier" for the last hidden layer of one trained on
            the labels of `train`; a file of TorchScript (.pt) or of `torch.export` (.pt2) that maps pictures, bytes of
            shape (n, 3, h, w), to features, such as the usual Inception network; `my_file.py:my_function`, or a
            function, of examples in model units.
        train: what a classifier learns from.
        seed: of its training.

    Raises:
        InputError: when there is no such thing, or it does not go with the data.
    """
    if wanted is None or wanted == "pixels":
        return None
    if not isinstance(wanted, str):
        return wanted if isinstance(wanted, Extractor) else Extractor("features", wanted)
    if wanted == "classifier":
        classifier = remembered_classifier(train, seed=seed)
        return Extractor("classifier features", classifier.features, classifier.identity, classifier.note)
    file, colon, function = wanted.rpartition(":")
    if colon and file.endswith(".py"):
        found, source = function_from(Path(file), function, what="the features")
        return Extractor(f"{Path(file).name}:{function}", found, f"{hashlib.sha256(source).hexdigest()}:{function}")
    path = Path(wanted)
    if path.suffix in (*SCRIPTED, ".pt2"):
        return _network(path, train)
    raise InputError(
        f"features must be pixels, classifier, a network's file (.pt of TorchScript, .pt2 of torch.export) or "
        f"my_file.py:my_function; found {wanted!r}."
    )


def _network(path: Path, train: Dataset) -> Extractor:
    if train.kind != "images":
        raise InputError(f"The network {path} is for pictures; {train.name} holds {KINDS[train.kind]}.")
    if not path.is_file():
        raise InputError(f"There is no file {path} to take features from.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TorchScript is on its way out, and is what published extractors come in
            module: Any = torch.export.load(path).module() if path.suffix == ".pt2" else torch.jit.load(path, "cpu")
    except Exception as error:
        raise InputError(
            f"{path} must be a network saved by torch.jit.save or torch.export.save; reading it failed with "
            f"{type(error).__name__}."
        ) from None
    if path.suffix != ".pt2":
        module.eval()
    # The usual Inception file gives class scores unless it is asked for features.
    asks = "return_features" in str(getattr(getattr(module, "forward", None), "schema", ""))

    def features(pictures: Tensor) -> Tensor:
        return module(pictures, return_features=True) if asks else module(pictures)

    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return Extractor(f"{path.name} features", features, content, prepare=as_bytes)


def as_bytes(x: Tensor) -> Tensor:
    """Pictures in model units as bytes in color, shape (n, 3, h, w), the way published extractors take them."""
    bytes_ = ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return bytes_ if bytes_.shape[1] == 3 else bytes_[:, :1].expand(-1, 3, -1, -1)
