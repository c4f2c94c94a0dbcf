"""``matchmaker reference``: the reference tables that the user adds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from matchmaker_cli import options
from matchmaker_cli.console import print_json

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
        Literal["rome", "cfd", "rncp"],
        typer.Argument(help="rome: trades. cfd: certifinfo, BCN, MEF. rncp: fiches, kit."),
    ],
    file: Annotated[Path, typer.Argument(help="CSV, .csv.gz or the zip as published.")],
    *,
    settings: options.SettingsFile = None,
) -> None:
    """Keep a copy of a published table; it is used from the next run on."""
    chosen = options.read_settings(settings)

    from matchmaker.reference import store

    for table in store.add(kind, file, chosen):
        print(f"{table.kind} {table.content}: {table.rows} rows from {table.file}")
    print(f"kept in {store.folder(kind, chosen)}")


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
        print(f"{table.kind} {table.content}: {table.rows} rows, {table.file}, {table.sha256}")
    if not tables:
        print("none added: the embedded tables are used.")


@app.command(epilog=options.example("matchmaker reference nearness nearness.csv"))
def nearness(
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    *,
    settings: options.SettingsFile = None,
) -> None:
    """Write how near the trades are, to be edited and named as nearness_file."""
    chosen = options.read_settings(settings)

    from matchmaker.reference.nearness import nearness as build
    from matchmaker.reference.nearness import to_frame
    from matchmaker.reference.trades import trade_table

    codes = trade_table(chosen)["code"].tolist()
    table = to_frame(build(codes, chosen), codes)
    table.to_csv(file, index=False)
    print(f"{len(table)} pairs of {len(codes)} trades in {file}")
