import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.audit.summary import gini, summarise, table_figures
from matchmaker.settings import Settings
from tests.fakes import AS_OF, fake_result
from tests.worlds import clean_tables

YOUTHS = pd.DataFrame(
    {
        "youth_id": ["a", "b", "c", "d", "e", "f"],
        "departement": ["35", "35", "29", "", "35", "35"],
        "status": ["seeking", "seeking", "seeking", "seeking", "placed", "withdrawn"],
        "opt_out": [False, False, False, True, True, False],
        "source": "",
    }
)
OFFERS = pd.DataFrame(
    {
        "offer_id": ["1", "2", "3", "4", "5", "6", "7"],
        "kind": ["offer", "offer", "spontaneous", "offer", "offer", "offer", "offer"],
        "departement": ["35", "29", "35", "35", "35", "35", "35"],
        "commune_code": "35238",
        "capacity": np.array([2, 1, 1, 0, 1, 1, 1], np.int32),
        "status": ["open", "open", "open", "open", "filled", "open", "open"],
        "expiry_date": pd.to_datetime(
            [None, "2023-09-20", None, None, None, "2023-09-19", None]
        ).astype("datetime64[s]"),
        "contract_type": ["", "apprentissage", "", "", "", "", "cdi"],
        "flags": ["nameless", "", "", "", "", "", ""],
        "employer": ["Pain", "pain", "", "x", "x", "x", "x"],
        "siret": ["", "", "", "1", "1", "1", "1"],
        "naf_code": ["10.71C", "1071C", "10.71G", "", "", "", "?"],
        "source": "",
    }
)
LISTS = pd.DataFrame(
    {
        "youth_id": ["a", "a", "b"],
        "rank": np.array([1, 2, 1], np.int16),
        "offer_id": ["1", "3", "1"],
        "distance_km": [2.0, np.nan, 10.0],
        "distance_is_approximate": [True, False, False],
        "in_region": [True, True, False],
        "rung": np.array([1, 4, 1], np.int8),
        "wish_rank": np.array([2, 1, 0], np.int16),
        "doubt": ["none", "level", "sector"],
        "kind": ["offer", "spontaneous", "offer"],
    }
)
UNSERVED = pd.DataFrame(
    {
        "youth_id": ["c", "d", "e", "f"],
        "reason_code": ["no_wish", "opted_out", "opted_out", "withdrawn"],
        "reason": ["N'a formulé aucun vœu.", "Opposé.", "Opposé.", "Ne cherche plus."],
    }
)
# All offers but the one without seats, the filled one, the one that expires, and the CDI.
OPEN = ("1", "2", "3")
PAIRS = pd.DataFrame({"youth_id": ["a"], "offer_id": ["1"]})


FOLLOWED = pd.DataFrame(
    {
        "youth_id": ["c", "a"],
        "departement": ["29", "35"],
        "reason_code": ["no_wish", "few_in_trades"],
        "referent_name": ["", "ML"],
    }
)


def summary_of(lists=LISTS, youths=YOUTHS, offers=OFFERS, unserved=UNSERVED, followed=FOLLOWED):
    counted = table_figures(
        lists,
        PAIRS,
        unserved,
        followed,
        clean_tables(youths, offers),
        is_open=offers["offer_id"].isin(OPEN).to_numpy(),
        settings=Settings(min_lines=2),
    )
    return summarise(counted, {"proofs": {"gap": 0.1}}, as_of=AS_OF, is_synthetic=False, lang="fr")


def test_youths_are_counted_once_and_an_opt_out_goes_first():
    youths = summary_of()["youths"]
    states = {k: youths[k] for k in ("seeking", "opted_out", "placed", "withdrawn")}
    assert states == {"seeking": 3, "opted_out": 2, "placed": 0, "withdrawn": 1}
    assert (youths["served"], youths["unserved"], youths["with_min_lines"]) == (2, 1, 1)
    assert youths["share_served"] == 0.6667


def test_lines():
    lines = summary_of()["lines"]
    assert lines["total"] == 3
    assert lines["share_on_wished_trade"] == lines["share_in_region"] == 0.6667
    assert lines["median_km"] == 6.0
    assert (lines["distance_unknown"], lines["distance_approximate"]) == (1, 1)
    assert [bar["lines"] for bar in lines["by_distance_km"]] == [1, 0, 1, 0, 0, 0, 0]
    assert lines["by_rung"] == {"1": 2, "2": 0, "3": 0, "4": 1, "5": 0, "6": 0}
    assert lines["by_wish_rank"] == {"1": 1, "2": 1, "unranked": 1}
    assert lines["first_line_by_wish_rank"] == {"2": 1, "unranked": 1}


