"""The table of official codes of diplomas, and the names of diplomas put together."""

import re

import pytest

from matchmaker.reference.diploma_names import diploma_names
from matchmaker.reference.lexicon import lexicon
from matchmaker.reference.lookup import read_table
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings

ROWS = read_table("diplomas.csv")


@pytest.fixture(autouse=True)
def no_tables_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def named(text):
    return next(name for name in diploma_names(Settings()) if name.text == text)


def test_every_row_of_the_table_is_whole():
    known = set(rome(Settings()).codes["code"])
    assert 120 <= len(ROWS) <= 170
    assert not ROWS["diploma"].duplicated().any()
    for row in ROWS.to_dict("records"):
        codes = row["trade_codes"].split("|")
        assert set(codes) <= known, row
        assert len(codes) == len(set(codes)) <= 5, row
        assert re.fullmatch(r"Certif Info( RNCP\d+)+", row["source"]), row
        level = read_title(row["diploma"]).level
        assert row["level"] in "34567", row
        assert level in (0, int(row["level"])), row


def test_no_name_stands_for_two_diplomas_of_one_level():
    seen = {}
    for row in ROWS.to_dict("records"):
        for name in (row["diploma"], *row["other_names"].split("|")):
            read = read_title(name)
            key = (row["level"], tuple(sorted(read.stems)))
            assert not name or seen.setdefault(key, row["diploma"]) == row["diploma"], key


def test_codes_on_which_both_agree_come_first_and_heads_of_others_last():
    found = named("BTS Management commercial opérationnel")
    assert found.codes == ("D1302", "D1503", "D1401", "D1501", "D1506", "M1704", "M1705")
    assert found.wished == 5  # M1704 and M1705 are "Responsable ..."
    assert named("CAP Menuisier fabricant").codes[0] == "H2206"  # the lexicon has F1625 first


def test_all_names_of_a_diploma_lead_to_the_same_trades():
    for text in ("BTS MCO", "BTSA ACSE", "CAP AEPE", "CAP agricole Jardinier paysagiste"):
        assert named(text).codes
    assert named("BTS MCO").codes == named("BTS Management commercial opérationnel").codes
    assert (
        named("CAP agricole Jardinier paysagiste").codes == named("CAPA Jardinier paysagiste").codes
    )


def test_tables_of_the_user_add_names(tmp_path):
    (tmp_path / "certifinfo.csv").write_text(
        "Code_Diplome;Libelle_Diplome;Code_Niveau_Europeen;Code_Rome_1;Code_Rome_2;Code_RNCP\n"
        "1;BTS zorglubologie appliquée;5;D1102;D1104;9\n"
        "2;BTS management commercial opérationnel;5;D1402;;8\n",
        "utf-8",
    )
    names = {name.text: name for name in diploma_names(Settings(diplomas_dir=str(tmp_path)))}
    assert names["BTS zorglubologie appliquée"].codes == ("D1102", "D1104")
    assert "D1402" in names["BTS Management commercial opérationnel"].codes


def test_no_diploma_of_the_lexicon_is_one_common_word():
    # "Ingénieur" alone would make every title that begins so, and names a contract, a diploma.
    words = [d for entry in lexicon() for d in entry.diplomas if " " not in d]
    assert [word for word in words if not any(sign.isupper() for sign in word[1:])] == []
