import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.tables.pooling import pool_offers
from matchmaker.tables.pooling_keys import employer_key, read_keys, same_words, url_key
from matchmaker.tables.pooling_numbers import read_numbers
from matchmaker.tables.pooling_pairs import matching_pairs

KINDS = {
    "level": "int8", "capacity": "int32", "trade_confidence": "float32",
    "latitude": "float64", "longitude": "float64", "start_date": "datetime64[s]",
}  # fmt: skip


def offers(*rows):
    """Return clean offers: one baker's notice in Quimper but for what each row says."""
    base = {
        "offer_id": "", "title": "Boulanger (H/F)", "employer": "Boulangerie Martin",
        "trade_codes": "D1102", "trade_how": "code", "trade_confidence": 1.0,
        "commune_code": "29232", "place_name": "Quimper", "postal_code": "29000", "siret": "",
        "url": "", "kind": "offer", "level": 0, "capacity": 1, "start_date": pd.NaT,
        "contract_type": "apprentissage", "source": "lba", "status": "open", "flags": "",
        "latitude": 48.0, "longitude": -4.1,
    }  # fmt: skip
    frame = pd.DataFrame([base | {"offer_id": f"o{k}"} | row for k, row in enumerate(rows)])
    return frame.astype({c: KINDS.get(c, "str") for c in frame.columns})


def pooled(*rows):
    return pool_offers(offers(*rows))


FT = {"source": "france_travail"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"title": "APPRENTIE BOULANGERE F/H"},
        {"title": "Boulanger - Quimper"},
        {"title": "Boulangr (H/F)"},
        {"employer": "SARL BOULANGERIE MARTIN"},
        {"employer": "Boulangerie Martn"},
        {"trade_codes": ""},
        {"trade_codes": "D1106"},  # another code of the same domain
        {"start_date": pd.Timestamp("2023-09-01")},
        {"contract_type": ""},
        {"siret": "11111111100001"},
        {"level": 3},
    ],
)
def test_one_offer_from_two_sources_is_kept_once(change):
    kept, report = pooled({}, FT | change)
    assert kept["offer_id"].tolist() == ["o0"]
    assert report["offer_id"].tolist() == ["o1"]
    assert report["kept_offer_id"].tolist() == ["o0"]


@pytest.mark.parametrize(
    "change",
    [
        {
            "source": "lba",
            "title": "Boulangère",
        },  # a source does not list one offer in two wordings
        {"source": "lba", "level": 3},
        {"title": "Boulanger de nuit"},
        {"title": "Pâtissier (H/F)"},
        {"title": "Vendeur (H/F)"},
        {"commune_code": "29019", "place_name": "Brest"},
        {"commune_code": ""},
        {"employer": "Boulangerie Durand"},
        {"employer": ""},
        {"trade_codes": "H2102"},
        {"kind": "job"},
    ],
)
def test_two_offers_stay_apart(change):
    kept, report = pooled({}, FT | change)
    assert len(kept) == 2
    assert report.empty


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"siret": "11111111100001"}, {"siret": "11111111100019"}),
        ({"level": 3}, {"level": 4}),
        ({"title": "CAP Boulanger"}, {"title": "BP Boulanger"}),
        (
            {"start_date": pd.Timestamp("2023-09-01")},
            {"start_date": pd.Timestamp("2023-11-01")},
        ),
        ({"employer": "Garage 12"}, {"employer": "Garage 13"}),
    ],
)
def test_a_contradiction_keeps_offers_apart(one, other):
    assert len(pooled(one, FT | other)[0]) == 2
    assert len(pooled(one, FT | one)[0]) == 1


def test_the_same_siret_stands_for_the_name():
    row = {"siret": "11111111100001"}
    kept, _ = pooled(row, FT | row | {"employer": "Au bon pain"})
    assert len(kept) == 1


def test_a_common_address_joins_a_nameless_notice():
    url = {"url": "https://candidat.francetravail.fr/offres/recherche/detail/048KLTP"}
    old = {"url": "https://candidat.pole-emploi.fr/offres/recherche/detail/048KLTP"}
    kept, report = pooled(url, FT | old | {"employer": ""})
    assert report["evidence"].tolist() == ["url"]
    assert kept.loc[0, "employer"] == "Boulangerie Martin"
    assert kept.loc[0, "url"] == f"{url['url']}|{old['url']}"


def test_a_page_for_all_vacancies_is_no_common_address():
    url = {"url": "https://x.fr/carrieres/2023", "employer": ""}
    many = [url, url | {"title": "Boulanger confirmé"}, FT | url]
    assert len(pooled(*many)[0]) == 3


