"""Statistics of real data and classifiers of their labels, kept on disk by the content they were computed from."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from saddle.core.files import write_bytes
from saddle.data import Dataset
from saddle.data.picture_cache import cache_home

VERSION = 1


def remembered(key: Sequence[str], make: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
    """Tensors from the cache, or made and put there; a cache that cannot be read or written is done without.

    Args:
        key: all that the tensors depend on.
        make: computes them.
    """
    digest = hashlib.sha256(json.dumps([VERSION, *key]).encode()).hexdigest()
    path = cache_home() / "statistics" / f"{digest}.safetensors"
    with suppress(OSError, SafetensorError):
        return load_file(path)
    made = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, save({name: tensor.contiguous() for name, tensor in made.items()}))
    return made


def content_key(data: Dataset) -> tuple[str, str]:
    """What names data in model units: their content and the transform."""
    return data.fingerprint(), json.dumps(data.transform.to_record(), sort_keys=True)
