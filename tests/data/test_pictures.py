"""Folders of pictures: what is found, at which size, from which cache."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import saddle.data as data
from saddle.core.errors import InputError
from saddle.data import picture_cache, pictures
from saddle.data.picture_size import automatic_size, parse_size

rng = np.random.default_rng(0)


def noise(height: int, width: int, *channels: int) -> Image.Image:
    return Image.fromarray(rng.integers(0, 256, (height, width, *channels), dtype=np.uint8))


def folder_of(root: Path, *names: str, size: tuple[int, int] = (10, 8)) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        noise(*size).save(root / name)
    return root


def test_uniform_grey_pictures_are_taken_as_they_are(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "grey", "b.png", "a.png", "c.pgm")
    opened = data.open(folder)
    truth = np.stack([np.asarray(Image.open(folder / name)) for name in ("a.png", "b.png", "c.pgm")])
    assert (opened.x == truth).all()
    assert (opened.kind, opened.shape, opened.model_shape, opened.name) == ("images", (10, 8), (1, 10, 8), "grey")
    assert opened.problems == () and opened.classes is None
    assert (opened.own(opened.batch(torch.arange(3))) == truth).all()
    assert opened.reopen == {"source": str(folder)}


def test_every_mode_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    noise(30, 40).save(folder / "grey.png")
    noise(40, 30, 3).save(folder / "color.jpg")
    noise(30, 40, 4).save(folder / "transparent.png")
    noise(25, 40, 3).quantize(16).save(folder / "palette.gif")
    Image.fromarray(rng.integers(0, 65536, (30, 40)).astype(np.uint16)).save(folder / "sixteen.png")
    noise(30, 40, 3).convert("CMYK").save(folder / "cmyk.jpg")
    Image.fromarray(rng.random((30, 40)).astype(np.float32)).save(folder / "float.tif")
    exif = Image.Exif()
    exif[0x0112] = 6
    noise(40, 30, 3).save(folder / "turned.jpg", exif=exif)
    opened = data.open(folder)
    assert len(opened) == 8 and opened.model_shape[0] == 3 and opened.x.dtype == np.uint8
    assert opened.shape == (32, 40, 3) or opened.shape == (28, 40, 3)
    assert "without distortion" in " ".join(opened.problems)
    small = data.open(folder, size="12x16")
    assert small.shape == (12, 16, 3) and small.reopen["size"] == "12x16"
    again = dict(small.reopen)
    assert data.open(again.pop("source"), **again).fingerprint() == small.fingerprint() != opened.fingerprint()
    assert data.open(folder, size=(12, 16)).reopen == small.reopen


def test_direct_sub_folders_are_labels(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "pets", "dog/1.png", "cat/1.png", "cat/2.png")
    (folder / "README").write_text("about pets")
    (folder / "notes.txt").write_text("more")
    folder_of(folder / ".hidden", "x.png")
    folder_of(folder / "cat", ".secret.png")
    opened = data.open(folder)
    assert opened.classes == ("cat", "dog") and opened.y is not None and opened.y.tolist() == [0, 0, 1]
    assert opened.problems == ("Ignored, because they are no pictures: 2 files.",)
    assert data.open(folder, labels=False).classes is None


@pytest.mark.parametrize("names", [("a/1.png", "2.png"), ("a/b/1.png", "a/c/2.png"), ("a/1.png", "a/2.png")])
def test_other_nestings_are_no_labels_and_say_so(names: tuple[str, ...], tmp_path: Path) -> None:
    opened = data.open(folder_of(tmp_path / "n", *names))
    assert len(opened) == 2 and opened.classes is None
    assert opened.problems[-1].startswith("No labels")


def test_broken_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b", "a/1.png", "a/2.png", "b/3.png", "b/4.png")
    whole = (folder / "a/2.png").read_bytes()
    (folder / "a/2.png").write_bytes(whole[:-40])
    (folder / "b/5.jpg").write_text("no picture")
    opened = data.open(folder)
    assert len(opened) == 3 and opened.y is not None and opened.y.tolist() == [0, 1, 1]
    assert opened.problems[0].startswith("Left out: 2 broken pictures, such as ")
    (folder / "a/1.png").unlink()
    (folder / "b/3.png").unlink()
    with pytest.raises(InputError, match="at least 2 readable pictures; found 1, and 2 broken, such as"):
        data.open(folder)


def test_folders_without_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must hold pictures or idx files; found no file"):
        data.open(tmp_path)
    (tmp_path / "t.csv").write_text("a,b")
    with pytest.raises(InputError, match=r"found only files of other types, such as t\.csv"):
        data.open(tmp_path)
    (tmp_path / "x.png").write_text("no picture")
    with pytest.raises(InputError, match=r"found none, and 1 broken, such as x\.png, which is not in a format"):
        data.open(tmp_path)
    assert list((tmp_path / "cache").glob("*")) == []


def test_pictures_that_claim_too_many_pixels_are_left_out(tmp_path: Path, monkeypatch) -> None:
    folder = folder_of(tmp_path / "b", "1.png", "2.png")
    noise(100, 100).save(folder / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4000)
    opened = data.open(folder)
    assert len(opened) == 2 and "bomb.png, which claims" in opened.problems[0]


@pytest.mark.parametrize("size", ["8", "8x", "0x8", "8x9x3", "axb", (8,), (0, 8), (8, 5000), (8.5, 8), 8])
def test_impossible_sizes_are_refused(size) -> None:
    with pytest.raises(InputError, match="size must be height x width"):
        parse_size(size)


def test_possible_sizes() -> None:
    assert parse_size("112x92") == parse_size((112, 92)) == parse_size(" 112 X 92 ") == parse_size([112, 92])


@pytest.mark.parametrize(
    ("sizes", "size"),
    [
        ([(112, 92)] * 3, (112, 92)),
        ([(28, 28)] * 3, (28, 28)),
        ([(333, 500)] * 3, (85, 128)),
        ([(64, 64), (64, 64), (32, 32)], (64, 64)),
        ([(100, 50), (200, 100), (50, 25)], (100, 48)),
        ([(3000, 4000)] * 2 + [(4000, 3000)], (96, 128)),
        ([(1, 1), (1, 2)], (4, 4)),
    ],
)
def test_automatic_size(sizes: list[tuple[int, int]], size: tuple[int, int]) -> None:
    heights, widths = np.array(sizes).T
    assert automatic_size(heights, widths) == size


def test_the_second_opening_decodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")
    seen: list[tuple[int, int]] = []
    first = data.open(folder, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    monkeypatch.setattr(pictures, "read_picture", None)
    second = data.open(folder, progress=lambda done, total: seen.append((done, total)))
    assert len(seen) == 4 and second.fingerprint() == first.fingerprint() and isinstance(second.storage, np.memmap)
    monkeypatch.undo()


def test_a_changed_folder_is_decoded_again(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")
    first = data.open(folder).fingerprint()
    folder_of(folder, "3.png")
    assert len(data.open(folder)) == 3 and data.open(folder).fingerprint() != first


def test_the_same_pictures_elsewhere_have_the_same_fingerprint(tmp_path: Path) -> None:
    one = folder_of(tmp_path / "one", "1.png", "2.png")
    other = tmp_path / "two"
    other.mkdir()
    for name in ("1.png", "2.png"):
        (other / name).write_bytes((one / name).read_bytes())
        os.utime(other / name, (1, 1))
    assert data.open(one).fingerprint() == data.open(other).fingerprint()


@pytest.mark.parametrize("damage", ["flip", "cut", "record", "no record", "no pixels"])
def test_a_damaged_cache_is_rebuilt(damage: str, tmp_path: Path, cache: Path) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")
    truth = np.array(data.open(folder).x)
    (pixels,), (record,) = cache.glob("*.pixels"), cache.glob("*.json")
    if damage == "flip":
        content = bytearray(pixels.read_bytes())
        content[7] ^= 1
        pixels.write_bytes(content)
    elif damage == "cut":
        pixels.write_bytes(pixels.read_bytes()[:-1])
    elif damage == "record":
        record.write_text(record.read_text()[:-20])
    else:
        (record if damage == "no record" else pixels).unlink()
    assert (data.open(folder).x == truth).all()
    assert sorted(path.suffix for path in cache.iterdir()) == [".json", ".pixels"]


def test_an_unwritable_cache_gives_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SADDLE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(InputError, match=r"must be writable and have room .* set SADDLE_CACHE to another folder"):
        data.open(folder)


def test_a_full_disk_gives_one_sentence_and_leaves_nothing(tmp_path: Path, cache: Path, monkeypatch) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")

    def full(size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "require_room", full)
    with pytest.raises(InputError, match="have room for the decoded pictures; found No space left on device"):
        data.open(folder)
    assert list(cache.iterdir()) == []
    monkeypatch.undo()
    monkeypatch.setenv("SADDLE_CACHE", str(cache))
    cache.mkdir(exist_ok=True)
    with pytest.raises(OSError, match="MiB free where"):
        picture_cache.require_room(2**62)


def test_an_interrupted_decoding_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    folder = folder_of(tmp_path / "f", "1.png", "2.png")

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        data.open(folder, progress=stop)
    assert list(cache.iterdir()) == []
    abandoned = cache / ".dead.partial"
    abandoned.write_bytes(b"x")
    os.utime(abandoned, (1, 1))
    assert len(data.open(folder)) == 2 and not abandoned.exists()


def test_processes_may_open_one_folder_at_once(tmp_path: Path, cache: Path) -> None:
    folder = folder_of(tmp_path / "f", *(f"{index}.png" for index in range(200)), size=(64, 64))
    code = f"import saddle.data as d; print(d.open({str(folder)!r}).fingerprint())"
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert set(said) == {data.open(folder).fingerprint() + "\n"}
    assert sorted(path.suffix for path in cache.iterdir()) == [".json", ".pixels"]


MEASURE = """
import sys, tracemalloc
import torch
import saddle.data as data

