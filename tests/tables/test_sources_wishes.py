import itertools

import numpy as np
import pandas as pd
import pytest

from matchmaker.errors import InputError
from matchmaker.tables.raw import RawTable
from matchmaker.tables.sources import Affelnet, Parcoursup
from matchmaker.tables.sources.wish_files import content_key, pseudonym
from tests.tables.read_by import contact_rows, detect, people

KEY = bytes(range(32))
OFFICIAL = (
    "Académie possédant le dossier élève et l'offre de formation", "INE", "Nom de l'élève",
    "Prénom 1", "Adresse de l'élève - Ligne 1", "Code postal", "VILLE", "PAYS",
    "Mail responsable 1", "Mail responsable 2", "Ville étab. origine", "Rang du vœu",
    "Code offre de formation (vœu)", "Code MEF", "Mnémonique MEF de l'offre de formation",
    "Libellé formation", "clé ministère éducatif", "Code UAI étab. Accueil", "Ville étab. Accueil",
)  # fmt: skip
FIRST = (
    "Lyon", "123456789AB", "Dupont", "Léa", "1 rue X", "1000", "BOURG EN BRESSE", "FRANCE",
    "parent@example.org", "-", "LYON", "1", "10A1", "24122106211", "1CAP2", "1CAP2 BOULANGER",
    "cle", "0690001A", "LYON",
)  # fmt: skip


def raw(*rows, headers=OFFICIAL):
    frame = pd.DataFrame(rows, columns=list(headers), dtype="str")
    return RawTable(
        role="wishes", file="voeux.csv", frame=frame, sha256="0", notes=("cp1252",),
        lines=np.arange(2, len(frame) + 2, dtype=np.int64),
    )  # fmt: skip


def line(**changes):
    """Return the first line with cells changed, by a word of their header."""
    cells = list(FIRST)
    for name, value in changes.items():
        word = {"offer": "Code offre"}.get(name, name)
        cells[next(k for k, h in enumerate(OFFICIAL) if word in h)] = value
    return cells


def test_affelnet_gives_youths_and_wishes():
    table = raw(FIRST, line(Rang="2", offer="10A2", Libellé="1CAP2 PATISSIER"))
    assert detect(table) == "affelnet"
    found = people(Affelnet(key=KEY), table)
    youth = pseudonym("123456789AB", KEY)
    assert found.youths.frame.to_dict("records") == [
        {"youth_id": youth, "postal_code": "1000", "place_name": "BOURG EN BRESSE",
         "training_centre": "0690001A", "source": "affelnet", "email": "parent@example.org"}
    ]  # fmt: skip
    assert found.wishes.frame.iloc[0].to_dict() == {
        "youth_id": youth, "rank": "1", "trade_label": "BOULANGER", "diploma_code": "24122106211",
        "level": "3", "region_code": "84", "source": "affelnet",
    }  # fmt: skip
    assert found.wishes.frame["rank"].tolist() == ["1", "2"]
    assert (found.youths.lines.tolist(), found.wishes.lines.tolist()) == ([2], [2, 3])
    assert found.youths.notes == ("cp1252", "Affelnet")


