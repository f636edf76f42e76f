"""Folders of pictures of any format, mode and size."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from saddle.core.errors import InputError
from saddle.data.dataset import Dataset
from saddle.data.layout import Layout
from saddle.data.options import Options
from saddle.data.picture import PictureError, quiet, read_header, read_picture
from saddle.data.picture_cache import cached_pictures, require_room
from saddle.data.picture_folder import Listing, list_pictures
from saddle.data.picture_size import automatic_size, parse_size
from saddle.data.pixel_range import PixelRange

BATCH = 64
FORM = 1  # part of the cache key: to be raised whenever the same files would decode to other pixels

Progress = Callable[[int, int], None]


def open_pictures(folder: Path, options: Options) -> Dataset:
    """The pictures below a folder, all at one size, decoded once into a cache on disk.

    Pictures become color unless all are grey. Where every one lies in one of at least two direct sub-folders, the
    sub-folders are the labels.

    Raises:
        InputError: when there are not two readable pictures, the size is none, or the cache cannot be written.
    """
    import PIL

    options.allow(str(folder), "size")
    size = None if options.size is None else parse_size(options.size)
    listing = list_pictures(folder)
    # The root is part of the key for the sake of messages that name it; the content's own sha256 identifies the data.
    text = f"{FORM} {PIL.__version__} {size} {folder.resolve()} {listing.digest}"
    key = hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]
    pixels, kept = cached_pictures(key, partial(_decode, listing, size, options.progress))
    classes, labels = kept["classes"], kept["labels"]
    layout = Layout(
        name=folder.resolve().name,
        kind="images",
        shape=pixels.shape[1:],
        dtype="uint8",
        container="numpy",
        transform=PixelRange(0.0, 255.0, channels=pixels.ndim == 4),
        classes=None if classes is None else tuple(classes),
    )
    return Dataset(
        layout,
        pixels,
        y=None if labels is None else np.asarray(labels, dtype=np.int64),
        problems=tuple(kept["problems"]),
        reopen={} if size is None else {"size": f"{size[0]}x{size[1]}"},
        identity=kept["sha256"],
    )


@dataclass
class _Reading:
    """What has been learned of a folder so far.

    Attributes:
        listing: its files.
        progress: told how far the two passes are.
        names: the pictures that were readable.
        strange: files without suffix that turned out to be no pictures.
        broken: how many pictures were not readable.
        example: one of them, with the reason.
    """

    listing: Listing
    progress: Progress | None
    names: list[str] = field(default_factory=list)
    strange: int = 0
    broken: int = 0
    example: str = ""
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, 2 * len(self.listing.names))

    def leave_out(self, name: str, error: PictureError) -> None:
        self.broken += 1
        self.example = self.example or f"{name}, which {error}"


def _decode(
    listing: Listing, size: tuple[int, int] | None, progress: Progress | None, append: Callable[[np.ndarray], None]
) -> dict[str, Any]:
    """Append every readable picture; return the record of the cache entry."""
    reading = _Reading(listing, progress)
    with quiet():
        heights, widths, grey = _headers(reading)
        _require_two(reading, len(heights))
        height, width = automatic_size(heights, widths) if size is None else size
        require_room(len(heights) * height * width * (1 if grey else 3))
        kept = np.zeros(len(heights), dtype=bool)
        candidates, reading.names = reading.names, []
        for index, picture in enumerate(_pictures(listing.root, candidates, (height, width), grey)):
            if isinstance(picture, PictureError):
                reading.leave_out(candidates[index], picture)
            else:
                append(picture)
                reading.names.append(candidates[index])
                kept[index] = True
            reading.step()
    _require_two(reading, len(reading.names))
    classes, labels = _labels(reading.names)
    shape = (len(reading.names), height, width) if grey else (len(reading.names), height, width, 3)
    notes = _left_out(reading) + _resized(heights[kept], widths[kept], height, width) + _nested(reading.names, classes)
    return {"shape": list(shape), "classes": classes, "labels": labels, "problems": notes}


def _headers(reading: _Reading) -> tuple[np.ndarray, np.ndarray, bool]:
    """Heights and widths of the readable pictures, and whether all are grey."""
    sizes, grey = [], True
    for name in reading.listing.names:
        try:
            header = read_header(reading.listing.root / name)
        except PictureError as error:
            if Path(name).suffix:
                reading.leave_out(name, error)
            else:
                reading.strange += 1
        else:
            reading.names.append(name)
            sizes.append(header[:2])
            grey = grey and header.grey
        reading.step()
    table = np.asarray(sizes, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1], grey


def _pictures(root: Path, names: list[str], size: tuple[int, int], grey: bool) -> Iterator[np.ndarray | PictureError]:
    """Each picture, or what is wrong with it, in order; a few are decoded at a time."""

    def read(name: str) -> np.ndarray | PictureError:
        try:
            return read_picture(root / name, size, grey=grey)
        except PictureError as error:
            return error

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        for start in range(0, len(names), BATCH):
            yield from pool.map(read, names[start : start + BATCH])


def _require_two(reading: _Reading, readable: int) -> None:
    if readable >= 2:
        return
    found = "none" if readable == 0 else "1"
    if reading.broken:
        found = f"{found}, and {reading.broken} broken, such as {reading.example}"
    raise InputError(f"{reading.listing.root} must hold at least 2 readable pictures; found {found}.")


def _labels(names: list[str]) -> tuple[list[str] | None, list[int] | None]:
    """Class names and the class of each picture, where every one lies right in one of at least two sub-folders."""
    folders = [os.path.dirname(name) for name in names]  # noqa: PTH120 - names are text, because there may be many
    classes = sorted(set(folders))
    if len(classes) < 2 or any(not folder or os.sep in folder for folder in classes):
        return None, None
    place = {folder: index for index, folder in enumerate(classes)}
    return classes, [place[folder] for folder in folders]


def _left_out(reading: _Reading) -> list[str]:
    notes = []
    if reading.broken:
        notes.append(f"Left out: {counted(reading.broken, 'broken picture')}, such as {reading.example}.")
    if ignored := reading.listing.ignored + reading.strange:
        notes.append(f"Ignored, because they are no pictures: {counted(ignored, 'file')}.")
    return notes


def counted(n: int, noun: str) -> str:
    """A number with its noun: 1 file, 2 files."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _resized(heights: np.ndarray, widths: np.ndarray, height: int, width: int) -> list[str]:
    scale = np.maximum(height / heights, width / widths)  # what covers the wanted size
    cropped = (np.rint(heights * scale) > height) | (np.rint(widths * scale) > width)
    notes = []
    if (scale < 1).any() or cropped.any():
        notes.append(
            f"All are brought to {height}x{width} (height x width) without distortion: {int((scale < 1).sum())} of "
            f"{len(heights)} were scaled down, and {int(cropped.sum())} cropped around their center."
        )
    if (scale > 1).any():
        notes.append(f"Enlarged, being smaller than {height}x{width}: {counted(int((scale > 1).sum()), 'picture')}.")
    return notes


def _nested(names: list[str], classes: list[str] | None) -> list[str]:
    if classes is not None or not any(os.sep in name for name in names):
        return []
    return ["No labels: the pictures do not all lie in direct sub-folders, of which labels need at least two."]
