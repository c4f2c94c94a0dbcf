"""What a row proves holds for its column; what has two readings is said, never taken."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from matchmaker.reference.gazetteer import gazetteer
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load
from matchmaker.tables.checks.answer import tidy
from matchmaker.tables.checks.links import parse_link
from matchmaker.tables.checks.mojibake import is_damaged, mended
from matchmaker.tables.checks.place_columns import holds_communes, holds_postal_codes

AS_OF = dt.date(2026, 9, 15)
FRENCH = "abcdefghijklmnopqrstuvwxyz 'éèêëàâäçîïôöùûüœÉÈÀÇÊ’–«»°"
N = 12


def run(
    youths: dict[str, list[str]] | None = None, offers: dict[str, list[str]] | None = None
) -> Tables:
    """Load `N` youths and offers of Quimper, with columns of their own."""
    return load(
        youths=pd.DataFrame({"youth_id": [f"J{i:02}" for i in range(N)], "postal_code": "29000"}
                            | (youths or {}), dtype="str"),
        wishes=pd.DataFrame({"youth_id": [f"J{i:02}" for i in range(N)], "rank": "1",
                             "trade_code": "D1102"}, dtype="str"),
        offers=pd.DataFrame({"offer_id": [f"E{i:02}" for i in range(N)], "title": "Boulanger",
                             "trade_code": "D1102", "postal_code": "29000"} | (offers or {}),
                            dtype="str"),
        as_of=AS_OF,
        settings=Settings(),
    )  # fmt: skip


def reasons(tables: Tables) -> dict[int, str]:
    return dict(zip(tables.rejects["line"], tables.rejects["reason"], strict=True))


def counted(tables: Tables, column: str) -> dict[str, int]:
    quality = tables.quality[tables.quality["column"] == column]
    return dict(zip(quality["reason"], quality["count"], strict=True))


class TestDates:
    def test_a_month_first_date_makes_the_ambiguous_ones_faults(self):
        dates = ["10/25/2026", "09/12/2026", "11/11/2026", "2026-10-13"] + [""] * (N - 4)
        tables = run(offers={"start_date": dates})
        assert reasons(tables) == {1: "month_first", 2: "day_or_month"}
        assert counted(tables, "start_date")["month_first_column"] == 1
        message = tables.rejects["message"].tolist()[1]
        assert message == (
            "peut se lire jour d'abord ou mois d'abord, et la ligne 1 "
            "(colonne 'start_date') est écrite mois d'abord"
        )

    def test_with_both_proofs_all_ambiguous_ones_are_faults_and_the_plain_ones_stay(self):
        dates = ["10/25/2026", "25/10/2026", "09/12/2026"] + [""] * (N - 3)
        tables = run(offers={"start_date": dates})
        assert reasons(tables) == {1: "month_first", 3: "day_or_month"}
        assert tables.offers["start_date"][0] == pd.Timestamp(2026, 10, 25)

    def test_other_columns_of_the_file_are_read_as_the_proof_says(self):
        expiry = ["09/12/2026", "12.11.2026"] + [""] * (N - 2)
        tables = run(offers={"start_date": ["10/25/2026"] + [""] * (N - 1), "expiry_date": expiry})
        columns = list(zip(tables.rejects["line"], tables.rejects["column"], strict=True))
        assert columns == [(1, "expiry_date"), (1, "start_date"), (2, "expiry_date")]
        own = ["09/12/2026", "25/12/2026"] + [""] * (N - 2)
        tables = run(offers={"start_date": ["10/25/2026"] + [""] * (N - 1), "expiry_date": own})
        assert reasons(tables) == {1: "month_first"}  # its own proof says day first

    def test_without_a_proof_dates_are_day_first(self):
        tables = run(offers={"start_date": ["09/12/2026"] * N})
        assert not len(tables.rejects)
        assert set(tables.offers["start_date"]) == {pd.Timestamp(2026, 12, 9)}

    def test_dates_that_a_spreadsheet_may_have_turned_round_are_a_doubt(self):
        dates = ["10/25/2026", "2026-12-09", "2026-10-10"] + [""] * (N - 3)
        assert (
            counted(run(offers={"start_date": dates}), "start_date")["day_and_month_swapped"] == 1
        )
        dates[3] = "2026-12-19"
        assert "day_and_month_swapped" not in counted(
            run(offers={"start_date": dates}), "start_date"
        )

    def test_no_value_of_a_personal_column_stands_in_another_ones_sentence(self):
        tables = run(youths={"birth_date": ["10/25/2007", "09/12/2008"] + [""] * (N - 2)})
        assert not tables.rejects["message"].str.contains("2007").any()

    @given_settings(max_examples=25, deadline=None)
    @given(
        st.lists(st.dates(dt.date(2026, 9, 16), dt.date(2027, 12, 31)), min_size=4, max_size=8),
        st.sampled_from("/-."),
        st.dates(dt.date(2026, 10, 13), dt.date(2026, 10, 31)),
    )
    def test_no_date_of_a_column_month_first_becomes_another_day(self, days, sign, proof):
        written = [f"{day.month:02}{sign}{day.day:02}{sign}{day.year}" for day in (proof, *days)]
        tables = run(offers={"start_date": written + [""] * (N - len(written))})
        for i, day in enumerate((proof, *days)):
            row = tables.offers[tables.offers["offer_id"] == f"E{i:02}"]
            assert not len(row) or row["start_date"].iloc[0] == pd.Timestamp(day)


class TestNumbers:
    @pytest.mark.parametrize("text", ["1²", "²", "1½", "③", "2¹", "⁴"])
    def test_signs_that_only_look_like_digits_are_none(self, text):
        tables = run(offers={"capacity": [text] + ["1"] * (N - 1)})
        assert reasons(tables) == {1: "not_a_number"}

    @given(st.sampled_from("²³¹⁰⁴⁹₂①⑨½¼¾ªº"), st.integers(0, 999))
    def test_no_such_sign_adds_a_digit_to_a_code(self, sign, number):
        text = f"{number}{sign}"
        assert tidy(text)[0] == text

    def test_a_footnote_makes_no_other_id(self):
        tables = run(youths={"youth_id": [f"J{i:02}" for i in range(N - 1)] + ["J1²"]})
        assert "J12" not in set(tables.youths["youth_id"])

    @pytest.mark.parametrize(
        ("text", "km"), [("12,500", 12.5), ("30.000", 30), ("1 000", 1000), ("5000 m", 5), ("30 km", 30)]
    )  # fmt: skip
    def test_one_reading_within_bounds_is_taken(self, text, km):
        tables = run(youths={"max_distance_km": [text] + ["20"] * (N - 1)})
        assert tables.youths["max_distance_km"][0] == km
        assert set(counted(tables, "max_distance_km")) & {
            "decimal_comma",
            "unit",
            "number_form",
        } or (text == "30.000")

    @pytest.mark.parametrize("text", ["1.000", "1,000", " 1.000 ", "1.000 km"])
    @pytest.mark.parametrize("rest", ["20", "20,5"])
    def test_a_thousand_or_one_is_named(self, text, rest):
        tables = run(youths={"max_distance_km": [text] + [rest] * (N - 1)})
        assert reasons(tables) == {1: "ambiguous_number"}

    def test_bare_numbers_beside_metres_are_said(self):
        tables = run(youths={"max_distance_km": ["8000 m"] + ["20"] * (N - 1)})
        assert counted(tables, "max_distance_km")["unit_assumed"] == N - 1


class TestCodes:
    def test_a_column_of_commune_codes_under_the_name_of_the_other_one(self):
        codes = ["29232", "59350", "01053", "01160", "35238", "35000"] * 2
        tables = run(offers={"postal_code": codes})
        assert tables.offers["commune_code"].tolist() == [*codes[:5], "35238"] * 2
        assert tables.offers["postal_code"].tolist() == ["", "", "", "", "", "35000"] * 2
        found = counted(tables, "postal_code")
        assert (found["insee_in_postal_column"], found["column_of_communes"]) == (10, 1)

    def test_a_column_of_postal_codes_under_the_name_of_the_other_one(self):
        codes = ["35000", "59000", "44000", "59350"] * 3  # the last one is Lille's INSEE code
        tables = run(offers={"commune_code": codes, "postal_code": [""] * N})
        assert tables.offers["place_name"].tolist()[3] == "Saint-André-lez-Lille"
        assert counted(tables, "commune_code")["column_of_postal_codes"] == 1

    @given(st.lists(st.sampled_from(sorted(gazetteer().by_code)), min_size=40, unique=True))
    def test_many_codes_of_communes_are_a_column_of_them(self, codes):
        g = gazetteer()
        assert not holds_postal_codes(codes, g)
        communal = sum(code not in g.by_postal for code in codes)
        assert holds_communes(codes, g) or communal < 30

    @given(st.lists(st.sampled_from(sorted(gazetteer().by_postal)), min_size=8, unique=True))
    def test_postal_codes_are_never_taken_for_communes(self, codes):
        assert not holds_communes(codes, gazetteer())

    def test_the_cell_that_is_filled_is_the_one_that_is_named(self):
        tables = run(offers={"postal_code": ["ABCDE", "750111"] + ["29000"] * (N - 2),
                             "commune_code": ["29232", "29232"] + [""] * (N - 2)})  # fmt: skip
        assert counted(tables, "postal_code")["unknown_postal_code"] == 2
        assert "name_differs" not in counted(tables, "commune_code")
        tables = run(offers={"postal_code": ["ABCDE"] + ["29000"] * (N - 1)})
        assert tables.rejects[["column", "value"]].to_numpy().tolist() == [["postal_code", "ABCDE"]]

    def test_a_place_that_is_nowhere_is_said_of_a_column_of_the_file(self):
        tables = run(offers={"postal_code": [""] + ["29000"] * (N - 1)})
        assert counted(tables, "postal_code")["no_place"] == 1
        assert not counted(tables, "commune_code")


class TestTexts:
    @given(
        st.text(alphabet=FRENCH, max_size=30), st.sampled_from(["latin-1", "mac_roman", "cp1252"])
    )
    def test_what_a_wrong_decoding_did_is_undone_or_left(self, text, encoding):
        try:
            damaged = text.encode().decode(encoding)
        except UnicodeDecodeError:
            return
        assert mended(damaged) in {text, damaged}
        assert mended(text) == text
        assert not is_damaged(text)

    @pytest.mark.parametrize(
        ("damaged", "text"),
        [
            ("BoulangÃ¨re", "Boulangère"),
            ("PÃƒÂ¢tissier", "Pâtissier"),
            ("lâ€™Ã©tÃ©", "l’été"),
            ("Boulang√®re", "Boulangère"),
            ("Boulang├¿re", "Boulangère"),
            ("Métallier / MÃ©tallière", "Métallier / Métallière"),
            ("SÃO TOMÉ", "SÃO TOMÉ"),
            ("Â\u00a0Ã\u00a0 Paris", "\u00a0à Paris"),
        ],
    )
    def test_damaged_letters(self, damaged, text):
        assert mended(damaged) == text

    def test_mended_titles_are_counted_and_shown(self):
        tables = run(offers={"title": ["BoulangÃ¨re"] + ["Boulanger"] * (N - 1)})
        assert tables.offers["title"][0] == "Boulangère"
        assert counted(tables, "title")["mojibake"] == 1

    @pytest.mark.parametrize("text", ["Garage d\ufffd Prado", "Garage dï¿½ Prado", "Ã  Paris"])
    def test_damaged_texts_are_shown_to_nobody_and_their_rows_stay(self, text):
        names = [f"Martin {n}" for n in range(1, N)]
        tables = run(offers={"employer": [text, *names]})
        assert tables.offers["employer"].tolist() == ["", *names]
        assert counted(tables, "employer")["damaged_characters"] == 1
        assert not len(tables.rejects)

    @pytest.mark.parametrize(
        "text",
        ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "mailto:rh@exemple.fr",
         "www.exemple.fr", "http://", "https:///x", "http://x.fr/<script>", "ftp://x.fr", "voir site",
         "http://x.fr/a b", "//x.fr/a", "ｊavascript:x"],
    )  # fmt: skip
    def test_what_is_no_address_is_no_link(self, text):
        tables = run(offers={"url": [text] + ["https://exemple.fr/1"] * (N - 1)})
        assert tables.offers["url"].tolist() == [""] + ["https://exemple.fr/1"] * (N - 1)
        assert counted(tables, "url")["not_a_link"] == 1

    @given(st.text(max_size=40))
    def test_a_link_begins_as_one(self, text):
        value = str(parse_link(text).value)
        assert value == "" or value.lower().startswith(("http://", "https://"))
