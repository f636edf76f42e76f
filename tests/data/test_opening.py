"""Every kind of source through the one function that opens it, and every refusal."""

import inspect
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import saddle.data as data
from saddle.core.errors import InputError
from saddle.core.randomness import Stream

rng = np.random.default_rng(0)


@pytest.mark.parametrize("name", data.builtin_names())
def test_built_in_sets_open_and_reopen_in_the_same_state(name: str) -> None:
    options = {} if name == "digits" else {"n": 500, "seed": 3}
    one = data.open(name, **options)
    again = dict(one.reopen)
    assert json.loads(json.dumps(again)) == again
    other = data.open(again.pop("source"), **again)
    assert other.fingerprint() == one.fingerprint()
    assert (other.x == one.x).all()
    assert one.describe()["about"] == data.builtin_names()[name]
    if name != "digits":
        assert len(one) == 500
        assert one.density is not None
        assert data.open(name, n=500, seed=4).fingerprint() != one.fingerprint()


def test_two_lines_opens_either_line() -> None:
    assert (data.open("two-lines", n=50).x[:, 0] == 0).all()
    moved = data.open("two-lines", n=50, theta=0.7)
    assert (moved.x[:, 0] == 0.7).all()
    assert moved.reopen == {"source": "two-lines", "n": 50, "theta": 0.7}


def test_digits_are_bytes_with_labels() -> None:
    digits = data.open("digits")
    assert (len(digits), digits.shape, digits.classes) == (1797, (8, 8), tuple(range(10)))
    assert digits.x.dtype == np.uint8 and digits.x.max() == 255 and len(np.unique(digits.x)) == 17


@pytest.mark.parametrize(
    ("array", "kind", "shape", "model_shape"),
    [
        (rng.random((9, 3)), "points", (3,), (3,)),
        (rng.integers(0, 9, (9, 3)), "points", (3,), (3,)),
        (rng.integers(0, 256, (9, 5, 4), dtype=np.uint8), "images", (5, 4), (1, 5, 4)),
        (rng.random((9, 5, 4, 2)).astype(np.float16), "images", (5, 4, 2), (2, 5, 4)),
        (rng.random((9, 3, 5, 6)), "images", (5, 6, 3), (3, 5, 6)),
        (rng.random((9, 5, 4)) > 0.5, "images", (5, 4), (1, 5, 4)),
        (rng.integers(0, 65536, (9, 5, 4), dtype=np.uint16).astype(">u2"), "images", (5, 4), (1, 5, 4)),
        (torch.rand(9, 3, 5, 4), "images", (5, 4, 3), (3, 5, 4)),
        (torch.rand(9, 5, 6, 3), "images", (5, 6, 3), (3, 5, 6)),
        (torch.rand(9, 2).bfloat16(), "points", (2,), (2,)),
        (torch.randint(0, 256, (9, 1, 5, 5), dtype=torch.uint8), "images", (5, 5, 1), (1, 5, 5)),
    ],
    ids=lambda value: f"{value.dtype}{list(value.shape)}" if hasattr(value, "dtype") else str(value),
)
def test_arrays_return_in_their_own_units_and_container(array, kind, shape, model_shape) -> None:
    opened = data.open(array)
    assert (opened.kind, opened.shape, opened.model_shape) == (kind, shape, model_shape)
    batch = opened.batch(torch.arange(9))
    assert batch.dtype == torch.float32 and tuple(batch.shape) == (9, *model_shape)
    back = opened.own(batch)
    assert type(back) is type(array) and back.shape == array.shape
    assert back.dtype == (array.dtype if isinstance(array, torch.Tensor) else array.dtype.newbyteorder("="))
    tolerance = 1e-2 if array.dtype in (torch.bfloat16, np.float16) else 1e-6
    exact = np.asarray(array.float() if isinstance(array, torch.Tensor) else array, dtype=float)
    found = np.asarray(back.float() if isinstance(back, torch.Tensor) else back, dtype=float)
    assert found == pytest.approx(exact, abs=tolerance)


def test_lists_of_lists_are_arrays() -> None:
    values = [[0.5, 1], [2, 3], [4, 5.25]]
    for source in (values, tuple(map(tuple, values)), [np.array(row) for row in values], list(torch.tensor(values))):
        opened = data.open(source, y=["u", "v", "u"])
        assert (opened.kind, opened.shape, opened.classes) == ("points", (2,), ("u", "v"))
        assert opened.x.tolist() == values
    whole = data.open([[1, 2], [3, 4]])
    back = whole.own(whole.batch(torch.arange(2)))
    assert isinstance(back, np.ndarray) and back.dtype.kind == "i" and back.tolist() == [[1, 2], [3, 4]]