def test_no_chain_joins_what_is_far_apart():
    # Each neighbour differs by one letter, so every link of the chain is close.
    names = ["boulangerie dupontel", "boulangerie dupontal", "boulangerie dapontal"]
    rows = [
        {"employer": name, "source": f"s{k}", "siret": "11111111100001" if k == 0 else
         "11111111100019" if k == 2 else ""} for k, name in enumerate(names)
    ]  # fmt: skip
    kept, report = pooled(*rows)
    assert len(kept) == 2
    assert len(report) == 1


def test_three_sources_make_one():
    kept, report = pooled({}, FT, {"source": "hellowork"})
    assert len(kept) == 1
    assert kept.loc[0, "source"] == "lba|france_travail|hellowork"
    assert report["offer_id"].tolist() == ["o1", "o2"]


def test_best_filled_fields_are_kept():
    kept, _ = pooled(
        {"url": "https://a.fr/1", "latitude": np.nan, "longitude": -4.0, "flags": "nameless"},
        FT | {"url": "https://b.fr/2", "siret": "11111111100001", "level": 3, "capacity": 2,
              "start_date": pd.Timestamp("2023-09-01"), "flags": "school"},
    )  # fmt: skip
    row = kept.iloc[0]
    assert row["siret"] == "11111111100001"
    assert (row["level"], row["capacity"]) == (3, 2)
    assert row["start_date"] == pd.Timestamp("2023-09-01")
    assert (row["latitude"], row["longitude"]) == (48.0, -4.1)  # a point of one row, whole
    assert set(row["url"].split("|")) == {"https://a.fr/1", "https://b.fr/2"}
    assert set(row["flags"].split("|")) == {"nameless", "school"}


def test_a_written_code_beats_one_found_from_the_label():
    kept, _ = pooled(
        {"trade_codes": "D1104", "trade_how": "label", "trade_confidence": 0.9},
        FT | {"trade_codes": "D1102|D1106"},
    )
    row = kept.iloc[0]
    assert (row["trade_codes"], row["trade_how"]) == ("D1102|D1106", "code")
    assert row["trade_confidence"] == 1.0


def test_closed_or_full_at_one_source_is_closed_or_full():
    assert pooled({}, FT | {"status": "filled"})[0].loc[0, "status"] == "filled"
    assert pooled({"capacity": 3}, FT | {"capacity": 0})[0].loc[0, "capacity"] == 0


def test_firms_are_pooled_by_siret_within_a_source_too():
    firm = {"kind": "spontaneous", "siret": "11111111100001", "employer": "A"}
    kept, report = pooled(
        firm,
        firm | {"trade_codes": "D1104"},
        firm | {"siret": "11111111100019"},
        firm | {"siret": ""},
        firm | {"siret": ""},
        {"siret": "11111111100001", "employer": "A"},  # an offer is no firm
    )
    assert len(kept) == 4
    assert kept.loc[0, "trade_codes"] == "D1102|D1104"
    assert report["evidence"].tolist() == ["siret", "repeat"]  # without a number: word for word


def test_dtypes_and_columns_stay():
    before = offers({}, FT, {"source": "x", "employer": "Autre"})
    after, _ = pool_offers(before)
    pd.testing.assert_series_equal(after.dtypes, before.dtypes)


