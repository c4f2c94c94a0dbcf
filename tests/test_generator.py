"""Synthetic tables: the same seed the same bytes, and figures that look like the real ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from matchmaker.errors import UsageError
from matchmaker.generator import generate
from matchmaker.generator.trades import inclusive, read_trades, titles
from matchmaker.generator.writing import write_csv
from matchmaker.reference.lookup import read_table
from matchmaker.reference.places import communes, resolve_places

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
AS_OF = pd.Timestamp("2023-09-15")


def read(path):
    """Read a table as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def digests(paths):
    """Return the hash of each file."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Tables large enough for shares to be near what was asked."""
    folder = tmp_path_factory.mktemp("generated")
    paths = generate(youths=8000, offers=40_000, seed=5, out=folder, firm_share=0.75)
    return {name: read(path) for name, path in paths.items()}


class TestBytes:
    def test_the_same_seed_gives_the_same_bytes(self, tmp_path):
        first = generate(youths=200, offers=300, seed=3, out=tmp_path / "a")
        again = generate(youths=200, offers=300, seed=3, out=tmp_path / "b")
        other = generate(youths=200, offers=300, seed=4, out=tmp_path / "c")
        assert digests(first) == digests(again)
        assert all(digests(first)[name] != digests(other)[name] for name in ("youths", "offers"))

    def test_more_offers_change_no_youth(self, tmp_path):
        few = digests(generate(youths=200, offers=10, out=tmp_path / "a"))
        many = digests(generate(youths=200, offers=500, out=tmp_path / "b"))
        same = {name for name in few if few[name] == many[name]}
        assert same == {"youths", "wishes", "audit", "referents"}

    def test_the_samples_are_what_their_page_says(self, tmp_path):
        if not SAMPLES.is_dir():
            pytest.skip("data/samples is in the repository only")
        paths = generate(
            youths=300,
            offers=1600,
            firm_share=0.9375,
            seed=1,
            out=tmp_path,
            regions=["Île-de-France", "Bretagne", "La Réunion"],
        )
        made = {name: path.read_bytes() for name, path in paths.items()}
        assert made == {name: (SAMPLES / f"{name}.csv").read_bytes() for name in paths}

    def test_as_of_moves_the_dates(self, tmp_path):
        path = generate(youths=5, offers=50, firm_share=0, out=tmp_path, as_of=dt.date(2030, 1, 1))
        assert (pd.to_datetime(read(path["offers"])["expiry_date"]) > "2029-12-01").all()

    def test_cells_that_need_quotes_have_them(self, tmp_path):
        cells = pa.array(['Chez "Léo", Paris', None, "plain", "two\nlines"])
        write_csv({"name": cells, "km": pa.array([1.5, None, 2.0, 3.0])}, tmp_path / "t.csv")
        table = read(tmp_path / "t.csv")
        assert table["name"].tolist() == ['Chez "Léo", Paris', "", "plain", "two\nlines"]
        assert table["km"].tolist() == ["1.5", "", "2", "3"]


class TestShape:
    def test_counts_and_plain_ids(self, tables):
        assert {name: len(table) for name, table in tables.items() if name != "wishes"} == {
            "youths": 8000,
            "offers": 40_000,
            "audit": 8000,
            "referents": len(tables["referents"]),
        }
        assert tables["youths"]["youth_id"].iloc[[0, -1]].tolist() == ["Y000001", "Y008000"]
        assert tables["offers"]["offer_id"].iloc[[0, -1]].tolist() == ["O000001", "O040000"]
        assert tables["offers"]["offer_id"].is_unique

    def test_every_row_says_synthetic(self, tables):
        assert all((table["source"] == "synthetic").all() for table in tables.values())

    def test_no_address_could_be_real(self, tables):
        email = tables["youths"]["email"]
        assert (email[email != ""].str.endswith("@example.org")).all()
        siret = tables["offers"]["siret"]
        assert (siret[siret != ""].str.fullmatch(r"000\d{11}")).all()

    def test_firms_have_the_share_asked_for(self, tables):
        assert (tables["offers"]["kind"] == "spontaneous").sum() == 30_000


class TestYouths:
    def test_homes_follow_the_population(self, tables):
        found = resolve_places(tables["youths"])
        people = communes().groupby("region_code")["population"].sum()
        share = found["region_code"].value_counts(normalize=True)
        assert abs(share["11"] - people["11"] / people.sum()) < 0.02
        assert set(found["note"]) <= {"", "several_communes", "blank"}
        assert 0.001 < (found["note"] == "blank").mean() < 0.02

    def test_ages(self, tables):
        youths = tables["youths"]
        born = pd.to_datetime(youths["birth_date"].mask(youths["birth_date"] == ""))
        age = (AS_OF - born).dt.days / 365.25
        assert age.min() >= 15
        assert age[youths["has_rqth"] == "non"].max() < 30
        assert (age >= 30).any()
        assert 18.5 < age.median() < 21

    def test_opt_outs_and_states(self, tables):
        youths = tables["youths"]
        assert set(youths["status"]) == {"seeking", "placed", "withdrawn"}
        assert 0.005 < (youths["opt_out"] == "oui").mean() < 0.03
        assert youths["email"][youths["email"] != ""].duplicated().any()

    def test_the_audit_follows_the_trades(self, tables):
        first = tables["wishes"].drop_duplicates("youth_id").merge(tables["audit"], on="youth_id")
        women = (first["sex"] == "F").groupby(first["trade_code"]).mean()
        assert women["D1208"] > 0.9 > 0.1 > women["F1703"]


