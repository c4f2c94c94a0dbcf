"""Places: every commune is found, typos are, and nothing is guessed."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from matchmaker.errors import InputError, UsageError
from matchmaker.reference.coordinates import distance_km, read_coordinates
from matchmaker.reference.place_text import PlaceText, place_name, read_code, read_place
from matchmaker.reference.places import (
    PLACE_NOTES,
    communes,
    departements,
    neighbours,
    regions,
    resolve_places,
    resolve_region,
)


def resolve(**cells):
    """Resolve one row."""
    return resolve_places(pd.DataFrame({k: [v] for k, v in cells.items()})).iloc[0]


@pytest.mark.parametrize(
    ("code", "commune"), [("75000", "75056"), ("69000", "69123"), ("13000", "13055")]
)
def test_the_code_of_a_city_with_arrondissements_is_the_city(code, commune):
    for name in ("", resolve(commune_code=commune)["place_name"].upper()):
        row = resolve(postal_code=code, place_name=name)
        assert (row["commune_code"], row["note"]) == (commune, "")
    wrong = resolve(postal_code=code, place_name="Quimper")
    assert wrong["commune_code"] == ""


def by_postal_code():
    """Return one row a commune and postal code."""
    table = communes()[["commune_code", "name", "postal_codes"]]
    return (
        table.assign(postal_code=table["postal_codes"].str.split(" "))
        .explode("postal_code", ignore_index=True)
        .rename(columns={"name": "place_name"})
    )


def plain(name):
    """Return a name as an old form would hold it: capitals, no accents, no hyphens."""
    folded = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    return folded.encode("ascii", "ignore").decode().upper().replace("-", " ")


def with_typo(rng, name):
    """Return a name with one letter dropped, added, changed or swapped."""
    i, letter = int(rng.integers(len(name))), chr(97 + int(rng.integers(26)))
    return (
        name[:i] + name[i + 1 :],
        name[:i] + letter + name[i:],
        name[:i] + letter + name[i + 1 :],
        name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :],
    )[int(rng.integers(4))]


class TestEveryCommune:
    def test_by_code(self):
        table = communes()
        found = resolve_places(table[["commune_code"]])
        assert len(table) == 34_875
        assert (found["commune_code"] == table["commune_code"]).all()
        assert (found["note"] == "").all()
        assert (found["latitude"] == table["latitude"]).all()

    def test_by_name_and_departement_in_one_text(self):
        table = communes()
        frame = pd.DataFrame({"place_name": table["name"] + " (" + table["departement"] + ")"})
        found = resolve_places(frame)
        # Three towns have the name of their department, which is what "Mayenne (53)" says.
        is_both = table["commune_code"].isin(["19062", "25204", "53147"])
        assert (found["note"][is_both] == "departement").all()
        assert (found["commune_code"] == table["commune_code"])[~is_both].all()

    def test_by_name_and_name_of_the_departement(self):
        table = communes().sample(5000, random_state=5)
        table = table.merge(departements(), on="departement", suffixes=("", "_of"))
        frame = pd.DataFrame({"place_name": table["name"], "departement": table["name_of"]})
        found = resolve_places(frame)
        assert (found["commune_code"] == table["commune_code"]).all()

    def test_by_each_postal_code_and_name(self):
        frame = by_postal_code()
        found = resolve_places(frame[["postal_code", "place_name"]])
        assert (found["commune_code"] == frame["commune_code"]).all()

    def test_by_each_postal_code_and_plain_capitals(self):
        frame = by_postal_code()
        frame["place_name"] = frame["place_name"].map(plain)
        found = resolve_places(frame[["postal_code", "place_name"]])
        assert (found["commune_code"] == frame["commune_code"]).all()

    def test_with_one_wrong_letter(self):
        frame = by_postal_code().sample(12_000, random_state=1).reset_index(drop=True)
        rng = np.random.default_rng(1)
        frame["place_name"] = [with_typo(rng, name) for name in frame["place_name"]]
        code = resolve_places(frame[["postal_code", "place_name"]])["commune_code"]
        assert (code == frame["commune_code"]).mean() >= 0.99
        # What is not found is said to be open, not given to a neighbour.
        assert ((code != frame["commune_code"]) & (code != "")).mean() <= 0.0005


@pytest.mark.parametrize(
    ("cells", "code", "how", "note"),
    [
        ({"commune_code": "01053"}, "01053", "commune_code", ""),
        ({"commune_code": "1053"}, "01053", "commune_code", "leading_zero"),
        ({"commune_code": "2a004"}, "2A004", "commune_code", ""),
        ({"commune_code": " 01053 "}, "01053", "commune_code", ""),
        ({"commune_code": "01039"}, "01138", "former_code", "former_commune"),
        ({"commune_code": "69383"}, "69123", "commune_code", ""),
        ({"postal_code": "75011.0"}, "75056", "postal_code", ""),
        ({"postal_code": "F-75011"}, "75056", "postal_code", ""),
        ({"postal_code": "75 011"}, "75056", "postal_code", ""),
        ({"postal_code": "75012 Paris 12e"}, "75056", "postal_code+name", ""),
        ({"place_name": "75012 Paris 12e"}, "75056", "postal_code+name", ""),
        ({"postal_code": "1000", "place_name": "Bourg en Bresse"}, "01053", "postal_code+name", "leading_zero"),
        ({"postal_code": "01000", "place_name": "Bourg"}, "01053", "postal_code+name", ""),
        ({"postal_code": "01000", "place_name": "Bour en Bresse"}, "01053", "postal_code+name", "typo"),
        ({"postal_code": "97400", "place_name": "St Denis"}, "97411", "postal_code+name", ""),
        ({"postal_code": "97400", "commune_code": "Saint-Denis"}, "97411", "postal_code+name", ""),
        ({"postal_code": "2a004"}, "2A004", "commune_code", "insee_in_postal_column"),
        ({"postal_code": "13208"}, "13055", "commune_code", "insee_in_postal_column"),
        ({"postal_code": "01053", "commune_code": "01053"}, "01053", "commune_code", "insee_in_postal_column"),
        ({"postal_code": "59350", "place_name": "Lille"}, "59350", "commune_code", "insee_in_postal_column"),
        ({"commune_code": "59350", "place_name": "Saint-André-lez-Lille"}, "59527", "postal_code+name", "postal_in_commune_column"),
        ({"postal_code": "97133", "place_name": "Vieux-Fort"}, "97133", "commune_code", "insee_in_postal_column"),
        ({"commune_code": "97127", "place_name": "La Désirade"}, "97110", "postal_code+name", "postal_in_commune_column"),
        ({"commune_code": "75056", "postal_code": "ABCDE"}, "75056", "commune_code", "unknown_postal_code"),
        ({"commune_code": "75056", "postal_code": "750111"}, "75056", "commune_code", "unknown_postal_code"),
        ({"postal_code": "38200", "place_name": "Vienne"}, "38544", "postal_code+name", ""),
        ({"place_name": "Vienne (38)"}, "38544", "name+departement", ""),
        ({"place_name": "53100 Mayenne"}, "53147", "postal_code+name", ""),
        ({"place_name": "Mayenne", "departement": "53"}, "53147", "name+departement", ""),
        ({"place_name": "Paris (75)"}, "75056", "name+departement", ""),
        ({"postal_code": "86410", "place_name": "Vienne"}, "", "postal_code_area", "several_communes"),
        ({"commune_code": "86194", "place_name": "Vienne (86)"}, "86194", "commune_code", ""),
        ({"postal_code": "35238", "place_name": "Rennes"}, "35238", "commune_code", "insee_in_postal_column"),
        ({"commune_code": "97139"}, "97101", "postal_code", "postal_in_commune_column"),
        ({"postal_code": "35042", "place_name": "RENNES CEDEX"}, "35238", "postal_code+name", "cedex"),
        ({"postal_code": "69421", "place_name": "LYON CEDEX 03"}, "69123", "postal_code+name", "cedex"),
        ({"commune_code": "75056", "postal_code": "75700"}, "75056", "commune_code", "unknown_postal_code"),
        ({"commune_code": "97", "postal_code": "97139"}, "97101", "postal_code", "unknown_commune_code"),
        ({"commune_code": "01053", "postal_code": "01960"}, "01053", "commune_code", "postal_code_differs"),
        ({"commune_code": "35238", "place_name": "Villejean"}, "35238", "commune_code", "name_differs"),
        ({"postal_code": "35700", "place_name": "Maurepas"}, "", "", "contradiction"),
        ({"postal_code": "97455", "place_name": "Saint-Pierre Cedex"}, "97416", "postal_code+name", "cedex"),
        ({"place_name": "Rennes"}, "35238", "name", ""),
        ({"place_name": "35 - RENNES"}, "35238", "name+departement", ""),
        ({"place_name": "Havre (Le)"}, "76351", "name", ""),
        ({"place_name": "Bourg-en-Bresse, Ain"}, "01053", "name+departement", ""),
        ({"place_name": "Fort-de-France"}, "97209", "name", ""),
        ({"place_name": "Renne", "departement": "35"}, "35238", "name+departement", "typo"),
        ({"postal_code": "37540", "place_name": "St Cyr s/ Loire"}, "37214", "postal_code+name", ""),
        ({"place_name": "Marseille 13 France"}, "13055", "name+departement", ""),
    ],
)  # fmt: skip
def test_one_meaning_is_found(cells, code, how, note):
    row = resolve(**cells)
    assert (row["commune_code"], row["how"], row["note"]) == (code, how, note)


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ({"postal_code": ""}, "blank"),
        ({"place_name": "Saint-Denis"}, "ambiguous_name"),
        ({"place_name": "Valence"}, "ambiguous_name"),
        ({"place_name": "Zzyzx"}, "unknown_place"),
        ({"place_name": "Renne"}, "unknown_place"),
        ({"commune_code": "55273"}, "ambiguous_code"),
        ({"commune_code": "59350", "postal_code": "13008"}, "contradiction"),
        ({"postal_code": "33000", "place_name": "Lille"}, "contradiction"),
        ({"postal_code": "1000", "place_name": "Bruxelles"}, "contradiction"),
        ({"commune_code": "99138", "postal_code": "98000"}, "abroad"),
        ({"commune_code": "99138"}, "abroad"),
        ({"postal_code": "97150", "place_name": "Saint-Martin"}, "overseas_collectivity"),
        ({"postal_code": "98800"}, "overseas_collectivity"),
        ({"postal_code": "750111"}, "unknown_place"),
        ({"postal_code": "35042", "place_name": "CEDEX"}, "cedex_alone"),
        ({"postal_code": "35042 CEDEX"}, "cedex_alone"),
        ({"postal_code": "35042"}, "cedex_alone"),
        ({"postal_code": "35236"}, "cedex_alone"),
        ({"commune_code": "59350", "postal_code": "13297"}, "contradiction"),
        ({"commune_code": "97101", "postal_code": "97150"}, "contradiction"),
        ({"postal_code": "97133"}, "overseas_collectivity"),
        ({"commune_code": "97123"}, "overseas_collectivity"),
        ({"commune_code": "97127"}, "overseas_collectivity"),
        ({"commune_code": "97801"}, "overseas_collectivity"),
        ({"commune_code": "97701", "postal_code": "97133"}, "overseas_collectivity"),
        ({"place_name": "Saint-Martin (978)"}, "overseas_collectivity"),
        ({"place_name": "Polynésie française"}, "overseas_collectivity"),
        ({"place_name": "Vienne (86)"}, "departement"),
        ({"place_name": "Vienne"}, "departement"),
        ({"place_name": "Viene (86)"}, "departement"),
        ({"place_name": "Cher (18)"}, "departement"),
        ({"place_name": "Mayenne (53)"}, "departement"),
        ({"place_name": "53 - Mayenne"}, "departement"),
        ({"place_name": "Cantal - 15"}, "departement"),
        ({"place_name": "Mayenne (Département)"}, "departement"),
        ({"postal_code": "35999", "place_name": "Lille"}, "unknown_place"),
    ],
)
def test_two_meanings_are_never_guessed_between(cells, note):
    row = resolve(**cells)
    assert (row["commune_code"], row["how"], row["note"]) == ("", "", note)
    assert np.isnan(row["latitude"])
    assert row["confidence"] == 0


def test_the_possible_meanings_are_named():
    assert (
        str(resolve(place_name="Valence")["hint"])
        == "26362 Valence ou 82186 Valence ou 16392 Valence"
    )
    hint = resolve(commune_code="59350", postal_code="13008")["hint"]
    assert str(hint) == "59350 est Lille, 13008 est le code postal de 13055 Marseille."
    assert hint.text("en") == "59350 is Lille, 13008 is 13055 Marseille."
    assert str(resolve(postal_code="35042")["hint"]) == (
        "35042 semble un code CEDEX (Rennes), ou le code de la commune Brielles : "
        "donnez le nom de la commune."
    )
    assert str(resolve(postal_code="97133")["hint"]) == (
        "Saint-Barthélemy n'est dans aucune des 18 régions."
    )
    assert str(resolve(place_name="Vienne (86)")["hint"]) == (
        "Une commune porte aussi ce nom : 38544 Vienne. Donnez son code postal."
    )


def test_a_postal_code_of_several_communes_gives_their_middle():
    row = resolve(postal_code="01000")
    assert (row["commune_code"], row["departement"], row["region_code"]) == ("", "01", "84")
    assert (row["how"], row["note"]) == ("postal_code_area", "several_communes")
    assert 0.8 < row["confidence"] < 1
    assert abs(row["latitude"] - 46.205) < 0.01
    assert str(row["hint"]).startswith("01053 Bourg-en-Bresse ou 01344 ")


def test_a_departement_is_never_taken_from_a_postal_code_that_straddles_two():
    frame = by_postal_code().merge(communes()[["commune_code", "departement"]])
    count = frame.groupby("postal_code")["departement"].nunique()
    straddling = sorted(count.index[count > 1])
    assert len(straddling) == 16
    found = resolve_places(pd.DataFrame({"postal_code": straddling}))
    assert (found["departement"] == "").all()
    assert found["latitude"].notna().all()


@pytest.mark.parametrize(
    ("postal_code", "name"),
    [("11140", "Auat"), ("08150", "Logny")],  # Aunat or Axat; Lonny or Logny-Bogny
)
def test_a_slip_of_two_names_is_none_of_them(postal_code, name):
    row = resolve(postal_code=postal_code, place_name=name)
    assert (row["commune_code"], row["note"]) == ("", "several_communes")


def test_a_name_that_is_near_but_not_in_the_postal_code_gives_the_area():
    row = resolve(postal_code="35000", place_name="Villejean")
    assert (row["commune_code"], row["note"]) == ("35238", "name_differs")
    row = resolve(postal_code="01000", place_name="Les Vennes")
    assert (row["commune_code"], row["note"]) == ("", "name_not_in_postal_code")


class TestArrondissements:
    @pytest.mark.parametrize(
        "cells",
        [
            {"commune_code": "75112"},
            {"postal_code": "75012"},
            {"commune_code": "75056", "postal_code": "75012"},
            {"place_name": "Paris 12e Arrondissement"},
            {"place_name": "PARIS 12"},
            {"place_name": "75 - Paris 12e Arrondissement"},
            {"postal_code": "75571", "place_name": "PARIS CEDEX 12"},
        ],
    )
    def test_the_commune_is_paris_and_the_point_its_twelfth(self, cells):
        row = resolve(**cells)
        assert row["commune_code"] == "75056"
        assert (row["latitude"], row["longitude"]) == (48.8412, 2.3876)

    def test_both_postal_codes_of_the_sixteenth(self):
        found = resolve_places(pd.DataFrame({"postal_code": ["75016", "75116"]}))
        assert found["latitude"].tolist() == [48.8637, 48.8637]

    def test_of_lyon_and_marseille(self):
        assert resolve(place_name="Lyon 3ème")["latitude"] == 45.76124
        assert resolve(commune_code="69383")["latitude"] == 45.76124
        assert resolve(postal_code="13008")["latitude"] == 43.27083

    def test_marseille_13_may_be_the_department(self):
        assert (
            resolve(place_name="Marseille 13")["latitude"]
            == resolve(place_name="Marseille")["latitude"]
        )
        assert resolve(place_name="Marseille 13e")["latitude"] == 43.31856


class TestCoordinates:
    def test_own_ones_are_used(self):
        row = resolve(commune_code="75056", latitude="48,86", longitude="2.35")
        assert (row["latitude"], row["longitude"], row["is_approximate"]) == (48.86, 2.35, False)

    @pytest.mark.parametrize(
        ("latitude", "longitude", "note", "used"),
        [
            ("2.35", "48.86", "coordinates_swapped", (48.86, 2.35)),
            ("48.86", "48.86", "coordinates_equal", None),
            ("0", "0", "coordinates_equal", None),
            ("40.71", "-74.0", "coordinates_outside", None),
            ("48.86", "", "coordinates_unreadable", None),
            ("inf", "2.35", "coordinates_unreadable", None),
            ("nan", "2.35", "coordinates_unreadable", None),
            ("+48.86", " 2,35 ", "", (48.86, 2.35)),
            ("48.86", "2.35 E", "coordinates_unreadable", None),
            ("48.86", "2.3.5", "coordinates_unreadable", None),
            ("0x30", "2.35", "coordinates_unreadable", None),
            ("45.76", "4.83", "coordinates_far", None),
            ("", "", "", None),
        ],
    )
    def test_wrong_ones_are_said(self, latitude, longitude, note, used):
        row = resolve(commune_code="75056", latitude=latitude, longitude=longitude)
        assert row["coord_note"] == note
        assert (row["latitude"], row["longitude"]) == (used or (48.85341, 2.3488))

    @pytest.mark.parametrize("code", ["97105", "97209", "97302", "97411", "97608"])
    def test_swapped_overseas(self, code):
        home = communes().set_index("commune_code").loc[code]
        row = resolve(commune_code=code, latitude=home["longitude"], longitude=home["latitude"])
        assert (row["latitude"], row["coord_note"]) == (home["latitude"], "coordinates_swapped")

    def test_alone_they_give_department_and_region_but_no_commune(self):
        row = resolve(latitude=48.11, longitude=-1.67)
        assert (row["how"], row["commune_code"]) == ("coordinates", "")
        assert (row["departement"], row["region_code"]) == ("35", "53")

    def test_at_a_border_the_department_is_open(self):
        row = resolve(latitude=45.83, longitude=4.95)  # Rhône, a kilometre from Ain
        assert row["departement"] == ""
        assert row["region_code"] == "84"

    def test_communes_of_guyane_are_too_large_for_the_check(self):
        row = resolve(commune_code="97353", latitude=2.7, longitude=-54.0)
        assert (row["latitude"], row["coord_note"]) == (2.7, "")

    def test_at_sea_they_are_outside(self):
        row = resolve(latitude=46.0, longitude=-4.5)
        assert (row["how"], row["coord_note"]) == ("", "coordinates_outside")

    def test_no_commune_swapped_lies_in_france(self):
        table = communes()
        _, _, note = read_coordinates(table["longitude"], table["latitude"])
        assert (note == "coordinates_swapped").all()

    def test_distance_paris_marseille(self):
        away = distance_km(*(np.array([x]) for x in (48.85341, 2.3488, 43.29695, 5.38107)))
        assert away[0] == pytest.approx(661, abs=1)


class TestFrame:
    def test_index_types_and_empty_frames(self):
        frame = pd.DataFrame({"postal_code": ["75011", None], "other": [1, 2]}, index=[7, 3])
        found = resolve_places(frame)
        assert found.index.tolist() == [7, 3]
        assert found["confidence"].dtype == "float32"
        assert found["note"].tolist() == ["", "blank"]
        assert len(resolve_places(frame[:0])) == 0
        assert resolve_places(pd.DataFrame(index=[1]))["note"].tolist() == ["blank"]

    def test_rows_do_not_depend_on_each_other(self):
        rng = np.random.default_rng(0)
        frame = by_postal_code()[["postal_code", "place_name"]].sample(500, random_state=2)
        frame["latitude"] = rng.uniform(42, 50, 500)
        frame["longitude"] = rng.uniform(-1, 6, 500)
        whole = resolve_places(frame)
        parts = pd.concat([resolve_places(frame[250:]), resolve_places(frame[:250])])
        pd.testing.assert_frame_equal(whole, parts.loc[frame.index])

    def test_every_note_is_explained(self):
        frame = by_postal_code().sample(3000, random_state=3)
        frame["commune_code"] = frame["commune_code"].sample(frac=1, random_state=4).to_numpy()
        found = resolve_places(frame)
        assert set(found["note"]) - {""} <= set(PLACE_NOTES)


@given(st.sampled_from(sorted(set(communes()["commune_code"]))))
def test_a_commune_code_alone_in_the_postal_column_is_never_another_place(code):
    """It may be a CEDEX code: it is placed where both are one town, else a person is asked."""
    postal = set(by_postal_code()["postal_code"])
    row = resolve(postal_code=code)
    if code in postal:
        assert row["note"] in {"", "several_communes"}
    elif row["commune_code"]:
        assert (row["commune_code"], row["note"]) == (code, "insee_in_postal_column")
        starts = communes()["postal_codes"].str.contains(rf"(?:^| ){code[:3]}")
        people = communes()[starts].set_index("commune_code")["population"]
        assert not code.isdigit() or not len(people) or people[code] == people.max()
    else:
        assert row["note"] in {"cedex_alone", "overseas_collectivity"}
        assert np.isnan(row["latitude"])


@given(st.sampled_from(sorted(departements()["departement"])), st.sampled_from(range(4)))
def test_the_name_of_a_department_is_never_a_town(departement, form):
    name = departements().set_index("departement").loc[departement, "name"]
    text = (f"{name} ({departement})", f"{departement} - {name}", f"{name} - {departement}", name)
    row = resolve(place_name=text[form])
    if departement == "75":
        assert row["commune_code"] == "75056"
    else:
        assert (row["commune_code"], row["note"]) == ("", "departement")


@given(st.integers(0, len(communes()) - 1), st.sampled_from(range(4)))
def test_a_label_of_department_and_town_is_that_town_or_asks(place, form):
    """As France Travail writes the place of an offer that names no commune's code."""
    town = communes().iloc[place]
    plain = unicodedata.normalize("NFKD", town["name"]).encode("ascii", "ignore").decode()
    name = (town["name"], town["name"].upper(), plain, plain.upper())[form]
    row = resolve(place_name=f"{town['departement']} - {name}")
    if row["commune_code"]:
        found = communes().set_index("commune_code").loc[row["commune_code"]]
        assert found["departement"] == town["departement"]
        # Of namesakes in one department either may be meant; any other town may not.
        assert place_name(found["name"]) == place_name(town["name"])
    else:
        assert row["note"]


