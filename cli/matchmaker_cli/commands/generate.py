"""``matchmaker generate``: synthetic tables that look like the real ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import language
from matchmaker_cli.streams import published

EPILOG = options.example("matchmaker generate --youths 1000 --offers 4000 --seed 1 --out data")

_AS_OF = dt.date(2023, 9, 15)  # fixed, so that the same seed gives the same bytes


def generate(
    *,
    youths: Annotated[int, typer.Option(min=1, help="Number of youths.")],
    offers: Annotated[int, typer.Option(min=1, help="Number of offers and firms together.")],
    out: Annotated[Path, typer.Option(help="Folder to write the tables to.")],
    firm_share: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Share of firms that take spontaneous applications."),
    ] = 0.96,
    seed: Annotated[int, typer.Option(min=0, help="Seed: the same seed, the same files.")] = 0,
    as_of: Annotated[
        dt.date | None,
        typer.Option(
            parser=options.date,
            metavar="DATE",
            help=f"Date for which they are drawn; {_AS_OF} if left out.",
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(help="Only this region, by name or code. Repeat it for several."),
    ] = None,
    force: options.Force = False,
) -> None:
    """Write synthetic youths, wishes, offers, audit and referents tables."""
    from matchmaker.generator import generate as write_tables

    write_tables(
        youths=youths,
        offers=offers,
        firm_share=firm_share,
        seed=seed,
        out=out,
        as_of=as_of or _AS_OF,
        regions=region,
        force=force,
    )
    published(out)
    print(say(language(), "command.generated", youths=youths, offers=offers, out=out))
