"""``matchmaker join-contacts``: the mailing file with addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker_cli import options

EPILOG = options.example("matchmaker join-contacts results contacts.csv")


def join_contacts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Results of a run.")],
    contacts: Annotated[
        Path, typer.Argument(metavar="CONTACTS", help="What 'match --contacts' wrote.")
    ],
) -> None:
    """Put the addresses beside each youth's offers, for the mailing tool."""
    from matchmaker.tables.contacts import join

    joined = join(folder, contacts)
    print(
        f"{joined.path}: {joined.rows} youths; {joined.without_address} without an address were"
        f" left out; {joined.shared} share their address with another youth (a row each)."
    )
