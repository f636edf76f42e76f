"""The table of one GPU."""

from typing import Any

import torch

from speeding.bare import bare, popular
from speeding.limits import rounds_per_second
from speeding.ours import ours
from speeding.shapes import SHAPES
from speeding.timing import ratio, side_by_side

GROUPS: dict[str, tuple[str, int, bool]] = {  # shape, seeds, whether also in bfloat16
    "ring": ("ring", 1, False),
    "ring-gp": ("ring-gp", 1, False),
    "ring, 64 seeds": ("ring", 64, False),
    "dcgan64": ("dcgan64", 1, True),
}


def measured(*, turns: int, seconds: float) -> dict[str, Any]:
    """Rates, ratios to the bare loop, and shares of the limits, group by group."""
    device = torch.device("cuda")
    found: dict[str, Any] = {}
    for name, (key, seeds, mixed) in GROUPS.items():
        shape = SHAPES[key]
        contestants = {"bare loop": bare(shape, device)}
        if seeds == 1:
            contestants["popular loop"] = popular(shape, device)
        contestants["saddle, eager"] = ours(shape, "eager", seeds=seeds, device="cuda")
        contestants["saddle, graph"] = ours(shape, "graph", seeds=seeds, device="cuda")
        contestants["saddle, compiled graph"] = ours(shape, "compiled graph", seeds=seeds, device="cuda")
        if mixed:
            contestants["bare loop, bfloat16"] = bare(shape, device, bfloat16=True)
            for way in ("graph", "compiled graph"):
                made = ours(shape, way, device="cuda", precision="bfloat16")
                contestants[f"saddle, {way}, bfloat16"] = made
        turned = side_by_side(contestants, turns=turns, seconds=seconds)
        limit = rounds_per_second(shape, device, dtype=torch.float32, members=seeds)
        rows = {one: timed.record() | {"to bare": ratio(timed, turned["bare loop"])} for one, timed in turned.items()}
        found[name] = {"label": shape.label, "seeds": seeds, "rows": rows, "limit float32": limit}
        if mixed:
            found[name]["limit bfloat16"] = rounds_per_second(shape, device, dtype=torch.bfloat16)
        print(name, {one: round(row["median"]) for one, row in rows.items()}, found[name].get("limit bfloat16"), limit,
              flush=True)  # fmt: skip
    return found
