"""The entry point: which commands there are, and how errors reach a user."""

import os
import signal
import sys
from collections.abc import Sequence
from traceback import print_exc
from types import FrameType
from typing import Any, NoReturn, cast

import typer

from saddle.cli import claim, compare, data, diagnose, evaluate, measure, recipes, report, sample, train
from saddle.cli.console import show
from saddle.cli.stopping import Interrupted
from saddle.core.errors import InputError, NonFiniteError

EPILOG = "`saddle COMMAND --help` says more about a command. `--debug` anywhere shows where an error arose."
INTERRUPTED = 130
NO_MEMORY = ("out of memory", "can't allocate memory", "bad allocation")

# Depending on its release typer uses click or a copy of its own; this is the base of usage errors in either.
UsageError: Any = typer.BadParameter.mro()[2]

app = typer.Typer(
    name="saddle",
    help="Train adversarial generative models on your own data, sample from them, and measure what they make.",
    epilog=EPILOG,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
app.command(epilog=train.EXAMPLES)(train.train)
app.command(epilog=sample.EXAMPLES)(sample.sample)
app.command(epilog=evaluate.EXAMPLES)(evaluate.evaluate)
app.command(epilog=diagnose.EXAMPLES)(diagnose.diagnose)
app.command(epilog=measure.EXAMPLES)(measure.measure)
app.command(epilog=compare.EXAMPLES)(compare.compare)
app.command(epilog=report.EXAMPLES)(report.report)
app.command(epilog=claim.EXAMPLES)(claim.claim)
app.command(epilog=recipes.EXAMPLES)(recipes.recipes)
app.command(epilog=data.EXAMPLES)(data.data)


def run() -> NoReturn:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, _interrupt)
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has left, and Python would complain of it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code: 0 done; 2 bad input; 1 a failed training or a defect; 130 interrupted."""
    words = [word for word in arguments if word != "--debug"]
    try:
        code: int = app(words or ["--help"], prog_name="saddle", standalone_mode=False) or 0
    except BaseException as error:
        if len(words) < len(arguments):
            print_exc()
        return report_error(error)
    return _say("Interrupted.", code) if code == INTERRUPTED else code


def report_error(error: BaseException) -> int:
    """Say in one sentence on standard error what went wrong, and give the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return _say("Interrupted.", INTERRUPTED)
    if isinstance(error, Interrupted):
        return _say(str(error), INTERRUPTED)
    sentence, code = explain(error)
    return _say(f"Error: {sentence}", code)


def explain(error: BaseException) -> tuple[str, int]:
    """An error as one sentence, and its exit code."""
    if isinstance(error, InputError):
        return str(error), 2
    if isinstance(error, NonFiniteError):
        return str(error), 1
    if isinstance(error, UsageError):
        return _sentence(cast(Any, error).format_message().replace(". Did you mean", "; did you mean")), 2
    if isinstance(error, OSError):
        place = f" {error.filename}" if error.filename else ""
        return _sentence(f"Reading or writing{place} failed: {error.strerror or error}"), 2
    if isinstance(error, MemoryError) or any(words in str(error).lower() for words in NO_MEMORY):
        return "There is not enough memory for this; a smaller --set batch=N or network needs less.", 2
    return f"This is a defect of saddle: {type(error).__name__}: {error} (--debug shows where).", 1


def _sentence(text: str) -> str:
    """Text on one line that ends in a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "?", "!")) else f"{line}."


def _say(sentence: str, code: int) -> int:
    show(" ".join(sentence.split()), style="red", error=True)
    return code


def _interrupt(number: int, frame: FrameType | None) -> None:
    """A request to terminate is answered like Ctrl-C."""
    raise KeyboardInterrupt
