"""A fault is the same fault in CSV, XLSX, ODS, Parquet, JSON and a data frame."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import load
from tests.tables.containers import CONTAINERS, Rows

AS_OF = dt.date(2026, 9, 15)
YOUTHS = [
    ["youth_id", "birth_date", "postal_code", "level", "opt_out"],
    ["J01", "2008-03-01", "29000", "3", ""],
    ["G99", "2007-01-01", "35000", "3", ""],
]
WISHES = [
    ["youth_id", "rank", "trade_code", "trade_label"],
    ["J01", "1", "D1102", "Boulanger"],
    ["J01", "2", "F1703", "Maçon"],
    ["G99", "1", "D1102", "Boulanger"],
]
OFFERS = [
    ["offer_id", "title", "trade_code", "postal_code", "capacity", "expiry_date"],
    ["E01", "Apprenti boulanger", "D1102", "29000", "1", "2026-12-31"],
    ["G98", "Apprenti boulanger", "D1102", "35000", "1", "2026-12-31"],
]
TABLES = {"youths": YOUTHS, "wishes": WISHES, "offers": OFFERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A change of one table, and what comes of it: (reason, column) rejected or counted."""

    table: str
    cells: dict[tuple[int, str], str] = field(default_factory=dict)  # (row from 1, column)
    below: tuple[tuple[str, ...], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    rejected: tuple[tuple[str, str], ...] = ()
    counted: tuple[tuple[str, str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def cell(table: str, column: str, text: str, *, reason: str) -> Fault:
    return Fault(table=table, cells={(1, column): text}, rejected=((reason, column),))


ERROR, FORMULA = "spreadsheet_error", "formula_without_result"
FAULTS = {
    "error in a place": cell("youths", "postal_code", "#N/A", reason=ERROR),
    "error in a birth date": cell("youths", "birth_date", "#VALUE!", reason=ERROR),
    "error in a refusal": cell("youths", "opt_out", "#REF!", reason=ERROR),
    "error in a level": cell("youths", "level", "#NAME?", reason=ERROR),
    "error in an id": cell("youths", "youth_id", "#N/A", reason=ERROR),
    "error in a rank": cell("wishes", "rank", "#NUM!", reason=ERROR),
    "error in a code": cell("wishes", "trade_code", "#NULL!", reason=ERROR),
    "error in an end": cell("offers", "expiry_date", "#DIV/0!", reason=ERROR),
    "error in free text": cell("offers", "title", "#N/A", reason=ERROR),
    "error in a number": cell("offers", "capacity", "#N/A", reason=ERROR),
    "formula in a refusal": cell("youths", "opt_out", "=VLOOKUP(A2,B:C,2)", reason=FORMULA),
    "formula in an end": cell("offers", "expiry_date", "=DATE(2026,12,31)", reason=FORMULA),
    "formula in free text": cell("offers", "title", '=CONCATENATE("a","b")', reason=FORMULA),
    "id rounded": cell("youths", "youth_id", "1,23457E+13", reason="id_scientific"),
    "offer id rounded": cell("offers", "offer_id", "3.56E+13", reason="id_scientific"),
    "no date": cell("youths", "birth_date", "31/02/2008", reason="impossible_date"),
    "no number": cell("offers", "capacity", "beaucoup", reason="not_a_number"),
    "total below": Fault(table="youths", below=(("Total", "", "", "", "2"),),
                         rejected=(("not_a_row", ""),)),
    "source below": Fault(table="youths", below=(("Source : rectorat", "", "", "", ""),),
                          rejected=(("not_a_row", ""),)),
    "remark below": Fault(table="offers", rejected=(("not_a_row", ""),),
                          below=(("Ces offres sont à jour", "", "", "", "", ""),)),
    "rank in words": Fault(table="wishes", cells={(1, "rank"): "V1", (2, "rank"): "vœu 2"},
                           counted=(("repair", "rank_in_words", "rank"),)),
    "rank from 0": Fault(table="wishes", counted=(("repair", "rank_from_zero", "rank"),),
                         cells={(1, "rank"): "0", (2, "rank"): "1", (3, "rank"): "0"}),
    "header in words": Fault(table="youths", headers={"birth_date": "date de naissance"},
                             refused=(("column_in_words", "date de naissance"),)),
    "harmless header in words": Fault(table="youths", headers={"level": "niveau"},
                                      counted=(("warning", "column_in_words", "niveau"),)),
    "id twice": Fault(table="youths", cells={(2, "youth_id"): "J01"},
                      rejected=(("duplicate_id", "youth_id"),)),
}  # fmt: skip


def damaged(fault: Fault) -> dict[str, Rows]:
    """Return the three tables, one of them with the fault."""
    tables = {name: [list(row) for row in rows] for name, rows in TABLES.items()}
    rows = tables[fault.table]
    for (row, column), text in fault.cells.items():
        rows[row][rows[0].index(column)] = text
    rows += [list(row) for row in fault.below]
    rows[0] = [fault.headers.get(header, header) for header in rows[0]]
    return tables


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", FAULTS)
def test_every_container_says_the_same(tmp_path, name, container):
    fault = FAULTS[name]
    given = {
        role: CONTAINERS[container](tmp_path, role, rows) for role, rows in damaged(fault).items()
    }

    if fault.refused:
        with pytest.raises(InputError) as error:
            load(**given, as_of=AS_OF, settings=Settings())
        found = {(issue.reason, issue.column) for issue in error.value.issues}
        assert found >= set(fault.refused)
        return

    tables = load(**given, as_of=AS_OF, settings=Settings())

    # Whose wishes these are is then not known: that follows from the fault.
    rejects = tables.rejects[tables.rejects["reason"] != "unknown_youth"]
    found = set(zip(rejects["reason"], rejects["column"], strict=True))
    assert found == set(fault.rejected), rejects.to_string()
    counts = set(zip(*(tables.quality[c] for c in ("kind", "reason", "column")), strict=True))
    assert counts >= set(fault.counted), tables.quality.to_string()
    assert set(rejects["sheet"]) <= ({"Feuil1"} if container in ("xlsx", "ods") else {""})
