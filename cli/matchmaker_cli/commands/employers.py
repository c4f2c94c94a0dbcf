"""``matchmaker employers``: workbooks for those who ask firms, and what they bring back."""

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
    help="Workbooks of ambassadors who ask firms: write them, read them back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """Workbooks of ambassadors who ask firms: write them, read them back."""


@app.command(
    epilog=options.example("matchmaker employers export results --by departement --out ambassadors")
)
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or a HOME.")],
    *,
    by: Annotated[
        str,
        typer.Option(
            metavar="BY", help="region, departement, or a CSV of commune_code, territory."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the workbooks, outside the run.")],
    asked: Annotated[
        list[Path] | None,
        typer.Option(
            help="employer_answers.csv or firm_oppositions.csv of earlier imports. Repeat it."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace workbooks, also those that were filled in.")
    ] = False,
) -> None:
    """Write one workbook a territory: what is missing, which firms to ask; no youth's data."""
    from matchmaker.follow_up import export_employers

    done = export_employers(run, by=by, out=out, asked=asked or (), force=force)
    lang = language()
    for path, n in done.files:
        published(path)
        print(say(lang, "employers.wrote", path=path, n=n))
    print(say(lang, "employers.whole", n=done.firms, books=len(done.files)))
    print(say(lang, "employers.missing_told", n=done.missing))
    print(say(lang, "employers.unfit_told", n=done.unfit))
    if done.never:
        print(say(lang, "employers.never_told", n=done.never))


@app.command(
    name="import", epilog=options.example("matchmaker employers import *.xlsx --out brought")
)
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="XLSX, ODS or CSV.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder of employer_answers.csv, which is added to.")],
) -> None:
    """Read filled workbooks back: offers for the next run, firms never to be asked again."""
    from matchmaker.follow_up import import_employers

    done = import_employers(files, out)
    lang = language()
    names = ("employer_answers", "employer_offers", "firm_oppositions", "conflicts")
    for name in names:
        published(out / f"{name}.csv")
    told = {"n": done.rows, "new": done.answers, "offers": done.offers, "never": done.never}
    print(say(lang, "employers.read", **told))
    for one in done.networks:
        name = printable(one.network) or say(lang, "employers.no_network")
        counts = {"asked": one.asked, "offers": one.offers, "seats": one.seats, "never": one.never}
        print(say(lang, "employers.network", name=name, **counts))
    for file, sheet, column in done.unread:
        where = {"file": file, "sheet": printable(sheet), "name": printable(column)}
        print(say(lang, "cells.unread_column", **where))
    if done.conflicts:
        print(say(lang, "cells.conflicts", n=done.conflicts, path=out / "conflicts.csv"))
    print(say(lang, "command.results", out=out))
    if done.faults:
        fail(InputError(done.faults).text(lang))
        fail(say(lang, "cells.refused", n=len(done.faults)))
        raise typer.Exit(1)
