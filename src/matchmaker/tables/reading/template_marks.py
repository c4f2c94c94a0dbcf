"""By what a template of ours is known when it comes back filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["EXAMPLE", "MARK", "MARKS_SHEET", "is_example", "template_headers"]

MARKS_SHEET = "_matchmaker"
"""Hidden sheet that says which column each header of a template is."""

MARK = "matchmaker template"
"""First cell of that sheet."""

EXAMPLE = "EXEMPLE"
"""How the first cell of the row begins that shows how to fill in, and is never read."""


def template_headers(grids: Mapping[str, Sequence[Sequence[object]]]) -> dict[str, str]:
    """Return the column of each header of a template; empty where the workbook is none.

    Parameters
    ----------
    grids : mapping of str to rows
        Cells of each sheet.

    Examples
    --------
    >>> template_headers({"_matchmaker": [["matchmaker template", "youths"],
    ...                                   ["code postal", "postal_code"]]})
    {'code postal': 'postal_code'}
    """
    rows = grids.get(MARKS_SHEET, ())
    if not rows or str(rows[0][0]) != MARK:
        return {}
    return {str(row[0]): str(row[1]) for row in rows[1:] if len(row) > 1 and row[0] and row[1]}


def is_example(cells: Sequence[str]) -> bool:
    """Tell whether a row of a template is its example."""
    return any(cell.strip().startswith(EXAMPLE) for cell in cells[:2])
