"""What the cells filled in, found in the sheets however they were changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.follow_up.columns import COLUMNS, LINES
from matchmaker.follow_up.grids import Grid
from matchmaker.follow_up.keys import id_of_key, is_beside
from matchmaker.follow_up.sheet_reader import Form, ReadBack, SheetRow, read_sheets
from matchmaker.tables.checks.dates import parse_date
from matchmaker.tables.schemas import Column
from matchmaker.words import said

__all__ = ["Answered", "answers_of"]

_LOW, _HIGH = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_DAY = Column(name="day", kind="date", meaning="")
_FORM = Form(columns=COLUMNS, headers="cells_header")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one row of a sheet answers.

    Attributes
    ----------
    youth_id : str
    values : mapping of str to str
        Code of the column to its value: codes of words, dates as YYYY-MM-DD, texts.
    offers : mapping of int to str
        Place of a line to its offer.
    where : str
        File, sheet and row, for conflicts.
    """

    youth_id: str
    values: Mapping[str, str]
    offers: Mapping[int, str]
    where: str


def answers_of(grids: list[Grid]) -> ReadBack[Answered]:
    """Return what was filled in, and every cell that cannot be read.

    Parameters
    ----------
    grids : list of Grid
        Of one file.

    Returns
    -------
    ReadBack
    """
    return read_sheets(grids, _FORM, _answered)


def _answered(line: SheetRow, values: Mapping[str, str]) -> Answered:
    """Return what one row answers."""
    youth_id = _youth(line)
    offers = {}
    for place in range(1, LINES + 1):
        if f"opinion_{place}" in values:
            offers[place] = id_of_key(line.text(f"ref_{place}"))
            if not offers[place]:
                line.fault(f"opinion_{place}", said("cells.no_offer", n=place))
    return Answered(youth_id=youth_id, values=values, offers=offers, where=line.where)


def _youth(line: SheetRow) -> str:
    """Return the youth of a row; "" with a fault where the row does not say it for certain."""
    keys = [key for code in ("key", "key_again") if (key := line.text(code))]
    ids = {id_of_key(key) for key in keys}
    if not ids or "" in ids:
        line.fault("key", said("cells.bad_key"))
        return ""
    if len(ids) > 1:
        line.fault("key", said("cells.two_keys"))
        return ""
    born = parse_date(line.text("birth_date"), _DAY, _LOW, _HIGH).value
    who = [line.text("last_name"), line.text("first_name"), str(born) if born else ""]
    if not is_beside(keys[0], who):
        line.fault("key", said("cells.other_youth"))
    return ids.pop()
