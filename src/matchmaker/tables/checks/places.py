"""Where rows are: the place columns through the resolver, its notes as findings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.place_text import read_code
from matchmaker.reference.places import PLACE_NOTES, resolve_places, resolve_region
from matchmaker.settings import Settings
from matchmaker.tables.checks.findings import Findings
from matchmaker.tables.checks.place_columns import as_meant
from matchmaker.words import said, word

__all__ = ["check_centres", "check_places", "check_regions", "postal_codes"]

# Cells that each note speaks of, first filled one first; others speak of the first column.
_CODE_FIRST = ("commune_code", "postal_code", "place_name")
_SPEAKS_OF = {
    "contradiction": ("postal_code", "place_name", "commune_code"),
    "cedex": ("postal_code",),
    "cedex_alone": ("postal_code", "place_name"),
    "departement": ("place_name", "commune_code", "postal_code"),
    "region": ("place_name", "commune_code", "postal_code"),
    **dict.fromkeys(
        (
            "coordinates_swapped",
            "coordinates_unreadable",
            "coordinates_equal",
            "coordinates_outside",
            "coordinates_far",
        ),
        ("latitude",),
    ),
    "unknown_postal_code": ("postal_code",),
    "insee_in_postal_column": ("postal_code",),
    "postal_code_differs": ("postal_code",),
    "several_communes": ("postal_code",),
    "name_differs": ("place_name", "commune_code"),
    "name_not_in_postal_code": ("place_name", "commune_code"),
    "ambiguous_name": ("place_name", "commune_code"),
}
# A column that holds the codes of the other one: what is said of it, and of its cells.
_WHOLE = {"postal_code": "column_of_communes", "commune_code": "column_of_postal_codes"}
_MOVED = {"postal_code": "insee_in_postal_column", "commune_code": "postal_in_commune_column"}
# An offer from elsewhere is no fault of the file: it is kept, and never reached.
# One of which the department or the region alone is told is kept there.
_KEPT_OFFERS = frozenset({"abroad", "overseas_collectivity", "departement", "region"})


def check_places(
    cells: dict[str, pd.Series], findings: Findings, settings: Settings
) -> pd.DataFrame:
    """Resolve the places of a table, and record repairs, doubts and faults.

    Parameters
    ----------
    cells : dict of str to Series of str
        Those of commune_code, postal_code, place_name, latitude, longitude that the file
        has, n rows each.
    findings : Findings
        A row whose cells contradict each other or name no place is rejected; a row
        that names none is kept, and counted.
    settings : Settings
        ``communes_file`` is read.

    Returns
    -------
    DataFrame, n rows
        As `matchmaker.reference.places.resolve_places`, and ``postal_code``: "" where the
        cell holds none, or that of a commune.
    """
    n = len(findings.lines)
    written = pd.DataFrame(cells, index=range(n))
    meant, moved, column = as_meant(cells, settings.communes_file)
    _record_moved(column, moved, findings)
    frame = pd.DataFrame(meant, index=range(n))
    places = resolve_places(frame, settings.communes_file)
    is_placed = np.isfinite(places["latitude"].to_numpy(dtype=float))
    for of_notes in ("note", "coord_note"):
        codes, notes = pd.factorize(places[of_notes])
        for position, note in enumerate(notes):
            rows = np.flatnonzero(codes == position)
            if note:
                _record(note, rows, written, places["hint"], is_placed, findings)
    if "postal_code" in frame:
        is_postal = (places["note"] != "insee_in_postal_column").to_numpy(dtype=bool)
        places["postal_code"] = postal_codes(frame["postal_code"]).where(is_postal, "")
    else:
        places["postal_code"] = pd.Series("", index=frame.index, dtype="str")
    return places


def _record_moved(column: str, rows: NDArray[np.intp], findings: Findings) -> None:
    """Record that a whole column holds what belongs into another one."""
    if len(rows):
        findings.add("warning", _WHOLE[column], column, 1, 1)
        findings.count("repair", _MOVED[column], column, rows)


def _record(
    note: str,
    rows: NDArray[np.intp],
    cells: pd.DataFrame,
    hints: pd.Series,
    is_placed: NDArray[np.bool_],
    findings: Findings,
) -> None:
    """Record the rows that carry one note of the resolver, each on the cell that it is about."""
    verdict = PLACE_NOTES[note]
    names = [name for name in _SPEAKS_OF.get(note, _CODE_FIRST) if name in cells]
    names = names or [name for name in _CODE_FIRST if name in cells]
    if note == "blank":
        # The file's own column: the one with a cell that stands for nothing is among them.
        # Where the cell was an error, that has been said.
        blank = rows[~is_placed[rows] & ~findings.is_bad[rows]]
        findings.count("warning", "no_place", names[0] if names else "", blank)
        return
    # The first filled cell of each row.
    filled = (cells[names].iloc[rows] != "").to_numpy(dtype=bool)
    of_row = filled.argmax(axis=1) if names else np.zeros(len(rows), dtype=np.intp)
    for position, name in enumerate(names or [""]):
        at = rows[of_row == position]
        if verdict == "repair":
            findings.count("repair", note, name, at)
        elif verdict == "warning" or (findings.role == "offers" and note in _KEPT_OFFERS):
            findings.count("warning", note, name, at)
        else:
            # A point of the row's own places it whatever the words say, contradictions apart.
            stays = is_placed[at] & (note != "contradiction")
            findings.count("warning", note, name, at[stays])
            findings.reject(
                at[~stays],
                reason=note,
                column=name,
                value=cells[name].iloc[at[~stays]] if name else "",
                message=word("place", note),
                hint=[hint or said("cell.place_hint") for hint in hints.iloc[at[~stays]]],
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
    meant, moved, column = as_meant(
        {"commune_code": pd.Series(distinct, dtype="str")}, settings.communes_file
    )
    _record_moved(column, np.flatnonzero(np.isin(codes, moved)), findings)
    answers = resolve_places(pd.DataFrame(meant), settings.communes_file)
    notes = answers["note"].to_numpy(dtype=object)
    for note in sorted(set(notes) - {"", "blank"}):
        kind = "repair" if PLACE_NOTES[note] == "repair" else "warning"
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
        ("unknown", said("cell.region")),
        ("departement", said("cell.departement")),
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
