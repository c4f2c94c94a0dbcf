"""What the rules call legal is exactly what the plain engine finds, pair by pair.

Two ways that share no code: the engine searches arrays of features, the rules look at all
wishes and rungs of every youth beside every offer.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker import Settings
from matchmaker.candidates.geometry import squared_chords, to_km
from matchmaker.candidates.market import build_market
from matchmaker.candidates.plain import plain_pairs
from matchmaker.reference.offer_levels import LOWEST, level_bits
from matchmaker.scoring.total import score_tables
from matchmaker.verify import Clean
from matchmaker.verify.clean import Lines
from matchmaker.verify.lines import LineRules, check_lines
from matchmaker.verify.places import REACH_KM
from tests.worlds import AS_OF, random_tables

SETTINGS = st.builds(
    Settings,
    strict_region=st.booleans(),
    strict_level=st.booleans(),
    mobile_reach_factor=st.integers(1, 3),
    contract_types=st.sampled_from([("apprentissage",), ("apprentissage", "professionnalisation")]),
    min_days_left=st.integers(0, 60),
    max_early_start_days=st.integers(0, 90),
    max_late_start_days=st.integers(0, 200),
    leave_out_flags=st.sampled_from([(), ("school",)]),
    sector_trades=st.booleans(),
    source_levels=st.just({"affelnet": [3, 4]}),
    source_contracts=st.just({"affelnet": ["apprentissage"]}),
)
# What a line says of itself beside the pair: `test_lists.py` is about it.
SAID = {"title", "reason", "later_cost", "youth_level", "doubt", "doubt_cost"}


class Legal:
    """Takes the place of `Faults`, and keeps which lines no rule is against."""

    def __init__(self, n_lines):
        self.is_legal = np.ones(n_lines, dtype=bool)

    def must(self, rule, is_true, **_):
        if rule not in SAID:
            self.is_legal &= np.asarray(is_true, dtype=bool)


def oddities(rng, tables):
    """Add flags, years of birth, and births close to the bounds of the law."""
    youths, offers = tables.youths, tables.offers
    near = rng.choice([15, 16, 26, 30], len(youths)) * 365.25 + rng.integers(-200, 90, len(youths))
    born = pd.Timestamp(AS_OF) - pd.to_timedelta(near.astype(np.int64), unit="D")
    is_near = rng.random(len(youths)) < 0.6
    youths = youths.assign(
        birth_date=youths["birth_date"].where(~is_near, born.astype("datetime64[s]"))
    )
    is_year = youths["birth_date"].notna() & (rng.random(len(youths)) < 0.2)
    last = pd.to_datetime(
        youths["birth_date"].dt.year.astype("str").str[:4] + "-12-31", errors="coerce"
    )
    youths = youths.assign(
        birth_is_year=is_year,
        birth_date=youths["birth_date"].where(~is_year, last.astype("datetime64[s]")),
    )
    source = rng.choice(["", "affelnet"], len(youths))
    youths = youths.assign(source=pd.Series(source, dtype="str"))
    flags = pd.Series(rng.choice(["", "", "school", "nameless|school"], len(offers)), dtype="str")
    return youths, offers.assign(flags=flags)


def every_line(youths, wishes, offers, km, cost):
    """Return a line for each code of a wish and of an offer, rung, and word on the region."""
    rows = []
    traded = [(o, code) for o, cell in enumerate(offers["trade_codes"]) for code in cell.split("|")]
    for youth, rank, cell in wishes[["youth_id", "rank", "trade_codes"]].itertuples(index=False):
        asked = [(youth, rank, code) for code in cell.split("|")]
        rows += [
            (*one, *other, rung, is_in)
            for one, other, rung, is_in in itertools.product(
                asked, traded, range(1, 7), [False, True]
            )
        ]
    names = ["youth_id", "wish_rank", "wish_code", "offer", "trade_code", "rung", "in_region"]
    frame = pd.DataFrame(rows, columns=names).drop_duplicates(ignore_index=True)
    youth = pd.Index(youths["youth_id"]).get_indexer(frame["youth_id"])
    offer = frame["offer"].to_numpy(dtype=np.int64)
    frame["distance_km"] = km[youth, offer].round(1)
    frame["cost_rung"] = np.array(cost)[frame["rung"] - 1]
    frame["points_trade"] = 500_000
    frame["score"] = frame["points_trade"] - frame["cost_rung"]
    frame["kind"], frame["seats"] = (
        offers[name].take(offer).array for name in ("kind", "capacity")
    )
    frame["offer_level"] = LOWEST[level_bits(offers)][offer]
    frame = frame.assign(
        cost_later=0, cost_doubt=0, doubt="none", youth_level=0, title="", reason=""
    )
    return Lines(frame=frame, youth=youth.astype(np.int64), offer=offer, before=0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), given_settings=SETTINGS, one_point=st.booleans())
def test_legal_pairs_are_the_eligible_ones(seed, given_settings, one_point):
    rng = np.random.default_rng(seed)
    tables = random_tables(rng, 12, 25, one_point=one_point)
    youths, offers = oddities(rng, tables)
    wishes = tables.wishes
    market = build_market(
        replace(tables, youths=youths, offers=offers), given_settings, as_of=AS_OF
    )
    pairs = plain_pairs(market, score_tables(market, given_settings), k=None)
    eligible = np.zeros((len(youths), len(offers)), dtype=bool)
    eligible[pairs.youth, pairs.offer] = True

    km = to_km(squared_chords(market.youth_point[:, None], market.offer_point[None]))
    is_placed = [frame["latitude"].notna().to_numpy() for frame in (youths, offers)]
    km[~np.logical_and.outer(*is_placed)] = np.nan
    lines = every_line(youths, wishes, offers, km, given_settings.rung_costs)
    clean = Clean(youths=youths, wishes=wishes, offers=offers, as_of=AS_OF)
    verdict = Legal(len(lines.youth))
    check_lines(LineRules.of(clean, given_settings), lines, verdict)
    legal = np.zeros_like(eligible)
    np.logical_or.at(legal, (lines.youth, lines.offer), verdict.is_legal)

    # Within the tolerance of the other formula the rules may allow more, never less.
    reach = np.floor(youths["max_distance_km"].to_numpy())[:, None]
    edge = np.abs(km - reach) <= REACH_KM
    edge |= np.abs(km - reach * given_settings.mobile_reach_factor) <= REACH_KM
    np.testing.assert_array_equal(legal[~edge], eligible[~edge])
    assert (legal | ~eligible).all()