@given(
    st.text(max_size=12),
    st.text(alphabet="0123456789AB ", max_size=6) | st.text(max_size=8),
    st.text(max_size=30),
    st.text(max_size=8),
)
def test_any_text_has_an_answer_that_agrees_with_itself(code, postal, name, latitude):
    row = resolve(commune_code=code, postal_code=postal, place_name=name, latitude=latitude)
    assert (row["how"] == "") == np.isnan(row["latitude"])
    if row["commune_code"]:
        known = communes().set_index("commune_code").loc[row["commune_code"]]
        assert row["departement"] == known["departement"]
        assert row["region_code"] == known["region_code"]


class TestOwnCommunes:
    def test_they_replace_the_coordinates(self, tmp_path):
        path = tmp_path / "communes.csv"
        path.write_text("commune_code;latitude;longitude\n1053;46,3;5.3\n", encoding="utf-8")
        frame = pd.DataFrame({"commune_code": ["01053", "01004"]})
        found = resolve_places(frame, str(path))
        assert found["latitude"].tolist() == [46.3, resolve(commune_code="01004")["latitude"]]
        assert communes(str(path)).set_index("commune_code").loc["01053", "coord_source"] == "user"
        assert resolve(commune_code="01053")["latitude"] != 46.3  # the package's stay

    def test_faults_are_named_all_at_once(self, tmp_path):
        path = tmp_path / "communes.csv"
        path.write_text(
            "commune_code,latitude,longitude\n00000,1,1\n01053,north,5\n01004,91,5\n",
            encoding="utf-8",
        )
        with pytest.raises(InputError) as caught:
            communes(str(path))
        assert [issue.line for issue in caught.value.issues] == [2, 3, 4]
        assert "'00000' is not a current commune code" in caught.value.text("en")

    def test_missing_columns_and_files(self, tmp_path):
        path = tmp_path / "communes.csv"
        path.write_text("commune_code,lat\n01053,1\n", encoding="utf-8")
        with pytest.raises(InputError, match="il manque la colonne 'latitude'"):
            communes(str(path))
        with pytest.raises(UsageError, match="n'existe pas"):
            communes(str(tmp_path / "absent.csv"))


