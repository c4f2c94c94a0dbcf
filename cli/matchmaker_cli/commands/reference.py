"""``matchmaker reference``: the reference tables that the user adds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json
from matchmaker_cli.streams import published

app = typer.Typer(
    help="Add and list reference tables.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """Add and list reference tables."""


@app.command(epilog=options.example("matchmaker reference add rome rome_csv.zip"))
def add(
    kind: Annotated[
        Literal["rome", "cfd", "rncp", "naf", "structures"],
        typer.Argument(
            help="rome: trades. cfd: certifinfo, BCN, MEF. rncp: fiches, kit."
            " naf: columns naf_rev2 and naf_2025. structures: who follows a commune's youths."
        ),
    ],
    file: Annotated[Path, typer.Argument(help="CSV, .csv.gz or the zip as published.")],
    *,
    settings: options.SettingsFile = None,
) -> None:
    """Keep a copy of a published table; it is used from the next run on."""
    chosen = options.read_settings(settings)

    from matchmaker.reference import store

    lang = language()
    added = store.add(kind, file, chosen)
    published(store.folder(kind, chosen))
    for one in added:
        print(
            say(
                lang,
                "command.added",
                kind=one.kind,
                content=one.content,
                rows=one.rows,
                file=one.file,
            )
        )
    print(say(lang, "command.kept_in", folder=store.folder(kind, chosen)))


@app.command(name="list", epilog=options.example("matchmaker reference list"))
def list_tables(
    *, settings: options.SettingsFile = None, output_format: options.Format = "text"
) -> None:
    """Print the tables that were added, with their rows and SHA-256."""
    chosen = options.read_settings(settings)

    from matchmaker.reference import store

    tables = store.stored(chosen)
    if output_format == "json":
        print_json([asdict(table) for table in tables])
        return
    for table in tables:
        print(say(language(), "command.stored", **asdict(table)))
    if not tables:
        print(say(language(), "command.none_added"))


@app.command(epilog=options.example("matchmaker reference nearness nearness.csv"))
def nearness(
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    *,
    settings: options.SettingsFile = None,
    force: options.Force = False,
) -> None:
    """Write how near the trades are, to be edited and named as nearness_file."""
    chosen = options.read_settings(settings)

    from matchmaker.replacing import may_replace, replaced

    read = [Path(name) for name in (chosen.nearness_file, settings) if name]
    may_replace(file, inputs=read, force=force)

    from matchmaker.reference.nearness import nearness as build
    from matchmaker.reference.nearness import to_frame
    from matchmaker.reference.trades import trade_table

    codes = trade_table(chosen)["code"].tolist()
    table = to_frame(build(codes, chosen), codes)
    with replaced(file) as sink:
        table.to_csv(sink, index=False)
    published(file)
    pairs, trades = len(table), len(codes)
    print(say(language(), "command.nearness", pairs=pairs, trades=trades, file=file))
