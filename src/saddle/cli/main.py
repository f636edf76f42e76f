"""The entry point: which commands there are, and how errors reach a user."""

import sys
from traceback import print_exc
from typing import NoReturn

import click
import typer
from rich.console import Console

from saddle.cli.data import data
from saddle.cli.evaluate import evaluate
from saddle.cli.recipes import recipes
from saddle.cli.report import report
from saddle.cli.sample import sample
from saddle.cli.train import train
from saddle.core.errors import InputError, NonFiniteError

EPILOG = "--debug anywhere shows tracebacks. `saddle COMMAND --help` says more about a command."

app = typer.Typer(
    name="saddle",
    help="Train adversarial generative models on your own data, sample from them, and measure what they make.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for command in (train, sample, evaluate, report, recipes, data):
    app.command()(command)


def run() -> NoReturn:
    """Run the command line and exit.

    Exit codes: 0 done; 2 bad input; 1 a training that failed, or a defect of saddle; 130 interrupted.
    """
    arguments = [word for word in sys.argv[1:] if word != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        code = app(arguments, standalone_mode=False)
    except BaseException as error:
        if debug and not isinstance(error, SystemExit):
            print_exc()
        code = report_error(error)
    sys.exit(code or 0)


def report_error(error: BaseException) -> int:
    """Say in one sentence on standard error what went wrong, and give the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return say(str(error) or "Interrupted.", 130)
    if isinstance(error, click.ClickException):
        return say(error.format_message(), 2)
    if isinstance(error, InputError):
        return say(str(error), 2)
    if isinstance(error, OSError):
        place = f" {error.filename}" if error.filename else ""
        return say(f"Reading or writing{place} failed: {error.strerror or error}.", 2)
    if isinstance(error, NonFiniteError):
        return say(str(error), 1)
    return say(f"This is a defect of saddle: {type(error).__name__}: {error} (--debug shows where).", 1)


def say(sentence: str, code: int) -> int:
    """Print one sentence on standard error and pass the code on."""
    Console(stderr=True, soft_wrap=True).print(f"Error: {sentence}", markup=False, highlight=False, style="red")
    return code