class TestRegions:
    @pytest.mark.parametrize(
        ("text", "code", "how"),
        [
            ("11", "11", "code"),
            ("1", "01", "leading_zero"),
            ("01", "01", "code"),
            ("11.0", "11", "code"),
            ("Ile de France", "11", "name"),
            ("PROVENCE ALPES COTE D’AZUR", "93", "name"),
            ("Région Bretagne", "53", "name"),
            ("PACA", "93", "name"),
            ("Région Sud", "93", "name"),
            ("Alsace", "44", "former_region"),
            ("59", "", "departement"),
            ("Finistère", "", "departement"),
            ("Bretange", "", "unknown"),
            ("??", "", "unknown"),
            ("", "", ""),
        ],
    )
    def test_from_what_people_write(self, text, code, how):
        row = resolve_region(pd.Series([text])).iloc[0]
        assert (row["region_code"], row["how"]) == (code, how)

    def test_what_may_have_been_meant_is_said(self):
        hints = (
            resolve_region(pd.Series(["Bretange", "59", "Ille de France"]))["hint"]
            .map(str)
            .tolist()
        )
        assert hints == [
            "Vouliez-vous dire 'Bretagne' ?",
            "Nord : région 32, Hauts-de-France.",
            "Vouliez-vous dire 'Île-de-France' ?",
        ]

    def test_a_code_of_a_region_is_never_read_as_a_department(self):
        assert resolve_region(pd.Series(["75"]))["region_code"].tolist() == ["75"]

    def test_neighbours(self):
        codes = set(regions()["region_code"])
        assert {a for a, _ in neighbours()} < codes
        assert all((b, a) in neighbours() for a, b in neighbours())
        assert all(a != b for a, b in neighbours())
        alone = codes - {a for a, _ in neighbours()}
        assert alone == {"01", "02", "03", "04", "06", "94"}
        assert len(neighbours()) == 2 * 23

    def test_neighbouring_regions_have_communes_close_to_each_other(self):
        mainland = communes()[communes()["latitude"] > 41]
        points = {
            code: group[["latitude", "longitude"]].to_numpy()
            for code, group in mainland.groupby("region_code")
        }
        near = {
            (a, b)
            for a in points
            for b in points
            if a != b and cKDTree(points[a]).query(points[b])[0].min() < 0.12  # degrees
        }
        assert near == neighbours()


