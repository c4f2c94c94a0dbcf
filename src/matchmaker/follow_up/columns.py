"""The columns of a cell's sheets: what the cell is told, and what it fills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matchmaker.words import Lang, table

__all__ = ["ANSWERS", "COLUMNS", "LINES", "MARK", "CellColumn", "choices", "header"]

LINES = 3
"""Lines of a list that a sheet shows."""

MARK = "mm:"
"""Begins each code of the hidden first row, which tells a column whatever its header became."""

Kind = Literal["text", "wide", "date", "whole", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellColumn:
    """One column of a sheet of youths.

    Attributes
    ----------
    code : str
        Its name in code, in the hidden row, and of its header in the words.
    width : int
        In signs.
    kind : str
    choices : str
        Table of words from which it is chosen; "" where it is free.
    is_answer : bool
        The cell fills it in.
    """

    code: str
    width: int
    kind: Kind = "text"
    choices: str = ""
    is_answer: bool = False


_TOLD = (
    CellColumn(code="key", width=11),
    CellColumn(code="due", width=11, kind="date"),
    CellColumn(code="last_name", width=16),
    CellColumn(code="first_name", width=14),
    CellColumn(code="birth_date", width=11, kind="date"),
    CellColumn(code="age", width=6, kind="whole"),
    CellColumn(code="special", width=11),
    CellColumn(code="phone_1", width=16),
    CellColumn(code="phone_2", width=16),
    CellColumn(code="phone_of", width=12),
    CellColumn(code="email", width=26),
    CellColumn(code="postal_code", width=8),
    CellColumn(code="commune", width=18),
    CellColumn(code="training", width=28, kind="wide"),
    CellColumn(code="centre", width=18, kind="wide"),
    CellColumn(code="started_on", width=11, kind="date"),
    CellColumn(code="days_left", width=10, kind="whole"),
    CellColumn(code="wishes", width=34, kind="wide"),
    CellColumn(code="lines", width=8, kind="whole"),
    *(
        column
        for place in range(1, LINES + 1)
        for column in (
            CellColumn(code=f"line_{place}", width=34, kind="wide"),
            CellColumn(code=f"url_{place}", width=12, kind="link"),
        )
    ),
    CellColumn(code="cause", width=44, kind="wide"),
    CellColumn(code="holder", width=22, kind="wide"),
    CellColumn(code="referent", width=24, kind="wide"),
    CellColumn(code="referent_contact", width=24),
    CellColumn(code="theme", width=14),
    CellColumn(code="theme_structure", width=24, kind="wide"),
    CellColumn(code="last_contact", width=11, kind="date"),
    CellColumn(code="last_outcome", width=18, kind="wide"),
)
ANSWERS = (
    CellColumn(code="outcome", width=26, choices="cells_outcome", is_answer=True),
    CellColumn(code="on", width=12, kind="date", is_answer=True),
    CellColumn(code="by", width=16, is_answer=True),
    CellColumn(code="comment", width=34, kind="wide", is_answer=True),
    CellColumn(code="known", width=9, choices="cells_known", is_answer=True),
    *(
        CellColumn(code=f"opinion_{place}", width=14, choices="cells_opinion", is_answer=True)
        for place in range(1, LINES + 1)
    ),
    CellColumn(code="new_trade", width=22, is_answer=True),
    CellColumn(code="transfer", width=18, choices="cells_holder", is_answer=True),
    CellColumn(code="signed_on", width=12, kind="date", is_answer=True),
    CellColumn(code="broken_on", width=12, kind="date", is_answer=True),
    CellColumn(code="broken_why", width=26, kind="wide", is_answer=True),
    CellColumn(code="siret", width=17, is_answer=True),
    CellColumn(code="diploma_code", width=13, is_answer=True),
)
"""What the cell fills in, in its order."""

COLUMNS = (
    *_TOLD,
    *ANSWERS,
    *(CellColumn(code=f"ref_{place}", width=9) for place in range(1, LINES + 1)),
    CellColumn(code="key_again", width=11),
)
"""All columns; a key at each end tells when a part of the sheet was sorted without the rest."""


def choices(lang: Lang) -> dict[str, dict[str, str]]:
    """Return code to label of each drop-down, by its table of words.

    Examples
    --------
    >>> choices("fr")["cells_known"]
    {'yes': 'Oui', 'no': 'Non'}
    """
    return {
        "cells_outcome": dict(table(lang, "cells_outcome")),
        "cells_known": dict(table(lang, "cells_known")),
        "cells_opinion": dict(table(lang, "cells_opinion")),
        "cells_holder": dict(table(lang, "cells_holder")),
    }


def header(code: str, lang: Lang) -> str:
    """Return the header of a column.

    Examples
    --------
    >>> header("due", "en")
    'Due'
    """
    return table(lang, "cells_header")[code]
