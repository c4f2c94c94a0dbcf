"""The script that builds the reference tables, and the tables that it built."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from matchmaker.reference.lookup import fold, read_table
from matchmaker.reference.place_text import place_name
from matchmaker.reference.places import communes, departements, regions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    """The script as a module."""
    path = ROOT / "tools" / "build_reference.py"
    if not path.exists():
        pytest.skip("tools/ is in the repository only, not in a wheel")
    spec = importlib.util.spec_from_file_location("build_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commune(code, name, **fields):
    """Return a commune as the package of the administrative division gives it."""
    return {
        "code": code,
        "nom": name,
        "type": "commune-actuelle",
        "departement": code[:2],
        "region": "84",
        "arrondissement": "011",
        "zone": "metro",
        "codesPostaux": ["01000"],
    } | fields


class TestScript:
    def test_names_are_folded_as_the_package_folds_them(self, script):
        for name in ("L'Haÿ-les-Roses", "St-Cyr", "Ste Marie", "Œuilly", "Bû"):
            assert script.folded(name) == place_name(name)

    def test_a_point_by_department_beats_one_by_region(self, script):
        cities = [{"country": "FR", "admin2": "01", "name": "Béon", "lat": "45.8", "lng": "5.7"}]
        geonames = [
            {
                "countrycode": "FR",
                "admin1code": "84",
                "name": name,
                "latitude": 45.9,
                "longitude": 5.8,
            }
            for name in ("Béon", "Lagnieu", "Vaux", "Vaux")
        ]
        places = [commune("01039", "Béon"), commune("01202", "Lagnieu"), commune("01431", "Vaux")]
        points = script.named_points(places, cities, geonames)
        # Two places called Vaux: none is taken.
        assert points == {"01039": (45.8, 5.7), "01202": (45.9, 5.8)}

    def test_a_point_far_from_its_arrondissement_is_dropped(self, script):
        places = [commune(f"0100{i}", "x") for i in range(5)]
        points = {f"0100{i}": (46.0, 5.0 + i / 100) for i in range(4)} | {"01004": (48.0, 5.0)}
        assert "01004" not in script.without_strays(places, points)

    def test_a_commune_without_a_point_gets_the_middle_of_the_nearest_circle(self, script):
        places = [
            commune("01001", "a"),
            commune("01002", "b"),
            commune("01003", "c"),
            commune("01004", "d", codesPostaux=["01999"]),
            commune("01005", "e", codesPostaux=["01998"]),
        ]
        points = {"01001": (46.0, 5.0), "01002": (46.2, 5.2)}
        placed = script.with_centroids(places, points, {"01001": "A", "01004": "A"})
        assert placed["01001"] == (46.0, 5.0, "geonames")
        assert placed["01003"] == (46.1, 5.1, "centroid-postal")
        assert placed["01004"] == (46.0, 5.0, "centroid-epci")
        assert placed["01005"] == (46.1, 5.1, "centroid-arrondissement")

    def test_former_codes_lead_to_current_ones(self, script):
        current = [commune("01015", "Arboys en Bugey", anciensCodes=["01340", "01015"])]
        parts = [
            {"code": "01015", "nom": "Arbignieu", "type": "commune-deleguee", "chefLieu": "01015"},
            {"code": "01340", "nom": "Saint-Bois", "type": "commune-deleguee", "chefLieu": "01015"},
            {"code": "01999", "nom": "Gone", "type": "commune-deleguee", "chefLieu": "01998"},
        ]
        assert script.former_rows([*current, *parts], current) == [
            ["01015", "01015", "commune-deleguee", "Arbignieu"],
            ["01340", "01015", "commune-deleguee", "Saint-Bois"],
        ]

    def test_the_same_rows_make_the_same_bytes(self, script, tmp_path):
        paths = [tmp_path / name for name in ("a.csv.gz", "b.csv.gz")]
        for path in paths:
            script.write_table(path, "code name", [["01", "Ain"], ["02", "a,b"]])
        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert gzip.decompress(paths[0].read_bytes()) == b'code,name\n01,Ain\n02,"a,b"\n'

    def test_a_missing_package_is_named(self, script, tmp_path):
        with pytest.raises(SystemExit, match="expected one file"):
            script.only(tmp_path, "etalab-*.tgz")


class TestTables:
    def test_communes_are_whole(self):
        table = communes()
        assert len(table) == 34_875
        assert table["commune_code"].is_unique
        assert table["commune_code"].is_monotonic_increasing
        assert table["commune_code"].str.fullmatch(r"\d[\dAB]\d{3}").all()
        assert (table["postal_codes"].str.fullmatch(r"\d{5}( \d{5})*")).all()
        assert not table.duplicated(["departement", "name"]).any()
        assert set(table["departement"]) == set(departements()["departement"])
        assert set(table["region_code"]) == set(regions()["region_code"])
        assert table["population"].sum() > 66_000_000
        assert (table["academie"] != "").all()

    def test_region_and_academie_follow_from_the_departement(self):
        table = communes().merge(departements(), on="departement", suffixes=("", "_of"))
        assert (table["region_code"] == table["region_code_of"]).all()
        assert (table["academie"] == table["academie_of"]).all()
        assert departements()["academie"].nunique() == 30

    @pytest.mark.parametrize(
        ("academie", "codes"),
        [
            ("Nantes", "44 49 53 72 85"),
            ("Nice", "06 83"),
            ("Paris", "75"),
            ("Poitiers", "16 17 79 86"),
            ("Toulouse", "09 12 31 32 46 65 81 82"),
            ("Versailles", "78 91 92 95"),
        ],
    )
    def test_departements_of_an_academie(self, academie, codes):
        table = departements()
        found = table.loc[table["academie"] == academie, "departement"]
        assert sorted(found) == codes.split()

    def test_coordinates_have_a_source(self):
        share = communes()["coord_source"].value_counts()
        assert set(share.index) == {
            "geonames",
            "centroid-postal",
            "centroid-epci",
            "centroid-arrondissement",
        }
        people = communes().groupby("coord_source")["population"].sum()
        assert people["geonames"] / people.sum() > 0.85

    def test_districts_are_the_45_of_three_cities(self):
        table = read_table("districts.csv")
        assert table["commune_code"].value_counts().to_dict() == {
            "75056": 20,
            "13055": 16,
            "69123": 9,
        }

    def test_former_codes_are_not_current_ones_but_for_names(self):
        former = read_table("former_communes.csv.gz")
        current = set(communes()["commune_code"])
        assert set(former["commune_code"]) <= current
        assert set(
            former[former["former_code"] != former["commune_code"]]["former_code"]
        ).isdisjoint(current)

    def test_rome_has_all_codes(self):
        rome = read_table("rome.csv")
        assert len(rome) == 1584
        assert rome["code"].is_unique
        assert rome["code"].str.fullmatch(r"[A-N]\d{4}").all()

    def test_names_of_regions_lead_to_regions(self):
        names = read_table("region_names.csv")
        assert set(names["region_code"]) <= set(regions()["region_code"])
        assert not names["name"].map(fold).isin(regions()["name"].map(fold)).any()

    def test_the_whole_folder_is_small(self):
        folder = ROOT / "src" / "matchmaker" / "reference" / "data"
        if not folder.is_dir():
            pytest.skip("the package is installed, not the repository")
        assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000

    def test_they_equal_the_finished_build(self, shared_data):
        built = pd.read_csv(
            shared_data / "ref" / "communes.csv.gz", dtype=str, keep_default_na=False
        )
        built = built.sort_values("commune_code", ignore_index=True)
        table = communes()
        for ours, theirs in (
            ("commune_code", "commune_code"),
            ("name", "name"),
            ("region_code", "region"),
            ("academie", "academie"),
            ("postal_codes", "postal_codes"),
        ):
            assert (table[ours] == built[theirs]).all()
        # The last of five decimals may differ where a mean is rounded.
        assert (table["latitude"] - built["lat"].astype(float)).abs().max() < 1.5e-5
        assert (table["longitude"] - built["lon"].astype(float)).abs().max() < 1.5e-5
