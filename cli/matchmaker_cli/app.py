"""The ``matchmaker`` command: its sub-commands, and how errors end it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from matchmaker.errors import MatchmakerError
from matchmaker.words import say
from matchmaker_cli.commands import (
    assign,
    check,
    demo,
    evaluate,
    generate,
    join_contacts,
    match,
    reference,
    resolve,
    schema,
    settings,
    template,
    verify,
)
from matchmaker_cli.console import fail, language
from matchmaker_cli.signals import Stopped, end, watch

__all__ = ["app", "main"]

# Plain help without markup: a file name in brackets is shown as it is, and help is quick.
app = typer.Typer(
    name="matchmaker",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,  # locals hold personal data
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from matchmaker import __version__

        print(f"matchmaker {__version__}")
        raise typer.Exit


@app.callback(
    epilog="Exit codes: 0 done, 1 bad content, 2 usage, 3 infeasible, 4 refused, 130/143 stopped."
)
def group(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Match young people in France to apprenticeship employers."""


app.command(epilog=match.EPILOG)(match.match)
app.command(epilog=demo.EPILOG)(demo.demo)
app.command(epilog=check.EPILOG)(check.check)
app.command(epilog=assign.EPILOG)(assign.assign)
app.command(epilog=generate.EPILOG)(generate.generate)
app.command(name="join-contacts", epilog=join_contacts.EPILOG)(join_contacts.join_contacts)
app.command(epilog=schema.EPILOG)(schema.schema)
app.command(epilog=template.EPILOG)(template.template)
app.command(epilog=verify.EPILOG)(verify.verify)
app.add_typer(settings.app, name="settings")
app.add_typer(resolve.app, name="resolve")
app.add_typer(reference.app, name="reference")
app.add_typer(evaluate.app, name="evaluate")


def main() -> None:
    """Run the command; a user's mistake is one message on stderr and an exit code.

    A command that is told to stop (Ctrl-C, or SIGTERM from a scheduler) clears its unfinished
    files away and ends with 128 and the number of the signal: 130, 143.
    """
    watch()
    try:
        app()
    except Stopped as stopped:
        end(stopped.number)
    except MatchmakerError as error:
        fail(error.text(language()))
        sys.exit(error.exit_code)
    except MemoryError:
        fail(say(language(), "command.no_memory"))
        sys.exit(3)
