"""Options that several commands share, and how they become library values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from matchmaker.settings import Settings

__all__ = [
    "AsOf",
    "Format",
    "Lang",
    "Offers",
    "OffersFormat",
    "SettingsFile",
    "Wishes",
    "WishesFormat",
    "Youths",
    "YouthsFormat",
    "example",
    "read_settings",
    "today",
]


def example(command: str) -> str:
    """Return the epilog of a command's help: one example, never re-wrapped."""
    return f"\b\nExample:\n  {command}"


def today() -> dt.date:
    """Return the date of this machine; the library itself never asks for it."""
    return dt.datetime.now().astimezone().date()


def read_settings(
    path: Path | None, *, seed: int | None = None, lang: Literal["fr", "en"] | None = None
) -> Settings:
    """Return the settings of a file, or the defaults, with the options on top."""
    settings = Settings() if path is None else Settings.from_toml(path)
    given: dict[str, Any] = {"seed": seed, "lang": lang}
    return replace(settings, **{name: v for name, v in given.items() if v is not None})


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not a date. Write year-month-day, for example 2023-09-15."
        ) from None


Youths = Annotated[
    Path | None,
    typer.Option(help="Youths. Left out when the wishes file holds both (Affelnet, Parcoursup)."),
]
Wishes = Annotated[Path, typer.Option(help="Wishes of the youths, ranked or not.")]
Offers = Annotated[
    list[Path], typer.Option(help="Offers and firms. Repeat it to pool several files.")
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
    typer.Option(help="Source format of the offers (lba, france_travail); found by content."),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings (TOML). See 'matchmaker settings show'."),
]
AsOf = Annotated[
    dt.date | None,
    typer.Option(parser=_date, metavar="DATE", help="Date of the run; today if left out."),
]
Lang = Annotated[
    Literal["fr", "en"] | None, typer.Option(help="Language of the results: fr (default) or en.")
]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="What stdout gets.")]
