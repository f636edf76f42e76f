"""Tables in text and Parquet files."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import saddle.data as data
from saddle.core.errors import InputError

ROWS = [(1.5, 2, 3), (4.25, 5, 6), (7.0, 8, 10)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", ", "])
@pytest.mark.parametrize("suffix", [".csv", ".txt", ".csv.gz"])
def test_the_separator_is_found(separator: str, suffix: str, tmp_path: Path) -> None:
    lines = [separator.join(map(str, row)) for row in [("a", '"b, or ;"', "c"), *ROWS]]
    content = ("\n".join(lines) + "\n").encode()
    path = tmp_path / f"some{suffix}"
    path.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    opened = data.open(path)
    assert [column.name for column in opened.columns or ()] == ["a", "b, or ;", "c"]
    assert opened.x.tolist() == [list(row) for row in ROWS]
    assert (opened.kind, opened.name) == ("table", "some")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1,2\n3,4\n5,7\n", ["x0", "x1"]),
        ("a,b\n1,2\n3,4\n", ["a", "b"]),
        ("age,2019,2020\n1,2,3\n4,5,6\n", ["age", "2019", "2020"]),
        ("v\n1\n2\n", ["v"]),
        ("\ufeffa,b\r\n1,2\r\n3,4\r\n", ["a", "b"]),
    ],
)
def test_the_header_is_found(text: str, names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, newline="")
    opened = data.open(path)
    assert [column.name for column in opened.columns or ()] == names


def test_parquet_and_target(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.5], "kind": ["u", "v", "u"], "flag": [True, False, True]})
    frame.to_parquet(tmp_path / "t.parquet")
    opened = data.open(tmp_path / "t.parquet", target="kind")
    assert opened.classes == ("u", "v") and opened.shape == (2,)
    back = opened.own(opened.batch(torch.arange(3)), opened.labels_of(torch.arange(3)))
    pd.testing.assert_frame_equal(back, frame)
    assert opened.reopen == {"source": str(tmp_path / "t.parquet"), "target": "kind"}


BAD = {
    "empty": (b"", "must hold a table; found an empty file"),
    "blank": (b"\n\n", "must hold a table; found an empty file"),
    "header only": (b"a,b\n", "must hold at least 2 rows; found none"),
    "one row": (b"a,b\n1,2\n", "at least 2 rows; found 1"),
    "long row": (b"a,b\n1,2\n3,4,5\n6,7\n", "as many cells in every row as in the first: Expected 2 fields in line 3"),
    "long rows": (b"a,b\n1,2,3\n3,4,5\n", "as many cells in every row as in the first"),
    "short row": (
        b"a,b\n1,2\n3\n4,5\n",
        "Column 'b' .* finite number .* found 1 cell without, .* data row 2",
    ),
    "nan": (b"a,b\n1,2\nNaN,3\n", "Column 'a' .* data row 2"),
    "infinite": (b"a,b\n1,2\ninf,3\n", "Column 'a' .* data row 2"),
    "text": (b"a,b\n1,red\n2,blue\n", "found 'b' not numeric, first 'red' in data row 1, and 'a' numeric"),
    "text below numbers": (b"a,b\n1,2\n2,\n3,x\n4,y\n", "found 'b' not numeric, first 'x' in data row 3, and"),
    "repeated name": (b"a,a\n1,2\n3,4\n", "columns of different names; found 'a' repeated"),
    "nameless": (b"a,,c\n1,2,3\n3,4,5\n", "must have a name for every column"),
    "not text": (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "cannot be read as text"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_tables_are_refused(case: str, tmp_path: Path) -> None:
    content, message = BAD[case]
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        data.open(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["t.csv.gz", "t.parquet"])
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x08nonsense")
    with pytest.raises(InputError, match=r"cannot be read as (text|Parquet)"):
        data.open(tmp_path / name)


def test_unknown_suffix_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"x")
    with pytest.raises(InputError, match=r"a file of type \.npy, .*; found \.xlsx"):
        data.open(tmp_path / "t.xlsx")


def test_wine(real_data: Path) -> None:
    path = real_data / "wine_quality" / "winequality-red.csv"
    truth = pd.read_csv(path, sep=";")
    opened = data.open(path, target="quality")
    assert (len(opened), opened.shape, opened.classes) == (1599, (11,), (3, 4, 5, 6, 7, 8))
    assert opened.y is not None
    assert (np.asarray(opened.classes)[opened.y] == truth["quality"]).all()
    everything = torch.arange(1599)
    pd.testing.assert_frame_equal(opened.own(opened.batch(everything), opened.labels_of(everything)), truth, rtol=1e-5)


def test_samples_of_wine_have_its_resolution(real_data: Path) -> None:
    opened = data.open(real_data / "wine_quality" / "winequality-red.csv", target="quality")
    decimals = {column.name: column.decimals for column in opened.columns or ()}
    assert decimals["pH"] == 2 and decimals["density"] == 5 and decimals["total sulfur dioxide"] == 1
    assert decimals["alcohol"] is None  # one value is 9.23333333333333
    samples = opened.own(torch.randn(500, 11, generator=torch.Generator().manual_seed(0)))
    assert isinstance(samples, pd.DataFrame)
    assert all(len(repr(value).split(".")[1]) <= 2 for value in samples["pH"].tolist())
    assert (samples["alcohol"].round(6) != samples["alcohol"]).any()


def test_adult_names_its_text_columns(real_data: Path) -> None:
    with pytest.raises(
        InputError, match=r"'x1', 'x3', .* not numeric, first 'State-gov' in data row 1, and 'x0', 'x2'"
    ):
        data.open(real_data / "adult" / "adult.data")
