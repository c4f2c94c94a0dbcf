"""``matchmaker join-contacts``: the mailing file with addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import fail, language
from matchmaker_cli.streams import published

EPILOG = options.example("matchmaker join-contacts results contacts.csv")


def join_contacts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Results of a run, or a HOME.")],
    contacts: Annotated[
        Path, typer.Argument(metavar="CONTACTS", help="What 'match --contacts' wrote.")
    ],
) -> None:
    """Put the addresses beside each youth's offers; 'matchmaker mail' takes its place."""
    from matchmaker.tables.contacts import join

    joined = join(options.run_folder(folder), contacts)
    published(joined.path)
    fail(say(language(), "mail_command.gives_way"))
    print(
        say(
            language(),
            "command.joined",
            path=joined.path,
            rows=joined.rows,
            without=joined.without_address,
            shared=joined.shared,
        )
    )