class TestWishes:
    def test_number_of_wishes(self, tables):
        per_youth = tables["wishes"].groupby("youth_id").size()
        assert len(per_youth) == 8000
        assert (per_youth.min(), per_youth.max()) == (1, 10)
        assert abs(per_youth.mean() - 3.6) < 0.1

    def test_ranks_run_from_one_or_are_absent(self, tables):
        wishes = tables["wishes"]
        is_ranked = wishes["rank"] != ""
        assert is_ranked.groupby(wishes["youth_id"]).nunique().max() == 1
        ranked = wishes[is_ranked]
        position = ranked.groupby("youth_id").cumcount() + 1
        assert (ranked["rank"].astype(int) == position).all()
        assert 0.1 < (~is_ranked).mean() < 0.2

    def test_codes_are_valid_and_some_wishes_are_labels_only(self, tables):
        wishes = tables["wishes"]
        assert set(wishes["trade_code"]) - {""} <= set(read_table("rome.csv")["code"])
        assert ((wishes["trade_code"] == "") & (wishes["trade_label"] == "")).sum() == 0
        assert 0.2 < (wishes["trade_code"] == "").mean() < 0.35
        assert wishes["trade_label"].str.startswith(("CAP ", "BTS ", "Bac pro ")).any()


class TestOffers:
    def test_codes_are_valid_in_both_versions(self, tables):
        offers = tables["offers"]
        lists = [cell.split("|") for cell in offers["trade_code"]]
        codes = {code for cell in lists for code in cell}
        assert codes - {""} <= set(read_table("rome.csv")["code"])
        trades = read_trades()
        assert (set(trades.older_code) - set(trades.code)) & codes
        firms = offers[offers["kind"] == "spontaneous"]
        assert set(firms["trade_code"].str.count(r"\|")) == {0, 1, 2}
        assert all(len(cell) == len(set(cell)) for cell in lists)

    def test_noise_of_titles(self, tables):
        title = tables["offers"]["title"][tables["offers"]["kind"] == "offer"]
        for form in (
            r"BOULANGER\(ÈRE\) H/F",
            "apprenti mecanicien auto",
            r"Alternance - Assistant commercial \(H/F\)",
        ):
            assert title.str.fullmatch(form).any()
        assert title.str.contains("&amp;").any()

    def test_levels_places_and_dates(self, tables):
        offers = tables["offers"][tables["offers"]["kind"] != "spontaneous"]
        assert abs((offers["level"] == "").mean() - 0.83) < 0.02
        capacity = offers["capacity"].value_counts(normalize=True)
        assert capacity["1"] > 0.75
        assert 0.01 < capacity["0"] < 0.03
        assert 0.05 < (pd.to_datetime(offers["expiry_date"]) < AS_OF).mean() < 0.12
        assert {"open", "filled", "cancelled"} == set(offers["status"])

    def test_many_stand_on_the_point_of_an_arrondissement(self, tables):
        offers = tables["offers"]
        paris = offers[offers["postal_code"].str.startswith("75")]
        at = paris.groupby(["latitude", "longitude"]).size()
        assert at.max() > 0.02 * len(paris)

    def test_demand_and_supply_differ(self):
        trades = read_trades()
        ratio = (trades.youth_weight / trades.youth_weight.sum()) / (
            trades.offer_weight / trades.offer_weight.sum()
        )
        assert ratio.max() > 3
        assert ratio.min() < 1 / 3


class TestTrades:
    def test_weights_name_codes_of_rome(self):
        rome = set(read_table("rome.csv")["code"])
        table = read_table("trade_weights.csv")
        assert set(table["code"]) <= rome
        assert set(table["older_code"]) <= rome
        assert table["code"].is_unique
        assert set("|".join(table["levels"]).split("|")) == {"3", "4", "5", "6", "7"}

    def test_titles_come_in_blocks_of_one_trade(self):
        trades = read_trades()
        assert len(titles(trades)) == 15 * len(trades.code)
        assert all(inclusive(m, f) for m, f in zip(trades.masculine, trades.feminine, strict=True))


class TestReferents:
    def test_every_departement_has_one(self, tables):
        assert set(communes()["departement"]) == set(tables["referents"]["departement"]) - {""}
        towns = tables["referents"]["commune_code"]
        assert {"31555", "35238", ""} <= set(towns)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"youths": 0, "offers": 5}, "au moins un jeune et une offre"),
        ({"youths": 5, "offers": 5, "firm_share": 1.2}, "entre 0 et 1"),
        ({"youths": 5, "offers": 5, "seed": -1}, "0 ou plus"),
        ({"youths": 5, "offers": 5, "regions": ["Bretange"]}, "Vouliez-vous dire 'Bretagne' "),
        ({"youths": 5, "offers": 5, "regions": []}, "au moins une région"),
    ],
)
def test_arguments_that_cannot_be(arguments, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        generate(**arguments, out=tmp_path / "new")
    assert not (tmp_path / "new").exists()
