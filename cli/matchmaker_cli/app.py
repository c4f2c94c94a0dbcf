"""The ``matchmaker`` command: its sub-commands, and how errors end it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from matchmaker.errors import MatchmakerError, printable
from matchmaker.words import say
from matchmaker_cli.bugs import bug_text
from matchmaker_cli.commands import (
    answers,
    assign,
    cells,
    check,
    compare,
    demo,
    diff,
    employers,
    evaluate,
    generate,
    join_contacts,
    mail,
    match,
    prune,
    reference,
    resolve,
    run,
    schema,
    settings,
    template,
    verify,
)
from matchmaker_cli.console import fail, language
from matchmaker_cli.limits import check_limit
from matchmaker_cli.signals import Stopped, end, stopped_by, watch
from matchmaker_cli.streams import published_so_far, shown

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
    epilog="Exit codes: 0 done, 1 bad content, 2 usage, 3 infeasible, 4 refused,"
    " 70 our own bug, 75 busy, 130/143 stopped."
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
app.command(epilog=compare.EPILOG)(compare.compare)
app.command(epilog=diff.EPILOG)(diff.diff)
app.command(epilog=generate.EPILOG)(generate.generate)
app.command(name="join-contacts", epilog=join_contacts.EPILOG)(join_contacts.join_contacts)
app.command(epilog=mail.EPILOG)(mail.mail)
app.command(epilog=run.EPILOG)(run.run)
app.command(epilog=prune.EPILOG)(prune.prune)
app.command(epilog=schema.EPILOG)(schema.schema)
app.command(epilog=template.EPILOG)(template.template)
app.command(epilog=verify.EPILOG)(verify.verify)
app.add_typer(answers.app, name="answers")
app.add_typer(cells.app, name="cells")
app.add_typer(employers.app, name="employers")
app.add_typer(settings.app, name="settings")
app.add_typer(resolve.app, name="resolve")
app.add_typer(reference.app, name="reference")
app.add_typer(evaluate.app, name="evaluate")


def main() -> None:
    """Run the command; a user's mistake is one message on stderr and an exit code.

    A command that is told to stop (Ctrl-C, or SIGTERM from a scheduler) clears its unfinished
    files away and ends with 128 and the number of the signal: 130, 143.  A bug of ours ends
    with 70, and says how to report it.
    """
    try:
        with shown() as out:
            watch()
            code = _exit_code()
        if out.why:
            # What is in its folder is done; else what should have been shown was all there is.
            key = "command.not_shown_published" if out.published else "command.not_shown"
            fail(say(language(), key, why=out.why, names=out.published))
            code = code if out.published else code or 3
    except Stopped as stopped:
        end(stopped.number)
    sys.exit(code)


def _exit_code() -> int:
    """Run the command, say what ended it, and return how it ended."""
    try:
        if "--help" not in sys.argv:
            check_limit()
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except MatchmakerError as error:
        fail(error.text(language()))
        code = error.exit_code
    except MemoryError:
        fail(say(language(), "command.no_memory"))
        code = 3
    except OSError as error:
        path, why = error.filename or "", error.strerror or type(error).__name__
        fail(say(language(), "command.disk", path=printable(str(path)), why=why))
        code = 3
    except Exception as error:
        number = stopped_by()
        if number is not None:
            raise Stopped(number) from error
        fail(bug_text(error, language()))
        code = 70
    if code and published_so_far():
        fail(say(language(), "command.published", names=published_so_far()))
    return code
