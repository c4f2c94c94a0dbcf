"""Cells that a spreadsheet did not compute: errors, and formulas without a result."""

from __future__ import annotations

import re

from matchmaker.words import Said, Text, said

__all__ = ["ERROR", "FORMULA", "broken_kind", "says_where", "without_formula"]

ERROR = "spreadsheet_error"
FORMULA = "formula_without_result"

# As Excel, LibreOffice and Google Sheets write them in French and in English; a row of number
# signs is what a cell shows that is too narrow for its date.
_ERROR = re.compile(
    r"#\s?(?:N/?A|N/D|NULL\s?!|NUL\s?!|DIV/0\s?!|VALUE\s?!|VALEUR\s?!|REF\s?!|NAME\s?\?|NOM\s?\?"
    r"|NUM\s?!|NOMBRE\s?!|SPILL\s?!|PROPAGATION\s?!|[EÉ]PARS\s?!|CALC\s?!|FIELD\s?!|CHAMP\s?!"
    r"|BLOCKED\s?!|BLOQU[EÉ]\s?!|CONNECT\s?!|CONNEXION\s?!|UNKNOWN\s?!|INCONNU\s?!|BUSY\s?!"
    r"|OCCUP[EÉ]\s?!|ERROR\s?!|ERREUR\s?!|GETTING_DATA)"
    r"|#{3,}|Err(?:eur)?\s?:\s?\d{3}",
    re.IGNORECASE,
)
# A function, an expression in brackets (as our reader of workbooks writes formulas), or a cell
# of another sheet. "=Y1" may be an id.
_FORMULA = re.compile(r"=[\w.]*\(.+|='?[\w .-]+'?!\$?[A-Z]{1,3}\$?\d+", re.DOTALL)
# ="00123" is how exports keep zeros from Excel: a formula whose result it says itself.
_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def broken_kind(text: str) -> str:
    """Return the reason code of a broken cell, "" for any other.

    Examples
    --------
    >>> broken_kind("#N/A"), broken_kind(" #VALEUR! "), broken_kind("=RECHERCHEV(A2;B:C;2)")
    ('spreadsheet_error', 'spreadsheet_error', 'formula_without_result')
    >>> broken_kind("=> voir le site"), broken_kind("#apprentissage"), broken_kind("=Y1")
    ('', '', '')
    """
    bare = text.strip()
    if bare[:1] not in {"#", "=", "E", "e"}:
        return ""
    if _ERROR.fullmatch(bare):
        return ERROR
    return FORMULA if _FORMULA.fullmatch(bare) or _TEXT.fullmatch(bare) else ""


def without_formula(text: str) -> str:
    """Return the text that a formula of nothing but a text stands for, else the text itself.

    Examples
    --------
    >>> without_formula('="01000"'), without_formula("=A1")
    ('01000', '=A1')
    """
    found = _TEXT.fullmatch(text.strip()) if text.lstrip()[:2] == '="' else None
    return found[1].replace('""', '"') if found else text


def says_where(message: Text, cell: str) -> Text:
    """Return the sentence about a broken cell with the cell's name, where that is known."""
    key = message.key if cell and isinstance(message, Said) else ""
    if key == "cell.error":
        return said("cell.error_at", cell=cell)
    return said("cell.formula_at", cell=cell) if key == "cell.formula" else message
