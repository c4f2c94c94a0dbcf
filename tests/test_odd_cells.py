"""Odd files whose cells say two things, through the whole program: `match` and the command."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import matchmaker
from matchmaker.errors import InputError
from matchmaker_cli import app as cli

CASES = Path(__file__).resolve().parents[1] / "../shared/data/inputs/cases"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the cases lie beside the repository")

# Case -> what must be rejected (column, value), what must be counted (column, reason), and the
# offers that nobody may get.
EXPECTED = {
    "c-enc-mojibake": ([], [("title", "mojibake")], []),
    "c-enc-one-bad-byte": ([], [("employer", "damaged_characters")], []),
    "c-enc-superscript": ([("capacity", "²")], [], ["O002"]),
    "c-geo-postal-letters": ([], [("postal_code", "unknown_postal_code")], []),
    "c-geo-postal-six": ([], [("postal_code", "unknown_postal_code")], []),
    "p-if2060-saint-martin": (
        [("postal_code", "97150"), ("postal_code", "97133"), ("commune_code", "97127"),
         ("commune_code", "97801")],
        [("postal_code", "overseas_collectivity")],
        ["E01", "E2"],
    ),
    "p-lba3850-insee-in-postal-column": (
        [], [("postal_code", "column_of_communes"), ("postal_code", "insee_in_postal_column")], []
    ),
    "s-cedex-collides-with-insee": (
        [("postal_code", code) for code in ("35042", "44041", "31059", "59033", "33077")],
        [],
        ["E0", "E1", "E2", "E3", "E4"],
    ),
    # A department as a place is for who lives in its region, and none of these youths does.
    "s-name-vienne-86": ([], [("place_name", "departement")], ["E01"]),
    "p-lba4707-department-as-town": (
        [],
        [("place_name", "departement")],
        ["E01", "E02", "E03", "E04"],
    ),
    "s-capacity-footnote-seats": ([("capacity", "1²")], [], ["E01"]),
    "s-url-javascript": ([], [("url", "not_a_link"), ("url", "written_as_missing")], []),
    "s-age-15-at-start": ([], [], []),
    "s-age-30-start-jan": ([], [], ["E01"]),
}  # fmt: skip
# What no file of results may hold, but for those that name what was rejected.
NEVER = ("\ufffd", "Ã", "javascript:", "<script>", "1²")
NAMES_FAULTS = frozenset({"rejects.csv", "notes.csv"})


def given(case: str) -> dict[str, object]:
    readme = (CASES / case / "README.md").read_text("utf-8")
    files = {
        role: next((CASES / case).glob(f"{role}.*")) for role in ("youths", "wishes", "offers")
    }
    return {**files, "as_of": re.search(r"--as-of (\d{4}-\d\d-\d\d)", readme)[1]}


def command(name: str, case: str, monkeypatch, *options: str) -> int:
    arguments = [text for key, value in given(case).items()
                 for text in (f"--{key.replace('_', '-')}", str(value))]  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["matchmaker", name, *arguments, *options])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0


@pytest.mark.parametrize("case", EXPECTED)
def test_what_two_tables_could_mean_is_said_and_in_no_list(case, tmp_path):
    rejected, counted, unreached = EXPECTED[case]
    result = matchmaker.match(**given(case))
    result.save(tmp_path / "out")

    faults = result.rejects
    assert list(zip(faults["column"], faults["value"], strict=True)) == rejected
    found = set(zip(result.quality["column"], result.quality["reason"], strict=True))
    assert set(counted) <= found
    assert not set(unreached) & set(result.lists["offer_id"])
    for file in sorted((tmp_path / "out").rglob("*")):
        if file.suffix in {".csv", ".html", ".json"} and file.name not in NAMES_FAULTS:
            text = file.read_text("utf-8-sig")
            assert not [sign for sign in NEVER if sign in text], file.name


@pytest.mark.parametrize("case", [case for case, (rejected, _, _) in EXPECTED.items() if rejected])
def test_check_names_each_column_and_value(case, monkeypatch, capsys):
    assert command("check", case, monkeypatch) == 1
    said = capsys.readouterr().out
    for column, value in EXPECTED[case][0]:
        assert f"colonne '{column}' : '{value}' " in said


def test_the_command_writes_no_other_lists_than_match(monkeypatch, tmp_path, capsys):
    out = tmp_path / "out"
    assert command("match", "s-url-javascript", monkeypatch, "--out", str(out)) == 0
    for name in ("lists.csv", "mailing.csv"):
        text = (out / name).read_text("utf-8-sig")
        assert "E01" in text or name == "mailing.csv"
        assert not re.search(r"javascript|N/A|192\.168", text)
    assert capsys.readouterr().err == ""


def test_a_column_written_month_first_is_refused_row_by_row(monkeypatch, capsys):
    with pytest.raises(InputError) as caught:
        matchmaker.match(**given("s-date-column-us"))
    named = {issue.line: issue.reason for issue in caught.value.issues if issue.line}
    assert named == {2: "day_or_month", 3: "month_first", 4: "month_first", 5: "day_or_month"}
    assert command("check", "s-date-column-us", monkeypatch) == 1
    assert "la ligne 3 (colonne 'start_date') est écrite mois d'abord" in capsys.readouterr().out


def test_an_error_of_a_spreadsheet_names_the_column_that_the_file_has(monkeypatch, capsys):
    command("check", "x-cell-error-na", monkeypatch)
    said = capsys.readouterr().out
    assert "'postal_code'" in said
    assert "'commune_code'" not in said


def test_towns_of_a_column_of_commune_codes_are_those_of_its_codes():
    offers = matchmaker.match(**given("p-lba3850-insee-in-postal-column")).lists
    places = dict(zip(offers["offer_id"], offers["place"], strict=True))
    assert places.get("E02", "Lille") == "Lille"
    assert "Saint-André-lez-Lille" not in set(places.values())


def test_ages_are_those_of_the_first_day_of_the_contract():
    young = matchmaker.match(**given("s-age-15-at-start"))
    assert "J01" in set(young.lists["youth_id"])  # 15 by then
    old = matchmaker.match(**given("s-age-30-start-jan"))
    assert "J01" not in set(old.lists["youth_id"])  # 30 by then
    assert old.unserved["reason_code"].tolist() == ["age"]
