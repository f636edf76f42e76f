"""The page of all that was measured."""

from typing import Any

TITLES = {
    "engine": "The engine beside a plain loop of the same arithmetic, one seed",
    "compiled": "Compiled, one seed",
    "population": "Many seeds at once, in model-rounds per second",
    "pictures": "Several convolutional models at once, in model-rounds per second",
    "pages": "What keeping freed memory brings, in processes of their own",
    "mixed": "bfloat16 beside float32",
    "peers": "Other libraries on their own examples; ratios are to them",
    "growth": "How the time of a round grows",
    "agreement": "Distance from a float64 run after ten rounds",
    "gpu": "On one GPU, in model-rounds per second",
}


def page(parts: dict[str, Any]) -> str:
    """Markdown, part by part."""
    lines = [
        "# Speed",
        "",
        "Made by `benchmarks/speed.py`; `speed.json` beside this page holds all numbers. Rates are medians over",
        "turns, with quartiles; a ratio is the median over turns of the ratio within a turn, with a 95 % interval.",
        "The bare loop is the strongest plain loop in PyTorch: fused optimizer, data in memory, no gradient that",
        "nobody uses, real and generated examples scored in one pass where that is faster. All contestants play in one",
        "process that keeps the memory it frees, as a training of saddle's does, the bare loop too; what that does is",
        "a part of its own. The engine may be ahead of the bare loop, which calls Adam's own method, since it calls",
        "the same kernel without it. The popular loop is as widely copied scripts have it; JAX scores in two passes",
        "unless another is named. The limit is the rate if a round were only its matrix products or convolutions in",
        "float32, each measured alone with torch's own libraries, for one batch or two and all members or a part,",
        "whichever is fastest (on a GPU in the precision of the row); a way that does narrow products otherwise, or",
        "computes in bfloat16, may pass it, and so may any where the machine was busier while the limit was timed.",
        "Parts of different days are from different versions and may be from different processors.",
        "",
    ]
    for name, title in TITLES.items():
        if name not in parts:
            continue
        part = parts[name]
        versions = ", ".join(f"{key} {part[key]}" for key in ("torch", "jax", "optax") if key in part)
        lines += [f"## {title}", "", f"{part['date']}, {part['machine']}; {versions}.", ""]
        lines += {"growth": _growth, "agreement": _agreement, "pages": _pages}.get(name, _groups)(part["groups"])
        lines.append("")
    return "\n".join(lines)


def _groups(groups: dict[str, Any]) -> list[str]:
    lines = ["| shape | way | rounds/s | to the first of the group | share of the limit | CPU/wall | prepared in |"]
    lines.append("|---|---|---|---|---|---|---|")
    for one in groups.values():
        if not isinstance(one, dict) or "rows" not in one:
            continue
        threads = f", {one['threads']} thread{'s' if one['threads'] > 1 else ''}" if "threads" in one else ""
        seeds = f", {one['seeds']} seeds" if one.get("seeds", 1) > 1 else ""
        for name, row in one["rows"].items():
            against = row.get("to reference") or row["to bare"]
            limit = one.get("limit") or one.get("limit bfloat16" if "bfloat16" in name else "limit float32")
            share = f"{row['median'] / limit:.0%}" if limit else ""
            low, high = row["quartiles"]
            lines.append(
                f"| {one['label']}{seeds}{threads} | {name} | {row['median']:,.4g} ({low:,.4g} to {high:,.4g}) | "
                f"{against['ratio']:.2f} [{against['interval'][0]:.2f}, {against['interval'][1]:.2f}] | "
                f"{share} | {row['cpu_per_wall']:.1f} | {row['prepare_seconds']:.0f} s |"
            )
        for name, pair in one.get("pairs", {}).items():
            low, high = pair["interval"]
            ratio = f"{pair['ratio']:.2f} [{low:.2f}, {high:.2f}]"
            lines.append(f"| {one['label']}{seeds}{threads} | {name} | | {ratio} | | | |")
    return lines


def _pages(groups: dict[str, Any]) -> list[str]:
    lines = [*_groups(groups), "", "| shape | way | pages the system gave in a round, at most |", "|---|---|---|"]
    for one in groups.values():
        lines += [f"| {one['label']} | {name} | {row['pages a round']:,.0f} |" for name, row in one["rows"].items()]
    return lines


def _growth(groups: dict[str, Any]) -> list[str]:
    lines = ["| against | ms a round | power fitted | power between the last two |", "|---|---|---|---|"]
    for name, one in groups.items():
        points = ", ".join(f"{number}: {time:.2f}" for number, time in one["points"])
        lines.append(f"| {name} | {points} | {one['power']:.2f} | {one['last power']:.2f} |")
    return lines


def _agreement(groups: dict[str, Any]) -> list[str]:
    return ["| run | relative distance of all parameters |", "|---|---|"] + [
        f"| {name} | {value:.1e} |" for name, value in groups.items()
    ]
