"""``matchmaker cells``: workbooks for those who call youths, and what they bring back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.errors import InputError, printable
from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import fail, language
from matchmaker_cli.streams import published

app = typer.Typer(
    help="Workbooks of cells and Missions locales: write them, read them back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """Workbooks of cells and Missions locales: write them, read them back."""


@app.command(
    epilog=options.example(
        "matchmaker cells export results --by region --contacts contacts.csv --out cells"
    )
)
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or a HOME.")],
    *,
    by: Annotated[
        str,
        typer.Option(
            metavar="BY",
            help="region, departement, mission_locale, cfa, or a CSV of commune_code, territory.",
        ),
    ],
    contacts: Annotated[Path, typer.Option(help="What 'match --contacts' wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the workbooks, outside the run.")],
    words: Annotated[
        list[Path] | None, typer.Option(help="words.csv of earlier imports. Repeat it.")
    ] = None,
    calls: Annotated[int, typer.Option(min=1, max=1000, help="Calls a person and day.")] = 15,
    force: Annotated[
        bool, typer.Option("--force", help="Replace workbooks, also those that were filled in.")
    ] = False,
) -> None:
    """Write one workbook a territory with whom to call first, and a page for who steers."""
    from matchmaker.follow_up import export_cells

    done = export_cells(
        run, by=by, contacts=contacts, out=out, words=words or (), calls=calls, force=force
    )
    lang = language()
    for path, n in done.files:
        published(path)
        print(say(lang, "cells.wrote", path=path, n=n))
    published(done.pilot)
    print(say(lang, "cells.wrote_pilot", path=done.pilot))
    print(say(lang, "cells.whole", n=done.youths, books=len(done.files)))
    for key, n in (
        ("cells.without_contact", done.without_contact),
        ("cells.without_referent", done.without_referent),
    ):
        if n:
            print(say(lang, key, n=n))


@app.command(name="import", epilog=options.example("matchmaker cells import *.xlsx --out back"))
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="XLSX, ODS or CSV.")],
    *,
    out: Annotated[
        Path, typer.Option(help="Folder of words.csv and outcomes.csv, which are added to.")
    ],
) -> None:
    """Read filled workbooks back; what persons said is added, never changed."""
    from matchmaker.follow_up import import_cells

    done = import_cells(files, out)
    lang = language()
    for name in ("words.csv", "outcomes.csv", "conflicts.csv"):
        published(out / name)
    print(say(lang, "cells.read", n=done.rows, words=done.words, outcomes=done.outcomes))
    for file, sheet, column in done.unread:
        told = {"file": file, "sheet": printable(sheet), "name": printable(column)}
        print(say(lang, "cells.unread_column", **told))
    if done.conflicts:
        print(say(lang, "cells.conflicts", n=done.conflicts, path=out / "conflicts.csv"))
    print(say(lang, "command.results", out=out))
    if done.faults:
        fail(InputError(done.faults).text(lang))
        fail(say(lang, "cells.refused", n=len(done.faults)))
        raise typer.Exit(1)
