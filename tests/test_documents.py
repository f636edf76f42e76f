"""The code in the documents runs as it stands."""

import re
from pathlib import Path

import pytest

from saddle.measures import MEASURES

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "measures").glob("*.md"))
SECTIONS = ("Formula", "When to use it", "When not", "Bias and error", "Cost", "Reference")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(path: Path) -> list[str]:
    return BLOCK.findall(path.read_text())


FAMILIES = sorted((ROOT / "docs" / "families").glob("*.md"))
DOCUMENTS = [
    ROOT / "docs" / "extending.md",
    ROOT / "docs" / "comparing.md",
    ROOT / "docs" / "diagnosis.md",
    ROOT / "docs" / "games.md",
    ROOT / "README.md",
    *PAGES,
    *FAMILIES,
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_blocks_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(path)
    assert found or path.stem == "README"
    names = {"__name__": "document"}
    for block in found:
        exec(compile(block, str(path), "exec"), names if path in FAMILIES else {"__name__": "document"})


def test_every_kind_of_extension_is_worked_out() -> None:
    text = (ROOT / "docs" / "extending.md").read_text()
    for kind in ("An objective", "A regularizer", "A network", "A data source", "A measure", "A claim"):
        section = text.split(f"## {kind}\n")[1].split("\n## ")[0]
        assert "```python" in section, kind


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_a_page(name: str) -> None:
    text = (ROOT / "docs" / "measures" / f"{name}.md").read_text()
    headings = [line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("##")]
    for section in SECTIONS:
        assert section in headings, section
    assert f"({name}.md)" in (ROOT / "docs" / "measures" / "README.md").read_text()


def test_every_page_is_of_a_measure() -> None:
    assert {page.stem for page in PAGES} - {"README"} == set(MEASURES)
