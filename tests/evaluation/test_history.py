import json
from pathlib import Path

from saddle.evaluation import read_history


def test_a_torn_last_line_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    rows = [{"round": i, "member": 0, "loss": i / 2} for i in range(3)]
    path.write_text("\n".join(json.dumps(row) for row in rows) + '\n{"round": 3, "mem')
    assert list(read_history(path)) == rows


def test_the_last_row_of_each_round_and_member_counts(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    rows = [(2, 0, 1.0), (1, 1, 2.0), (1, 0, 3.0), (2, 0, 4.0)]
    path.write_text("".join(json.dumps({"round": r, "member": m, "loss": v}) + "\n" for r, m, v in rows))
    assert [(row["round"], row["member"], row["loss"]) for row in read_history(path)] == [
        (1, 0, 3.0),
        (1, 1, 2.0),
        (2, 0, 4.0),
    ]


def test_a_row_written_onto_a_torn_line_loses_only_that_line(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(b'{"round": 1}\n{"rou{"round": 2}\n[1]\n\xff\xfe\n{"round": 3}\n')
    assert [row["round"] for row in read_history(path)] == [1, 3]


def test_no_file_is_no_history(tmp_path: Path) -> None:
    assert read_history(tmp_path / "history.jsonl") == ()
