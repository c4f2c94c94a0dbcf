"""Where rows are: the place columns through the resolver, its notes as findings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.place_text import read_code
from matchmaker.reference.places import PLACE_NOTES, resolve_places, resolve_region
from matchmaker.settings import Settings
from matchmaker.tables.checks.findings import Findings

__all__ = ["check_centres", "check_places", "check_regions", "postal_codes"]

# Cells that each note speaks of, first filled one first; others speak of the first column.
_CODE_FIRST = ("commune_code", "postal_code", "place_name")
_SPEAKS_OF = {
    "contradiction": ("postal_code", "place_name", "commune_code"),
    "cedex": ("postal_code",),
    "unknown_postal_code": ("postal_code",),
    "insee_in_postal_column": ("postal_code",),
    "postal_code_differs": ("postal_code",),
    "several_communes": ("postal_code",),
    "name_differs": ("place_name", "commune_code"),
    "name_not_in_postal_code": ("place_name", "commune_code"),
    "ambiguous_name": ("place_name", "commune_code"),
}
# An offer from elsewhere is no fault of the file: it is kept, and never reached.
_KEPT_OFFERS = frozenset({"abroad", "overseas_collectivity"})


def check_places(
    cells: dict[str, pd.Series], findings: Findings, settings: Settings
) -> pd.DataFrame:
    """Resolve the places of a table, and record repairs, doubts and faults.

    Parameters
    ----------
    cells : dict of str to Series of str
        Any of commune_code, postal_code, place_name, latitude, longitude, n rows each.
    findings : Findings
        A row whose cells contradict each other or name no place is rejected; a row
        that names none is kept, and counted.
    settings : Settings
        ``communes_file`` is read.

    Returns
    -------
    DataFrame, n rows
        As `matchmaker.reference.places.resolve_places`.
    """
    n = len(findings.lines)
    frame = pd.DataFrame(cells, index=range(n))
    places = resolve_places(frame, settings.communes_file)
    is_placed = np.isfinite(places["latitude"].to_numpy(dtype=float))
    for column, of_point in (("note", False), ("coord_note", True)):
        codes, notes = pd.factorize(places[column])
        for position, note in enumerate(notes):
            rows = np.flatnonzero(codes == position)
            if note:
                _record(note, rows, frame, places, is_placed, findings, of_point=of_point)
    return places


def _record(
    note: str,
    rows: NDArray[np.intp],
    frame: pd.DataFrame,
    places: pd.DataFrame,
    is_placed: NDArray[np.bool_],
    findings: Findings,
    *,
    of_point: bool,
) -> None:
    """Record the rows that carry one note of the resolver."""
    verdict, message = PLACE_NOTES[note]
    if of_point:
        columns = ["latitude"]
    else:
        columns = [c for c in _SPEAKS_OF.get(note, _CODE_FIRST) if c in frame] or ["commune_code"]
        filled = [c for c in columns if (frame[c].iloc[rows] != "").any()]
        columns = filled or columns
    if verdict == "repair":
        findings.count("repair", note, columns[0], rows)
    elif note == "blank":
        findings.count("warning", "no_place", columns[0], rows[~is_placed[rows]])
    elif verdict == "warning" or (findings.role == "offers" and note in _KEPT_OFFERS):
        findings.count("warning", note, columns[0], rows)
    else:
        # A point of the row's own places it whatever the words say, contradictions apart.
        stays = is_placed[rows] & (note != "contradiction")
        findings.count("warning", note, columns[0], rows[stays])
        _reject(note, message, rows[~stays], frame[columns], places["hint"], findings)


def _reject(
    note: str,
    message: str,
    rows: NDArray[np.intp],
    cells: pd.DataFrame,
    hints: pd.Series,
    findings: Findings,
) -> None:
    """Reject rows, naming in each the first cell of `cells` that is filled."""
    columns, values = [], []
    for row in cells.iloc[rows].itertuples(index=False):
        filled = next((i for i, cell in enumerate(row) if cell), 0)
        columns.append(str(cells.columns[filled]))
        values.append(str(row[filled]))
    findings.reject(
        rows,
        reason=note,
        column=columns,
        value=values,
        message=message,
        hint=[hint or "Correct it, or leave the cell empty." for hint in hints.iloc[rows]],
    )


def check_centres(cells: pd.Series, findings: Findings, settings: Settings) -> pd.DataFrame:
    """Resolve the communes of training centres: what is no commune is dropped, and counted.

    Parameters
    ----------
    cells : Series of str, n rows
        Commune codes; a wish stays a wish without one.

    Returns
    -------
    DataFrame, n rows
        ``commune_code`` and ``region_code``, "" where there is none.
    """
    codes, distinct = pd.factorize(cells)
    answers = resolve_places(
        pd.DataFrame({"commune_code": distinct}, dtype="str"), settings.communes_file
    )
    notes = answers["note"].to_numpy(dtype=object)
    for note in sorted(set(notes) - {"", "blank"}):
        kind = "repair" if PLACE_NOTES[note][0] == "repair" else "warning"
        findings.count(kind, note, "commune_code", np.flatnonzero((notes == note)[codes]))
    return answers[["commune_code", "region_code"]].take(codes).reset_index(drop=True)


def check_regions(cells: pd.Series, findings: Findings) -> pd.Series:
    """Return region codes; what is no region rejects the row.

    Parameters
    ----------
    cells : Series of str, n rows
        Codes or names.
    """
    codes, distinct = pd.factorize(cells)
    regions = resolve_region(pd.Series(distinct, dtype="str"))
    how = regions["how"].to_numpy(dtype=object)
    for repair in ("leading_zero", "name", "former_region"):
        findings.count("repair", repair, "region_code", np.flatnonzero((how == repair)[codes]))
    for reason, message in (
        ("unknown", "is not a region"),
        ("departement", "is a department, not a region"),
    ):
        rows = np.flatnonzero((how == reason)[codes])
        findings.reject(
            rows,
            reason=f"region_{reason}",
            column="region_code",
            value=cells.iloc[rows],
            message=message,
            hint=regions["hint"].iloc[codes[rows]],
        )
    return pd.Series(regions["region_code"].array.take(codes))


def postal_codes(cells: pd.Series) -> pd.Series:
    """Return postal codes in their plain form, "" for what is none.

    Examples
    --------
    >>> postal_codes(pd.Series(["1000", "F-75011", "75011.0", "?"])).tolist()
    ['01000', '75011', '75011', '']
    """
    codes, distinct = pd.factorize(cells)
    return pd.Series(pd.array([read_code(text) for text in distinct], dtype="str").take(codes))