def test_offers_that_take_part_are_open():
    offers = summary_of()["offers"]
    # Open: 1, 2, 3; shown: 1 and 3.
    assert (offers["read"], offers["open"], offers["shown"], offers["seats"]) == (7, 3, 2, 4)


def test_firms_are_told_apart_by_siret_then_name_and_place_then_offer():
    offers = summary_of()["offers"]
    assert offers["firms_read"] == 3  # Pain (twice, case apart), the nameless one, SIRET 1
    assert (offers["firms_open"], offers["firms_reached"]) == (2, 2)


def test_exposure_counts_open_offers_that_nobody_sees():
    exposure = summary_of()["exposure"]
    assert (exposure["largest"], exposure["largest_per_seat"]) == (2, 1.0)
    assert [bar["offers"] for bar in exposure["by_lists"]] == [1, 1, 1, 0, 0, 0, 0]
    assert exposure["gini"] == pytest.approx(gini(np.array([2, 0, 1])), abs=1e-4)


def test_reasons_and_departements():
    summary = summary_of()
    assert summary["unserved"][0] == {
        "reason_code": "opted_out",
        "reason": "A demandé à ne plus être contacté.",
        "youths": 2,
    }
    first, second = summary["departements"]
    assert (first["departement"], first["name"], first["youths_seeking"]) == ("29", "Finistère", 1)
    assert (first["youths_served"], first["seats_open"]) == (0, 1)
    assert (second["youths_seeking"], second["seats_open"], second["firms_open"]) == (2, 2, 1)


def test_who_is_followed_up_and_where_nobody_is_named():
    followed = summary_of()["follow_up"]
    assert (followed["youths"], followed["without_referent"]) == (2, 1)
    assert followed["departements_without_referent"] == [
        {"departement": "29", "name": "Finistère", "youths": 1}
    ]
    assert [reason["reason_code"] for reason in followed["reasons"]] == [
        "few_in_trades",
        "no_wish",
    ]


def test_an_empty_run_has_no_share_and_no_median():
    summary = summary_of(LISTS.head(0), YOUTHS.head(0), OFFERS.head(0), UNSERVED.head(0))
    assert summary["youths"]["share_served"] is None
    assert summary["lines"]["median_km"] is None
    assert summary["exposure"]["gini"] is None
    assert summary["departements"] == summary["unserved"] == []
    json.dumps(summary, allow_nan=False)


def test_the_order_of_rows_does_not_matter():
    def backwards(frame):
        return frame.iloc[::-1].reset_index(drop=True)

    assert summary_of() == summary_of(
        backwards(LISTS), backwards(YOUTHS), backwards(OFFERS), backwards(UNSERVED)
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_figure_says_what_it_is_about(lang):
    summary = fake_result(settings=Settings(lang=lang)).summary
    sections = (
        "youths",
        "lines",
        "offers",
        "exposure",
        "assignment",
        "order",
        "variety",
        "caps",
        "follow_up",
    )
    named = {f"{section}.{figure}" for section in sections for figure in summary[section]}
    whole = {"unserved", "unread_labels", "departements", "proofs", "objective", "waves"}
    assert set(summary["about"]) == named | whole


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    x = np.array(values)
    if x.sum() == 0:
        assert gini(x) is None
    else:
        plain = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
        assert gini(x) == pytest.approx(plain)
        assert 0 <= gini(x) < 1


def test_dates_stand_in_the_summary_as_text():
    assert summary_of()["as_of"] == dt.date(2023, 9, 15).isoformat()


def test_whoever_has_another_trade_of_the_sector_alone_is_counted_apart():
    """Youth b has such a line and no other; a has one line that is sure."""
    lists = LISTS.assign(doubt=["none", "sector", "sector"])
    youths = summary_of(lists)["youths"]
    assert (youths["served"], youths["served_by_other_trade"]) == (2, 1)
    assert (youths["with_offer"], youths["only_firms"]) == (1, 0)
    assert summary_of(LISTS)["lines"]["by_doubt"] == {
        "none": 1, "level": 1, "school": 0, "place": 0, "sector": 1,
    }  # fmt: skip
