"""Options that several commands share, and how they become library values."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from matchmaker.errors import UsageError
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = [
    "AsOf",
    "Format",
    "Headers",
    "Lang",
    "Offers",
    "OffersFormat",
    "SettingsFile",
    "Wishes",
    "WishesFormat",
    "Workbook",
    "Youths",
    "YouthsFormat",
    "date",
    "example",
    "formats",
    "read_settings",
    "run_folder",
    "see_own",
    "tables",
    "today",
]


def example(command: str) -> str:
    """Return the epilog of a command's help: one example, never re-wrapped."""
    return f"\b\nExample:\n  {command}"


def today() -> dt.date:
    """Return the date of this machine; the library itself never asks for it."""
    return dt.datetime.now().astimezone().date()


def read_settings(
    path: Path | None,
    *,
    seed: int | None = None,
    lang: Literal["fr", "en"] | None = None,
    headers: list[str] | None = None,
) -> Settings:
    """Return the settings of a file, or the defaults, with the options on top."""
    settings = Settings() if path is None else Settings.from_toml(path)
    see_own(settings)
    given: dict[str, Any] = {"seed": seed, "lang": lang, "map": _map(settings.map, headers)}
    return replace(settings, **{name: v for name, v in given.items() if v is not None})


def run_folder(path: Path) -> Path:
    """Return the folder of a run: of a HOME, that of the run that counts."""
    from matchmaker.runs.folder import CURRENT, open_run

    return open_run(path).path if (path / CURRENT).is_file() else path


def see_own(settings: Settings) -> None:
    """Let Python find the modules of the user's own that settings name, in the current folder."""
    own = (*settings.criteria, *settings.sources, settings.solver)
    if any(":" in name for name in own) and "" not in sys.path:
        # An installed command does not look for modules in the current folder, where a
        # source of the user's own lies. At the end: a file there hides no other module.
        sys.path.append("")


def _map(
    known: Mapping[str, Mapping[str, str]], headers: list[str] | None
) -> dict[str, dict[str, str]]:
    """Return the headers of the settings with those of ``--map`` on top."""
    names = {table: dict(columns) for table, columns in known.items()}
    for text in headers or ():
        place, mark, header = text.partition("=")
        table, dot, column = place.strip().partition(".")
        if not (mark and dot and column):
            raise UsageError(said("command.bad_map", text=text))
        names.setdefault(table, {})[column] = header.strip()
    return names


def tables(
    youths: Path | None, wishes: Path | None, offers: list[Path] | None, workbook: Path | None
) -> tuple[Path | None, Path, list[Path]]:
    """Return the files of the three tables; a workbook stands for those that are not given."""
    if workbook is not None:
        youths, wishes, offers = youths or workbook, wishes or workbook, offers or [workbook]
    if wishes is None or not offers:
        raise UsageError(said("command.tables_missing"))
    return youths, wishes, offers


def formats(youths: str | None, wishes: str | None, offers: str | None) -> dict[str, str]:
    """Return the sources that were named, by table."""
    named = {"youths": youths, "wishes": wishes, "offers": offers}
    return {table: source for table, source in named.items() if source is not None}


def date(text: str) -> dt.date:
    """Return the day that an option names."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(said("command.bad_date", text=text)) from None


Youths = Annotated[
    Path | None,
    typer.Option(help="Youths. Left out when the wishes file holds both (Affelnet, Parcoursup)."),
]
Wishes = Annotated[Path | None, typer.Option(help="Wishes of the youths, ranked or not.")]
Offers = Annotated[
    list[Path] | None, typer.Option(help="Offers and firms. Repeat it to pool several files.")
]
Workbook = Annotated[
    Path | None,
    typer.Option(
        help="One workbook with a sheet for each table that is not given: youths, wishes, offers"
        " (jeunes, vœux, offres)."
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace a file that this command did not write.")
]
Headers = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="TABLE.COLUMN=HEADER",
        help='Header of a column in your file: youths.postal_code="code postal". Repeat it.',
    ),
]
YouthsFormat = Annotated[
    str | None, typer.Option(help="Source format of the youths; found by content if left out.")
]
WishesFormat = Annotated[
    str | None,
    typer.Option(help="Source format of the wishes (affelnet, parcoursup); found by content."),
]
OffersFormat = Annotated[
    str | None,
    typer.Option(
        help="Source format of the offers (lba, france_travail, hellowork, jobteaser, laposte,"
        " leboncoin, decathlon, cegid); found by content."
    ),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings (TOML). See 'matchmaker settings show'."),
]
AsOf = Annotated[
    dt.date | None,
    typer.Option(parser=date, metavar="DATE", help="Date of the run; today if left out."),
]
Lang = Annotated[Literal["fr", "en"] | None, typer.Option(help="Language: fr (default) or en.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="What stdout gets.")]