class Pairs(torch.utils.data.Dataset):
    def __len__(self) -> int:
        return 6

    def __getitem__(self, index: int):
        return torch.full((3, 5, 4), index / 5), "even" if index % 2 == 0 else "odd"


def test_torch_datasets_of_pairs_carry_labels() -> None:
    opened = data.open(Pairs())
    assert (opened.kind, len(opened), opened.classes) == ("images", 6, ("even", "odd"))
    assert opened.y is not None and opened.y.tolist() == [0, 1, 0, 1, 0, 1]
    only = data.open(torch.utils.data.TensorDataset(torch.rand(5, 2), torch.arange(5) % 2))
    assert only.classes == (0, 1) and only.kind == "points"


class Broken(Pairs):
    def __getitem__(self, index: int):
        return torch.zeros(3, 5 + index % 2), 0


class Law:
    def sample(self, n: int, source: Stream) -> np.ndarray:
        return source.numpy().exponential(size=(n, 2))


def test_a_law_of_the_user_is_a_source() -> None:
    opened = data.open(Law(), n=40, name="exponential")
    assert len(opened) == 40 and opened.density is not None and opened.name == "exponential"


def test_a_dataset_is_returned_as_it_is_or_relabelled() -> None:
    ring = data.open("ring", n=20)
    assert data.open(ring) is ring
    labelled = data.open(ring, y=["b", "a"] * 10)
    assert labelled.classes == ("a", "b") and labelled.y is not None and labelled.y.tolist() == [1, 0] * 10
    assert labelled.reopen == {}
    assert labelled.fingerprint() != ring.fingerprint()
    assert data.open(labelled, labels=False).classes is None


def test_names_win_over_paths_unless_written_as_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save(tmp_path / "ring.npy", rng.random((4, 2)))
    (tmp_path / "ring").mkdir()
    shadowed = data.open("ring", n=10)
    assert shadowed.density is not None and "write ./ring" in shadowed.problems[-1]
    with pytest.raises(InputError, match="must hold pictures or idx files; found no file"):
        data.open("./ring")
    opened = data.open("ring.npy", name="mine")
    assert opened.reopen == {"source": str(tmp_path / "ring.npy"), "name": "mine"} and opened.name == "mine"


