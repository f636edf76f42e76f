"""Help answers without torch: what a user waits for is what a command needs."""

import subprocess
import sys

PROGRAM = """
import sys
from saddle.cli.main import main
names = ("train", "sample", "evaluate", "diagnose", "report", "compare", "recipes", "data", "claim")
for words in ([], ["--help"], *([name, "--help"] for name in names)):
    assert main(words) == 0, words
heavy = [name for name in ("torch", "numpy", "pandas", "scipy", "sklearn", "matplotlib", "PIL") if name in sys.modules]
assert not heavy, heavy
"""


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_module_is_the_command() -> None:
    words = [sys.executable, "-m", "saddle", "data", "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "Usage: saddle data" in done.stdout
