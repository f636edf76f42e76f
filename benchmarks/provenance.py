"""When, with what and where a record came about."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any


def made(device: str = "cpu") -> dict[str, Any]:
    """The entry that a record keeps of it.

    Args:
        device: where it was computed, as torch names it.
    """
    accelerator = {} if device == "cpu" else {"accelerator": accelerator_of(device)}
    return {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "saddle": version("saddle"),
            "torch": version("torch"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {processor()}, {os.cpu_count()} cores",
            **accelerator,
        }
    }


def accelerator_of(device: str) -> str:
    """The name of a device that is not the processor."""
    import torch

    here = device.startswith("cuda") and torch.cuda.is_available()  # it may be measured elsewhere than trained
    return torch.cuda.get_device_name(device) if here else device


def processor() -> str:
    """The processor's name where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
