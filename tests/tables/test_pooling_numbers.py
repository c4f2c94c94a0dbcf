"""Numbers that are no key of pooling, and notices that one source publishes again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.tables.pooling import pool_offers
from matchmaker.tables.pooling_numbers import read_numbers
from tests.tables.test_pooling import FT, offers, pooled

SITE, OTHER_SITE = "73282932000074", "73282932000017"
BREST = {"commune_code": "29019", "place_name": "Brest"}


def firms(*rows):
    return [{"kind": "spontaneous", "siret": SITE, "title": "Boulangerie"} | row for row in rows]


def test_a_head_office_pools_no_two_towns():
    kept, report = pooled(*firms({}, BREST, {"trade_codes": "D1104"} | FT))
    assert len(kept) == 2
    assert report["evidence"].tolist() == ["same"]  # as any two notices of two sources
    assert len(pooled(*firms({}, {"trade_codes": "D1104"}))[0]) == 1  # in one town it is a key


def test_a_number_under_three_unlike_names_is_no_key():
    names = ["Boulangerie Martin", "Garage Durand", "Coiffure Élise"]
    assert len(pooled(*firms(*({"employer": name} for name in names)))[0]) == 3
    alike = ["Boulangerie Martin", "SARL Boulangerie Martin", "Boulangerie Martn", "Au bon pain"]
    assert len(pooled(*firms(*({"employer": name} for name in alike)))[0]) == 1


def test_a_borrowed_number_contradicts_nothing():
    names = ["Boulangerie Martin", "Garage Durand", "Coiffure Élise"]
    own = FT | {"siret": "35600000009075"}
    assert len(pooled(own, *({"employer": name, "siret": SITE} for name in names[:2]))[0]) == 3
    assert len(pooled(own, *({"employer": name, "siret": SITE} for name in names))[0]) == 3


def test_a_made_up_number_is_a_key_under_one_name_only():
    made_up = {"siret": "00000000000001"}
    assert len(pooled(*firms(made_up, made_up | {"employer": "Garage Durand"}))[0]) == 2
    assert len(pooled(*firms(made_up, made_up | {"trade_codes": "D1104"}))[0]) == 1


def test_a_head_office_does_not_contradict_the_site_but_another_firm_does():
    elsewhere = {"siret": SITE, "title": "Vendeur"} | BREST
    head_office, site = {"siret": SITE}, FT | {"siret": OTHER_SITE}
    assert len(pooled(head_office, site)[0]) == 2  # two sites, as far as the file tells
    assert len(pooled(head_office, site, elsewhere)[0]) == 2
    other = FT | {"siret": "35600000009075"}
    assert len(pooled(head_office, other, elsewhere)[0]) == 3


def test_a_siren_tells_the_firm_and_no_site():
    alone = {"siret": SITE[:9]}
    assert len(pooled({"siret": SITE}, FT | alone)[0]) == 1
    assert len(pooled({"siret": SITE}, FT | {"siret": "356000000"})[0]) == 2
    assert len(pooled(*firms(alone, alone | {"employer": "Garage Durand"}))[0]) == 2
    site, firm = read_numbers(offers(alone, {"siret": SITE}, {"siret": "00000000100010"}))
    assert site.tolist() == ["", SITE, "00000000100010"]
    assert firm.tolist() == [SITE[:9], SITE[:9], ""]


@pytest.mark.parametrize("change", [{}, {"title": "BOULANGER (h/f)"}, {"employer": "SARL boulangerie MARTIN"},
                                    {"url": "https://x.fr/2"}, {"capacity": 3}])  # fmt: skip
def test_a_notice_that_its_source_publishes_again_is_kept_once(change):
    kept, report = pooled({}, change, change)
    assert kept["offer_id"].tolist() == ["o0"]
    assert report["evidence"].tolist() == ["repeat", "repeat"]
    assert report["kept_offer_id"].tolist() == ["o0", "o0"]
    assert kept.loc[0, "capacity"] == change.get("capacity", 1)  # the same seat, not one more


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Deuxième poste"},
        {"title": "Boulanger de nuit"},
        {"employer": "Boulangerie Durand"},
        {"siret": SITE},
        {"latitude": 48.001},
        {"level": 3},
        {"contract_type": "professionnalisation"},
        {"start_date": pd.Timestamp("2023-11-01")},
        {"trade_codes": "D1104"},
        {"status": "filled"},
        {"capacity": 0},
        {"kind": "job"},
    ],
)
def test_two_seats_of_one_source_stay_apart(change):
    kept, report = pooled({"description": "Un poste"}, {"description": "Un poste"} | change)
    assert (len(kept), len(report)) == (2, 0)


@pytest.mark.parametrize("change", [{"employer": ""}, {"employer": "Confidentiel"}, {"title": ""},
                                    {"commune_code": ""}])  # fmt: skip
def test_equal_words_prove_nothing_where_firm_or_place_is_not_told(change):
    assert len(pooled(change, change)[0]) == 2


def test_what_stands_longest_says_until_when_and_where():
    days = ["2023-10-01", "2024-01-01", "2023-12-01"]
    rows = [
        {"url": f"https://x.fr/{row}", "expiry_date": pd.Timestamp(day), "source": source}
        for row, (day, source) in enumerate(
            zip([*days, days[0]], ["lba"] * 3 + ["ft"], strict=True)
        )
    ]
    frame = offers(*rows)
    frame["expiry_date"] = frame["expiry_date"].astype("datetime64[s]")
    kept, report = pool_offers(frame)
    assert kept.loc[0, "expiry_date"] == pd.Timestamp("2024-01-01")
    assert kept.loc[0, "url"] == "https://x.fr/1|https://x.fr/3"
    assert report["evidence"].tolist() == ["repeat", "repeat", "same"]
    assert frame.loc[0, "expiry_date"] == pd.Timestamp("2023-10-01")  # what was given is as it was


def test_reports_have_their_columns_where_nothing_was_pooled():
    some, none, nothing = (pooled(*rows)[1] for rows in ([{}, {}], [{}], [{}, FT]))
    assert none.empty
    pd.testing.assert_series_equal(none.dtypes, some.dtypes)
    pd.testing.assert_series_equal(none.dtypes, nothing.dtypes)
    assert list(pool_offers(offers({}).iloc[:0])[1].columns) == list(some.columns)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_permutations_give_the_same_pools(data):
    values = {
        "source": ["lba", "france_travail"],
        "kind": ["spontaneous", "offer"],
        "employer": ["Boulangerie Martin", "Garage Durand", "Coiffure Élise", "Confidentiel", ""],
        "siret": ["", SITE, SITE, OTHER_SITE, SITE[:9], "00000000000001"],
        "commune_code": ["29232", "29232", "29019"],
        "capacity": [0, 1, 2],
    }
    row = st.fixed_dictionaries({name: st.sampled_from(of) for name, of in values.items()})
    frame = offers(*data.draw(st.lists(row, min_size=1, max_size=14)))
    order = data.draw(st.permutations(range(len(frame))))
    kept, report = pool_offers(frame)
    again, report_again = pool_offers(frame.iloc[list(order)])
    pd.testing.assert_frame_equal(kept, again)
    pd.testing.assert_frame_equal(report, report_again)
    # No pool has two towns, whatever its number.
    towns = frame.set_index("offer_id")["commune_code"]
    group = report.set_index("offer_id")["kept_offer_id"].reindex(towns.index)
    group = group.fillna(towns.index.to_series())
    assert towns.groupby(group.to_numpy()).nunique().max() == 1
    assert np.isin(report["kept_offer_id"], kept["offer_id"]).all()
