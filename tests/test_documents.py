"""The code in the documents runs as it stands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(path: Path) -> list[str]:
    return BLOCK.findall(path.read_text())


@pytest.mark.parametrize("name", ["docs/extending.md", "README.md"])
def test_python_blocks_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(ROOT / name)
    assert found
    for block in found:
        exec(compile(block, name, "exec"), {"__name__": "document"})


def test_every_kind_of_extension_is_worked_out() -> None:
    text = (ROOT / "docs" / "extending.md").read_text()
    for kind in ("An objective", "A regularizer", "A network", "A data source", "A measure"):
        section = text.split(f"## {kind}\n")[1].split("\n## ")[0]
        assert "```python" in section, kind
