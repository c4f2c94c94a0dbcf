"""The columns of a cell's sheets: what the cell is told, and what it fills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matchmaker.words import Lang, table

__all__ = ["ANSWERS", "COLUMNS", "LINES", "MARK", "Column", "choices", "header", "headers"]

LINES = 3
"""Lines of a list that a sheet shows."""

MARK = "mm:"
"""Begins each code of the hidden first row, which tells a column whatever its header became."""

Kind = Literal["text", "wide", "date", "whole", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
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
    Column(code="key", width=11),
    Column(code="due", width=11, kind="date"),
    Column(code="last_name", width=16),
    Column(code="first_name", width=14),
    Column(code="birth_date", width=11, kind="date"),
    Column(code="age", width=6, kind="whole"),
    Column(code="special", width=11),
    Column(code="phone_1", width=16),
    Column(code="phone_2", width=16),
    Column(code="phone_of", width=12),
    Column(code="email", width=26),
    Column(code="postal_code", width=8),
    Column(code="commune", width=18),
    Column(code="training", width=28, kind="wide"),
    Column(code="centre", width=18, kind="wide"),
    Column(code="started_on", width=11, kind="date"),
    Column(code="days_left", width=10, kind="whole"),
    Column(code="wishes", width=34, kind="wide"),
    Column(code="lines", width=8, kind="whole"),
    *(Column(code=f"line_{place}", width=34, kind="link") for place in range(1, LINES + 1)),
    Column(code="cause", width=44, kind="wide"),
    Column(code="holder", width=22, kind="wide"),
    Column(code="referent", width=24, kind="wide"),
    Column(code="referent_contact", width=24),
    Column(code="theme", width=14),
    Column(code="theme_structure", width=24, kind="wide"),
    Column(code="last_contact", width=11, kind="date"),
    Column(code="last_outcome", width=18, kind="wide"),
)
ANSWERS = (
    Column(code="outcome", width=26, choices="cells_outcome", is_answer=True),
    Column(code="on", width=12, kind="date", is_answer=True),
    Column(code="by", width=16, is_answer=True),
    Column(code="comment", width=34, kind="wide", is_answer=True),
    Column(code="known", width=9, choices="cells_known", is_answer=True),
    *(
        Column(code=f"opinion_{place}", width=14, choices="cells_opinion", is_answer=True)
        for place in range(1, LINES + 1)
    ),
    Column(code="new_trade", width=22, is_answer=True),
    Column(code="transfer", width=18, choices="cells_holder", is_answer=True),
    Column(code="signed_on", width=12, kind="date", is_answer=True),
    Column(code="broken_on", width=12, kind="date", is_answer=True),
    Column(code="broken_why", width=26, kind="wide", is_answer=True),
    Column(code="siret", width=17, is_answer=True),
    Column(code="diploma_code", width=13, is_answer=True),
)
"""What the cell fills in, in its order."""

COLUMNS = (
    *_TOLD,
    *ANSWERS,
    *(Column(code=f"ref_{place}", width=9) for place in range(1, LINES + 1)),
    Column(code="key_again", width=11),
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


def headers(lang: Lang) -> dict[str, str]:
    """Return header to code of all columns."""
    return {header(column.code, lang): column.code for column in COLUMNS}
