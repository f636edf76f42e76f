"""The history: appended, never rewritten, and readable whatever a kill left."""

from pathlib import Path

from saddle.training.history import append_rows, read_rows


def test_rows_come_back_in_order_without_what_is_not_finite(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    append_rows(path, [{"round": 2, "member": 1, "loss": 0.5}, {"round": 2, "member": 0, "loss": float("nan")}])
    append_rows(path, [{"round": 1, "member": 0, "loss": float("inf"), "other": 3.0}])
    assert read_rows(path) == [
        {"round": 1, "member": 0, "other": 3.0},
        {"round": 2, "member": 0},
        {"round": 2, "member": 1, "loss": 0.5},
    ]
    assert read_rows(tmp_path / "nothing") == []


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    rows = [{"round": round, "member": 0, "loss": 1 / 3} for round in range(3)]
    append_rows(path, rows)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for length in range(last, len(whole) - 1):  # every way in which the third row can be cut short
        path.write_bytes(whole[:length])
        append_rows(path, [{"round": 3, "member": 0, "loss": 0.25}])
        found = read_rows(path)
        assert [row for row in found if row["round"] != 3] in (rows[:2], rows)
        assert found[-1] == {"round": 3, "member": 0, "loss": 0.25}


def test_of_rows_written_twice_the_last_counts(tmp_path: Path) -> None:
    """As when a run is resumed from a checkpoint before its last row."""
    path = tmp_path / "history.jsonl"
    append_rows(path, [{"round": 1, "member": 0, "loss": 1.0}, {"round": 1, "member": 0, "loss": 2.0}])
    assert read_rows(path) == [{"round": 1, "member": 0, "loss": 2.0}]


def test_lines_that_are_no_rows_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(b'[1]\nnull\n{"round": 1}\n{"round": "x", "member": 0}\n\xff\xfe\n{"round": 4, "member": 0}\n')
    assert read_rows(path) == [{"round": 4, "member": 0}]
