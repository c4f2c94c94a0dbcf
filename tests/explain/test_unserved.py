"""The reason given is the true one: lifting the named rule by hand gives a candidate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchmaker
from matchmaker.candidates.market import build_market
from matchmaker.candidates.plain import plain_pairs
from matchmaker.explain.unserved import unserved
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.words import table
from tests.worlds import AS_OF, random_tables

FREE = Settings(
    strict_level=False,
    strict_region=False,
    max_early_start_days=3650,
    max_late_start_days=3650,
)


def candidates_of(tables, settings, who):
    """Count the candidates of each of some youths."""
    market = build_market(tables, settings, as_of=AS_OF)
    pairs = plain_pairs(market, score_tables(market, settings), k=None, who=who)
    return np.diff(pairs.indptr)[who]


def lifted(tables, settings, code):
    """Change the tables or the settings, as a caseworker would, so that the rule is gone."""
    youths, offers = tables.youths, tables.offers
    if code == "full":
        status = offers["status"].replace("filled", "open")
        offers = offers.assign(capacity=offers["capacity"].clip(lower=1), status=status)
    elif code == "expired":
        offers = offers.assign(expiry_date=pd.NaT)
        offers["expiry_date"] = offers["expiry_date"].astype("datetime64[s]")
    elif code == "contract_type":
        # The rule of the campaign, not the law: what is allowed is widened.
        settings = replace(settings, contract_types=(*settings.contract_types, "cdi"))
    elif code == "start":
        settings = replace(settings, max_early_start_days=3650, max_late_start_days=3650)
    elif code == "level":
        settings = replace(settings, strict_level=False)
        offers = offers.assign(level=np.int8(0), levels_read="")  # the baccalauréat is no setting
    elif code == "region":
        settings = replace(settings, strict_region=False)
    elif code in {"age", "minor"}:
        youths = youths.assign(birth_date=pd.Series(pd.NaT, youths.index, dtype="datetime64[s]"))
    elif code == "out_of_reach":
        youths = youths.assign(latitude=48.0, longitude=2.0)
        unknown = offers["latitude"].isna()
        offers = offers.assign(latitude=48.0, longitude=2.0)
        offers.loc[unknown, ["latitude", "longitude"]] = np.nan
    else:
        return None
    return replace(tables, youths=youths, offers=offers), settings


@given(seed=st.integers(0, 10**6), strict=st.booleans())
def test_lifting_the_named_rule_gives_a_candidate(seed, strict):
    settings = Settings(
        strict_level=strict, strict_region=strict, max_early_start_days=30, max_late_start_days=60
    )
    tables = random_tables(np.random.default_rng(seed), 40, 25)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    pairs = plain_pairs(market, scores, k=None)
    has_candidate = np.diff(pairs.indptr) > 0
    alone = np.flatnonzero(~has_candidate).astype(np.int32)
    frame = unserved(market, scores, settings, without_line=alone, has_candidate=has_candidate)
    assert candidates_of(tables, settings, alone).sum() == 0
    for code in frame["reason_code"].unique():
        change = lifted(tables, settings, code)
        if change is not None:
            who = alone[(frame["reason_code"] == code).to_numpy()]
            assert candidates_of(*change, who).min() > 0, code


def test_many_reasons_occur_and_each_has_a_sentence():
    seen = set()
    for seed in range(18):
        settings = Settings(
            strict_level=True, strict_region=True, max_early_start_days=0, max_late_start_days=30
        )
        tables = random_tables(np.random.default_rng(seed), 60, 10 + 15 * (seed % 3))
        market = build_market(tables, settings, as_of=AS_OF)
        scores = score_tables(market, settings)
        has_candidate = np.diff(plain_pairs(market, scores, k=None).indptr) > 0
        alone = np.flatnonzero(~has_candidate).astype(np.int32)
        frame = unserved(market, scores, settings, without_line=alone, has_candidate=has_candidate)
        seen |= set(frame["reason_code"])
    assert seen >= {
        "opted_out", "placed", "home_unknown", "no_wish", "wish_unresolved", "full",
        "contract_type", "start", "level", "region", "age", "out_of_reach", "several",
    }  # fmt: skip
    assert seen <= set(table("fr", "unserved"))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_who_has_candidates_but_no_line_is_crowded_out(lang):
    settings = Settings(lang=lang)
    tables = random_tables(np.random.default_rng(1), 30, 60)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    has_candidate = np.diff(plain_pairs(market, scores, k=None).indptr) > 0
    someone = np.flatnonzero(has_candidate)[:1].astype(np.int32)
    frame = unserved(market, scores, settings, without_line=someone, has_candidate=has_candidate)
    assert frame["reason_code"].tolist() == ["all_full"]
    first = table(lang, "cause")["all_full"].partition(".")[0]
    assert frame["reason"].iloc[0].startswith(first)


def test_whoever_wished_and_was_not_understood_is_not_told_that_they_wished_nothing():
    """Y1's only wish is rejected, Y2 made none, Y3's second wish is rejected."""
    youths = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y3"], "postal_code": ["29000"] * 3})
    wishes = pd.DataFrame(
        {
            "youth_id": ["Y1", "Y3", "Y3"],
            "rank": ["first please", "1", "minus two"],
            "trade_code": ["D1102", "F1703", "D1102"],
        }
    )
    offers = pd.DataFrame({"offer_id": ["O1"], "trade_code": ["D1102"], "postal_code": ["29000"]})
    result = matchmaker.match(youths, wishes, offers, as_of="2023-09-15")
    why = result.unserved.set_index("youth_id")["reason_code"]
    assert why["Y1"] == "wish_rejected"
    assert why["Y2"] == "no_wish"
    assert why["Y3"] == "no_trade_offer"
