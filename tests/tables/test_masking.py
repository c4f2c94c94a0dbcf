"""What strayed into another column is hidden wherever it is quoted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.masking import mask
from matchmaker.tables.sources import sources_for

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "samples" / "affelnet" / "export.csv"
AS_OF = dt.date(2023, 9, 15)
OFFERS = pd.DataFrame({"offer_id": ["O1"], "trade_code": ["D1102"], "postal_code": ["75011"]})
PERSONAL = (
    "jean.dupont@example.org",
    "jean.dupont＠example.org",
    "1 06 03 75 116 001 23",
    "1.06.03.75.116.001.23",
    "706037511600123",
    "1-06-03-75-116-001",
    "123456789AB",
    "06.12.34.56.78",
    "+33 6 12 34 56 78",
)


@pytest.mark.parametrize("column", ["status", "birth_date", "postal_code", "level", "is_mobile"])
def test_of_shifted_cells_nothing_stands_in_rejects_notes_or_messages(column):
    ids = [f"Y{number}" for number in range(len(PERSONAL))]
    youths = pd.DataFrame({"youth_id": ids, column: PERSONAL})
    wishes = pd.DataFrame({"youth_id": ids, "rank": "1", "trade_code": "D1102"})
    told: list[str] = []
    named: set[str] = set()
    for share in (1.0, 0.0):  # rows are rejected, or the file is refused
        settings = Settings(max_rejected_share=share, max_rejected_rows=0)
        try:
            found = load(youths, wishes, OFFERS, as_of=AS_OF, settings=settings)
        except InputError as error:
            named |= {str(issue.column) for issue in error.issues}
            told += [error.text("fr"), *(str(issue.value) for issue in error.issues)]
        else:
            named |= set(found.notes["column"])
            told += [found.rejects.to_csv(), found.notes.to_csv()]
    assert column in named
    for text in told:
        assert "dupont" not in text
        for value in PERSONAL:
            digits = "".join(sign for sign in value if sign.isdigit())
            assert value not in text
            assert not digits or digits not in text.replace(" ", "")


@pytest.mark.parametrize("value", ["29000", "2007-03-01", "48.8604", "812 345 678 00012", "Bac+3"])
def test_what_is_nobodys_is_shown(value):
    assert mask(pd.Series([value], dtype="str"), is_personal=False).tolist() == [value]


@pytest.mark.parametrize(
    ("pupils", "key", "is_said"), [(5, None, True), (5, bytes(32), False), (40, None, False)]
)
def test_pseudonyms_of_a_handful_of_pupils_are_said_to_be_guessable(tmp_path, pupils, key, is_said):
    header, *lines = SAMPLE.read_bytes().splitlines(keepends=True)
    number = header.decode("latin-1").split(";").index("INE")
    first = lines[0].decode("latin-1").split(";")
    rows = []
    for pupil in range(pupils):
        first[number] = f"{pupil:010d}A"
        rows.append(";".join(first))
    path = tmp_path / "affelnet.csv"
    path.write_bytes(header + "".join(rows).encode("latin-1"))
    found = load(
        None, path, OFFERS, as_of=AS_OF, settings=Settings(), sources=sources_for(Settings(), key)
    )
    assert [a.reason for a in found.alerts if a.reason == "few_pseudonyms"] == [
        "few_pseudonyms"
    ] * is_said
    assert (found.quality["reason"] == "few_pseudonyms").any() == is_said
