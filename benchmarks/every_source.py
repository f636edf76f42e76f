"""Train the default recipe on every kind of source, and compare the distance to held-out data with the start's.

    python benchmarks/every_source.py DATA OUT [--only NAME ...] [--quick]

DATA is a folder with mnist/, orl_faces/ and wine_quality/; OUT, which must not exist, receives the runs, their samples
and reports. Prints for each source the energy distance of the untrained and of the trained generator to held-out data
with 95 % intervals, their ratio, and whether it is at most a third with the intervals apart.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from saddle.core.errors import InputError
from saddle.training.history import read_rows

FORMATS = ("png", "jpeg", "bmp", "gif", "tiff", "webp")


def mixed_folder(folder: Path, count: int = 400) -> Path:
    """Pictures of one bright disc each, in every mode and in many sizes and formats."""
    folder.mkdir(parents=True)
    draw = np.random.default_rng(0)
    for index in range(count):
        height, width = draw.integers(40, 90, 2)
        rows, columns = np.mgrid[:height, :width]
        center = draw.uniform(0.3, 0.7, 2) * (height, width)
        inside = np.hypot(rows - center[0], columns - center[1]) < draw.uniform(0.15, 0.3) * min(height, width)
        color, ground = draw.integers(150, 256, 3), draw.integers(0, 60, 3)
        pixels = np.where(inside[..., None], color, ground).astype(np.uint8)
        save_in_mode(Image.fromarray(pixels), index, folder)
    return folder


def save_in_mode(picture: Image.Image, index: int, folder: Path) -> None:
    """One picture in the mode and format of its turn."""
    kind = index % 8
    path = folder / f"{index:04d}"
    if kind == 0:
        picture.convert("L").save(path.with_suffix(".png"))
    elif kind == 1:
        picture.convert("RGBA").save(path.with_suffix(".png"))
    elif kind == 2:
        picture.convert("P").save(path.with_suffix(".gif"))
    elif kind == 3:
        wide = np.asarray(picture.convert("L")).astype(np.uint16) * 257
        Image.fromarray(wide).save(path.with_suffix(".png"))
    elif kind == 4:
        picture.convert("CMYK").save(path.with_suffix(".jpeg"))
    elif kind == 5:
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees when shown
        picture.save(path.with_suffix(".jpeg"), exif=exif)
    else:
        picture.save(path.with_suffix(f".{FORMATS[index % len(FORMATS)]}"))


def labeled_arrays(path: Path) -> Path:
    """An `.npz` of points on three rings, each ring with its label."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(1)
    y = draw.integers(0, 3, 6000)
    angle = 2 * np.pi * draw.random(6000)
    x = (1 + y)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1) + 0.05 * draw.standard_normal((6000, 2))
    np.savez(path, x=x, y=y)
    return path


def sources(data: Path, out: Path) -> dict[str, list[str]]:
    """The arguments of `saddle train` for each source."""
    return {
        "digits": ["digits"],
        "ring": ["ring"],
        "grid": ["grid"],
        "wine": [str(data / "wine_quality" / "winequality-red.csv"), "--minutes", "1"],
        "labeled npz": [str(labeled_arrays(out / "made" / "rings.npz")), "--minutes", "1"],
        "mixed folder": [str(mixed_folder(out / "made" / "mixed")), "--minutes", "3"],
        "orl_faces": [str(data / "orl_faces"), "--minutes", "6"],
        "mnist": [str(data / "mnist"), "--minutes", "4"],
    }


def distance(rows: list[dict[str, float]], which: int) -> tuple[float, float]:
    """Energy distance and its error in the first (0) or last (-1) row that has one."""
    row = [one for one in rows if "energy distance" in one][which]
    return row["energy distance"], row["energy distance error"]


def run_one(name: str, arguments: list[str], out: Path) -> str:
    """Train, sample and report one source, as a line of the table."""
    folder = out / name.replace(" ", "-")
    command = [sys.executable, "-m", "saddle", "train", *arguments, "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    suffix = ".csv" if name == "wine" else ".png"
    sampling = [
        sys.executable,
        "-m",
        "saddle",
        "sample",
        str(folder),
        "--seed",
        "1",
        "--out",
        str(folder / f"sheet{suffix}"),
    ]
    subprocess.run(sampling, check=True, stdout=subprocess.DEVNULL)
    if not (folder / "report.html").is_file():
        raise InputError(f"{folder} has no report.")
    rows = read_rows(folder / "history.jsonl")
    first, last = distance(rows, 0), distance(rows, -1)
    low, high = first[0] - 1.96 * first[1], last[0] + 1.96 * last[1]
    holds = last[0] <= first[0] / 3 and high < low
    numbers = f"{first[0]:8.4f} ± {1.96 * first[1]:.4f} {last[0]:9.4f} ± {1.96 * last[1]:.4f} {last[0] / first[0]:7.3f}"
    return (
        f"{name:14} {numbers}   {'yes' if holds else 'NO':3} {int(rows[-1]['round']):7,} {rows[-1]['seconds']:6.0f} s"
    )


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time for each")
    options = parser.parse_args()
    if options.out.exists():
        sys.exit(f"{options.out} exists already.")
    options.out.mkdir(parents=True)
    print(f"{'source':14} {'untrained':>17} {'trained':>18} {'ratio':>7}   third  rounds   time", flush=True)
    for name, arguments in sources(options.data, options.out).items():
        if options.only and name not in options.only:
            continue
        if options.quick:
            arguments = [arguments[0], "--minutes", "0.3"]
        print(run_one(name, arguments, options.out), flush=True)


if __name__ == "__main__":
    main()