def peak(folder):
    tracemalloc.start()
    data.open(folder).split()[0].batch(torch.arange(16))
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return top

print(*map(peak, sys.argv[1:]))
"""


def test_memory_does_not_grow_with_the_folder(tmp_path: Path) -> None:
    # In a process of its own, where nothing that other tests left behind is counted.
    folders = []
    for count in (70, 100, 1000):
        folder = folder_of(tmp_path / str(count), "0.png", size=(96, 96))
        content = (folder / "0.png").read_bytes()
        for index in range(1, count):
            (folder / f"{index}.png").write_bytes(content)
        folders.append(str(folder))
    said = subprocess.run([sys.executable, "-c", MEASURE, *folders], check=True, capture_output=True, text=True).stdout
    _, small, large = map(int, said.split())
    # 900 more pictures of 9,216 bytes would be 8 MB if they were held; names and sizes may cost 500 bytes each.
    assert large - small < 900 * 500


def test_orl_faces(real_data: Path) -> None:
    opened = data.open(real_data / "orl_faces")
    assert (len(opened), opened.shape, opened.model_shape) == (400, (112, 92), (1, 112, 92))
    assert opened.classes is not None and len(opened.classes) == 40 and opened.classes[:2] == ("s1", "s10")
    truth = np.asarray(Image.open(real_data / "orl_faces" / "s1" / "1.pgm"))
    assert (opened.x[0] == truth).all()
    assert opened.problems == ("Ignored, because they are no pictures: 1 file.",)
