"""``matchmaker answers``: what comes back of the mails that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.errors import UsageError
from matchmaker.words import said, say
from matchmaker_cli import options
from matchmaker_cli.console import language
from matchmaker_cli.streams import published

app = typer.Typer(
    help="Read what comes back of the mails.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """Read what comes back of the mails."""


@app.command(
    name="import",
    epilog=options.example("matchmaker answers import report.csv --mail wave-1 --contacts c.csv"),
)
def import_answers(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES", help="Exports of the mailing tool, of a form or of a mailbox."
        ),
    ],
    *,
    mail: Annotated[Path, typer.Option(help="Folder of the wave, as 'mail --out' wrote it.")],
    contacts: Annotated[
        Path | None,
        typer.Option(help="File of contacts: the key beside it tells whose an answer link is."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write; 'answers' in the folder of the wave if left out."),
    ] = None,
) -> None:
    """Bring replies, bounces and unsubscriptions to the youths and offers of a wave."""
    from matchmaker.campaigns.answer_files import read_events
    from matchmaker.campaigns.answer_folder import read_wave, write_answers
    from matchmaker.campaigns.answers import answers_of

    target = mail / "answers" if out is None else out
    wave = read_wave(mail, contacts)
    events = read_events(files)
    answers = answers_of(events, wave)
    if len(answers.unmatched) and contacts is None and any(event.marks for event in events):
        raise UsageError(said("answers.key_missing", n=len(answers.unmatched)))
    write_answers(answers, target)
    published(target)
    print(say(language(), "answers.done", path=target, **answers.counts))