BROKEN = {
    "œ lost, accents off": lambda h: h.replace("œ", "_").translate(str.maketrans("éèÉ", "eeE")),
    "accents as _": lambda h: "".join(c if c.isascii() else "_" for c in h),
    "all signs as _": lambda h: "".join(c if c.isascii() and c.isalnum() else "_" for c in h),
    "UTF-8 read as cp1252": lambda h: h.encode().decode("cp1252", "replace"),
    "replacement signs": lambda h: h.encode("ascii", "replace").decode().replace("?", "\ufffd"),
    "upper case": lambda h: f" {h.upper()} ",
    "oe": lambda h: h.replace("œ", "oe"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_affelnet_headers_survive_broken_accents(how):
    table = raw(FIRST, headers=[BROKEN[how](h) for h in OFFICIAL])
    assert detect(table) == "affelnet"
    found = people(Affelnet(key=KEY), table)
    good = people(Affelnet(key=KEY), raw(FIRST))
    pd.testing.assert_frame_equal(found.wishes.frame, good.wishes.frame)
    pd.testing.assert_frame_equal(found.youths.frame, good.youths.frame)


def test_no_number_name_or_school_leaves_the_adapter_but_to_the_contacts():
    found = people(Affelnet(key=KEY), raw(FIRST))
    for table in (found.youths.frame, found.wishes.frame):
        text = table.to_csv().casefold()
        for personal in ("123456789ab", "dupont", "léa", "1 rue x", "lyon"):
            assert personal not in text
    assert "example.org" not in found.wishes.frame.to_csv()
    (told,) = found.contacts.to_dict("records")
    assert {name: text for name, text in told.items() if text} == {
        "youth_id": pseudonym("123456789AB", KEY), "ine": "123456789AB", "last_name": "Dupont",
        "first_name": "Léa", "guardian_email": "parent@example.org", "source_line": 2,
    }  # fmt: skip


def test_the_training_centre_is_that_of_the_first_wish_however_the_number_is_written():
    rows = [
        line(Rang="2", offer="A2", Accueil="0750001A"),
        line(Rang="1", INE="123 456 789 ab", Accueil="0690001A"),
    ]
    found = people(Affelnet(key=KEY), raw(*rows))
    assert found.youths.frame["training_centre"].tolist() == ["0690001A"]


def test_siblings_with_one_address_stay_two_youths():
    found = people(Affelnet(key=KEY), raw(FIRST, line(INE="123456789AC")))
    assert len(found.youths.frame) == 2
    assert found.contacts["guardian_email"].tolist() == ["parent@example.org"] * 2


def test_more_than_five_wishes_are_all_kept():
    rows = [line(Rang=str(k), offer=f"A{k}") for k in range(1, 10)]
    assert len(people(Affelnet(key=KEY), raw(*rows)).wishes.frame) == 9


def test_same_training_in_two_schools_is_one_unranked_wish():
    rows = [line(Rang="", offer="A1"), line(Rang="", offer="A2"), line(Rang="3")]
    wishes = people(Affelnet(key=KEY), raw(*rows)).wishes
    assert wishes.frame["rank"].tolist() == ["", "3"]
    assert "1 vœu répété, réuni" in map(str, wishes.notes)


def test_without_a_rank_column_wishes_are_unranked():
    at = OFFICIAL.index("Rang du vœu")
    table = raw([c for k, c in enumerate(FIRST) if k != at],
                headers=[h for k, h in enumerate(OFFICIAL) if k != at])  # fmt: skip
    assert people(Affelnet(key=KEY), table).wishes.frame["rank"].tolist() == [""]


def test_two_addresses_of_one_youth_are_both_handed_on():
    found = people(Affelnet(key=KEY), raw(FIRST, line(Rang="2", postal="69001", VILLE="LYON")))
    assert found.youths.frame["postal_code"].tolist() == ["1000", "69001"]
    again = people(Affelnet(key=KEY), raw(FIRST, line(Rang="2", VILLE="Bourg en Bresse")))
    assert len(again.youths.frame) == 1


@pytest.mark.parametrize(
    "country",
    ["FRANCE", "FRANCE METROPOLITAINE", "France métropolitaine", "", "-", "100", "99100",
     "GUADELOUPE", "LA RÉUNION", "GUYANE FRANCAISE", "FRA"],
)  # fmt: skip
def test_france_by_whatever_name_is_no_abroad(country):
    found = people(Affelnet(key=KEY), raw(line(PAYS=country)))
    home = people(Affelnet(key=KEY), raw(line(PAYS="FRANCE")))
    assert found.youths.frame.equals(home.youths.frame)
    assert found.youths.frame["postal_code"].iloc[0] != ""


def test_a_home_abroad_has_no_place():
    found = people(Affelnet(key=KEY), raw(line(PAYS="BELGIQUE", VILLE="BRUXELLES")))
    assert found.youths.frame.loc[0, ["postal_code", "place_name"]].tolist() == ["", ""]
    assert "1 ligne avec un domicile à l'étranger, laissé sans lieu" in map(str, found.youths.notes)


def test_a_line_without_a_number_is_named_and_not_echoed():
    found = people(Affelnet(key=KEY), raw(FIRST, line(INE="-"), line(INE="12")))
    assert [(f.line, f.column, f.value) for f in found.wishes.faults] == [
        (3, "INE", None), (4, "INE", None)
    ]  # fmt: skip
    assert len(found.wishes.frame) == 1


@pytest.mark.parametrize(
    ("mnemonic", "label", "level", "short"),
    [
        ("1CAP2", "1CAP2 CUISINE", "3", "CUISINE"),
        ("", "1CAP2  CUISINE", "3", "CUISINE"),
        ("2NDPRO", "2NDPRO MAINT.VEHIC.", "4", "MAINT.VEHIC."),
        ("", "CAPA Jardinier", "3", "Jardinier"),
        ("1BTS2", "1BTS2 MCO", "5", "MCO"),
        ("1MC5", "1MC5 PATISSERIE BOUTIQUE", "3", "PATISSERIE BOUTIQUE"),
        ("2NDPRO", "MAINTENANCE", "4", "MAINTENANCE"),
        ("", "CAPITAINE DE PECHE", "", "CAPITAINE DE PECHE"),
        ("", "", "", ""),
    ],
)
def test_the_mnemonic_gives_the_level(mnemonic, label, level, short):
    row = people(
        Affelnet(key=KEY), raw(line(Mnémonique=mnemonic, Libellé=label))
    ).wishes.frame.iloc[0]
    assert (row["level"], row["trade_label"]) == (level, short)


@pytest.mark.parametrize(
    ("academy", "region"),
    [("LYON", "84"), ("Aix-Marseille", "93"), ("10", "84"), ("3", "27"), ("Rouen", "28"),
     ("CRETEIL", "11"), ("LA REUNION", "04"), ("Atlantide", ""), ("", "")],
)  # fmt: skip
def test_academies_give_their_region(academy, region):
    row = people(Affelnet(key=KEY), raw(line(Académie=academy))).wishes.frame.iloc[0]
    assert row["region_code"] == region


def test_academies_agree_with_the_reference_table():
    places = pytest.importorskip("matchmaker.reference.places")
    table = places.communes()[["academie", "region_code"]].drop_duplicates()
    for academy, region in table[table["academie"] != ""].itertuples(index=False):
        row = people(Affelnet(key=KEY), raw(line(Académie=academy))).wishes.frame.iloc[0]
        assert (academy, row["region_code"]) == (academy, region)


def test_missing_columns_are_all_named():
    with pytest.raises(InputError) as caught:
        people(Affelnet(key=KEY), raw(("1",), headers=("I.N.E. élève",)))
    text = caught.value.text("en")
    assert "column 'INE'" in text
    assert "column 'Libellé formation'" in text


def test_row_order_and_layout_change_no_pseudonym_without_a_key():
    rows = [FIRST, line(INE="123456789AC"), line(INE="123456789AD", Rang="2")]
    ids = {
        frozenset(people(Affelnet(key=None), raw(*order)).youths.frame["youth_id"])
        for order in itertools.permutations(rows)
    }
    assert len(ids) == 1
    # Another set of youths, another key: nothing fixed that could be looked up.
    other = people(Affelnet(key=None), raw(*rows[:2])).youths.frame["youth_id"]
    assert not ids.pop() & set(other)


def test_written_forms_of_one_number_are_one_youth():
    found = people(Affelnet(key=KEY), raw(FIRST, line(INE=" 123 456 789ab ", Rang="2")))
    assert len(found.youths.frame) == 1


@pytest.mark.parametrize("source", [Affelnet(key=KEY), Parcoursup(key=KEY)])
def test_a_source_never_shows_its_key(source):
    assert repr(KEY)[2:-1] not in repr(source)
    assert "key" not in repr(source)


def test_pseudonyms_need_a_key_and_depend_on_it():
    assert pseudonym("1", KEY) != pseudonym("1", KEY[::-1])
    assert pseudonym("1", KEY) != pseudonym("2", KEY)
    with pytest.raises(ValueError, match="16 to 64"):
        pseudonym("1", b"")
    assert content_key([]) != content_key(["1"])


def test_several_addresses_in_a_cell_and_unusable_ones():
    cell = "a@example.org; B@example.org, =1+1@x.fr nobody"
    row = line(**{"responsable 1": cell, "responsable 2": "a@example.org"})
    found = people(Affelnet(key=KEY), raw(row))
    told = contact_rows(found.contacts)
    assert told[["email_1", "email_2", "email_3"]].to_numpy().tolist() == [
        ["B@example.org", "a@example.org", ""]
    ]


MAPPING = {
    "youth_id": "numero_candidat", "email": "mail", "home_postal_code": "cp_candidat",
    "trade_label": "libelle formation", "diploma_code": "CFD",
    "training_commune_code": "code_insee",
}  # fmt: skip
EXPORT = ("Numero Candidat", "mail", "cp candidat", "libellé_formation", "cfd", "code_insee",
          "code_postal", "rang", "nom")  # fmt: skip


def test_parcoursup_takes_the_columns_that_the_settings_name():
    table = raw(
        ("7001", "a@example.org", "29000", "BTS MCO", "32031213", "35238", "35000", "1", "Dupont"),
        headers=EXPORT,
    )
    assert detect(table, MAPPING) == "parcoursup"
    assert detect(table) is None
    with pytest.raises(InputError, match="numero_candidat"):
        people(Parcoursup(columns=MAPPING, key=KEY), raw(("1",), headers=("x",)))


def test_parcoursup_wishes_are_unranked_and_the_school_is_not_the_home():
    table = raw(
        ("700001", "a@example.org", "29000", "BTS MCO", "32031213", "35238", "35000", "1", "D"),
        headers=EXPORT,
    )
    found = people(Parcoursup(columns=MAPPING, key=KEY), table)
    youth = pseudonym("700001", KEY)
    assert found.youths.frame.to_dict("records") == [
        {"youth_id": youth, "postal_code": "29000", "source": "parcoursup",
         "email": "a@example.org"}
    ]  # fmt: skip
    assert found.wishes.frame.to_dict("records") == [
        {"youth_id": youth, "trade_label": "BTS MCO", "diploma_code": "32031213",
         "commune_code": "35238", "rank": "", "source": "parcoursup"}
    ]  # fmt: skip


def test_parcoursup_mapping_faults_are_all_named():
    with pytest.raises(InputError) as caught:
        people(
            Parcoursup(columns={"home_postal": "cp", "email": "mial"}, key=KEY),
            raw(("1", "2"), headers=("numero", "mail")),
        )
    text = caught.value.text("en")
    for part in ("'home_postal'", "Did you mean 'home_postal_code'?", "column 'cp'",
                 "Did you mean 'mail'?", "'youth_id' is not mapped", "'trade_label'"):  # fmt: skip
        assert part in text or part.replace("'youth_id' is", "column 'youth_id': is") in text