def test_nothing_to_pool_and_nothing_at_all():
    alone = offers({})
    pd.testing.assert_frame_equal(pool_offers(alone)[0], alone)
    empty = alone.iloc[:0]
    kept, report = pool_offers(empty)
    assert kept.empty
    assert report.empty


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_row_order_changes_nothing(data):
    values = {
        "source": ["lba", "france_travail", "hellowork"],
        "title": ["Boulanger (H/F)", "Boulangère", "Boulangr", "Vendeur", "CAP Boulanger"],
        "employer": ["Boulangerie Martin", "Boulangerie Martn", "Martin", ""],
        "siret": ["", "", "11111111100001", "11111111100019"],
        "kind": ["offer", "offer", "spontaneous"],
        "level": [0, 3, 4],
        "url": ["", "https://x.fr/1", "https://x.fr/2"],
        "trade_codes": ["D1102", "D1104|D1106", ""],
    }
    row = st.fixed_dictionaries({k: st.sampled_from(v) for k, v in values.items()})
    frame = offers(*data.draw(st.lists(row, min_size=1, max_size=12)))
    order = data.draw(st.permutations(range(len(frame))))
    kept, report = pool_offers(frame)
    again, report_again = pool_offers(frame.iloc[list(order)])
    pd.testing.assert_frame_equal(kept, again)
    pd.testing.assert_frame_equal(report, report_again)
    # Nothing is lost or made up; no source is pooled with itself but for firms and repeats.
    assert sorted([*kept["offer_id"], *report["offer_id"]]) == sorted(frame["offer_id"])
    assert set(report["kept_offer_id"]) <= set(kept["offer_id"])
    once = ~frame["offer_id"].isin(report.loc[report["evidence"] == "repeat", "offer_id"])
    notices = frame[(frame["kind"] == "offer") & once].set_index("offer_id")["source"]
    group = report.set_index("offer_id")["kept_offer_id"].reindex(notices.index)
    group = group.fillna(notices.index.to_series())
    assert not pd.DataFrame({"g": group, "s": notices}).duplicated().any()
    # Pooling what is pooled changes nothing more.
    firms = kept[kept["kind"] == "spontaneous"]
    pd.testing.assert_frame_equal(pool_offers(firms.reset_index(drop=True))[0],
                                  firms.reset_index(drop=True))  # fmt: skip


def test_hundreds_of_one_employer_do_not_blow_up():
    # 1,200 notices with one title and 1,200 with a title each, from three sources.
    rows = [
        {"title": "Vendeur" if k % 2 else f"Vendeur rayon {'abcdefghij'[k % 10]}{k}x",
         "source": source, "description": f"Poste {k}"}
        for source in ("lba", "france_travail", "hellowork")
        for k in range(800)
    ]  # fmt: skip
    frame = offers(*rows)
    assert len(pool_offers(frame)[0]) == 800
    # About one pair for two sources and a notice; all with all would be 1,920,000.
    assert len(matching_pairs(read_keys(frame, *read_numbers(frame))).left) < 5000


def test_keys():
    assert employer_key("Lyon", "Lyon") == "lyon"
    assert employer_key("Entreprise confidentielle", "") == ""
    assert url_key("https://x.fr/a/1?b=2&utm_medium=m&a=1") == "x.fr/a/1?a=1&b=2"
    assert url_key("x.fr/1") == ""
    assert not same_words("vendeur n1", "vendeur n2")
    assert not same_words("macon", "façon")
    assert same_words("patissier boulanger", "boulanger patissier")


TEXT = (
    "Notre boulangerie de quartier recherche une personne motivée pour préparer les pâtes, façonner"
    " et cuire les pains sous la conduite du chef, dans une équipe de quatre. "
)


def test_a_source_that_says_the_same_in_slightly_other_words_has_one_notice():
    kept, report = pooled(
        {"description": TEXT + "Merci d'envoyer un CV.", "capacity": 2},
        {"description": TEXT + "Envoyez-nous votre CV !", "title": "Apprentie boulangère"},
    )
    assert kept["offer_id"].tolist() == ["o0"]
    assert kept["capacity"].tolist() == [2]
    assert report["evidence"].tolist() == ["near_repeat"]
    assert 80 <= report["likeness"].iloc[0] < 100


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Poste du soir : " + TEXT[::-1]},
        {"description": ""},
        {"title": "Boulanger de nuit"},
        {"title": "BP Boulanger"},
        {"employer": "Boulangerie Durand"},
        {"commune_code": "29019", "place_name": "Brest"},
        {"level": 4},
        {"start_date": pd.Timestamp("2023-10-02")},
        {"capacity": 0},
        {"contract_type": "professionnalisation"},
        {"kind": "job"},
    ],
)
def test_near_notices_that_differ_in_more_stay_apart(change):
    other = {"description": TEXT + "Merci !"} | change
    assert len(pooled({"description": TEXT}, other)[0]) == 2


def test_short_texts_and_firms_without_a_name_prove_nothing():
    short = {"description": "Apprenti motivé et ponctuel."}
    assert len(pooled(short, {"description": "Apprenti motivé, ponctuel."})[0]) == 2
    nobody = {"employer": "Confidentiel"}
    assert (
        len(pooled(nobody | {"description": TEXT}, nobody | {"description": TEXT + "!?"})[0]) == 2
    )


def test_near_repeats_and_another_source_make_one():
    kept, report = pooled(
        {"description": TEXT}, {"description": TEXT + "Merci."}, {"description": TEXT}, FT
    )
    assert kept["offer_id"].tolist() == ["o0"]
    assert report["evidence"].tolist() == ["near_repeat", "repeat", "same"]
