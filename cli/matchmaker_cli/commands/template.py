"""``matchmaker template``: a workbook to fill in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import language
from matchmaker_cli.streams import published

EPILOG = options.example("matchmaker template offers offres.xlsx")


def template(
    table: Annotated[
        Literal["youths", "wishes", "offers", "referents", "solutions", "employers"],
        typer.Argument(help="Table to fill in."),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="File to write.")],
    *,
    lang: options.Lang = None,
) -> None:
    """Write a workbook with French headers, drop-downs and an example that is never read."""
    from matchmaker.tables.templates import write_template

    write_template(table, out)
    published(out)
    print(say(lang or language(), "template.written", path=out))
