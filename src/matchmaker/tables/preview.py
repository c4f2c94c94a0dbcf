"""A look at the first rows of a table as they are understood, before anything is computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables.checks import check_offers, check_wishes, check_youths
from matchmaker.tables.intake import read_given
from matchmaker.tables.mapping import mapped
from matchmaker.tables.raw import Given, RawTable
from matchmaker.tables.reading.frames import cell_text
from matchmaker.tables.schemas import columns_of

__all__ = ["first_rows"]

_CHECKS = {"youths": check_youths, "wishes": check_wishes, "offers": check_offers}
# Clean columns that several written ones become.
_BECOMES = {
    "trade_code": "trade_codes",
    "trade_label": "trade_codes",
    "title": "trade_codes",
    "diploma_code": "trade_codes",
    "rncp_code": "trade_codes",
    "place_name": "commune_code",
    "birth_year": "birth_date",
}
_SHOWN = 3


def first_rows(
    given: Given, role: str, *, settings: Settings, as_of: dt.date
) -> list[Mapping[str, str]]:
    """Return the first rows of a table: the columns that ``settings.map`` names, and the id.

    Parameters
    ----------
    given : path or DataFrame
    role : {"youths", "wishes", "offers"}
    settings : Settings
    as_of : date

    Returns
    -------
    list of mapping of column to text
        Three rows at most, "" for an empty cell; "…" hides a value that is personal. None
        where the file cannot be used: `load` says why.

    Examples
    --------
    >>> import pandas as pd
    >>> youths = pd.DataFrame({"youth_id": ["Y1"], "code postal": ["1000"]})
    >>> settings = Settings(map={"youths": {"postal_code": "code postal"}})
    >>> first_rows(youths, "youths", settings=settings, as_of=dt.date(2026, 9, 15))
    [{'youth_id': 'Y1', 'postal_code': '01000'}]
    """
    try:
        (raw,) = mapped([read_given(given, role)], settings.map)
        if not isinstance(raw, RawTable):
            return []
        clean = _CHECKS[role](_head(raw), settings, as_of=as_of).frame
    except InputError:
        return []
    known = columns_of(role)
    names = dict.fromkeys(
        (next(iter(known)), *(name for name, header in settings.map[role].items() if header))
    )
    columns = {
        name: clean[_BECOMES.get(name, name)] for name in names if _BECOMES.get(name, name) in clean
    }
    return [
        {
            name: "…" if known[name].is_personal else _text(column.iloc[row])
            for name, column in columns.items()
        }
        for row in range(len(clean))
    ]


def _head(raw: RawTable) -> RawTable:
    """Return the first rows of a table."""
    sheets = raw.sheets
    return replace(
        raw,
        frame=raw.frame.head(_SHOWN),
        lines=raw.lines[:_SHOWN],
        sheets=None if sheets is None else replace(sheets, of_row=sheets.of_row[:_SHOWN]),
    )


def _text(value: object) -> str:
    """Return a clean value as people read it; an unknown level is none."""
    text = cell_text(value)
    return "" if text == "0" else text