nan = np.where(np.arange(12).reshape(6, 2) == 7, np.nan, 1.0)
frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4, 5, 7]})
text = frame.assign(city=["x", "y", "z"])
REFUSALS = {
    "unknown name": (("rnig",), {}, "found 'rnig'; did you mean ring"),
    "hopeless name": (("zzzzzz",), {}, "the built-in sets are ring, grid"),
    "missing file": (("no/such.csv",), {}, "found 'no/such.csv'"),
    "a number": ((3,), {}, "source must be a name, a path, .* found int"),
    "flat list": (([1, 2],), {}, r"one row per example; found shape \(2,\)"),
    "ragged list": (([[1, 2], [3]],), {}, r"list must have items of one shape; found \(1,\) and \(2,\)"),
    "ragged rows": (([[[1, 2], [3]], [[1, 2], [3]]],), {}, "list must have items of one shape; found one with parts"),
    "empty list": (([],), {}, "list must hold at least 2 examples; found 0"),
    "list of texts": (((["a"], ["b"]),), {}, "tuple must hold real numbers"),
    "list with a hole": (([[1.0, None], [2.0, 3.0]],), {}, "list must hold real numbers; found type object"),
    "list with nan": (([[1.0, 2.0], [2.0, float("nan")]],), {}, r"found nan first at list\[1, 1\]"),
    "target of a list": (([[1], [2]],), {"target": "a"}, "target has a meaning for tables only"),
    "one axis": ((np.zeros(5),), {}, r"found shape \(5,\); .* reshape\(-1, 1\)"),
    "five axes": ((np.zeros((2, 3, 4, 5, 6)),), {}, r"for points or .* found \(2, 3, 4, 5, 6\)"),
    "channels": ((np.zeros((2, 7, 7, 5)),), {}, "1 to 4 channels"),
    "one row": ((np.zeros((1, 3)),), {}, r"at least 2 examples .* found shape \(1, 3\)"),
    "no columns": ((np.zeros((4, 0)),), {}, "at least one number"),
    "nan": ((nan,), {}, r"finite numbers only; found nan first at source\[3, 1\]"),
    "infinite tensor": ((torch.tensor([[1.0], [float("inf")]]),), {}, "finite numbers only; found inf"),
    "huge": ((np.array([[1.0], [1e200]]),), {}, "up to 1e150 in size; found 1e"),
    "objects": ((np.zeros((3, 2), object),), {}, "must hold real numbers; found type object"),
    "complex": ((np.zeros((3, 2), complex),), {}, "must hold real numbers; found type complex128"),
    "complex tensor": ((torch.zeros(3, 2, dtype=torch.complex64),), {}, "real numbers; found torch.complex64"),
    "strings": ((np.array([["a"], ["b"]]),), {}, "must hold real numbers"),
    "masked": ((np.ma.masked_equal(np.arange(6.0).reshape(3, 2), 4),), {}, "a value everywhere; found 1 masked"),
    "text column": ((text,), {}, "found 'city' not numeric, first 'x' in data row 1, and 'a', 'b' numeric"),
    "category column": ((frame.astype({"b": "category"}),), {}, "found 'b' not numeric, of type category, and 'a'"),
    "empty cell": (
        (frame.assign(a=[1, np.nan, 2]),),
        {},
        "Column 'a' .* 1 cell without, the first in data row 2",
    ),
    "infinite cell": ((frame.assign(a=[1, np.inf, 2]),), {}, "finite number in every row"),
    "one row of a frame": ((frame[:1],), {}, "at least 2 rows; found 1"),
    "empty frame": ((pd.DataFrame(),), {}, "at least one column"),
    "repeated columns": ((pd.concat([frame, frame], axis=1),), {}, "different names; found 'a', 'b' repeated"),
    "unknown target": ((frame,), {"target": "c"}, "one of 'a', 'b'; found 'c'"),
    "only a target": ((frame[["b"]],), {"target": "b"}, "at least one column to model"),
    "continuous target": (
        (pd.DataFrame({"a": rng.random(50), "b": rng.random(50)}),),
        {"target": "b"},
        "column 'b' of source must hold class labels; found 50 different numbers",
    ),
    "too few labels": ((frame,), {"y": [1, 2]}, "one label for each of the 3 examples; found 2"),
    "missing label": ((frame,), {"y": ["a", None, "b"]}, "found None at position 1"),
    "missing number": ((frame,), {"y": [1.0, float("nan"), 2.0]}, "found nan at position 1"),
    "strange label": ((frame,), {"y": [(1, 2), (3, 4), (1, 2)]}, "found tuple at position 0"),
    "one-hot": ((frame,), {"y": np.eye(3)}, "give their argmax"),
    "text as labels": ((frame,), {"y": "abc"}, "must be a sequence of labels"),
    "number as labels": ((frame,), {"y": 3}, "must be a sequence of labels; found int"),
    "labels twice": ((frame,), {"y": [1, 2, 3], "target": "a"}, "Labels must come from one place"),
    "uneven items": ((Broken(),), {}, r"items of one shape; found \(3, 5\) and \(3, 6\)"),
    "n of an array": ((np.zeros((3, 2)),), {"n": 5}, "n has a meaning for synthetic sets only; found n=5 for an array"),
    "size of a ring": (("ring",), {"size": "8x8"}, "size has a meaning for folders of pictures only"),
    "theta of a ring": (("ring",), {"theta": 1.0}, "theta has a meaning for two-lines only"),
    "target of digits": (("digits",), {"target": "x"}, "target has a meaning for tables only"),
    "split of a frame": ((frame,), {"split": "test"}, "split has a meaning for folders of idx files only"),
    "n of 1": (("ring",), {"n": 1}, "n must be at least 2; found 1"),
    "fractional n": (("ring",), {"n": 10.5}, "n must be a whole number; found 10.5"),
    "fractional seed": (("ring",), {"seed": 0.5}, "seed must be a whole number"),
    "labels of one's own": (
        (np.zeros((4, 2)),),
        {"labels": [0, 1, 0, 1]},
        "labels must be True or False; found a list",
    ),
    "infinite theta": (("two-lines",), {"theta": float("inf")}, "theta must be a number between"),
    "law without stream": ((torch.distributions.Normal(0.0, 1.0),), {"n": 5}, "must have a method sample"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_bad_input_is_refused_in_one_sentence(case: str) -> None:
    source, options, message = REFUSALS[case]
    with pytest.raises(InputError, match=message) as caught:
        data.open(*source, **options)
    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said
    assert ". " not in said.replace("...", "").replace(" .", " ")


def test_odd_but_usable_data_are_noted() -> None:
    constant = data.open(np.stack([rng.random(20), np.full(20, 3.0)], axis=1))
    (problem,) = constant.problems
    assert problem.startswith("Constant coordinates: 1 of 2, the first is number 1;") and "samples vary" in problem
    uneven = data.open(rng.random((20, 2)) * [1.0, 1e6])
    assert "differ by a factor of" in uneven.problems[0]
    assert "black is taken to be 0 and white 16" in data.open(rng.integers(0, 17, (20, 4, 4))).problems[0]
    single = data.open(rng.random((3, 2)), y=[0, 0, 1])
    assert single.problems[-1] == "1 of 2 classes have a single example."


def test_every_option_of_open_is_documented() -> None:
    text = inspect.getdoc(data.open) or ""
    assert all(f"{name}: " in text for name in inspect.signature(data.open).parameters)
