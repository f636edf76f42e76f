"""A file or directory holds either its old content or its new one."""

import os
from pathlib import Path
from typing import Any

import pytest

from saddle.core.errors import InputError
from saddle.core.files import read_record, write_bytes, write_directory, write_record, write_text


class StopError(Exception):
    """Stands for a kill."""


def test_content_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "älter")
    write_text(path, "neu")
    assert path.read_text(encoding="utf-8") == "neu" and [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_failure_while_writing_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "a.bin"
    write_bytes(path, b"old")

    def fail(*arguments: Any) -> None:
        raise StopError

    monkeypatch.setattr(*((os, "fsync", fail) if moment == "fsync" else (Path, "replace", fail)))
    with pytest.raises(StopError):
        write_bytes(path, b"new and longer")
    monkeypatch.undo()
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.iterdir()] == ["a.bin"]


def test_a_directory_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken(directory: Path) -> None:
        (directory / "first").write_text("1")
        raise StopError

    path = tmp_path / "whole"
    with pytest.raises(StopError):
        write_directory(path, broken)
    assert not any(tmp_path.iterdir())
    write_directory(path, lambda directory: write_text(directory / "first", "1"))
    with pytest.raises(StopError):
        write_directory(path, broken)
    assert [one.name for one in path.iterdir()] == ["first"] and [one.name for one in tmp_path.iterdir()] == ["whole"]


def test_records_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_record(path, "thing", 2, {"value": 0.1, "name": "ü"})
    assert read_record(path, "thing", 2) == {"record": "thing", "version": 2, "value": 0.1, "name": "ü"}
    with pytest.raises(ValueError, match="JSON"):
        write_record(path, "thing", 2, {"value": float("nan")})
    assert read_record(path, "thing", 2)["value"] == 0.1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "is missing"),
        (b'{"record": "thing", "ver', "cannot be read as JSON"),
        (b"\xff\xfe\x00", "cannot be read as JSON"),
        (b"[1, 2]", "is not a thing record"),
        (b'{"record": "other", "version": 2}', "is not a thing record"),
        (b'{"record": "thing", "version": 3}', "of version 3; this saddle reads 2"),
    ],
)
def test_other_records_are_refused_in_one_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "a.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=sentence) as caught:
        read_record(path, "thing", 2)
    assert str(path) in str(caught.value) and str(caught.value).endswith(".") and "\n" not in str(caught.value)
