"""What firms answered: read from the sheets, and kept in a file that is only ever added to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from matchmaker.errors import UsageError
from matchmaker.follow_up.firm_columns import ANSWERED, FIRM_COLUMNS
from matchmaker.follow_up.grids import Grid
from matchmaker.follow_up.keys import id_of_key, is_beside
from matchmaker.follow_up.returned import read_rows
from matchmaker.follow_up.sheet_reader import Form, ReadBack, SheetRow, read_sheets
from matchmaker.reference.lookup import fold
from matchmaker.reference.siret import read_siret
from matchmaker.words import Lang, said, table

__all__ = ["FirmAnswer", "firm_answers", "month_of", "read_answers"]

FirmAnswer = tuple[tuple[str, ...], str]
"""A row of `ANSWERED`, and where it stands."""

_LANGS: tuple[Lang, ...] = ("fr", "en")
_FORM = Form(columns=FIRM_COLUMNS, headers="employers_header")
_NUMBERED = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?(?:[ T].*)?")
_NAMED = re.compile(r"([a-z]+)\.?(?: (\d{4}))?")


def read_answers(path: Path | None) -> pd.DataFrame:
    """Return what earlier imports brought back, as texts; an empty table for no path.

    Raises
    ------
    UsageError, InputError
        There is no such file; it is not one that an import wrote.
    """
    if path is None:
        return pd.DataFrame(columns=list(ANSWERED), dtype="str")
    if not path.is_file():
        raise UsageError(said("error.no_such_file", path=path))
    return pd.DataFrame(read_rows(path, ANSWERED), columns=list(ANSWERED), dtype="str")


def firm_answers(grids: list[Grid]) -> ReadBack[FirmAnswer]:
    """Return what one file's sheets answer, and each cell that cannot be read."""
    return read_sheets(grids, _FORM, _answered)


def _answered(line: SheetRow, values: Mapping[str, str]) -> FirmAnswer:
    """Return what one row answers."""
    firm = _firm(line)
    siren, _, town = firm.partition(".")
    siret, _ = read_siret(line.text("siret"))
    month = _month(line, values)
    is_read = "answer" in values or not line.text("answer")
    if "seats" in values and is_read and values.get("answer") != "takes":
        line.fault("seats", said("employers.seats_alone"))
    told = {
        "firm_id": firm,
        "employer": line.text("employer"),
        # What the key says of the firm counts more than a cell beside it.
        "siret": siret if siret.startswith(siren) else "",
        "commune_code": "" if town.startswith("d") else town,
        **{code: line.text(code) for code in _TOLD},
        **values,
        "month": month,
    }
    if told.get("answer") == "takes" and not (told.get("trade") or told["trade_codes"]):
        line.fault("trade", said("employers.which_trade"))
    return tuple(told.get(code, "") for code in ANSWERED), line.where


_TOLD = ("postal_code", "place", "naf_code", "size", "opco", "trade_codes")


def _firm(line: SheetRow) -> str:
    """Return the firm of a row; "" with a fault where the row does not say it for certain."""
    keys = [key for code in ("key", "key_again") if (key := line.text(code))]
    ids = {id_of_key(key) for key in keys}
    if not ids or "" in ids:
        line.fault("key", said("employers.bad_key"))
        return ""
    if len(ids) > 1:
        line.fault("key", said("employers.two_keys"))
        return ""
    siret = "".join(sign for sign in line.text("siret") if sign.isdigit())
    if not is_beside(keys[0], [line.text("employer"), line.text("place"), siret]):
        line.fault("key", said("employers.other_firm"))
    return ids.pop()


def _month(line: SheetRow, values: Mapping[str, str]) -> str:
    text = values.get("month", "")
    found = month_of(text, values.get("on", "")) if text else ""
    if found is None:
        line.fault("month", said("employers.no_month"), said("employers.month_hint"), text)
    return found or ""


def month_of(text: str, on: str) -> str | None:
    """Return the first day of a month as YYYY-MM-DD; None where it is none.

    Parameters
    ----------
    text : str
        A date, ``09/2026``, ``septembre 2026``; ``septembre`` alone is the next one after `on`.
    on : str
        Day of the answer, YYYY-MM-DD, or "".

    Examples
    --------
    >>> month_of("Septembre 2026", ""), month_of("9/2026", ""), month_of("2026-09-14", "")
    ('2026-09-01', '2026-09-01', '2026-09-01')
    >>> month_of("janvier", "2026-09-14"), month_of("janvier", ""), month_of("13/2026", "")
    ('2027-01-01', None, None)
    """
    plain = fold(text)
    if found := _ISO.fullmatch(text.strip()):
        return _first(int(found[1]), int(found[2]))
    if found := _NUMBERED.fullmatch(text.strip()):
        return _first(int(found[3]), int(found[2]))
    if not (found := _NAMED.fullmatch(plain)):
        return None
    month = _named(found[1])
    if not month or not (found[2] or on):
        return None
    day = dt.date.fromisoformat(on) if on else dt.date.min
    return _first(int(found[2]) if found[2] else day.year + (month < day.month), month)


def _named(name: str) -> int:
    """Return the number of a month by its name in either language; 0 for none."""
    for lang in _LANGS:
        for number, known in table(lang, "month").items():
            if fold(known) == name:
                return int(number)
    return 0


def _first(year: int, month: int) -> str | None:
    return f"{year}-{month:02d}-01" if 1 <= month <= 12 and 1990 <= year <= 2099 else None
