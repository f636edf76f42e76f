"""The shape of the code base, held by tests: short files and functions, flat classes, imports in the open."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "saddle"
FILES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}
FILE_LINES, FUNCTION_LINES = 300, 40

# Each exception has its reason.
LONG_FUNCTIONS: dict[str, str] = {}


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the end."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    assert function.end_lineno is not None
    return function.end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_file(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= FILE_LINES
    for function in functions(tree):
        name = f"{path.relative_to(SOURCE)}:{function.name}"
        assert body_lines(function) <= FUNCTION_LINES or name in LONG_FUNCTIONS, name
        for node in ast.walk(function):
            own = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "saddle"
            own |= isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "saddle" for alias in node.names)
            assert not own, f"{name} imports a module of saddle inside a function, hidden from the import contract"


def test_no_drawers() -> None:
    for path in SOURCE.rglob("*"):
        assert path.stem.strip("_") not in FORBIDDEN, path


def test_classes_are_abstract_or_final() -> None:
    parents: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = [ast.unparse(base).split("[")[0] for base in node.bases]
    for name, bases in parents.items():
        for base in bases:
            own_parents = [one for one in parents.get(base, []) if one in parents]
            assert not own_parents, f"{name} is a third level of classes"


def test_folders_named_in_the_configuration_exist() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    named = [*settings["pyright"]["include"], *settings["pytest"]["ini_options"]["testpaths"], *settings["ruff"]["src"]]
    for folder in named:
        assert (ROOT / folder).is_dir(), folder