class TestText:
    @pytest.mark.parametrize("text", ["", "97", "750111", "ABCDE", "2C004", "7501A", "B-1000"])
    def test_no_code(self, text):
        assert read_code(text) == ""

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("Lyon 3ème", PlaceText(name="lyon", district=3)),
            ("Lyon 69", PlaceText(name="lyon", departement="69")),
            ("Paris 1er", PlaceText(name="paris", district=1)),
            ("Marseille 08", PlaceText(name="marseille", district=8)),
            ("Paris 21", PlaceText(name="paris", departement="21")),
            ("Ajaccio 2A", PlaceText(name="ajaccio", departement="2A")),
            ("Nantes cedex 3", PlaceText(name="nantes")),
            ("", PlaceText()),
        ],
    )
    def test_free_text(self, text, read):
        assert read_place(text) == read


def test_official_name_beside_a_code_changes_nothing():
    """The short way for what most rows say ends where the long one does."""
    table = by_postal_code().iloc[::40]
    named = resolve_places(table)
    spelt = resolve_places(table.assign(place_name=table["place_name"].str.upper()))
    alone = resolve_places(table.drop(columns="place_name"))

    pd.testing.assert_frame_equal(named, alone)
    pd.testing.assert_frame_equal(named, spelt)


def test_official_name_beside_a_postal_code_is_what_any_spelling_of_it_is():
    table = by_postal_code().iloc[::40].drop(columns="commune_code")
    spelt = table.assign(place_name=table["place_name"].str.upper())

    pd.testing.assert_frame_equal(resolve_places(table), resolve_places(spelt))


def test_rows_placed_by_their_point_alone_keep_what_their_words_said():
    frame = pd.DataFrame(
        {"place_name": ["", "Nulle Part", "", "Quimper"],
         "latitude": ["48.0", "48.0", "45.76", ""], "longitude": ["-4.1", "-4.1", "4.84", ""]}
    )  # fmt: skip
    answer = resolve_places(frame)

    assert answer["how"].tolist() == ["coordinates", "coordinates", "coordinates", "name"]
    assert answer["departement"].tolist() == ["29", "29", "69", "29"]
    assert answer["note"].tolist() == ["", "unknown_place", "", ""]
    assert answer["is_approximate"].tolist() == [False, False, False, True]
