"""Every command and option is explained, with examples that are themselves accepted."""

import re
import shlex

import pytest
import typer
from commands import Saddle

from saddle.cli.main import app

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help and parameter.help.endswith("."), (name, parameter.name)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples_that_parse(name: str, saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    answer = saddle(name, "--help")
    examples = re.findall(r"^ +saddle (.+?) *$", answer.out, flags=re.MULTILINE)
    assert answer.code == 0 and examples
    for example in examples:
        own, *words = shlex.split(example)
        COMMANDS[own].make_context(own, words)


def test_help_fits_a_narrow_terminal(saddle: Saddle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert all(len(line) <= 60 for line in saddle("train", "--help").out.splitlines())


def test_no_word_at_all_shows_help(saddle: Saddle) -> None:
    answer = saddle()
    assert answer.code == 0 and "Commands" in answer.out and answer.err == ""
