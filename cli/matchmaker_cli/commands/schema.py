"""``matchmaker schema``: columns of the neutral tables."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from matchmaker_cli import options
from matchmaker_cli.console import print_json

EPILOG = options.example("matchmaker schema offers --format json")


def schema(
    table: Annotated[
        Literal["youths", "wishes", "offers", "audit", "sent", "referents"],
        typer.Argument(help="Table to describe."),
    ],
    *,
    output_format: options.Format = "text",
) -> None:
    """Print the columns of a table, as a page or as a Frictionless Table Schema."""
    from matchmaker.tables import schemas

    if output_format == "json":
        print_json(schemas.table_schema(table))
    else:
        print(schemas.markdown(table))
